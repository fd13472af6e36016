/** What a run or a pass says while it goes on. */
import { RunStatus } from '@ved/catalog/contract';
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';
import { RunListItem } from './execution.ts';
import { Pass } from './passes.ts';

/**
 * Server-sent events of `/api/runs/:id/events`: `status` (RunListItem), `output` (OutputChunk), when it has
 * ended `files` (RunFiles) unless `/tmp/out` was empty, `done` (RunListItem).
 * The event id counts up by one within a run, so that `Last-Event-ID` resumes with nothing lost or doubled; after
 * `done` the answer is 204. Once the beginning of a stream is full, `tail` (HeldTail) says a few times a second what is
 * held until the end: it carries no id, as all that is kept of it comes as `output` when the run ends.
 */
export const OutputChunk = z.object({ seq: z.number().int(), stream: z.enum(['stdout', 'stderr']), text: z.string() });
export type OutputChunk = z.infer<typeof OutputChunk>;

/** What a run that goes on has written since the beginning of a stream was full. */
export const HeldTail = z.object({
  bytes: z.number().int(),
  /** The last of it, cut anywhere but in a character. */
  latest: z.string(),
});
export type HeldTail = z.infer<typeof HeldTail>;

/**
 * Server-sent events of `/api/passes/:id/events`: `run` (PassRun) for each run of the pass as it changes, `status` (Pass)
 * after them, `output` (PassOutput) of each run before its end, `done` (Pass) at the end. The event id says how far the pass
 * was told: `Last-Event-ID` resumes with the newest state of everything that changed since, states in between left out, and
 * with every output that comes after it. Without it, all runs come first.
 */
export const PassOutput = OutputChunk.extend({ run_id: z.number().int() });
export type PassOutput = z.infer<typeof PassOutput>;

/** Live event: a run was queued, started or ended. */
export const runChanged = defineEvent('runner/run-changed', z.object({ run: RunListItem, status: RunStatus }));
/** Live event: a pass was queued, started, went on or ended. */
export const passChanged = defineEvent('runner/pass-changed', z.object({ pass: Pass }));
/** Live event: which engine is in use changed, or an image is being pulled. */
export const enginesChanged = defineEvent('runner/engines-changed', z.object({}));

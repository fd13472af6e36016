/** Events of runs and passes. */
import { RunStatus } from '@ved/catalog/contract';
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';
import { RunListItem } from './execution.ts';
import { Pass } from './passes.ts';

/**
 * Server-sent events of `/api/runs/:id/events`: `status` (RunListItem), `output` (OutputChunk), at the end `files`
 * (RunFiles) unless `/tmp/out` was empty, and `done` (RunListItem). Event ids count up by one within a run, so that
 * `Last-Event-ID` resumes with nothing lost or duplicated; after `done` the response is 204. Once the beginning of a stream
 * is full, `tail` (HeldTail) reports a few times a second what is held back until the end. It has no id, because what is
 * stored of it is sent as `output` when the run ends.
 */
export const OutputChunk = z.object({ seq: z.number().int(), stream: z.enum(['stdout', 'stderr']), text: z.string() });
export type OutputChunk = z.infer<typeof OutputChunk>;

/** What a running run has written since the beginning of a stream was full. */
export const HeldTail = z.object({
  bytes: z.number().int(),
  /** The end of it, cut anywhere except within a character. */
  latest: z.string(),
});
export type HeldTail = z.infer<typeof HeldTail>;

/**
 * Server-sent events of `/api/passes/:id/events`: `run` (PassRun) for each run of the pass as it changes, `status` (Pass)
 * after them, `output` (PassOutput) of each run before its end, `done` (Pass) at the end. The event id is a position:
 * `Last-Event-ID` resumes with the latest state of everything that changed since, without the states in between, and with
 * all output after it. Without it, all runs come first.
 */
export const PassOutput = OutputChunk.extend({ run_id: z.number().int() });
export type PassOutput = z.infer<typeof PassOutput>;

/** Live event: a run was queued, started or ended. */
export const runChanged = defineEvent('runner/run-changed', z.object({ run: RunListItem, status: RunStatus }));
/** Live event: a pass was queued, started, progressed or ended. */
export const passChanged = defineEvent('runner/pass-changed', z.object({ pass: Pass }));
/** Live event: the engine in use changed, or an image is being pulled. */
export const enginesChanged = defineEvent('runner/engines-changed', z.object({}));

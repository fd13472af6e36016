/** What a run or a pass says while it goes on. */
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';
import { RunListItem, RunStatus } from './execution.ts';
import { Pass } from './passes.ts';

/**
 * Server-sent events of `/api/runs/:id/events`: `status` (RunListItem), `output` (OutputChunk), `done` (RunListItem).
 * The event id counts up by one within a run, so that `Last-Event-ID` resumes with nothing lost or doubled.
 */
export const OutputChunk = z.object({ seq: z.number().int(), stream: z.enum(['stdout', 'stderr']), text: z.string() });
export type OutputChunk = z.infer<typeof OutputChunk>;

/** Live event: a run was queued, started or ended. */
export const runChanged = defineEvent('runner/run-changed', z.object({ run: RunListItem, status: RunStatus }));
/** Live event: a pass was queued, started, went on or ended. */
export const passChanged = defineEvent('runner/pass-changed', z.object({ pass: Pass }));
/** Live event: which engine is in use changed, or an image is being pulled. */
export const enginesChanged = defineEvent('runner/engines-changed', z.object({}));

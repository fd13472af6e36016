/** A pass: one run of the whole queue on prod, group by group. */
import { Timestamp } from '@ved/core/contract';
import { z } from 'zod';
import { RunListItem } from './execution.ts';

export const OnFailure = z.enum(['continue', 'stop']);
export type OnFailure = z.infer<typeof OnFailure>;

export const PassStatus = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'engine_error']);
export type PassStatus = z.infer<typeof PassStatus>;

export const Pass = z.object({
  id: z.number().int(),
  status: PassStatus,
  on_failure: OnFailure,
  started_by: z.string(),
  created_at: Timestamp,
  started_at: Timestamp.nullable(),
  finished_at: Timestamp.nullable(),
  /** Why it waits or ended as it did, for people. */
  reason: z.string().nullable(),
  counts: z.object({
    total: z.number().int(),
    finished: z.number().int(),
    /** Runs that did not succeed, for any reason. */
    failed: z.number().int(),
    /** The failed ones that were cancelled, most of them before they started. */
    cancelled: z.number().int(),
  }),
});
export type Pass = z.infer<typeof Pass>;

/** A run of a pass, with the number and name that its script had when the pass was created. */
export const PassRun = RunListItem.extend({ ordering_number: z.number(), descriptive_name: z.string() });
export type PassRun = z.infer<typeof PassRun>;

export const PassDetail = Pass.extend({
  groups: z.array(z.object({ group: z.number().int(), runs: z.array(PassRun) })),
});
export type PassDetail = z.infer<typeof PassDetail>;

/** A pass: one run of the whole queue on prod, group after group. */
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
  /** Why it waits or ended so, for a person. */
  reason: z.string().nullable(),
  counts: z.object({
    total: z.number().int(),
    finished: z.number().int(),
    /** Those that did not succeed, whatever the reason. */
    failed: z.number().int(),
    /** Those among the failed that were cancelled, most of them before they began. */
    cancelled: z.number().int(),
  }),
});
export type Pass = z.infer<typeof Pass>;

/** A run inside a pass, with what names its script when the pass was made. */
export const PassRun = RunListItem.extend({ ordering_number: z.number(), descriptive_name: z.string() });
export type PassRun = z.infer<typeof PassRun>;

export const PassDetail = Pass.extend({
  groups: z.array(z.object({ group: z.number().int(), runs: z.array(PassRun) })),
});
export type PassDetail = z.infer<typeof PassDetail>;

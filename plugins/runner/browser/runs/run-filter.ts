/** Which runs the Runs panel lists, as sent to the server and stored with the layout. */
import { RunStatus } from '@ved/catalog/contract';
import { type RunListItem, Source } from '@ved/runner/contract';
import { z } from 'zod';

/** A member that is left out does not filter. */
export const RunFilter = z.object({
  script: z.number().int().positive().optional(),
  status: RunStatus.optional(),
  started_by: z.string().min(1).optional(),
  source: Source.optional(),
});
export type RunFilter = Readonly<z.infer<typeof RunFilter>>;

export const EVERY_RUN: RunFilter = {};

/** Whether any member is set. */
export function isFiltered(filter: RunFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The same filter as the server's, for one run. */
export function passesFilter(run: Pick<RunListItem, 'script_id' | 'status' | 'started_by' | 'source'>, filter: RunFilter): boolean {
  const { script = run.script_id, status = run.status, started_by = run.started_by, source = run.source } = filter;
  return run.script_id === script && run.status === status && run.started_by === started_by && run.source === source;
}

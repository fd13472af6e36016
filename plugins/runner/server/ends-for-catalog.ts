/**
 * Tells the catalog how runs ended. A crash may come between the end of a run,
 * which is durable by then, and this word of it; so the newest ends are told
 * again when the server starts. The catalog keeps the later of what it hears.
 */
import type { CatalogService } from '@ved/catalog/contract';
import type { EndedRun } from './dispatcher.ts';
import type { RunRow } from './store/rows.ts';
import type { RunStore } from './store/run-store.ts';

/** Far more than can have been ending when the server died. */
const TOLD_AGAIN = 50;

export class EndsForCatalog {
  constructor(
    private readonly catalog: CatalogService,
    private readonly runs: RunStore,
  ) {}

  /** Once its end is durable. */
  async tell({ run, outcome }: EndedRun): Promise<void> {
    await this.catalog.recordRun({
      scriptId: run.scriptId,
      at: new Date().toISOString(),
      exitCode: outcome.exitCode,
      status: outcome.status,
    });
  }

  /** The ends that an earlier life of the server may not have told. */
  async tellAgain(): Promise<void> {
    for (const row of newestOfEach(await this.runs.newestEnds(TOLD_AGAIN))) {
      await this.catalog.recordRun({ scriptId: row.script_id, at: row.finished_at!, exitCode: row.exit_code, status: row.status });
    }
  }
}

/** `rows` are newest first. */
function newestOfEach(rows: readonly RunRow[]): RunRow[] {
  const seen = new Set<number>();
  return rows.filter(({ script_id }) => !seen.has(script_id) && seen.add(script_id));
}

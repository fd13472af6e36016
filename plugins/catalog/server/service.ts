/** Implements `CatalogService` for other server plugins. */
import {
  type CatalogService,
  catalogChanged,
  type Import,
  type LentTransaction,
  type RunEnd,
  type ScriptAtVersion,
} from '@ved/catalog/contract';
import { allSettledOrThrow, type EventBus } from '@ved/core/server';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import type { PythonAnalyser } from './python/analyser.ts';
import { liveScript, newestContent, type ScriptOnProd, scriptsOnProd, testData, versionOf } from './store/catalog-store.ts';
import { bumpRevision } from './store/catalog-writes.ts';
import { type ScriptRow, type VersionRow, versionInfo } from './store/rows.ts';
import { readCommitted } from './versions/prod-standing.ts';

/** The catalog is not told who started a run. */
const UNKNOWN_STARTER = '';

export class CatalogForPlugins implements CatalogService {
  private readonly interpreterLists = new Set<() => Promise<readonly string[]>>();

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly events: EventBus,
    private readonly analyser: PythonAnalyser,
  ) {}

  /** The interpreters of all plugins that can run scripts now. */
  readonly interpreters = async (): Promise<readonly string[]> =>
    (await Promise.all([...this.interpreterLists].map((list) => list()))).flat();

  addInterpreters(list: () => Promise<readonly string[]>): () => void {
    const own = () => list();
    this.interpreterLists.add(own);
    return () => this.interpreterLists.delete(own);
  }

  async atVersion(scriptId: number, versionId?: number): Promise<ScriptAtVersion> {
    const { script, newest } = await liveScript(this.db, scriptId);
    const version = versionId === undefined ? newest : await versionOf(this.db, scriptId, versionId);
    const content =
      version.id === newest.id
        ? await newestContent(this.db, scriptId)
        : await readCommitted(this.repository, version.git_commit_hash, scriptId);
    return this.describe(script, version, content, version.git_commit_hash);
  }

  async onProd(scriptId: number): Promise<ScriptAtVersion | null> {
    const [row] = await scriptsOnProd(this.db).where('s.id', scriptId);
    if (row) return atProd(row);
    await liveScript(this.db, scriptId);
    return null;
  }

  async allOnProd(): Promise<ScriptAtVersion[]> {
    return (await scriptsOnProd(this.db).orderBy('s.ordering')).map(atProd);
  }

  async exists(scriptId: number): Promise<boolean> {
    const row = await this.db('catalog_scripts')
      .where({ id: scriptId })
      .whereNull('deleted_at')
      .whereNotNull('latest_version_id')
      .first('id');
    return row !== undefined;
  }

  importsOf(content: string, person: string): Promise<readonly Import[] | null> {
    return this.analyser.imports(content, person);
  }

  async recordRuns(lent: LentTransaction, ends: readonly RunEnd[]): Promise<() => void> {
    const trx = lent as Knex.Transaction;
    const changed: number[] = [];
    const recordEach = async (): Promise<void> => {
      for (const { runId, scriptId, at, exitCode, status } of ends) {
        const rows = await trx('catalog_scripts')
          .where({ id: scriptId })
          // Runs may be reported out of order; the list shows the newest. By id, because clocks can be set back.
          .where((query) => query.whereNull('last_run_id').orWhere('last_run_id', '<=', runId))
          .update({ last_run_id: runId, last_run_at: at, last_run_exit_code: exitCode, last_run_status: status });
        if (rows > 0) changed.push(scriptId);
      }
    };
    await allSettledOrThrow(bumpRevision(trx), recordEach());
    return () => {
      if (changed.length > 0) this.events.publish(catalogChanged, { script_ids: changed, kind: 'ran', by: UNKNOWN_STARTER });
    };
  }

  private async describe(script: ScriptRow, version: VersionRow, content: string, gitCommitHash: string): Promise<ScriptAtVersion> {
    return {
      scriptId: script.id,
      ordering: script.ordering,
      descriptiveName: version.name,
      version: versionInfo(version),
      content,
      gitCommitHash,
      testData: await testData(this.db, script.id),
    };
  }
}

function atProd(row: ScriptOnProd): ScriptAtVersion {
  return {
    scriptId: row.script_id,
    ordering: row.ordering,
    descriptiveName: row.name,
    version: versionInfo(row),
    content: row.prod_content,
    gitCommitHash: row.prod_commit_hash,
    testData: row.test_data ?? '',
  };
}

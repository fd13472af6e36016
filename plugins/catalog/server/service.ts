/** What the catalog does for other plugins of the server. */
import { type CatalogService, catalogChanged, type ExecutionSource, type ScriptAtVersion } from '@ved/catalog/contract';
import type { EventBus } from '@ved/core/server';
import type { ScriptRepository } from '@ved/git/contract';
import type { RunStatus } from '@ved/runner/contract';
import type { Knex } from 'knex';
import { liveScript, newestContent, prodOf, testData, versionOf } from './store/catalog-store.ts';
import { changeCatalog } from './store/catalog-writes.ts';
import { type ScriptRow, type VersionRow, versionInfo } from './store/rows.ts';
import { readCommitted } from './versions/prod-standing.ts';

/** What a run is told about, when nobody says who started it. */
const UNKNOWN_STARTER = '';

interface ProdJoin {
  readonly script_id: number;
  readonly version_id: number;
}

export class CatalogForPlugins implements CatalogService {
  private source: ExecutionSource | null = null;

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly events: EventBus,
  ) {}

  /** Who knows of runs; null until the runner said so. */
  readonly executions = (): ExecutionSource | null => this.source;

  setExecutionSource(source: ExecutionSource): void {
    if (this.source) throw new Error('the catalog was told twice who knows of runs');
    this.source = source;
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
    const { script } = await liveScript(this.db, scriptId);
    const prod = await prodOf(this.db, scriptId);
    if (!prod) return null;
    return this.describe(script, await versionOf(this.db, scriptId, prod.version_id), prod.content, prod.git_commit_hash);
  }

  async allOnProd(): Promise<ScriptAtVersion[]> {
    const rows = await this.db('catalog_prod as p')
      .join('catalog_scripts as s', 's.id', 'p.script_id')
      .whereNull('s.deleted_at')
      .orderBy('s.ordering')
      .select<ProdJoin[]>('p.script_id', 'p.version_id');
    const found: ScriptAtVersion[] = [];
    for (const { script_id } of rows) {
      const script = await this.onProd(script_id);
      if (script) found.push(script);
    }
    return found;
  }

  async exists(scriptId: number): Promise<boolean> {
    const row = await this.db('catalog_scripts')
      .where({ id: scriptId })
      .whereNull('deleted_at')
      .whereNotNull('latest_version_id')
      .first('id');
    return row !== undefined;
  }

  async recordRun(run: { scriptId: number; at: string; exitCode: number | null; status: RunStatus; by?: string }): Promise<void> {
    const changed = await changeCatalog(this.db, (trx) =>
      trx('catalog_scripts')
        .where({ id: run.scriptId })
        // Runs may be reported out of order; the list shows the newest.
        .where((query) => query.whereNull('last_run_at').orWhere('last_run_at', '<=', run.at))
        .update({ last_run_at: run.at, last_run_exit_code: run.exitCode, last_run_status: run.status }),
    );
    if (changed > 0) this.events.publish(catalogChanged, { script_ids: [run.scriptId], kind: 'ran', by: run.by ?? UNKNOWN_STARTER });
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

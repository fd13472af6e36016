/** Reads one script in detail. */
import type { ScriptDetail } from '@ved/catalog/contract';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { fromHundredths } from '../ordering-number.ts';
import { liveScript, newestContent, prodOf, testData, versionOf } from '../store/catalog-store.ts';
import { lastRun, versionInfo } from '../store/rows.ts';
import { readCommitted } from '../versions/prod-standing.ts';

export class ScriptDetails {
  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
  ) {}

  /** At the newest version, or at the given one. Throws 404 for an unknown script or version. */
  async read(scriptId: number, versionId?: number): Promise<ScriptDetail> {
    const { script, newest } = await liveScript(this.db, scriptId);
    const version = versionId === undefined || versionId === newest.id ? newest : await versionOf(this.db, scriptId, versionId);
    const isNewest = version === newest;
    const content = isNewest ? newestContent(this.db, scriptId) : readCommitted(this.repository, version.git_commit_hash, scriptId);
    return {
      id: scriptId,
      ordering_number: fromHundredths(script.ordering),
      descriptive_name: version.name,
      description: version.description,
      content: await content,
      version: versionInfo(version),
      last_run: lastRun(script),
      test_data: await testData(this.db, scriptId),
      diagnostics: JSON.parse(version.diagnostics),
      prod_version: await this.prodVersion(scriptId),
      prod_state: script.prod_state,
      latest_version_id: newest.id,
    };
  }

  private async prodVersion(scriptId: number): Promise<ScriptDetail['prod_version']> {
    const prod = await prodOf(this.db, scriptId);
    if (!prod) return null;
    const { id, major, minor } = await versionOf(this.db, scriptId, prod.version_id);
    return { id, major, minor };
  }
}

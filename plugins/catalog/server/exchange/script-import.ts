/**
 * Creates scripts from files, all or none: numbers are assigned in one
 * transaction, one ref update puts all commits on the branch, and a second
 * transaction writes the rows. A crash before the ref update leaves nothing; a
 * crash after it is repaired at the next start.
 */
import { setImmediate } from 'node:timers/promises';
import type { ImportReport, ImportRequest } from '@ved/catalog/contract';
import type { Knex } from 'knex';
import { importRefused, nothingToImport } from '../problems.ts';
import { changeCatalog, insertScript, removeUnwrittenScripts } from '../store/catalog-writes.ts';
import type { VersionWriter } from '../versions/version-writer.ts';
import { type ImportPlan, type ParsedItem, planImport, reportOf } from './import-plan.ts';
import { unpack } from './unpack.ts';

export class ScriptImport {
  constructor(
    private readonly db: Knex,
    private readonly writer: VersionWriter,
  ) {}

  /** What `run` would do now. */
  async preview({ files }: ImportRequest, by: string): Promise<ImportReport> {
    const report = reportOf(await planImport(this.db, await this.read(files, by)));
    // Validating and serialising the report of 10,000 files gets its own turn of the event loop.
    await setImmediate();
    return report;
  }

  /** Returns the report with the new ids. Throws 422 `catalog/import-refused` or `catalog/nothing-to-import`; then nothing has changed. */
  async run({ files, leave_out_refused = false }: ImportRequest, by: string): Promise<ImportReport> {
    const items = await this.read(files, by);
    const { plan, ids } = await this.reserve(items, leave_out_refused, by);
    const drafts = plan.scripts.map(({ path, parsed }, index) => ({
      scriptId: ids[index]!,
      kind: 'create' as const,
      committer: by,
      parsed,
      after: null,
      base: null,
      message: `Imported from ${path}`,
    }));
    await this.writer.writeAll(drafts, () => removeUnwrittenScripts(this.db, ids));
    return reportOf(plan, ids);
  }

  /** One file at a time, so that people who save in the meantime get their turns of the parser. */
  private async read(files: ImportRequest['files'], by: string): Promise<ParsedItem[]> {
    const items: ParsedItem[] = [];
    for (const item of await unpack(files)) {
      items.push({ item, parsed: item.kind === 'script' ? await this.writer.parse(item.text, by) : null });
    }
    return items;
  }

  /** Plans against the catalog as of the transaction, and assigns ids and numbers. */
  private reserve(items: readonly ParsedItem[], leaveOutRefused: boolean, by: string): Promise<{ plan: ImportPlan; ids: number[] }> {
    return changeCatalog(this.db, async (trx) => {
      const plan = await planImport(trx, items);
      const { refused, files } = reportOf(plan);
      if (refused > 0 && !leaveOutRefused) throw importRefused(files);
      if (plan.scripts.length === 0) throw nothingToImport(files);
      const ids: number[] = [];
      const created_at = new Date().toISOString();
      for (const { ordering, testData, fileName } of plan.scripts) {
        ids.push(await insertScript(trx, { ordering, created_at, created_by: by, file_name: fileName, testData }));
      }
      return { plan, ids };
    });
  }
}

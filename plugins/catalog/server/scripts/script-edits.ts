/** Edits of a script's text: create, save, fork, revert, and starting a major version. */
import type {} from '@ved/catalog/contract';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { nextFreeInGroup, nextGroup, toHundredths } from '../ordering-number.ts';
import { checkContent, checkMessage, checkTestData, encodeProvenance, numbersExhausted, numberTaken, stale } from '../problems.ts';
import {
  largestNumber,
  liveScript,
  newestBy,
  newestContent,
  prodOf,
  scriptsByNumber,
  takenNumbers,
  testData,
  versionOf,
} from '../store/catalog-store.ts';
import { changeCatalog, insertScript, insertVersion, removeUnwrittenScripts, setTestData } from '../store/catalog-writes.ts';
import { type VersionRow, versionInfo, versionLabel } from '../store/rows.ts';
import { prodStanding, readCommitted } from '../versions/prod-standing.ts';
import { addUnmerged } from '../versions/unmerged.ts';
import type { VersionDraft, VersionWriter } from '../versions/version-writer.ts';
import { isRepeated, saveDigest } from './repeated-save.ts';
import { newScriptTemplate } from './template.ts';

export interface NewScript {
  readonly content?: string | undefined;
  readonly ordering_number?: number | undefined;
  readonly test_data?: string | undefined;
  /** Its name when it has no docstring. */
  readonly file_name?: string | null;
}

export interface Save {
  readonly content: string;
  readonly base_version_id?: number | undefined;
  readonly message?: string | undefined;
  readonly test_data?: string | undefined;
  readonly provenance?: unknown;
}

export class ScriptEdits {
  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly writer: VersionWriter,
    private readonly interpreters: () => Promise<readonly string[]>,
  ) {}

  /** Creates a script at 0.1, from the template when no content is given. */
  async create(input: NewScript, by: string): Promise<number> {
    const content = input.content ?? newScriptTemplate(await this.interpreters());
    return this.insert({ ...input, content }, { kind: 'create', committer: by, base: null });
  }

  /** Creates a script from a version of another one, with its text or with the text given. */
  async fork(scriptId: number, input: { version_id?: number | undefined; content?: string | undefined }, by: string): Promise<number> {
    const { newest, script } = await liveScript(this.db, scriptId);
    const parent = input.version_id === undefined ? newest : await versionOf(this.db, scriptId, input.version_id);
    const content = input.content ?? (await readCommitted(this.repository, parent.git_commit_hash, scriptId));
    const own = { test_data: await testData(this.db, scriptId), file_name: script.file_name };
    return this.insert({ content, ...own }, { kind: 'fork', committer: by, base: null, parent });
  }

  private async insert(
    input: NewScript & { content: string },
    draft: Pick<VersionDraft, 'kind' | 'committer' | 'base' | 'parent'>,
  ): Promise<number> {
    checkContent(input.content);
    checkTestData(input.test_data ?? '');
    const wanted = input.ordering_number === undefined ? null : toHundredths(input.ordering_number);
    const parsed = await this.writer.parse(input.content, draft.committer);
    const scriptId = await this.reserve(wanted, input, draft.committer);
    const undo = (): Promise<void> => removeUnwrittenScripts(this.db, [scriptId]);
    await this.writer.exclusively(scriptId, () => this.writer.write({ ...draft, scriptId, parsed, after: null, undo }));
    return scriptId;
  }

  /** Assigns an id and a number; the script becomes visible when its first version is written. */
  private reserve(wanted: number | null, { test_data = '', file_name = null }: NewScript, by: string): Promise<number> {
    return changeCatalog(this.db, async (trx) => {
      const ordering = wanted ?? nextGroup(await largestNumber(trx));
      if (ordering === null) throw numbersExhausted();
      const [holder] = await scriptsByNumber(trx, [ordering]);
      if (holder) throw numberTaken(ordering, holder, nextFreeInGroup(ordering, await takenNumbers(trx)));
      return insertScript(trx, { ordering, created_at: new Date().toISOString(), created_by: by, file_name, testData: test_data });
    });
  }

  /**
   * Saves a text. Unchanged text creates no version, but its test data are stored. The save that created the newest
   * version changes nothing when it is sent again after a lost response. False when nothing changed at all.
   */
  async save(scriptId: number, save: Save, by: string): Promise<boolean> {
    checkContent(save.content);
    if (save.message !== undefined) checkMessage(save.message);
    if (save.test_data !== undefined) checkTestData(save.test_data);
    const provenance = encodeProvenance(save.provenance);
    await liveScript(this.db, scriptId);
    const parsed = await this.writer.parse(save.content, by);
    const digest = saveDigest(save, provenance);
    return this.writer.exclusively(scriptId, async () => {
      const { newest } = await liveScript(this.db, scriptId);
      if (save.base_version_id !== undefined && save.base_version_id !== newest.id) {
        const repeated = isRepeated({ ...save, provenance, by, digest }, newest, await newestContent(this.db, scriptId));
        if (!repeated) throw stale(versionInfo(newest));
        // The test data were stored with the version, unless it was recovered after a crash, which keeps only the version.
        if (newest.save_digest !== null) return false;
      }
      const storeTestData = await this.testDataChange(scriptId, save.test_data);
      if (save.content === (await newestContent(this.db, scriptId))) {
        if (storeTestData) await changeCatalog(this.db, storeTestData);
        return storeTestData !== undefined;
      }
      const isOnNewest = save.base_version_id !== undefined;
      const base = isOnNewest ? newest : await this.writer.impliedBase(scriptId, newest, await newestBy(this.db, scriptId, by));
      const message = save.message ?? null;
      await this.writer.write({
        scriptId,
        kind: 'save',
        committer: by,
        parsed,
        after: newest,
        base,
        message,
        provenance,
        saveDigest: digest,
        also: storeTestData,
      });
      return true;
    });
  }

  private async testDataChange(
    scriptId: number,
    wanted: string | undefined,
  ): Promise<((trx: Knex.Transaction) => Promise<void>) | undefined> {
    if (wanted === undefined || wanted === (await testData(this.db, scriptId))) return undefined;
    return (trx) => setTestData(trx, scriptId, wanted);
  }

  /** Saves an old text as a new version. False when the newest version has that text already. */
  async revert(scriptId: number, versionId: number, by: string): Promise<boolean> {
    return this.writer.exclusively(scriptId, async () => {
      const { newest } = await liveScript(this.db, scriptId);
      const old = await versionOf(this.db, scriptId, versionId);
      const content = await readCommitted(this.repository, old.git_commit_hash, scriptId);
      if (content === (await newestContent(this.db, scriptId))) return false;
      const parsed = await this.writer.parse(content, by);
      const message = `Revert to ${versionLabel(old)}`;
      await this.writer.write({ scriptId, kind: 'revert', committer: by, parsed, after: newest, base: newest, message });
      return true;
    });
  }

  /** Numbers the newest version (major + 1).0. The commit is the same, so only the database changes. */
  bumpMajor(scriptId: number, by: string): Promise<VersionRow> {
    return this.writer.exclusively(scriptId, async () => {
      const { newest } = await liveScript(this.db, scriptId);
      const content = await newestContent(this.db, scriptId);
      const prodState = await prodStanding(this.db, this.repository, await prodOf(this.db, scriptId), { content, madeFrom: [newest.id] });
      return changeCatalog(this.db, async (trx) => {
        const changes = [{ fromId: newest.id, changes: [] }];
        const version = await insertVersion(trx, { ...bumped(newest, by), content, prodState, changes });
        await addUnmerged(trx, version, prodState);
        return version;
      });
    });
  }
}

function bumped(newest: VersionRow, by: string) {
  return {
    scriptId: newest.script_id,
    major: newest.major + 1,
    minor: 0,
    kind: 'bump' as const,
    committer: by,
    branch: newest.branch,
    createdAt: new Date().toISOString(),
    commit: newest.git_commit_hash,
    parent: null,
    baseId: newest.id,
    mergedId: null,
    message: null,
    provenance: null,
    name: newest.name,
    description: newest.description,
    diagnostics: JSON.parse(newest.diagnostics),
  };
}

/**
 * Writes versions. Writes to one script run one after another, so that numbers
 * are consecutive; the database's unique index is the safety net.
 */
import type { Diagnostic } from '@ved/catalog/contract';
import { KeyedQueue } from '@ved/core/server';
import type { ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import type { PythonAnalyser } from '../python/analyser.ts';
import type { Description } from '../python/description.ts';
import { fileNameOf, prodOf, versionOf } from '../store/catalog-store.ts';
import { bumpRevision, insertVersion, searchedOf } from '../store/catalog-writes.ts';
import { type VersionKind, type VersionRow, versionLabel } from '../store/rows.ts';
import { searchTextOf } from '../store/search-text.ts';
import { changesFrom } from './line-changes.ts';
import { prodStanding } from './prod-standing.ts';
import { describeScript, named } from './script-name.ts';
import { addUnmerged } from './unmerged.ts';
import type { Entry, VersionJournal } from './version-journal.ts';
import { encodeTrailers } from './version-record.ts';

/** A parsed text; parsed before the script is locked. */
export interface ParsedContent extends Description {
  readonly content: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** A version to write. `base` is what it was made from; its number follows `after`. */
export interface VersionDraft {
  readonly scriptId: number;
  readonly kind: Exclude<VersionKind, 'bump'>;
  readonly committer: string;
  readonly parsed: ParsedContent;
  /** The version with the highest number so far; null for the first. */
  readonly after: VersionRow | null;
  readonly base: VersionRow | null;
  readonly message?: string | null;
  /** JSON. */
  readonly provenance?: string | null;
  /** To recognise the request when it is sent again. */
  readonly saveDigest?: string;
  readonly parent?: VersionRow | null;
  /** For a merge: the version on prod and the commit that put it there. */
  readonly merged?: { readonly version: VersionRow; readonly commit: string } | null;
  /** Written in the same transaction as the version. */
  readonly also?: (trx: Knex.Transaction) => Promise<void>;
  /** Reverts preparations when nothing was committed. */
  readonly undo?: () => Promise<void>;
}

/** Git's own tools cut longer first lines. */
const SUBJECT_LENGTH = 60;

/** A script's name for the first line of a commit message. */
export function subject(name: string): string {
  return Array.from(name.replace(/[\0-\x1f\x7f]/g, ' '))
    .slice(0, SUBJECT_LENGTH)
    .join('');
}

export class VersionWriter {
  private readonly scripts = new KeyedQueue<number>();

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly journal: VersionJournal,
    private readonly analyser: PythonAnalyser,
  ) {}

  /** Runs work on one script while nothing else writes it. */
  exclusively<T>(scriptId: number, work: () => Promise<T>): Promise<T> {
    return this.scripts.run(scriptId, async () => {
      await this.journal.settle();
      return work();
    });
  }

  /** `by` is whose queue of analyses it joins: nobody waits for somebody else's program. */
  async parse(content: string, by: string): Promise<ParsedContent> {
    const { docstring, diagnostics } = await this.analyser.analyse(content, by);
    return { content, ...describeScript(docstring), diagnostics };
  }

  /** Commits and records one version. Only inside `exclusively`, or for a script that is not visible yet. */
  async write(draft: VersionDraft): Promise<VersionRow> {
    const { request, record } = await this.entry(draft);
    return this.journal.append(request, record, draft.undo);
  }

  /** Writes the first versions of scripts that are not visible yet: all or none. `undo` reverts their preparations. */
  async writeAll(drafts: readonly VersionDraft[], undo: () => Promise<void>): Promise<VersionRow[]> {
    const entries: Entry<VersionRow>[] = [];
    for (const draft of drafts) entries.push(await this.entry(draft));
    return this.journal.appendAll(entries, undo);
  }

  /** As `write`, but without the commit, and with the row rolled back. */
  async rehearse(draft: VersionDraft): Promise<void> {
    const { request, record } = await this.entry(draft);
    await this.repository.rehearse(request.branch);
    const trx = await this.db.transaction();
    try {
      await record(trx, draft.after!.git_commit_hash);
    } finally {
      await trx.rollback();
    }
  }

  private async entry(draft: VersionDraft): Promise<Entry<VersionRow>> {
    // An editor's branch has the editor's name.
    const branch = draft.committer;
    const at = Date.now();
    const number = draft.after === null ? { major: 0, minor: 1 } : { major: draft.after.major, minor: draft.after.minor + 1 };
    const { scriptId, kind, committer } = draft;
    const fileName = await fileNameOf(this.db, scriptId);
    const parsed = named(draft.parsed, fileName);
    const { message = null, provenance = null, base, parent = null, merged = null } = draft;
    const searchText = await searchTextOf(searchedOf(parsed));
    const prodState = await this.standing(draft);
    const parents = [base, merged?.version].filter((parent) => parent != null);
    const changes = await changesFrom(this.db, this.repository, parsed.content, parents, draft.after);
    const trailers = encodeTrailers(
      { scriptId, ...number },
      {
        kind,
        message,
        provenance: provenance === null ? null : JSON.parse(provenance),
        base: base && versionLabel(base),
        merged: merged && versionLabel(merged.version),
        parent: parent && { script_id: parent.script_id, version: versionLabel(parent) },
        ...(draft.after === null && fileName !== null ? { file_name: fileName } : {}),
      },
    );
    const request = {
      branch,
      scriptId,
      content: parsed.content,
      message: message ?? `${subject(parsed.name)} ${versionLabel(number)}`,
      author: committer,
      at,
      trailers,
      extraParents: merged ? [merged.commit] : [],
    };
    const record = async (trx: Knex.Transaction, commit: string): Promise<VersionRow> => {
      await bumpRevision(trx);
      await draft.also?.(trx);
      const version = await insertVersion(trx, {
        ...number,
        scriptId,
        kind,
        committer,
        branch,
        createdAt: new Date(at).toISOString(),
        commit,
        parent: parent && { scriptId: parent.script_id, versionId: parent.id },
        baseId: base?.id ?? null,
        mergedId: merged?.version.id ?? null,
        message,
        provenance,
        saveDigest: draft.saveDigest,
        searchText,
        ...parsed,
        prodState,
        changes,
      });
      await addUnmerged(trx, version, prodState);
      return version;
    };
    return { request, record };
  }

  private async standing({ scriptId, parsed, base, merged, after }: VersionDraft) {
    if (after === null) return 'none';
    const madeFrom = [base?.id, merged?.version.id].filter((id) => id !== undefined);
    return prodStanding(this.db, this.repository, await prodOf(this.db, scriptId), { content: parsed.content, madeFrom });
  }

  /** The version that a save without a base counts as made from. */
  async impliedBase(scriptId: number, newest: VersionRow, own: VersionRow | null): Promise<VersionRow> {
    if (own) return own;
    const prod = await prodOf(this.db, scriptId);
    return prod ? versionOf(this.db, scriptId, prod.version_id) : newest;
  }

  /** Resolves when every write started has ended. */
  async idle(): Promise<void> {
    await this.scripts.idle();
    await this.journal.idle();
  }
}

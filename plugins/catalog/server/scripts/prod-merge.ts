/**
 * Merges one script to prod, and takes it off prod. What is on prod is always a
 * version: the result of a three-way merge becomes one first. Every earlier
 * version on prod is an ancestor of the current one, so no merge silently undoes
 * another.
 */
import type { MergePreview } from '@ved/catalog/contract';
import { Conflict } from '@ved/core/contract';
import { KeyedQueue, type RawResponse } from '@ved/core/server';
import { PROD, type ScriptRepository } from '@ved/git/contract';
import type { Knex } from 'knex';
import { fromHundredths } from '../ordering-number.ts';
import { checkContent, nothingOnProd } from '../problems.ts';
import type { PythonAnalyser } from '../python/analyser.ts';
import { type LiveScript, liveScript, newestBy, newestContent, prodOf, versionOf } from '../store/catalog-store.ts';
import { bumpRevision, clearProd, setProd } from '../store/catalog-writes.ts';
import { type ProdRow, type VersionRow, versionLabel } from '../store/rows.ts';
import { Lineage } from '../versions/lineage.ts';
import { mergeWithProd, prodStanding, readCommitted, type ThreeWay } from '../versions/prod-standing.ts';
import { recomputeUnmerged, updateUnmerged } from '../versions/unmerged.ts';
import type { VersionJournal } from '../versions/version-journal.ts';
import { encodeTrailers } from '../versions/version-record.ts';
import { subject, type VersionWriter } from '../versions/version-writer.ts';
import { jsonAnswer } from './json-answer.ts';
import { findTwin, renewFingerprints, type Twin } from './twins.ts';

export interface MergeInput {
  readonly version_id?: number | undefined;
  readonly allow_duplicate?: boolean | undefined;
  readonly seen_prod_git_commit_hash?: string | null | undefined;
  readonly resolution?: { readonly content: string; readonly prod_git_commit_hash: string } | undefined;
}

/** What is on prod now. `merged` is false when it was there before. */
export interface MergeOutcome {
  readonly versionId: number;
  readonly commit: string;
  readonly merged: boolean;
}

/** A script that is being merged. */
interface Merging {
  readonly live: LiveScript;
  readonly version: VersionRow;
  readonly content: string;
  readonly prod: ProdRow | null;
  readonly by: string;
}

export class ProdMerge {
  /** One merge at a time, so that two scripts with the same code cannot both go to prod. */
  private readonly turns = new KeyedQueue<typeof PROD>();

  constructor(
    private readonly db: Knex,
    private readonly repository: ScriptRepository,
    private readonly writer: VersionWriter,
    private readonly journal: VersionJournal,
    private readonly analyser: PythonAnalyser,
  ) {}

  /** Throws 409 `git/merge-conflict`, `git/duplicate` or `git/prod-moved`; then nothing has changed. */
  merge(scriptId: number, input: MergeInput, by: string): Promise<MergeOutcome> {
    if (input.resolution) checkContent(input.resolution.content);
    return this.writer.exclusively(scriptId, async () => {
      const merging = await this.prepare(scriptId, input.version_id, by);
      // The client repeats a request whose response was lost, or somebody else just merged the same.
      if (await this.isAlreadyOnProd(merging, input)) return unchanged(merging.prod!);
      refuseIfProdMoved(merging, input.seen_prod_git_commit_hash);
      const text = input.resolution ? await this.resolved(merging, input.resolution) : await this.textForProd(merging);
      if (text === null) return unchanged(merging.prod!);
      const fingerprint = await this.analyser.fingerprint(text.content, by);
      await renewFingerprints(this.db, this.analyser, fingerprint, by);
      return this.turns.run(PROD, async () => {
        const twin = await findTwin(this.db, scriptId, fingerprint);
        if (twin && input.allow_duplicate !== true) throw duplicate(merging, twin);
        const version = text.isMerge ? await this.writeMergeVersion(merging, text.content) : merging.version;
        return this.commitToProd(merging, { version, content: text.content, fingerprint, twin });
      });
    });
  }

  /** Takes a script off prod. A later merge starts from scratch. Throws 409 `catalog/nothing-on-prod` or `git/prod-moved`. */
  unpublish(scriptId: number, by: string, seen?: string): Promise<void> {
    return this.writer.exclusively(scriptId, async () => {
      const { script } = await liveScript(this.db, scriptId);
      const prod = await prodOf(this.db, script.id);
      if (!prod) throw nothingOnProd(scriptId);
      refuseIfProdMoved({ prod }, seen);
      const { name, major, minor } = await versionOf(this.db, scriptId, prod.version_id);
      const at = Date.now();
      const request = {
        branch: PROD,
        scriptId,
        content: null,
        message: `Take ${subject(name)} ${major}.${minor} off prod`,
        author: by,
        at,
        trailers: encodeTrailers({ scriptId, major, minor }, { kind: 'off-prod' }),
      };
      await this.journal.append(request, async (trx, commit) => {
        await bumpRevision(trx);
        await clearProd(trx, prod, { at: new Date(at).toISOString(), by, commit });
        await recomputeUnmerged(trx, this.repository, scriptId);
      });
    });
  }

  /** What `merge` of the same version would put on prod, computed the same way. Throws 409 `git/merge-conflict` as `merge` does. */
  preview(scriptId: number, versionId: number | undefined, by: string): Promise<RawResponse> {
    return this.writer.exclusively(scriptId, async () => {
      const merging = await this.prepare(scriptId, versionId, by);
      const { version, prod } = merging;
      const text = await this.textForProd(merging);
      const content = text?.content ?? prod!.content;
      const running = prod && (await versionOf(this.db, scriptId, prod.version_id));
      return jsonAnswer({
        outcome: JSON.stringify((text === null ? 'nothing' : text.isMerge ? 'merge' : 'version') satisfies MergePreview['outcome']),
        version_id: String(version.id),
        content: JSON.stringify(content),
        hunks: prod ? await this.hunks(prod.content, content) : '[]',
        prod_version: JSON.stringify(running && { id: running.id, major: running.major, minor: running.minor }),
        prod_git_commit_hash: JSON.stringify(prod?.git_commit_hash ?? null),
      } satisfies Record<keyof MergePreview, string | Uint8Array>);
    });
  }

  /** As JSON. */
  private async hunks(from: string, to: string): Promise<Uint8Array> {
    return (await this.repository.diff({ label: 'prod', text: from }, { label: 'merged', text: to })).hunks;
  }

  private async prepare(scriptId: number, versionId: number | undefined, by: string): Promise<Merging> {
    const live = await liveScript(this.db, scriptId);
    const version = versionId === undefined ? await this.ownVersion(live, by) : await versionOf(this.db, scriptId, versionId);
    const content = await readCommitted(this.repository, version.git_commit_hash, scriptId);
    return { live, version, content, prod: await prodOf(this.db, scriptId), by };
  }

  /** The version to merge by default: the newest, unless it does not include the editor's own last one. */
  private async ownVersion({ script, newest }: LiveScript, by: string): Promise<VersionRow> {
    const own = await newestBy(this.db, script.id, by);
    if (!own || own.id === newest.id) return newest;
    const lineage = await Lineage.of(this.db, script.id, own.id);
    return lineage.isAncestor(own.id, newest.id) ? newest : own;
  }

  /** Whether prod includes the version, and the text of a resolved conflict. */
  private async isAlreadyOnProd({ version, prod }: Merging, { resolution }: MergeInput): Promise<boolean> {
    if (!prod || (resolution && resolution.content !== prod.content)) return false;
    const lineage = await Lineage.of(this.db, prod.script_id, Math.min(prod.version_id, version.id));
    return lineage.isAncestor(version.id, prod.version_id);
  }

  /** The text for prod, and whether it is a merge of both sides; null when prod includes the version already. Throws on a conflict. */
  private async textForProd(merging: Merging): Promise<{ content: string; isMerge: boolean } | null> {
    const { version, content, prod } = merging;
    if (!prod) return { content, isMerge: false };
    const lineage = await Lineage.of(this.db, prod.script_id, Math.min(prod.version_id, version.id));
    if (lineage.isAncestor(version.id, prod.version_id)) return null;
    if (lineage.isAncestor(prod.version_id, version.id)) return { content, isMerge: false };
    const threeWay = await mergeWithProd(this.db, this.repository, prod, { content, madeFrom: [version.id] });
    if (!threeWay.result.clean) throw this.conflict(merging, threeWay);
    return threeWay.result.text === prod.content ? null : { content: threeWay.result.text, isMerge: true };
  }

  /** A conflict resolved by hand is valid only for the prod commit that it was resolved against. */
  private async resolved(merging: Merging, resolution: NonNullable<MergeInput['resolution']>): Promise<{ content: string; isMerge: true }> {
    const { prod, content, version } = merging;
    if (prod?.git_commit_hash === resolution.prod_git_commit_hash) return { content: resolution.content, isMerge: true };
    if (!prod)
      throw new Conflict('git/prod-moved', 'This script is not on prod any more, so there is no conflict. Merge the version as it is.');
    const threeWay = await mergeWithProd(this.db, this.repository, prod, { content, madeFrom: [version.id] });
    throw new Conflict('git/prod-moved', 'Somebody has merged this script to prod since. Resolve the conflicts again.', {
      data: conflictData(merging, threeWay),
    });
  }

  private conflict(merging: Merging, threeWay: ThreeWay): Conflict {
    const detail = `Version ${versionLabel(merging.version)} and prod changed the same lines. Resolve the conflict, then merge the result.`;
    return new Conflict('git/merge-conflict', detail, { data: conflictData(merging, threeWay) });
  }

  private async writeMergeVersion({ live, version, prod, by }: Merging, content: string): Promise<VersionRow> {
    const merged = { version: await versionOf(this.db, live.script.id, prod!.version_id), commit: prod!.git_commit_hash };
    return this.writer.write({
      scriptId: live.script.id,
      kind: 'merge',
      committer: by,
      parsed: await this.writer.parse(content, by),
      after: live.newest,
      base: version,
      message: 'Merge with prod',
      merged,
    });
  }

  /** Commits to prod and records it. */
  private async commitToProd(
    { live, by }: Merging,
    { version, content, fingerprint, twin }: { version: VersionRow; content: string; fingerprint: string; twin: Twin | null },
  ): Promise<MergeOutcome> {
    const scriptId = live.script.id;
    const at = Date.now();
    const duplicateOf = twin?.id ?? null;
    const { major, minor } = version;
    const request = {
      branch: PROD,
      scriptId,
      content,
      message: `Merge ${subject(version.name)} ${versionLabel(version)}`,
      author: by,
      at,
      trailers: encodeTrailers({ scriptId, major, minor }, { kind: 'prod', duplicate_of: duplicateOf }),
    };
    const commit = await this.journal.append(request, async (trx, hash) => {
      await bumpRevision(trx);
      const prod = { script_id: scriptId, version_id: version.id, git_commit_hash: hash, content, fingerprint };
      const prodState = await this.standingOfNewest(trx, prod);
      await setProd(trx, prod, { at: new Date(at).toISOString(), by, duplicateOf, prodState });
      await updateUnmerged(trx, this.repository, prod);
      return hash;
    });
    return { versionId: version.id, commit, merged: true };
  }

  private async standingOfNewest(trx: Knex.Transaction, prod: ProdRow) {
    const { newest } = await liveScript(trx, prod.script_id);
    const content = await newestContent(trx, prod.script_id);
    return prodStanding(trx, this.repository, prod, { content, madeFrom: [newest.id] });
  }
}

function unchanged(prod: ProdRow): MergeOutcome {
  return { versionId: prod.version_id, commit: prod.git_commit_hash, merged: false };
}

/** Throws when prod is not what the user saw, so that exactly what was reviewed is merged. */
function refuseIfProdMoved({ prod }: Pick<Merging, 'prod'>, seen: string | null | undefined): void {
  if (seen === undefined || seen === (prod?.git_commit_hash ?? null)) return;
  const what = prod ? 'merged this script to prod' : 'taken this script off prod';
  throw new Conflict('git/prod-moved', `Somebody has ${what} since. Look at what is on prod now.`);
}

function conflictData({ version, prod }: Merging, { base, ours, theirs, result }: ThreeWay) {
  return {
    base,
    ours,
    theirs,
    conflicts: result.clean ? [] : result.conflicts,
    version_id: version.id,
    prod_version_id: prod!.version_id,
    prod_git_commit_hash: prod!.git_commit_hash,
  };
}

function duplicate({ version }: Merging, twin: Twin): Conflict {
  const number = fromHundredths(twin.ordering);
  const detail = `“${twin.name}” (${number}) on prod has the same executable code as version ${versionLabel(version)}. Merge it anyway only if both should run.`;
  return new Conflict('git/duplicate', detail, {
    data: { twin_id: twin.id, twin_ordering_number: number, twin_descriptive_name: twin.name, twin_version_id: twin.versionId },
  });
}

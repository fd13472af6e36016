/**
 * Stores script contents in `scripts.git`. Each branch has one writer; objects
 * are durable before the branch moves; when real git has moved the branch in the
 * meantime, commits go on top of it and never overwrite it.
 */

import { InvalidInput, Unavailable, Unprocessable } from '@ved/core/contract';
import type { KeyedQueue } from '@ved/core/server';
import type { LineChange, MergeResult, TextSide } from '@ved/core/text';
import { type CommitRequest, PROD, type RecordedCommit, type ScriptRepository, type TextDiff } from '../contract/index.ts';
import { makeCommit } from './store/commit-object.ts';
import { formatCommitText, parseCommitText, refuseLoneSurrogates, SCRIPT_TRAILER, scriptOfCommit } from './store/commit-text.ts';
import type { History } from './store/history.ts';
import { parseAuthor, parseBranch, parseObjectId, scriptFile } from './store/names.ts';
import { findFile, type GitObject, makeObject, withFile, withoutFile } from './store/object-codec.ts';
import type { ObjectStore } from './store/object-store.ts';
import type { RefStore } from './store/ref-store.ts';
import type { TextThread } from './text/text-thread.ts';

/** Git stores whole seconds, but users compare versions saved within the same second. */
const TIME_TRAILER = 'Ved-Time';
/** When a branch moves this many times in a row during one save, another program is writing to it continuously. */
const MOVED_LIMIT = 100;
const EMPTY_TREE = Buffer.alloc(0);
/** Objects written in parallel while creating many commits: each is an open file, and a tree of many scripts is large. */
const OBJECTS_AT_ONCE = 48;

/** A parsed commit request. `blob` is null when the file is to be removed. */
interface Append {
  readonly branch: string;
  readonly file: string;
  readonly blob: GitObject | null;
  readonly author: string;
  readonly seconds: number;
  readonly text: string;
  readonly extraParents: readonly string[];
}

export class GitRepository implements ScriptRepository {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(
    private readonly objects: ObjectStore,
    private readonly refs: RefStore,
    private readonly history: History,
    private readonly queue: KeyedQueue<string>,
    /** Called after each commit. */
    private readonly onCommit: () => void,
    private readonly texts: TextThread,
  ) {}

  async commit(request: CommitRequest): Promise<{ commit: string }> {
    const [commit] = await this.commitAll([request]);
    return { commit: commit! };
  }

  async commitAll(requests: readonly CommitRequest[]): Promise<readonly string[]> {
    const appends = requests.map(parseRequest);
    const [branch, ...others] = new Set(appends.map((append) => append.branch));
    if (branch === undefined) return [];
    if (others.length > 0) throw new TypeError('all commits of one call must be on the same branch');
    const commits = await this.queue.run(branch, () => this.append(branch, appends));
    this.onCommit();
    return commits;
  }

  async rehearse(branch: string): Promise<void> {
    const head = await this.refs.read(parseBranch(branch));
    if (head === null) return;
    await this.history.treeOf(head);
    const { type, content } = (await this.objects.read(head))!;
    // The object already exists and is replaced by an identical one.
    await this.objects.write([makeObject(type, content)]);
    await this.refs.discard(await this.refs.prepare(head));
  }

  private async append(branch: string, appends: readonly Append[]): Promise<readonly string[]> {
    for (const parent of appends.flatMap((append) => append.extraParents)) await this.refuseUnknownCommit(parent);
    for (let tries = 0; tries < MOVED_LIMIT; tries += 1) {
      const commits = await this.tryAppend(branch, appends);
      if (commits !== null) return commits;
    }
    throw new Unavailable('git/branch-busy', `Another program keeps changing the branch ${branch} of the scripts repository. Try again.`, {
      headers: { 'Retry-After': '5' },
    });
  }

  /** Null when the branch moved in the meantime; the objects already written do no harm. */
  private async tryAppend(branch: string, appends: readonly Append[]): Promise<readonly string[] | null> {
    const head = await this.refs.read(branch);
    const base = head ?? (await this.refs.read(PROD));
    const { commits, unwritten } = await this.writeCommits(base, appends);
    // The head's file is synced in parallel with the last objects; only the move itself has to wait for them.
    const [written, prepared] = await Promise.allSettled([this.objects.write(unwritten), this.refs.prepare(commits.at(-1)!)]);
    if (prepared.status === 'rejected') throw prepared.reason;
    try {
      if (written.status === 'rejected') throw written.reason;
      return (await this.refs.move(branch, head, prepared.value)) ? commits : null;
    } finally {
      await this.refs.discard(prepared.value);
    }
  }

  /** Creates the commits, each on top of the previous one, starting at `base`. Writes all their objects except the last few. */
  private async writeCommits(base: string | null, appends: readonly Append[]): Promise<{ commits: string[]; unwritten: GitObject[] }> {
    const commits: string[] = [];
    let unwritten: GitObject[] = [];
    let files = base === null ? EMPTY_TREE : await this.history.treeOf(base);
    for (const { file, blob, author, seconds, text, extraParents } of appends) {
      if (unwritten.length >= OBJECTS_AT_ONCE) {
        await this.objects.write(unwritten);
        unwritten = [];
      }
      files = blob === null ? withoutFile(files, file) : withFile(files, file, blob.oid);
      const tree = makeObject('tree', files);
      const parent = commits.at(-1) ?? base;
      const parents = [...new Set(parent === null ? extraParents : [parent, ...extraParents])];
      const commit = makeCommit({ tree: tree.oid, parents, author, seconds, text });
      unwritten.push(...(blob === null ? [] : [blob]), tree, commit);
      commits.push(commit.oid);
    }
    return { commits, unwritten };
  }

  private async refuseUnknownCommit(oid: string): Promise<void> {
    if ((await this.objects.read(oid))?.type === 'commit') return;
    throw new InvalidInput('git/unknown-parent', `The scripts repository has no commit ${oid}.`);
  }

  async read(commit: string, scriptId: number): Promise<string | null> {
    const file = scriptFile(scriptId);
    const blob = findFile(await this.history.treeOf(parseObjectId(commit)), file);
    const object = blob === null ? null : await this.objects.read(blob);
    if (object === null || object.type !== 'blob') return null;
    try {
      return this.decoder.decode(object.content);
    } catch (cause) {
      throw new Unprocessable('git/not-utf8', `${file} in commit ${commit} is not UTF-8 text; it was not written by ved.`, { cause });
    }
  }

  async head(branch: string): Promise<string | null> {
    return this.refs.read(parseBranch(branch));
  }

  async branches(): Promise<ReadonlyMap<string, string>> {
    return this.refs.list();
  }

  async *recorded(branch: string, until: string | null = null): AsyncIterable<RecordedCommit> {
    const head = await this.head(branch);
    if (head === null) return;
    const stop = until === null ? null : parseObjectId(until);
    for await (const [commit, fields] of this.history.firstParents(head)) {
      if (commit === stop) return;
      const scriptId = scriptOfCommit(fields.text);
      if (scriptId === null) continue;
      const { message, trailers } = parseCommitText(fields.text);
      const { [SCRIPT_TRAILER]: _, [TIME_TRAILER]: time, ...given } = trailers;
      const at = Date.parse(time ?? '');
      yield {
        commit,
        branch,
        author: fields.author,
        at: Number.isNaN(at) ? fields.seconds * 1000 : at,
        message,
        trailers: given,
        scriptId,
      };
    }
  }

  merge(base: string, ours: string, theirs: string): Promise<MergeResult> {
    return this.texts.ask('merge', base, ours, theirs);
  }

  diff(from: TextSide, to: TextSide): Promise<TextDiff> {
    return this.texts.ask('diff', from, to);
  }

  changes(from: string, to: string): Promise<LineChange[]> {
    return this.texts.ask('changes', from, to);
  }
}

function parseRequest(request: CommitRequest): Append {
  if (request.content !== null) refuseLoneSurrogates(request.content, 'The text');
  if (!Number.isFinite(request.at) || request.at < 0) throw new InvalidInput('git/bad-time', 'A commit needs a time.');
  const file = scriptFile(request.scriptId);
  const trailers = { ...request.trailers, [SCRIPT_TRAILER]: String(request.scriptId), [TIME_TRAILER]: new Date(request.at).toISOString() };
  return {
    branch: parseBranch(request.branch),
    file,
    blob: request.content === null ? null : makeObject('blob', Buffer.from(request.content)),
    author: parseAuthor(request.author),
    seconds: Math.floor(request.at / 1000),
    text: formatCommitText({ message: request.message, trailers }),
    extraParents: (request.extraParents ?? []).map(parseObjectId),
  };
}

/**
 * The repository of script contents, for the catalog. Server side. Contents are
 * byte-exact UTF-8 text; one file `{id}.py` per script at the root of every branch.
 * Every method that moves a ref is durable when it resolves.
 */
import { Token } from '@lumino/coreutils';
import type { LineChange, MergeResult, TextSide } from '@ved/core/text';

/** The branch that production runs. Editors' branches are named after them. */
export const PROD = 'prod';

export interface CommitRequest {
  readonly branch: string;
  readonly scriptId: number;
  /** Null removes the script's file from the branch. */
  readonly content: string | null;
  /** First line and body; the trailers are added. */
  readonly message: string;
  /** The user; both author and committer. */
  readonly author: string;
  /** Milliseconds since 1970; git stores seconds. */
  readonly at: number;
  /** `Ved-Version` and others, one line each, at the end of the message. */
  readonly trailers: Readonly<Record<string, string>>;
  /** Parents in addition to the branch's head, such as prod's commit in a merge. */
  readonly extraParents?: readonly string[];
}

/** A commit made by ved, read back from its trailers. */
export interface RecordedCommit {
  readonly commit: string;
  readonly branch: string;
  readonly author: string;
  readonly at: number;
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** The script whose file it changed. */
  readonly scriptId: number;
}

/** Each as JSON in UTF-8: for half a million lines, copying and serialising the lists would block the server. */
export interface TextDiff {
  /** A JSON string. */
  readonly patch: Uint8Array;
  /** A list of `DiffHunk`. */
  readonly hunks: Uint8Array;
  /** The two texts, strings. */
  readonly from_text: Uint8Array;
  readonly to_text: Uint8Array;
}

export interface ScriptRepository {
  /** Appends a commit to a branch, creating the branch if needed (from prod's head, else empty). One writer per ref at a time. */
  commit(request: CommitRequest): Promise<{ commit: string }>;
  /**
   * As `commit` for several commits on one branch, each on top of the previous one;
   * returns their ids in order. The branch moves once, to the last: whatever
   * happens, it has all of them or none.
   */
  commitAll(requests: readonly CommitRequest[]): Promise<readonly string[]>;
  /** As `commit`, without moving the branch, so that code and data are warm for the first commit. */
  rehearse(branch: string): Promise<void>;
  /** The text of a script in a commit; null when the commit does not contain it. */
  read(commit: string, scriptId: number): Promise<string | null>;
  /** The head of a branch; null when there is no such branch. */
  head(branch: string): Promise<string | null>;
  /** Every branch with its head. */
  branches(): Promise<ReadonlyMap<string, string>>;
  /** Commits of a branch made by ved, newest first, down to but excluding `until`. */
  recorded(branch: string, until?: string | null): AsyncIterable<RecordedCommit>;
  /** Three-way merge of texts by lines. */
  merge(base: string, ours: string, theirs: string): Promise<MergeResult>;
  /** Unified patch and hunks between two texts. */
  diff(from: TextSide, to: TextSide): Promise<TextDiff>;
  /** Which lines differ between two texts, in order; all others are the same and in the same order. */
  changes(from: string, to: string): Promise<LineChange[]>;
}
export const ScriptRepository = new Token<ScriptRepository>('@ved/git:ScriptRepository', 'The repository of script contents.');

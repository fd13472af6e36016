/** The catalog's service for other server plugins. */
import { Token } from '@lumino/coreutils';
import type { RunStatus } from './last-run.ts';
import type { VersionInfo } from './scripts.ts';

export interface ScriptAtVersion {
  readonly scriptId: number;
  /** Hundredths: 3.02 is 302. The integer part (302 / 100 | 0) is the group. */
  readonly ordering: number;
  readonly descriptiveName: string;
  readonly version: VersionInfo;
  readonly content: string;
  /** The commit that contains this text: the version's, or prod's. */
  readonly gitCommitHash: string;
  readonly testData: string;
}

/** How a run of a script ended. */
export interface RunEnd {
  /** Larger is newer, whatever the clock says. */
  readonly runId: number;
  readonly scriptId: number;
  /** ISO 8601. */
  readonly at: string;
  readonly exitCode: number | null;
  readonly status: RunStatus;
}

/** An import that a program needs: neither conditional nor in a `try` that catches its failure. */
export interface Import {
  /** As written, such as `xml.etree`. */
  readonly module: string;
  /** The line of the first import of it, from 1. */
  readonly line: number;
  /** Whether it is in the standard library of a recent CPython. */
  readonly isStandard: boolean;
}

/** A database transaction that one plugin passes to another. It is Knex's, which a contract cannot import. */
export interface LentTransaction {
  readonly isTransaction?: boolean;
}

export interface CatalogService {
  /** A live script at a version (the newest when left out). Throws NotFound. */
  atVersion(scriptId: number, versionId?: number): Promise<ScriptAtVersion>;
  /** A live script as it is on prod; null when it is not. Throws NotFound for an unknown script. */
  onProd(scriptId: number): Promise<ScriptAtVersion | null>;
  /** Every live script on prod, in order. */
  allOnProd(): Promise<ScriptAtVersion[]>;
  /** Whether such a live script exists. */
  exists(scriptId: number): Promise<boolean>;
  /** What a text imports, empty when it does not parse; null when the analysis failed. `person` is whose queue of analyses it joins. */
  importsOf(content: string, person: string): Promise<readonly Import[] | null>;
  /**
   * Stores scripts' last runs for the list, in the transaction that ends those runs, so that the list and the runs never
   * disagree. Returns a function that notifies the workspace; call it after the commit.
   */
  recordRuns(trx: LentTransaction, ends: readonly RunEnd[]): Promise<() => void>;
  /** Adds interpreters to the list in the template of a new script. `list` returns those that can run scripts now. Returns a function that removes them again. */
  addInterpreters(list: () => Promise<readonly string[]>): () => void;
}
export const CatalogService = new Token<CatalogService>('@ved/catalog:CatalogService', 'Scripts and their versions.');

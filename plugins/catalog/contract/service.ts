/** What other server plugins may ask of the catalog. */
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
  /** The commit that holds this text: the version's, or prod's. */
  readonly gitCommitHash: string;
  readonly testData: string;
}

/** How a run of a script ended. */
export interface RunEnd {
  /** The larger, the newer, whatever the clock says. */
  readonly runId: number;
  readonly scriptId: number;
  /** ISO 8601. */
  readonly at: string;
  readonly exitCode: number | null;
  readonly status: RunStatus;
}

/** An import that a text is not prepared to do without: neither conditional nor within a `try` that catches its failure. */
export interface Import {
  /** As it is written, such as `xml.etree`. */
  readonly module: string;
  /** The first one's, counted from 1. */
  readonly line: number;
  /** Whether it is of the standard library of a recent CPython. */
  readonly isStandard: boolean;
}

/** A transaction of the server's database that one plugin lends to another: Knex's, which a contract cannot name. */
export interface LentTransaction {
  readonly isTransaction?: boolean;
}

export interface CatalogService {
  /** A live script at a version (the newest when left out). Throws NotFound. */
  atVersion(scriptId: number, versionId?: number): Promise<ScriptAtVersion>;
  /** What prod holds of a live script; null when it was never merged. Throws NotFound for an unknown script. */
  onProd(scriptId: number): Promise<ScriptAtVersion | null>;
  /** Every live script on prod, in order. */
  allOnProd(): Promise<ScriptAtVersion[]>;
  /** Whether such a live script exists. */
  exists(scriptId: number): Promise<boolean>;
  /** What a text imports, nothing of one that is no program; null when Python could not say. For a person, who waits for nobody else's. */
  importsOf(content: string, person: string): Promise<readonly Import[] | null>;
  /**
   * Keeps what the list shows of scripts' last runs, in the transaction that ends those runs: the list and the runs never
   * disagree. Returns what tells the workspace; call it after the commit.
   */
  recordRuns(trx: LentTransaction, ends: readonly RunEnd[]): Promise<() => void>;
  /** Adds to the interpreters that the template of a new script names. `list` gives those that can run something now; what is returned takes them back. */
  addInterpreters(list: () => Promise<readonly string[]>): () => void;
}
export const CatalogService = new Token<CatalogService>('@ved/catalog:CatalogService', 'Scripts and their versions.');

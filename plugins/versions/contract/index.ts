/** The version panels' API for other plugins. */
import { Token } from '@lumino/coreutils';

export interface Versions {
  /** Shows the list of versions of a script. */
  openHistory(scriptId: number): void;
  /** Shows the review and, once confirmed, merges to prod: the given version, else the newest. Resolves with whether it was merged. */
  mergeToProd(scriptId: number, versionId?: number): Promise<boolean>;
}
export const Versions = new Token<Versions>('@ved/versions:Versions', 'Shows versions and merges them.');

/** What other plugins of the workspace may ask of the catalog's panel. */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { ScriptSummary } from './scripts.ts';

export interface Catalog {
  /** The live scripts by number, kept up to date; empty until `ready`. */
  readonly scripts: readonly ScriptSummary[];
  readonly ready: Promise<void>;
  readonly changed: ISignal<Catalog, void>;
  find(scriptId: number): ScriptSummary | undefined;
  /** Asks the server again; resolves when the list is up to date. */
  refresh(): Promise<void>;
}
export const Catalog = new Token<Catalog>('@ved/catalog:Catalog', 'The list of scripts, kept up to date.');

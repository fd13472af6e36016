/**
 * The seam between the editors and whatever understands the language of the
 * scripts. An implementation binds itself to Monaco: it watches the models of
 * scripts, sets their markers and registers what it can do. No editor knows
 * which one it is.
 */
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

export type LanguageServiceState = 'idle' | 'loading' | 'ready' | 'failed' | 'off';

export interface LanguageServiceStatus {
  readonly state: LanguageServiceState;
  /** For a person: why it failed, or what it is doing; empty when there is nothing to say. */
  readonly detail: string;
}

export interface LanguageService extends IDisposable {
  /** For a person, such as `Pyright`. */
  readonly name: string;
  readonly status: LanguageServiceStatus;
  readonly statusChanged: ISignal<LanguageService, LanguageServiceStatus>;
  /** Begins to serve, once it may; harmless when begun. Failures are told by `status`, never thrown. */
  start(): void;
  /** Ends what runs and starts anew, also after it gave up; not where it may not serve. */
  restart(): void;
  /** Whether it may serve, as a person wishes. It may until told otherwise; what runs ends when it may no more. */
  setAllowed(allowed: boolean): void;
  /** The text of a file that only the service knows, such as a stub of Python's library; null when it has none. */
  readFile(uri: string): Promise<string | null>;
}
export const LanguageService = new Token<LanguageService>('@ved/editor:LanguageService', 'Understands the language of the scripts.');

/**
 * The interface between the editors and whatever understands the language of
 * the scripts. An implementation binds itself to Monaco: it watches the models
 * of scripts, sets their markers and registers its features. No editor knows
 * which implementation it is.
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
  /** Starts the service once it is allowed; does nothing when it is running. Failures show in `status` and are never thrown. */
  start(): void;
  /** Stops what runs and starts again, also after it gave up; does nothing while it is not allowed. */
  restart(): void;
  /** Whether the person allows it to run (the default). Disallowing stops what runs. */
  setAllowed(allowed: boolean): void;
  /** The text of a file that only the service knows, such as a stub of Python's library; null when it has none. */
  readFile(uri: string): Promise<string | null>;
}
export const LanguageService = new Token<LanguageService>('@ved/editor:LanguageService', 'Understands the language of the scripts.');

/** The services that core provides to browser plugins. */

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { EventData, EventDefinition, Session } from '@ved/core/contract';

export interface Workspace {
  readonly session: Session;
  /** Whether this person may write. If not, hide writing controls instead of disabling them. */
  readonly canEdit: boolean;
  /** Signs out, after asking when something is unsaved. */
  signOut(): Promise<void>;
  /** Called before the page is left or the user signs out; return true when something would be lost. */
  addUnsavedCheck(check: () => boolean): IDisposable;
}
export const Workspace = new Token<Workspace>('@ved/core:Workspace', 'Who is signed in and what they may do.');

export type ConnectionState = 'online' | 'offline' | 'signed-out';

/** Live events over one connection that reconnects by itself. */
export interface LiveEvents {
  readonly state: ConnectionState;
  readonly stateChanged: ISignal<LiveEvents, ConnectionState>;
  /** Emitted after a lost connection is restored: what is shown may be stale, so reload it. */
  readonly resumed: ISignal<LiveEvents, void>;
  on<E extends EventDefinition>(event: E, listener: (data: EventData<E>) => void): IDisposable;
}
export const LiveEvents = new Token<LiveEvents>('@ved/core:LiveEvents', 'What others do, as it happens.');

/** Handles a path that was opened; receives the pattern's match. */
export type PathHandler = (match: RegExpExecArray) => void;

/** The page's address, so that links can be shared: `/`, `/editor/new`, `/editor/:id`. */
export interface PageAddress {
  readonly path: string;
  /** Shows a path in the address bar; no request is made. */
  show(path: string): void;
  /** Called when the page is opened at a matching path (once the layout is restored), and on going back or forward to one. The first match handles it. */
  onPath(pattern: RegExp, handler: PathHandler): IDisposable;
}
export const PageAddress = new Token<PageAddress>('@ved/core:PageAddress', 'What the address bar shows.');

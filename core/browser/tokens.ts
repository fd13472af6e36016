/** What browser plugins may ask of the workspace's core. */

import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { EventData, EventDefinition, Session } from '@ved/core/contract';

export interface Workspace {
  readonly session: Session;
  /** Whether this person may write. Writing controls are absent, not greyed, when not. */
  readonly canEdit: boolean;
  /** Executes `signOut`, after asking when something is unsaved. */
  signOut(): Promise<void>;
  /** Asked before the page is left or signed out: return true when something would be lost. */
  addUnsavedCheck(check: () => boolean): IDisposable;
}
export const Workspace = new Token<Workspace>('@ved/core:Workspace', 'Who is signed in and what they may do.');

export type ConnectionState = 'online' | 'offline' | 'signed-out';

/** Live events over one connection that finds the server again by itself. */
export interface LiveEvents {
  readonly state: ConnectionState;
  readonly stateChanged: ISignal<LiveEvents, ConnectionState>;
  /** The connection was lost and is back: whatever is shown may be stale; fetch it again. */
  readonly resumed: ISignal<LiveEvents, void>;
  on<E extends EventDefinition>(event: E, listener: (data: EventData<E>) => void): IDisposable;
}
export const LiveEvents = new Token<LiveEvents>('@ved/core:LiveEvents', 'What others do, as it happens.');

/** Answers a path that somebody opened; receives the pattern's match. */
export type PathHandler = (match: RegExpExecArray) => void;

/** The page's address, so that what is shown can be shared: `/`, `/editor/new`, `/editor/:id`. */
export interface PageAddress {
  readonly path: string;
  /** Shows a path in the address bar; no request is made. */
  show(path: string): void;
  /** Called when the page is opened at a matching path (once the layout is restored) and when the person goes back or forward to one. The first that matches answers. */
  onPath(pattern: RegExp, handler: PathHandler): IDisposable;
}
export const PageAddress = new Token<PageAddress>('@ved/core:PageAddress', 'What the address bar shows.');

/** Bundled packages without types of their own. */
declare module 'pyright/dist/pyright-langserver.js';
declare module 'events' {
  export class EventEmitter {
    on(event: string, listener: (...args: never[]) => void): this;
    emit(event: string, ...args: unknown[]): boolean;
  }
}

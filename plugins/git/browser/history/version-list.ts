/** The versions of the script in the editor, newest first, kept up to date. */
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { catalogChanged, catalogRoutes, type VersionInfo } from '@ved/catalog/contract';
import { createClient, type LiveEvents } from '@ved/core/browser';

const client = createClient(catalogRoutes);

export class VersionList implements IDisposable {
  readonly changed = new Signal<this, void>(this);
  versions: readonly VersionInfo[] = [];
  error: Error | null = null;
  loaded = false;
  #scriptId: number | null = null;
  readonly #subscriptions = new DisposableSet();

  constructor(private readonly live: LiveEvents) {
    this.#subscriptions.add(
      live.on(catalogChanged, ({ script_ids, kind }) => {
        if (kind !== 'ran' && this.#scriptId !== null && script_ids.includes(this.#scriptId)) this.reload();
      }),
    );
    live.resumed.connect(this.reload, this);
  }

  get scriptId(): number | null {
    return this.#scriptId;
  }

  get isDisposed(): boolean {
    return this.#subscriptions.isDisposed;
  }
  dispose(): void {
    this.live.resumed.disconnect(this.reload, this);
    this.#subscriptions.dispose();
    Signal.clearData(this);
  }

  show(scriptId: number | null): void {
    if (scriptId === this.#scriptId) return;
    this.#scriptId = scriptId;
    this.versions = [];
    this.loaded = false;
    this.error = null;
    this.changed.emit();
    this.reload();
  }

  reload(): void {
    void this.#load();
  }

  async #load(): Promise<void> {
    const id = this.#scriptId;
    if (id === null) return;
    try {
      const versions = await client.listVersions({ params: { id } });
      if (id !== this.#scriptId) return;
      this.versions = versions;
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (id !== this.#scriptId) return;
      this.error = error as Error;
    }
    this.changed.emit();
  }
}

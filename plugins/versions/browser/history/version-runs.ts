/** How often each version of a script ran, and how the newest run ended; kept up to date. */
import type { RunStatus } from '@ved/catalog/contract';
import { createClient, type LiveEvents, LiveList } from '@ved/core/browser';
import { type RunListItem, runChanged, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export interface RunsOfVersion {
  readonly runs: number;
  readonly last: { readonly id: number; readonly status: RunStatus };
}

export class VersionRuns extends LiveList {
  private scriptId: number | null = null;
  private byVersion: ReadonlyMap<number, RunsOfVersion> = new Map();
  /** Changes received while a request is in flight, since its response may be older; null while there is none. */
  private since: RunListItem[] | null = null;

  constructor(live: LiveEvents) {
    super(live);
    this.on(runChanged, ({ run }) => {
      // Unsaved text is not a version.
      if (run.script_id !== this.scriptId || run.unsaved) return;
      this.since?.push(run);
      if (!this.loaded) return;
      this.take(run);
      this.changed.emit();
    });
  }

  /** Null when it never ran, or while loading. */
  of(versionId: number): RunsOfVersion | null {
    return this.byVersion.get(versionId) ?? null;
  }

  show(scriptId: number | null): void {
    if (scriptId === this.scriptId) return;
    this.scriptId = scriptId;
    this.byVersion = new Map();
    this.forget();
    this.reload();
  }

  reload(): void {
    const script = this.scriptId;
    const since: RunListItem[] = [];
    this.since = since;
    if (script === null) return;
    void this.load(
      () => client.runsByVersion({ query: { script } }),
      () => this.since === since,
      (rows) => {
        this.byVersion = new Map(rows.map(({ version_id, ...runs }) => [version_id, runs]));
        for (const run of since) this.take(run);
        this.since = null;
      },
    );
  }

  private take(run: RunListItem): void {
    const known = this.byVersion.get(run.script_version_id);
    if (known && run.id < known.last.id) return;
    const runs = (known?.runs ?? 0) + (known?.last.id === run.id ? 0 : 1);
    this.byVersion = new Map(this.byVersion).set(run.script_version_id, { runs, last: { id: run.id, status: run.status } });
  }
}

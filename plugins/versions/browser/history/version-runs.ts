/** How often each version of a script ran, and how the newest run ended; kept up to date. */
import type { RunStatus } from '@ved/catalog/contract';
import { createClient, type LiveEvents, LiveList } from '@ved/core/browser';
import { runChanged, runnerRoutes } from '@ved/runner/contract';

const client = createClient(runnerRoutes);

export interface RunsOfVersion {
  readonly runs: number;
  readonly last: { readonly id: number; readonly status: RunStatus };
}

export class VersionRuns extends LiveList {
  private scriptId: number | null = null;
  private byVersion: ReadonlyMap<number, RunsOfVersion> = new Map();

  constructor(live: LiveEvents) {
    super(live);
    this.on(runChanged, ({ run }) => {
      // Unsaved text is not a version.
      if (run.script_id !== this.scriptId || run.unsaved || !this.loaded) return;
      const known = this.byVersion.get(run.script_version_id);
      if (known && run.id < known.last.id) return;
      const runs = (known?.runs ?? 0) + (known?.last.id === run.id ? 0 : 1);
      this.byVersion = new Map(this.byVersion).set(run.script_version_id, { runs, last: { id: run.id, status: run.status } });
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
    if (script === null) return;
    void this.load(
      () => client.runsByVersion({ query: { script } }),
      () => script === this.scriptId,
      (rows) => {
        this.byVersion = new Map(rows.map(({ version_id, ...runs }) => [version_id, runs]));
      },
    );
  }
}

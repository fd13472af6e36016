/** The versions of the script in the editor, newest first, kept up to date. */
import { catalogChanged, catalogRoutes, type ListedVersion } from '@ved/catalog/contract';
import { createClient, type LiveEvents, LiveList } from '@ved/core/browser';

const client = createClient(catalogRoutes);

export class VersionList extends LiveList {
  versions: readonly ListedVersion[] = [];
  private shownScriptId: number | null = null;

  constructor(live: LiveEvents) {
    super(live);
    // Changes of other scripts count too: a fork may be created, renamed or deleted.
    this.on(catalogChanged, ({ script_ids, kind }) => {
      if (kind !== 'ran' && this.shows(script_ids)) this.reload();
    });
  }

  get scriptId(): number | null {
    return this.shownScriptId;
  }

  show(scriptId: number | null): void {
    if (scriptId === this.shownScriptId) return;
    this.shownScriptId = scriptId;
    this.versions = [];
    this.forget();
    this.reload();
  }

  reload(): void {
    const id = this.shownScriptId;
    if (id === null) return;
    void this.load(
      () => client.listVersions({ params: { id } }),
      () => id === this.shownScriptId,
      (versions) => {
        this.versions = versions;
      },
    );
  }

  private shows(scriptIds: readonly number[]): boolean {
    const shown = [
      this.shownScriptId,
      ...this.versions.flatMap(({ forks, forked_from }) => [forked_from, ...forks].map((other) => other?.script_id)),
    ];
    return scriptIds.some((id) => shown.includes(id));
  }
}

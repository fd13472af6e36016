/** The versions of the script in the editor, newest first, kept up to date. */
import { catalogChanged, catalogRoutes, type ListedVersion } from '@ved/catalog/contract';
import { createClient, type LiveEvents, LiveList } from '@ved/core/browser';

const client = createClient(catalogRoutes);

export class VersionList extends LiveList {
  versions: readonly ListedVersion[] = [];
  private shownScriptId: number | null = null;
  /** Identifies the latest request; a response to an earlier one may arrive after its. */
  private wanted: object = {};

  constructor(live: LiveEvents) {
    super(live);
    // Changes of other scripts count too: a fork may be renamed or deleted, and any script that appears may be a fork.
    this.on(catalogChanged, ({ script_ids, kind }) => {
      const appears = kind === 'created' || kind === 'restored';
      if (kind !== 'ran' && (appears || this.shows(script_ids))) this.reload();
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
    const wanted = {};
    this.wanted = wanted;
    if (id === null) return;
    void this.load(
      () => client.listVersions({ params: { id } }),
      () => this.wanted === wanted,
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

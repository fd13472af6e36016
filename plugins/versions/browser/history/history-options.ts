/** What the history panel shows, and what its buttons do. */
import type { Catalog, VersionInfo } from '@ved/catalog/contract';
import type { VersionList } from './version-list.ts';
import type { VersionRuns } from './version-runs.ts';

export interface HistoryPanelOptions {
  readonly list: VersionList;
  /** Null where nothing runs scripts. */
  readonly runs: VersionRuns | null;
  readonly catalog: Catalog;
  readonly canEdit: boolean;
  onOpen(version: VersionInfo): void;
  onCompare(older: VersionInfo, newer: VersionInfo): void;
  onCompareWithProd(version: VersionInfo): void;
  /** Reviews it, and merges it to prod. */
  onMerge(version: VersionInfo): void;
  onRevert(version: VersionInfo): void;
  /** Null when there is nobody to show a run. */
  readonly onOpenRun: ((runId: number) => void) | null;
  onOpenScript(scriptId: number, versionId?: number): void;
}

/** What the History panel shows, and what its buttons do. */
import type { Catalog, VersionInfo } from '@ved/catalog/contract';
import type { VersionList } from './version-list.ts';
import type { VersionRuns } from './version-runs.ts';

export interface HistoryPanelOptions {
  readonly list: VersionList;
  /** Null without the runner. */
  readonly runs: VersionRuns | null;
  readonly catalog: Catalog;
  readonly canEdit: boolean;
  onOpen(version: VersionInfo): void;
  onCompare(older: VersionInfo, newer: VersionInfo): void;
  onCompareWithProd(version: VersionInfo): void;
  /** Reviews the version and merges it to prod. */
  onMerge(version: VersionInfo): void;
  onRevert(version: VersionInfo): void;
  /** Null when no plugin shows runs. */
  readonly onOpenRun: ((runId: number) => void) | null;
  onOpenScript(scriptId: number, versionId?: number): void;
}

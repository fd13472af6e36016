/** What the history panel shows, and what its buttons do. */
import type { Catalog, VersionInfo } from '@ved/catalog/contract';
import type { VersionList } from './version-list.ts';

export interface HistoryPanelOptions {
  readonly list: VersionList;
  readonly catalog: Catalog;
  readonly canEdit: boolean;
  onOpen(version: VersionInfo): void;
  onCompare(older: VersionInfo, newer: VersionInfo): void;
  onCompareWithProd(version: VersionInfo): void;
  onRevert(version: VersionInfo): void;
}

/** How a file of a run is shown, and its URL. */
import { fillPath } from '@ved/core/contract';
import { type RunFile, runnerRoutes } from '@ved/runner/contract';

export type FileKind = 'picture' | 'table' | 'tree' | 'page' | 'text' | 'none';

const MIB = 2 ** 20;
/** Larger files are shown as text: parsing them would block the page. */
const LARGEST_TREE_BYTES = 4 * MIB;

export function kindOf({ media_type, size_bytes }: RunFile): FileKind {
  if (media_type.startsWith('image/')) return 'picture';
  if (media_type === 'text/csv' || media_type === 'text/tab-separated-values') return 'table';
  if (media_type === 'application/json') return size_bytes <= LARGEST_TREE_BYTES ? 'tree' : 'text';
  if (media_type === 'text/html') return 'page';
  return media_type.startsWith('text/') ? 'text' : 'none';
}

/** Includes the hash of the content, so that a browser requests it once. */
export function fileUrl(runId: number, { name, sha256 }: RunFile): string {
  return `${fillPath(runnerRoutes.getRunFile.path, { id: runId, name })}?sha256=${sha256}`;
}

export function zipUrl(runId: number): string {
  return fillPath(runnerRoutes.getRunFilesZip.path, { id: runId });
}

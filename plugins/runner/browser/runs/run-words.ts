/** Text about a run: its source and its figures. */
import type { RunListItem } from '@ved/runner/contract';

/** `0.12 s`, `3.4 s`, `2 m 05 s` */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} m ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/** `12 MiB`, `340 KiB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MiB`;
}

/** `v0.4 draft`, `v0.4 draft, unsaved`, `v0.3 prod` */
export function sourceWords(run: Pick<RunListItem, 'version_label' | 'source' | 'unsaved'>): string {
  return `v${run.version_label.replace(/^v/, '')} ${run.source}${run.unsaved ? ', unsaved' : ''}`;
}

/** `1 file`, `1,200 files` */
export function countWords(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}

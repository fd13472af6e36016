/** How scripts and versions are called on screen. Pure. */
import type { VersionInfo } from '@ved/catalog/contract';

interface Named {
  readonly ordering_number: number;
  readonly descriptive_name: string;
}

/** `3.01 Load orders`. */
export function scriptName({ ordering_number, descriptive_name }: Named): string {
  return `${ordering_number.toFixed(2)} ${descriptive_name}`;
}

/** `v0.4`. */
export function versionName({ major, minor }: Pick<VersionInfo, 'major' | 'minor'>): string {
  return `v${major}.${minor}`;
}

/** `10:02`, in the person's time zone. */
export function clockTime(at: Date): string {
  return at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** `1.2 KiB`. */
export function sizeName(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`;
  if (sizeBytes < 1024 * 1024) return `${(sizeBytes / 1024).toFixed(1)} KiB`;
  return `${(sizeBytes / 1024 / 1024).toFixed(1)} MiB`;
}

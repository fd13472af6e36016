/** Gathers what plugins say of their health. */
import type { HealthReport, HealthReporter } from '../health.ts';

type Read = () => HealthReport;

export class HealthRegistry implements HealthReporter {
  readonly #readers = new Map<string, Read>();

  report(name: string, read: Read): void {
    this.#readers.set(name, read);
  }

  /** Every member with its value, and whether one of them is degraded; with what only who is signed in may know, if asked. */
  read(withDetail: boolean): { degraded: boolean; members: Record<string, unknown> } {
    const reports = [...this.#readers].map(([name, read]) => [name, read()] as const);
    return {
      degraded: reports.some(([, { degraded }]) => degraded === true),
      members: Object.fromEntries(
        reports.map(([name, { value, detail }]) => [name, withDetail && detail ? { ...(value as object), ...detail } : value]),
      ),
    };
  }
}

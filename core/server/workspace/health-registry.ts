/** Gathers what plugins say of their health. */
import type { HealthReporter } from '../health.ts';

type Read = Parameters<HealthReporter['report']>[1];

export class HealthRegistry implements HealthReporter {
  readonly #readers = new Map<string, Read>();

  report(name: string, read: Read): void {
    this.#readers.set(name, read);
  }

  /** Every member with its value, and whether one of them is degraded. */
  read(): { degraded: boolean; members: Record<string, unknown> } {
    const reports = [...this.#readers].map(([name, read]) => [name, read()] as const);
    return {
      degraded: reports.some(([, { degraded }]) => degraded === true),
      members: Object.fromEntries(reports.map(([name, { value }]) => [name, value])),
    };
  }
}

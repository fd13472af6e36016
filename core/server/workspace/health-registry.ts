/** Collects the health reports of plugins. */
import type { HealthReport, HealthReporter } from '../health.ts';

interface Reader {
  readonly owner: string;
  readonly read: () => HealthReport;
}

export class HealthRegistry {
  private readonly readers = new Map<string, Reader>();

  /** The registry for one plugin. */
  scope(owner: string): HealthReporter {
    return {
      report: (name, read) => {
        const taken = this.readers.get(name);
        if (taken) throw new Error(`the member ${name} of the health of ${owner} is taken by ${taken.owner}`);
        this.readers.set(name, { owner, read });
      },
    };
  }

  /** Removes a plugin's reports. */
  withdraw(owner: string): void {
    for (const [name, reader] of this.readers) if (reader.owner === owner) this.readers.delete(name);
  }

  /** Every member with its value, and whether one of them is degraded; optionally with the members for signed-in users. */
  read(withDetail: boolean): { degraded: boolean; members: Record<string, unknown> } {
    const reports = [...this.readers].map(([name, { read }]) => [name, read()] as const);
    return {
      degraded: reports.some(([, { degraded }]) => degraded === true),
      members: Object.fromEntries(
        reports.map(([name, { value, detail }]) => [name, withDetail && detail ? { ...(value as object), ...detail } : value]),
      ),
    };
  }
}

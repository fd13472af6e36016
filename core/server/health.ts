/** What plugins add to `GET /api/health`. */
export interface HealthReport {
  /** For everyone, strangers too: no addresses, no names of accounts, no errors of others. */
  readonly value: unknown;
  /** Members besides, for who is signed in. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly degraded?: boolean;
}

export interface HealthReporter {
  /** Adds a member, such as `engines`; the function is called at each request and must be quick and not throw. */
  report(name: string, read: () => HealthReport): void;
}

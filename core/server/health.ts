/** Lets plugins add to `GET /api/health`. */
export interface HealthReport {
  /** Visible to everyone, even without signing in: no addresses, account names or foreign error messages. */
  readonly value: unknown;
  /** Additional members for signed-in users. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly degraded?: boolean;
}

export interface HealthReporter {
  /** Adds a member, such as `engines`; the function is called at each request and must be quick and not throw. */
  report(name: string, read: () => HealthReport): void;
}

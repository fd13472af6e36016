/** What plugins add to `GET /api/health`. */
export interface HealthReporter {
  /** Adds a member, such as `engines`; the function is called at each request and must be quick and not throw. */
  report(name: string, read: () => { readonly value: unknown; readonly degraded?: boolean }): void;
}

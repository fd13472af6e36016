/** A problem in an open script. */
export type Severity = 'error' | 'warning' | 'info';

export interface Problem {
  /** The document's key. */
  readonly key: string;
  readonly severity: Severity;
  readonly message: string;
  /** The rule that reported it, such as `reportCallIssue`. */
  readonly rule: string | null;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in an open script. */
export type Severity = 'error' | 'warning' | 'info';

export interface Problem {
  /** Of the document. */
  readonly key: string;
  readonly severity: Severity;
  readonly message: string;
  /** The rule that says so, such as `reportCallIssue`. */
  readonly rule: string | null;
  readonly line: number;
  readonly column: number;
}

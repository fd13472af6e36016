/** A hostile script, and the expected record of its run on each engine. */
import { expect } from 'chai';
import type { Execution } from '../../../contract/execution.ts';
import { MIB } from '../support/run-script.ts';

export interface Outcome {
  /** `succeeded` by default; a list if it depends on chance. */
  readonly status?: Execution['status'] | readonly Execution['status'][];
  readonly exitCode?: number | null;
  /** The exact text, or a pattern that it must match. */
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  readonly reason?: RegExp;
  /** Whether more was written than is kept; false by default. */
  readonly truncated?: boolean;
  /** Names of the files of `/tmp/out` that are kept; none by default. */
  readonly files?: readonly string[];
  /** Why files were left out; none by default. */
  readonly leftOut?: readonly string[];
}

/** Runs on both engines. */
export interface HostileCase extends Outcome {
  /** What the script does, and the outcome. */
  readonly title: string;
  /** `{{port}}` stands for the port of the server that runs it. */
  readonly script: string;
  /** Outcomes that differ by engine. */
  readonly docker?: Outcome;
  readonly pyodide?: Outcome;
}

export const failed = { status: 'failed' } as const;
export const timeout = { status: 'timeout', exitCode: null, reason: /time limit/ } as const;
/** The script gets an error, or is killed. */
export const starved = { status: ['out_of_memory', 'failed'] } as const;
/** Features that the embedded engine lacks raise an exception. */
export const lacking = { status: 'failed', exitCode: 1, stderr: /Error/ } as const;

/** The most bytes stored of each stream, with the line about omitted output. */
const KEPT_BYTES = MIB + 64;

export function checkRecord(run: Execution, outcome: Outcome): void {
  const { status = 'succeeded', truncated = false, files = [], leftOut = [] } = outcome;
  const account = `${run.status} ${run.exit_code} ${run.reason ?? ''}\n${run.stdout.slice(-300)}\n${run.stderr.slice(-600)}`;
  expect([status].flat(), account).to.include(run.status);
  if (outcome.exitCode !== undefined) expect(run.exit_code, account).to.equal(outcome.exitCode);
  for (const stream of ['stdout', 'stderr'] as const) {
    expect(Buffer.byteLength(run[stream]), `bytes kept of ${stream}`).to.be.at.most(KEPT_BYTES);
    const wanted = outcome[stream];
    if (typeof wanted === 'string') expect(run[stream], account).to.equal(wanted);
    else if (wanted) expect(run[stream], account).to.match(wanted);
  }
  if (outcome.reason) expect(run.reason).to.match(outcome.reason);
  expect(run.truncated, 'truncated').to.equal(truncated);
  expect(run.files.map(({ name }) => name)).to.deep.equal(files);
  expect(run.files_left_out.map(({ reason }) => reason).sort()).to.deep.equal([...leftOut].sort());
}

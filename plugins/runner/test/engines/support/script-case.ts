/** A script and its expected outcome; suites are tables of these. */
import { expect } from 'chai';
import { exhaustive } from '../../../../../test/support/exhaustive.ts';
import type { Engine, Exit } from '../../../contract/engine.ts';
import type { EngineName } from './engines.ts';
import { type RunOptions, runScript } from './run-script.ts';

export interface Outcome {
  readonly status?: Exit['status'] | readonly Exit['status'][];
  readonly exitCode?: number | null;
  /** The exact text, or a pattern that it must match. */
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  readonly reason?: RegExp | null;
  /** Both streams in order of arrival. */
  readonly both?: string | undefined;
  readonly stdoutBytes?: number;
}

export interface ScriptCase extends Outcome, Omit<RunOptions, 'signal' | 'onOutput'> {
  /** What the script does, and the outcome. */
  readonly title: string;
  readonly script: string | Uint8Array;
  /** Whether `npm test` runs it too, not only `npm test -- --all`. */
  readonly inShort?: true;
  /** Outcomes that differ by engine; null if the case makes no sense there. */
  readonly docker?: Outcome | null;
  readonly pyodide?: Outcome | null;
}

/** Declares a test for each case that applies to the engine. */
export function declareCases(engine: () => Engine, name: EngineName, cases: readonly ScriptCase[]): void {
  for (const each of cases) {
    const own = each[name];
    if (own === null) continue;
    (each.inShort ? it : exhaustive.it)(each.title, async () => check(await runScript(engine(), each.script, each), { ...each, ...own }));
  }
}

function check(result: Awaited<ReturnType<typeof runScript>>, outcome: Outcome): void {
  const { status = 'succeeded' } = outcome;
  const account = `${result.reason ?? ''} ${result.both.slice(-600)}`;
  if (typeof status === 'string') expect(result.status, account).to.equal(status);
  else expect(status, account).to.include(result.status);
  if (outcome.exitCode !== undefined) expect(result.exitCode, account).to.equal(outcome.exitCode);
  for (const stream of ['stdout', 'stderr'] as const) {
    const wanted = outcome[stream];
    if (typeof wanted === 'string') expect(result[stream].toString('latin1')).to.equal(Buffer.from(wanted).toString('latin1'));
    else if (wanted) expect(result[stream].toString(), account).to.match(wanted);
  }
  if (outcome.both !== undefined) expect(result.both).to.equal(outcome.both);
  if (outcome.reason === null) expect(result.reason).to.equal(null);
  else if (outcome.reason) expect(result.reason).to.match(outcome.reason);
  if (outcome.stdoutBytes !== undefined) expect(result.stdout.length).to.equal(outcome.stdoutBytes);
  expect(result.events.at(-1)).to.equal('exit');
}

/** What a run needs from an engine, according to its request and its script. */
import { Unavailable, Unprocessable } from '@ved/core/contract';
import type { Capabilities, Interpreter } from '@ved/runner/contract';
import type { NewRun } from '../scheduler/run-queue.ts';
import { chooseInterpreter, interpretersOf, NoInterpreter } from './choose-interpreter.ts';
import { readScriptBlock, ScriptBlockError } from './script-block.ts';

export interface RunNeeds {
  readonly interpreter: Interpreter;
  readonly isDefault: boolean;
  /** Requirements of packages, normalised and sorted. */
  readonly packages: readonly string[];
}

/** Throws NoInterpreter, or ScriptBlockError. */
export function needsOf(run: Pick<NewRun, 'code' | 'wantedInterpreter'>, capabilities: Capabilities): RunNeeds {
  const { requiresPython, packages } = readScriptBlock(Buffer.from(run.code).toString('utf8'));
  const interpreters = interpretersOf(capabilities);
  const interpreter = chooseInterpreter(interpreters, run.wantedInterpreter, requiresPython);
  return { interpreter, isDefault: interpreter === interpreters[0], packages };
}

/** Seconds; the interval at which engines are probed. */
const RETRY_AFTER = { 'Retry-After': '15' };

/** Adds the interpreter that will run it. Throws Unprocessable, or Unavailable if an interpreter is not ready yet. */
export function withInterpreter(run: NewRun, capabilities: Capabilities): NewRun {
  try {
    const { interpreter, isDefault } = needsOf(run, capabilities);
    return { ...run, interpreter: isDefault ? null : interpreter.name };
  } catch (error) {
    if (error instanceof ScriptBlockError) throw new Unprocessable('runner/bad-script-block', error.message);
    if (!(error instanceof NoInterpreter)) throw error;
    const data = { interpreters: interpretersOf(capabilities).map(({ name }) => name) };
    if (error.code !== 'runner/interpreter-not-ready') throw new Unprocessable(error.code, error.message, { data });
    throw new Unavailable(error.code, error.message, { data, headers: RETRY_AFTER });
  }
}

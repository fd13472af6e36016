/** Chooses the interpreter of a run. Pure, so that the messages can be tested. */
import { rcompare, satisfies } from '@renovatebot/pep440';
import type { Capabilities, Interpreter } from '@ved/runner/contract';

/** There is no interpreter for the run. The message says why and lists those available. */
export class NoInterpreter extends Error {
  override readonly name = 'NoInterpreter';
  constructor(
    message: string,
    readonly code:
      | 'runner/unknown-interpreter'
      | 'runner/no-matching-interpreter'
      | 'runner/interpreter-unusable'
      // The only one that may go away by itself.
      | 'runner/interpreter-not-ready',
  ) {
    super(message);
  }
}

/** The interpreters of an engine, the default first; for an engine that lists none, its only one. */
export function interpretersOf(capabilities: Capabilities): readonly Interpreter[] {
  const { interpreters, interpreter: name, imageDigest } = capabilities;
  return interpreters ?? [{ name, version: versionInName(name), state: 'ready', reason: null, image: null, imageDigest }];
}

/** `3.14` for `cpython-3.14` or `cpython-3.14-pyodide`; null for a name without a version. */
export function versionInName(name: string): string | null {
  return /-(\d+(?:\.\d+)+)(?:-|$)/.exec(name)?.[1] ?? null;
}

/**
 * The one that a person chose, else one that matches the script's `requires-python`: the default if it matches, else the
 * newest that does. Throws NoInterpreter.
 */
export function chooseInterpreter(interpreters: readonly Interpreter[], wanted: string | null, requiresPython: string | null): Interpreter {
  const chosen = wanted === null ? matching(interpreters, requiresPython) : named(interpreters, wanted);
  if (chosen.state === 'ready') return chosen;
  if (chosen.state === 'unusable')
    throw new NoInterpreter(
      `The interpreter ${chosen.name} cannot run scripts. ${chosen.reason ?? ''}`.trimEnd(),
      'runner/interpreter-unusable',
    );
  throw new NoInterpreter(`The interpreter ${chosen.name} is not ready. ${chosen.reason ?? ''}`.trimEnd(), 'runner/interpreter-not-ready');
}

function named(interpreters: readonly Interpreter[], wanted: string): Interpreter {
  const found = interpreters.find(({ name }) => name === wanted);
  if (found) return found;
  throw new NoInterpreter(
    `There is no interpreter ${JSON.stringify(wanted)}. Available: ${listed(interpreters)}.`,
    'runner/unknown-interpreter',
  );
}

function matching(interpreters: readonly Interpreter[], requiresPython: string | null): Interpreter {
  if (requiresPython === null) return interpreters[0]!;
  const able = interpreters.filter(({ version }) => version !== null && satisfies(version, requiresPython, { prereleases: true }));
  const [first] = interpreters;
  const ready = able.filter(({ state }) => state === 'ready');
  const candidates = ready.length > 0 ? ready : able;
  if (candidates.includes(first!)) return first!;
  const newest = [...candidates].sort((a, b) => rcompare(a.version!, b.version!))[0];
  if (newest) return newest;
  throw new NoInterpreter(
    `The script requires Python ${requiresPython} (requires-python), but no interpreter matches. Available: ${listed(interpreters)}.`,
    'runner/no-matching-interpreter',
  );
}

/** `cpython-3.14 (Python 3.14.2), graalpy (unknown Python version)` */
function listed(interpreters: readonly Interpreter[]): string {
  return interpreters
    .map(({ name, version }) => `${name} (${version === null ? 'unknown Python version' : `Python ${version}`})`)
    .join(', ');
}

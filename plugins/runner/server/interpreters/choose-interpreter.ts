/** Picks the interpreter of a run; pure, so that the words can be tested. */
import { rcompare, satisfies } from '@renovatebot/pep440';
import type { Capabilities, Interpreter } from '@ved/runner/contract';

/** No interpreter can be had for the run. The message says why and lists what there is. */
export class NoInterpreter extends Error {
  override readonly name = 'NoInterpreter';
  constructor(
    message: string,
    readonly code:
      | 'runner/unknown-interpreter'
      | 'runner/no-matching-interpreter'
      | 'runner/interpreter-unusable'
      // The only one that may be had later.
      | 'runner/interpreter-not-ready',
  ) {
    super(message);
  }
}

/** The interpreters of an engine, the default first; of an engine that lists none, the one that it names. */
export function interpretersOf(capabilities: Capabilities): readonly Interpreter[] {
  const { interpreters, interpreter: name, imageDigest } = capabilities;
  return interpreters ?? [{ name, version: versionInName(name), state: 'ready', reason: null, image: null, imageDigest }];
}

/** `3.14` of `cpython-3.14` or `cpython-3.14-pyodide`; null of a name that holds no version. */
export function versionInName(name: string): string | null {
  return /-(\d+(?:\.\d+)+)(?:-|$)/.exec(name)?.[1] ?? null;
}

/**
 * The one that a person named, else the one that the script's `requires-python` asks for: the default when it will do, else
 * the newest that does. Throws NoInterpreter.
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
    `There is no interpreter ${JSON.stringify(wanted)} here. There is ${listed(interpreters)}.`,
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
    `The script asks for Python ${requiresPython} (requires-python), which no interpreter here is. There is ${listed(interpreters)}.`,
    'runner/no-matching-interpreter',
  );
}

/** `cpython-3.14 (Python 3.14.2), graalpy (its Python is not known)` */
function listed(interpreters: readonly Interpreter[]): string {
  return interpreters
    .map(({ name, version }) => `${name} (${version === null ? 'its Python is not known' : `Python ${version}`})`)
    .join(', ');
}

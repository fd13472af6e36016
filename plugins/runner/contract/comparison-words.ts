/** How the comparison of two runs is said to a person, everywhere alike. */
import type { RunComparison } from './routes.ts';

export type Difference = RunComparison['differs'][number];

/** What a run did, as against what it was given and what it took. */
const RESULT: readonly Difference[] = ['status', 'exit_code', 'stdout', 'stderr', 'files'];
/** What a run took: never the same twice. */
const COST: readonly Difference[] = ['time', 'memory'];

const NAMES: Record<Difference, string> = {
  code: 'code',
  input: 'test data',
  engine: 'engine',
  interpreter: 'interpreter',
  status: 'status',
  exit_code: 'exit code',
  stdout: 'stdout',
  stderr: 'stderr',
  files: 'files',
  time: 'time',
  memory: 'memory',
};

export interface ComparisonWords {
  /** Whether both did the same, whatever they were given and took. */
  readonly sameResult: boolean;
  /** Such as `Identical`, `Identical, but for time`, `Same result from different code`, `Different stdout and exit code`. */
  readonly text: string;
}

/** `differs` as the comparison has it; leave out what is meant to differ. */
export function comparisonWords(differs: readonly Difference[]): ComparisonWords {
  const result = differs.filter((each) => RESULT.includes(each));
  const given = differs.filter((each) => !RESULT.includes(each) && !COST.includes(each));
  const cost = differs.filter((each) => COST.includes(each));
  if (result.length > 0) {
    const also = given.length > 0 ? `; different ${named(given)} too` : '';
    return { sameResult: false, text: `Different ${named(result)}${also}` };
  }
  if (given.length > 0) return { sameResult: true, text: `Same result from different ${named(given)}` };
  return { sameResult: true, text: cost.length > 0 ? `Identical, but for ${named(cost)}` : 'Identical' };
}

/** `code, status and time` */
function named(differences: readonly Difference[]): string {
  const names = differences.map((each) => NAMES[each]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

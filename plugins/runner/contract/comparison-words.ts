/** The text for a comparison of two runs, the same everywhere. */
import type { RunComparison } from './routes.ts';

export type Difference = RunComparison['differs'][number];

/** What a run did, as opposed to its inputs and its cost. */
const RESULT: readonly Difference[] = ['status', 'exit_code', 'stdout', 'stderr', 'files'];
/** What a run used: never the same twice. */
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
  /** Whether both did the same, regardless of inputs, time and memory. */
  readonly sameResult: boolean;
  /** Such as `Identical`, `Identical except for time`, `Same result from different code`, `Different stdout and exit code`. */
  readonly text: string;
}

/** `differs` of the comparison, without what is meant to differ. */
export function comparisonWords(differs: readonly Difference[]): ComparisonWords {
  const result = differs.filter((each) => RESULT.includes(each));
  const given = differs.filter((each) => !RESULT.includes(each) && !COST.includes(each));
  const cost = differs.filter((each) => COST.includes(each));
  if (result.length > 0) {
    const inputs = given.length > 0 ? `; also different ${listed(given)}` : '';
    return { sameResult: false, text: `Different ${listed(result)}${inputs}` };
  }
  if (given.length > 0) return { sameResult: true, text: `Same result from different ${listed(given)}` };
  return { sameResult: true, text: cost.length > 0 ? `Identical except for ${listed(cost)}` : 'Identical' };
}

/** `code, status and time` */
function listed(differences: readonly Difference[]): string {
  const names = differences.map((each) => NAMES[each]);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

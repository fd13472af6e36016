/** The problem codes of the runner. Those for too many waiting runs or passes are in core's table, next to their limits. */
import type { ProblemTable } from '@ved/core/contract';

export const runnerProblems = {
  'runner/bad-script-block': {
    status: 422,
    meaning: 'The inline metadata of the script is invalid; the detail names the line. Fix it.',
  },
  'runner/bad-text': { status: 422, meaning: 'The text or the test data contains half of a character (a lone surrogate). Remove it.' },
  'runner/content-needs-draft': {
    status: 400,
    meaning: '`content` only runs as a draft. Send `"source": "draft"` with it.',
  },
  'runner/content-too-large': { status: 413, meaning: 'The text is larger than 1 MiB. Move data into the test data.' },
  'runner/interpreter-not-ready': {
    status: 503,
    meaning: 'The interpreter is being fetched. Try again after `Retry-After` seconds, or choose one from `interpreters`.',
  },
  'runner/interpreter-unusable': { status: 422, meaning: 'The interpreter cannot run scripts. Choose another one from `interpreters`.' },
  'runner/no-engine': {
    status: 503,
    meaning: 'No engine is available to run scripts; the detail says why and what to do. Try again after `Retry-After` seconds.',
  },
  'runner/no-files': { status: 404, meaning: 'The run left no files in `/tmp/out`.' },
  'runner/no-matching-interpreter': {
    status: 422,
    meaning:
      'No interpreter has a Python version that the script accepts (`requires-python`). Change that, or ask your administrator to add one.',
  },
  'runner/not-on-prod': {
    status: 400,
    meaning: 'The script, or the given version, is not on prod. Merge it first, or run it with `"source": "draft"`.',
  },
  'runner/stopped-waiting': {
    status: 503,
    meaning: 'The server, or its runner, stopped before the run or the pass ended. It is stored: look it up later.',
  },
  'runner/test-data-too-large': { status: 413, meaning: 'The test data are larger than 16 MiB. Reduce them.' },
  'runner/unknown-file': { status: 404, meaning: 'The run has no file with that name. Its record lists its files.' },
  'runner/unknown-interpreter': { status: 422, meaning: 'There is no interpreter with that name. Choose one from `interpreters`.' },
  'runner/unknown-pass': { status: 404, meaning: 'There is no pass with this id. Old ones are removed after a while.' },
  'runner/unknown-run': { status: 404, meaning: 'There is no run with this id. Old ones are removed after a while.' },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    runner: typeof runnerProblems;
  }
}

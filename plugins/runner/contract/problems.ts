/** The problem codes of the runner. Those of what one person may have waiting are in core's table, beside their bounds. */
import type { ProblemTable } from '@ved/core/contract';

export const runnerProblems = {
  'runner/bad-script-block': {
    status: 422,
    meaning: 'The inline metadata of the script cannot be followed; the detail names the line. Correct it.',
  },
  'runner/bad-text': { status: 422, meaning: 'The text or the test data holds half of a character (a lone surrogate). Remove it.' },
  'runner/content-needs-draft': {
    status: 400,
    meaning: 'Text in a request runs only as a draft. Send `"source": "draft"` with `content`.',
  },
  'runner/content-too-large': { status: 413, meaning: 'The text is larger than 1 MiB. Move data into the test data.' },
  'runner/interpreter-not-ready': {
    status: 503,
    meaning: 'The interpreter is being fetched. Try again after `Retry-After` seconds, or choose one of `interpreters`.',
  },
  'runner/interpreter-unusable': { status: 422, meaning: 'The interpreter cannot run scripts. Choose another of `interpreters`.' },
  'runner/no-engine': {
    status: 503,
    meaning: 'There is no engine to run scripts on; the detail says why and what to do. Try again after `Retry-After` seconds.',
  },
  'runner/no-files': { status: 404, meaning: 'The run left no files in `/tmp/out`.' },
  'runner/no-matching-interpreter': {
    status: 422,
    meaning:
      'No interpreter is of a Python that the script asks for (`requires-python`). Change that, or have one of `interpreters` added.',
  },
  'runner/not-on-prod': {
    status: 400,
    meaning: 'The script, or the version named, is not on prod. Merge it first, or run it with `"source": "draft"`.',
  },
  'runner/stopped-waiting': {
    status: 503,
    meaning: 'The server, or its runner, stopped before the run or the pass had ended. It is kept: look it up afterwards.',
  },
  'runner/test-data-too-large': { status: 413, meaning: 'The test data are larger than 16 MiB. Use less.' },
  'runner/unknown-file': { status: 404, meaning: 'The run keeps no file of that name. Its record lists those it has.' },
  'runner/unknown-interpreter': { status: 422, meaning: 'There is no interpreter of that name. Choose one of `interpreters`.' },
  'runner/unknown-pass': { status: 404, meaning: 'There is no pass with this id. It may have been removed because it was old.' },
  'runner/unknown-run': { status: 404, meaning: 'There is no run with this id. It may have been removed because it was old.' },
} as const satisfies ProblemTable;

declare module '@ved/core/contract' {
  interface ProblemTables {
    runner: typeof runnerProblems;
  }
}

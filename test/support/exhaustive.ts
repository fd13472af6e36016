/**
 * Declares tests that take long and add little to shorter ones: every hostile
 * script, rounds of kills, endurance, every possible fault of a layout.
 * `npm test -- --all` runs them, and so does naming their file or a title;
 * `npm test` alone, which sets `VED_TEST_SHORT`, does not declare them.
 */
const isLeftOut = process.env.VED_TEST_SHORT === '1';

const declare = (name: 'describe' | 'it') => (title: string, work: never) => (isLeftOut ? undefined : globalThis[name](title, work));

// Looked up at each call, since mocha creates new functions for each file that a process runs.
export const exhaustive = { describe: declare('describe') as Mocha.SuiteFunction, it: declare('it') as Mocha.TestFunction };

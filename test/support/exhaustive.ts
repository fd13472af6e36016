/**
 * Declares tests that take long compared with what they add to shorter ones: every
 * hostile script, rounds of kills, endurance, each thing that can be wrong with
 * a layout. `npm test -- --all` runs them, and so does naming their file or a
 * title; `npm test` alone, which sets `VED_TEST_SHORT`, does not declare them.
 */
const isLeftOut = process.env.VED_TEST_SHORT === '1';

export const exhaustive: { readonly describe: Mocha.SuiteFunction; readonly it: Mocha.TestFunction } = isLeftOut
  ? { describe: (() => undefined) as unknown as Mocha.SuiteFunction, it: (() => undefined) as unknown as Mocha.TestFunction }
  : { describe, it };

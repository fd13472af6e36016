/** HTTP routes of runs and passes. */
import { RunStatus, TEST_DATA_LIMIT_BYTES } from '@ved/catalog/contract';
import { defineRoutes, Id } from '@ved/core/contract';
import { z } from 'zod';
import { Execution, RunListItem, Source } from './execution.ts';
import { RunFile } from './files.ts';
import { OnFailure, Pass, PassDetail } from './passes.ts';

const BODY_LIMIT_BYTES = 2 * TEST_DATA_LIMIT_BYTES + 2 * 1024 * 1024;

const runInput = {
  /** Defaults to the script's own. */
  test_data: z.string().optional(),
  source: Source.optional(),
  version_id: z.number().int().positive().optional(),
  /** Unsaved text to run instead of the version's; `source` must then be `draft`. */
  content: z.string().optional(),
  /** The name of an interpreter of the engine in use; by default chosen by the script's `requires-python`, else the default one. */
  interpreter: z.string().max(100).optional(),
};
/** Problems of a run of one script; below, of a pass. */
const RUN_PROBLEMS = [
  'catalog/no-such-script',
  'catalog/no-such-version',
  'runner/not-on-prod',
  'runner/content-needs-draft',
  'runner/content-too-large',
  'runner/test-data-too-large',
  'runner/bad-text',
  'runner/bad-script-block',
  'runner/unknown-interpreter',
  'runner/no-matching-interpreter',
  'runner/interpreter-unusable',
  'runner/interpreter-not-ready',
  'runner/no-engine',
  'runner/queue-full',
] as const;
const PASS_PROBLEMS = ['runner/test-data-too-large', 'runner/bad-text', 'runner/no-engine', 'runner/too-many-passes'] as const;
/** For callers that wait for the end, when the server stops first. */
const STOPPED = 'runner/stopped-waiting';
const idParams = z.object({ id: Id });

const InterpreterInfo = z.object({
  name: z.string(),
  version: z.string().nullable(),
  state: z.enum(['ready', 'missing', 'fetching', 'unusable']),
  reason: z.string().nullable(),
  image: z.string().nullable(),
});
export type InterpreterInfo = z.infer<typeof InterpreterInfo>;

const EngineInfo = z.object({
  id: z.string(),
  active: z.boolean(),
  available: z.boolean(),
  reason: z.string().nullable(),
  interpreter: z.string(),
  isolation: z.string(),
  limitations: z.array(z.string()),
  /** What runs may ask for, the default first; empty until known. */
  interpreters: z.array(InterpreterInfo),
});
/** The response of `/api/engines`, shown in the status bar. */
export const Engines = z.object({
  /** The value of `VED_RUNNER`, such as `auto`, `docker` or `pyodide`. */
  requested: z.string(),
  /** The engine in use, or null if the requested one is not available. */
  active: z.string().nullable(),
  /** Why this one, and why not the others. */
  why: z.string(),
  engines: z.array(EngineInfo),
  /** Something that people are waiting for, such as an image pull, with its progress from 0 to 1. */
  progress: z.object({ text: z.string(), fraction: z.number().nullable() }).nullable(),
});
export type Engines = z.infer<typeof Engines>;

/** What differs between two runs. */
export const RunComparison = z.object({
  a: Execution,
  b: Execution,
  identical: z.boolean(),
  differs: z.array(
    z.enum(['code', 'input', 'engine', 'interpreter', 'status', 'exit_code', 'stdout', 'stderr', 'files', 'time', 'memory']),
  ),
  /** The files that differ, by name; null on a side that has no file with that name. */
  files: z.array(z.object({ name: z.string(), a: RunFile.nullable(), b: RunFile.nullable() })),
  code: z.object({ a: z.string(), b: z.string() }),
});
export type RunComparison = z.infer<typeof RunComparison>;

/** A longer text is not checked for imports: reading it takes seconds, and saves would have to wait. */
export const IMPORTS_LIMIT_CHARACTERS = 256 * 1024;

/** The imports of a text that would fail, as far as that can be known before running it. */
export const MissingImports = z.object({
  /** The interpreter that would run it; null if nothing is known: no engine, or the text is refused or cannot be parsed. */
  interpreter: z.string().nullable(),
  missing: z.array(z.object({ module: z.string(), line: z.number().int(), reason: z.string() })),
  /** How to declare the packages that provide them; null if there are none. */
  advice: z.string().nullable(),
  /** The lines that declare those packages; null if the text already has such lines, or no package is available. */
  block: z.string().nullable(),
});
export type MissingImports = z.infer<typeof MissingImports>;

export const runnerRoutes = defineRoutes({
  executeAll: {
    method: 'POST',
    path: '/api/execute/all',
    access: 'editor',
    summary: 'Run every script on prod, in order, and wait',
    body: z.object({ test_data: z.string().optional(), on_failure: OnFailure.optional() }).prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.array(Execution),
    problems: [...PASS_PROBLEMS, STOPPED],
  },
  execute: {
    method: 'POST',
    path: '/api/execute/:id',
    access: 'editor',
    summary: 'Run one script and wait',
    params: idParams,
    body: z.object(runInput).prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: Execution,
    problems: [...RUN_PROBLEMS, STOPPED],
  },
  lastExecution: {
    method: 'GET',
    path: '/api/execute/:id/last',
    access: 'viewer',
    summary: 'The newest run of any version of a script, or null',
    params: idParams,
    response: Execution.nullable(),
    problems: ['catalog/no-such-script'],
  },
  createRun: {
    method: 'POST',
    path: '/api/runs',
    access: 'editor',
    summary: 'Queue a run of one script; does not wait',
    body: z.object({ script_id: z.number().int().positive(), ...runInput }),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.object({ run_id: z.number().int() }),
    status: 202,
    problems: RUN_PROBLEMS,
  },
  missingImports: {
    method: 'POST',
    path: '/api/runs/missing-imports',
    access: 'editor',
    summary: 'Check which imports of a text would fail, without running it',
    body: z.object({ content: z.string().max(IMPORTS_LIMIT_CHARACTERS) }),
    // JSON takes at most six bytes for a character.
    bodyLimitBytes: 6 * IMPORTS_LIMIT_CHARACTERS + 1024,
    response: MissingImports,
  },
  createPass: {
    method: 'POST',
    path: '/api/passes',
    access: 'editor',
    summary: 'Queue a run of the whole queue; does not wait',
    body: z.object({ test_data: z.string().optional(), on_failure: OnFailure.optional() }).prefault({}),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    response: z.object({ pass_id: z.number().int() }),
    status: 202,
    problems: PASS_PROBLEMS,
  },
  listPasses: {
    method: 'GET',
    path: '/api/passes',
    access: 'viewer',
    summary: 'Passes, newest first',
    query: z.object({ before: Id.optional() }),
    response: z.array(Pass),
  },
  getPass: {
    method: 'GET',
    path: '/api/passes/:id',
    access: 'viewer',
    summary: 'A pass with its groups and their runs',
    params: idParams,
    response: PassDetail,
    problems: ['runner/unknown-pass'],
  },
  passEvents: {
    method: 'GET',
    path: '/api/passes/:id/events',
    access: 'viewer',
    summary: 'Follow a pass; "output=false" leaves out the output of its runs; 204 if resumed after "done"',
    params: idParams,
    query: z.object({ output: z.stringbool().prefault('true') }),
    response: 'event-stream',
    problems: ['runner/unknown-pass'],
  },
  cancelPass: {
    method: 'POST',
    path: '/api/passes/:id/cancel',
    access: 'editor',
    summary: 'Cancel a pass; idempotent',
    params: idParams,
    response: PassDetail,
    problems: ['runner/unknown-pass'],
  },
  listRuns: {
    method: 'GET',
    path: '/api/runs',
    access: 'viewer',
    summary: 'Runs without their output, newest first, 100 per page',
    query: z.object({
      script: Id.optional(),
      pass: Id.optional(),
      status: RunStatus.optional(),
      /** The exact name of a person. */
      started_by: z.string().min(1).max(200).optional(),
      source: Source.optional(),
      before: Id.optional(),
    }),
    response: z.array(RunListItem),
  },
  runStarters: {
    method: 'GET',
    path: '/api/runs/started-by',
    access: 'viewer',
    summary: 'Names of the people who started the stored runs',
    response: z.array(z.string()),
  },
  runsByVersion: {
    method: 'GET',
    path: '/api/runs/by-version',
    access: 'viewer',
    summary: 'The number of runs and the newest run of each version of a script; without runs of unsaved text',
    query: z.object({ script: Id }),
    response: z.array(
      z.object({
        version_id: z.number().int(),
        runs: z.number().int(),
        last: z.object({ id: z.number().int(), status: RunStatus }),
      }),
    ),
  },
  compareRuns: {
    method: 'GET',
    path: '/api/runs/compare',
    access: 'viewer',
    summary: 'What differs between two runs',
    query: z.object({ a: Id, b: Id }),
    response: RunComparison,
    problems: ['runner/unknown-run'],
  },
  getRun: {
    method: 'GET',
    path: '/api/runs/:id',
    access: 'viewer',
    summary: 'A run with its output',
    params: idParams,
    response: Execution,
    problems: ['runner/unknown-run'],
  },
  getRunCode: {
    method: 'GET',
    path: '/api/runs/:id/code',
    access: 'viewer',
    summary: 'The code and the test data of a run',
    params: idParams,
    response: z.object({ content: z.string(), test_data: z.string() }),
    problems: ['runner/unknown-run'],
  },
  getRunFile: {
    method: 'GET',
    path: '/api/runs/:id/files/:name',
    access: 'viewer',
    summary: 'A file that a run left in /tmp/out; with its sha256 in the query it can be cached forever',
    params: z.object({ id: Id, name: z.string() }),
    query: z.object({ sha256: z.string().optional() }),
    response: 'binary',
    problems: ['runner/unknown-run', 'runner/unknown-file'],
  },
  getRunFilesZip: {
    method: 'GET',
    path: '/api/runs/:id/files.zip',
    access: 'viewer',
    summary: 'All files that a run left in /tmp/out, as a zip',
    params: idParams,
    response: 'binary',
    problems: ['runner/unknown-run', 'runner/no-files'],
  },
  runEvents: {
    method: 'GET',
    path: '/api/runs/:id/events',
    access: 'viewer',
    summary: 'Follow a run; 204 if resumed after "done"',
    params: idParams,
    response: 'event-stream',
    problems: ['runner/unknown-run'],
  },
  cancelRun: {
    method: 'POST',
    path: '/api/runs/:id/cancel',
    access: 'editor',
    summary: 'Cancel a run; idempotent',
    params: idParams,
    response: Execution,
    problems: ['runner/unknown-run'],
  },
  engines: {
    method: 'GET',
    path: '/api/engines',
    access: 'viewer',
    summary: 'The engines, and which one is in use and why',
    response: Engines,
  },
});

/** The engines that the shared suites run on, each created once per process. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepSnapshot, lendSnapshot } from '../../../../../test/support/pyodide-snapshot.ts';
import type { Engine } from '../../../contract/engine.ts';
import {
  createDockerEngine,
  createPyodideEngine,
  type DockerEngineOptions,
  type PyodideEngineOptions,
} from '../../../server/engines/index.ts';
import { MIB, runScript } from './run-script.ts';

export const DEFAULT_IMAGE = process.env.VED_RUNNER_IMAGE ?? 'python:3.14-slim';

const quiet = { warn: () => undefined, info: () => undefined, debug: () => undefined };

let cacheDir = '';

/** Shared by all tests, since the memory snapshot in it takes seconds to create. Created when needed, since some processes that load this file are killed. */
function sharedCache(): string {
  if (cacheDir === '') {
    cacheDir = mkdtempSync(join(tmpdir(), 'ved-engines-'));
    process.once('exit', () => rmSync(cacheDir, { recursive: true, force: true }));
  }
  return cacheDir;
}

export function newPyodideEngine({ cacheDir = sharedCache(), ...options }: Partial<PyodideEngineOptions> = {}): Engine {
  return createPyodideEngine({ cacheDir, poolSize: 1, packagesDir: null, log: quiet, ...options });
}

/** Copies the memory snapshot, if there is one, to the folder that the engines share. */
export function lendSharedSnapshot(): Promise<void> {
  return lendSnapshot(sharedCache());
}

/** Process ids of the current embedded interpreters. */
export function registeredChildren(): string[] {
  const children = join(sharedCache(), 'children');
  // Created with the first of them.
  return existsSync(children) ? readdirSync(children) : [];
}

export function newDockerEngine(options: Partial<DockerEngineOptions> = {}): Engine {
  return createDockerEngine({
    interpreters: [{ name: null, image: DEFAULT_IMAGE }],
    dockerHost: process.env.DOCKER_HOST,
    owner: `test-${randomBytes(6).toString('hex')}`,
    poolSize: 1,
    // Nothing listens there.
    packages: { index: 'http://127.0.0.1:1/simple', network: 'host' },
    size: { memoryBytes: 256 * MIB, cpus: 1 },
    log: quiet,
    ...options,
  });
}

/** Skips the suite or test without a Docker engine with the image, unless everything is required. */
export async function requireDocker(test: Mocha.Context): Promise<void> {
  const engine = newDockerEngine({ poolSize: 0 });
  const { available, reason } = await engine.probe();
  await engine.close();
  if (available) return;
  if (process.env.VED_TEST_REQUIRE_ALL) throw new Error(`the Docker engine is required: ${reason}`);
  console.log(`      skipped: ${reason}`);
  test.skip();
}

export type EngineName = 'docker' | 'pyodide';

/** Declares a suite for each engine. */
export function onEachEngine(title: string, declare: (engine: () => Engine, name: EngineName) => void): void {
  for (const name of ['docker', 'pyodide'] as const) {
    describe(`${title} on the ${name} engine`, function () {
      // An embedded interpreter may take seconds to boot on a busy machine.
      this.timeout(60_000);
      let engine: Engine;
      before(async function () {
        this.timeout(120_000);
        if (name === 'docker') await requireDocker(this);
        else await lendSharedSnapshot();
        engine = name === 'docker' ? newDockerEngine() : newPyodideEngine();
        await runScript(engine, '');
        if (name === 'pyodide') await keepSnapshot(sharedCache());
      });
      after(async () => engine?.close());
      declare(() => engine, name);
    });
  }
}

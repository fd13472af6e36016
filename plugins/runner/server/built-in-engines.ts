/** Creates ved's own engines from the settings. */
import { join } from 'node:path';
import type { Engine } from '@ved/runner/contract';
import type { Logger } from 'pino';
import { createDockerEngine, createPyodideEngine } from './engines/index.ts';
import type { RunnerSettings } from './settings.ts';

/** `owner` identifies the data folder to the engines. */
export function createBuiltInEngines(settings: RunnerSettings, dataDir: string, owner: string, log: Logger): Engine[] {
  const { pyodidePackages, packagesIndex, packagesNetwork, image, interpreters, dockerHost, poolSize, memoryBytes, cpus, isolation } =
    settings;
  return [
    createDockerEngine({
      interpreters: interpreters ?? [{ name: null, image }],
      dockerHost,
      owner,
      poolSize,
      isolation,
      packages: { index: packagesIndex ?? null, network: packagesNetwork },
      size: { memoryBytes, cpus },
      log: log.child({ engine: 'docker' }),
    }),
    createPyodideEngine({
      cacheDir: join(dataDir, 'runner', 'pyodide'),
      poolSize,
      packagesDir: pyodidePackages ?? null,
      log: log.child({ engine: 'pyodide' }),
    }),
  ];
}

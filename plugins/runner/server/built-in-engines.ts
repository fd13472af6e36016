/** Makes the engines that ved brings, from the settings. */
import { join } from 'node:path';
import type { Engine } from '@ved/runner/contract';
import type { Logger } from 'pino';
import { createPyodideEngine } from './engines/index.ts';
import type { RunnerSettings } from './settings.ts';

export function createBuiltInEngines(settings: RunnerSettings, dataDir: string, log: Logger): Engine[] {
  const poolSize = settings.poolSize;
  return [createPyodideEngine({ cacheDir: join(dataDir, 'runner', 'pyodide'), poolSize, log: log.child({ engine: 'pyodide' }) })];
}

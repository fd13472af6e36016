/** Finds the installation: the source tree, whether ved runs from source or from the build inside it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Installation {
  readonly dir: string;
  readonly version: string;
}

/** Finds the nearest folder above this file that contains ved's package.json. */
export function findInstallation(): Installation {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const file = join(dir, 'package.json');
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
      if (name === 'ved' && version !== undefined) return { dir, version };
    }
    if (dir === dirname(dir)) throw new Error("ved's package.json was not found in any folder above its program");
  }
}

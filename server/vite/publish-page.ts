/**
 * Puts a finished build in the place of the one before, file by file, so that a
 * server that is running has a whole page at every moment. Files of the last
 * build stay for pages that are open; older ones go.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

export interface PublishPageOptions {
  /** The folder that is served. */
  readonly pageDir: string;
  /** Where the names of the files of the last build are kept. */
  readonly listFile: string;
}

/** Comes last of all plugins that write. */
export function publishPage({ pageDir, listFile }: PublishPageOptions): Plugin {
  let outDir = '';
  return {
    name: 'ved:publish-page',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.outDir;
    },
    closeBundle: {
      sequential: true,
      async handler(error) {
        if (error) return;
        const built = await filesIn(outDir);
        const before: string[] = existsSync(listFile) ? JSON.parse(await readFile(listFile, 'utf8')) : [];
        // The page itself last: what it names must be there.
        for (const name of built.toSorted((a, b) => Number(isPage(a)) - Number(isPage(b))))
          await move(join(outDir, name), join(pageDir, name));
        const kept = new Set([...built, ...before]);
        for (const name of await filesIn(pageDir)) if (!kept.has(name)) await rm(join(pageDir, name));
        await writeFile(listFile, JSON.stringify(built));
        await rm(outDir, { recursive: true });
      },
    },
  };
}

function isPage(name: string): boolean {
  return name.startsWith('index.html');
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

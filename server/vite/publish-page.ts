/**
 * Replaces the previous build with a finished one, file by file, so that a running
 * server has a complete page at all times. Files of the previous build are kept for
 * open pages; older ones are removed.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

export interface PublishPageOptions {
  /** The folder that the server serves. */
  readonly pageDir: string;
  /** The file that lists the files of the last build. */
  readonly listFile: string;
}

/** Must come after all other plugins that write files. */
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
        // The page itself comes last: the files that it refers to must exist.
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

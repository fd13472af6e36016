/** Bundles the server into `build/server/main.js`, so that starting it reads one file instead of a thousand. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './install.mjs';

/** Packages that stay in node_modules: native ones, WebAssembly, and those loaded on first use. */
const external = ['sqlite3', 'pyodide', 'dockerode', 'openai', 'isomorphic-git'];
/** Drivers that Knex would load, and that ved does not install. */
const absent = ['better-sqlite3', 'mysql', 'mysql2', 'oracledb', 'pg', 'pg-query-stream', 'tedious', 'pg-native', 'mariadb'];

/** A third of Knex is dialects for other databases. */
const withoutOtherDialects = {
  name: 'without-other-dialects',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\/\w+$/ }, ({ path, importer }) =>
      importer.endsWith('/knex/lib/dialects/index.js') && path !== './sqlite3' ? { path, external: true } : undefined,
    );
  },
};

const outDir = join(root, 'build/server');
const listFile = join(root, 'build/server-files.json');

const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: {
    main: 'server/main.ts',
    'json-worker': 'core/server/http/json-worker.ts',
    'text-worker': 'plugins/git/server/text/text-worker.ts',
  },
  outdir: 'build/server',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: true,
  // A third less to read at each start, while names in stack traces are kept.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 300,
  plugins: [withoutOtherDialects],
  legalComments: 'none',
  logLevel: 'warning',
  external: [...external, ...absent, ...builtinModules],
  // CommonJS packages in the bundle need `require` and `__dirname`.
  banner: {
    js: "import { createRequire as vedRequire } from 'node:module'; import { fileURLToPath as vedPath } from 'node:url'; const require = vedRequire(import.meta.url); const __filename = vedPath(import.meta.url); const __dirname = vedPath(new URL('.', import.meta.url));",
  },
});

// A running server may still load parts of the previous build, so keep those and remove older ones.
const built = Object.keys(metafile.outputs).map((name) => basename(name));
const kept = new Set([...built, ...(existsSync(listFile) ? JSON.parse(readFileSync(listFile, 'utf8')) : [])]);
for (const name of readdirSync(outDir)) if (!kept.has(name)) rmSync(join(outDir, name), { recursive: true });
writeFileSync(listFile, JSON.stringify(built));

/**
 * Shares modules with third-party plugins: each of these modules is a separate
 * entry, and an import map in the page maps its name to it, so that a plugin's
 * `import` gets the page's own instance. Code that only plugins use is in chunks
 * that the page itself does not fetch.
 */
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const LUMINO = [
  'algorithm',
  'application',
  'commands',
  'coreutils',
  'disposable',
  'domutils',
  'dragdrop',
  'keyboard',
  'messaging',
  'polling',
  'properties',
  'signaling',
  'virtualdom',
  'widgets',
];
const JUPYTERLAB = ['application', 'apputils', 'mainmenu', 'settingregistry', 'statusbar', 'ui-components'];
const CONTRACTS = ['catalog', 'editor', 'git', 'llm', 'runner', 'versions'];

/** The names that plugins can import. */
const SHARED_MODULES: readonly string[] = [
  '@ved/core/contract',
  '@ved/core/text',
  '@ved/core/browser',
  ...CONTRACTS.map((plugin) => `@ved/${plugin}/contract`),
  'zod',
  ...LUMINO.map((name) => `@lumino/${name}`),
  ...JUPYTERLAB.map((name) => `@jupyterlab/${name}`),
  'react',
  'react/jsx-runtime',
  'react-dom',
];

/** CommonJS modules, whose exports are known only after they have run. */
const COMMON_JS: ReadonlySet<string> = new Set(['@lumino/coreutils', 'react', 'react/jsx-runtime', 'react-dom']);

const PREFIX = 'ved-shared:';
const RESOLVED = `\0${PREFIX}`;
const require = createRequire(import.meta.url);

export function sharedModules(): Plugin {
  return {
    name: 'ved:shared-modules',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          // A plugin may import any export, so keep them all under their own names.
          preserveEntrySignatures: 'strict' as const,
          input: {
            main: 'index.html',
            ...Object.fromEntries(SHARED_MODULES.map((name) => [`shared-${name.replace(/\W+/g, '-')}`, PREFIX + name])),
          },
        },
      },
    }),
    resolveId: (source) => (source.startsWith(PREFIX) ? `\0${source}` : null),
    load: (id) => (id.startsWith(RESOLVED) ? sourceOf(id.slice(RESOLVED.length)) : null),
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => {
        const imports: Record<string, string> = {};
        for (const chunk of Object.values(bundle ?? {}))
          if (chunk.type === 'chunk' && chunk.exports.length > 0 && chunk.facadeModuleId?.startsWith(RESOLVED))
            imports[chunk.facadeModuleId.slice(RESOLVED.length)] = `/${chunk.fileName}`;
        const missing = SHARED_MODULES.filter((name) => !(name in imports));
        if (missing.length > 0) throw new Error(`there is no chunk for ${missing.join(', ')}, which third-party plugins may import`);
        return [{ tag: 'script', attrs: { type: 'importmap' }, children: JSON.stringify({ imports }), injectTo: 'head-prepend' }];
      },
    },
  };
}

function sourceOf(name: string): string {
  if (!COMMON_JS.has(name)) return `export * from '${name}';`;
  const names = Object.keys(require(name) as object).filter((each) => each !== 'default' && /^\w+$/.test(each));
  return `import module from '${name}'; export default module; export const { ${names.join(', ')} } = module;`;
}

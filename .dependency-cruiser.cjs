/** Who may import whom. Each rule has a planted violation in test/architecture/boundaries.test.ts. */
const HALF = '(contract|server|browser)';
/** A plugin may import the contracts of those to its left. */
const ORDER = ['git', 'catalog', 'editor', 'runner', 'llm', 'versions'];
/** Packages by where they run; one that is in no list is refused in both halves. */
const ANYWHERE = ['@lumino/(coreutils|signaling)', 'diff', 'eventsource-parser', 'zod'];
const SERVER_SIDE = [
  '@koa/router',
  '@renovatebot/pep440',
  'dockerode',
  'isomorphic-git',
  'keygrip',
  'knex',
  'koa',
  'koa-session',
  'lru-cache',
  'openai',
  'p-timeout',
  'pino',
  'prom-client',
  'pyodide',
  'semver',
  'smol-toml',
  'sqlite3',
  'tar-stream',
  'yauzl',
  'yazl',
];
const BROWSER_SIDE = [
  '@cfworker/json-schema',
  '@jupyterlab/[^/]+',
  '@lumino/[^/]+',
  '@tanstack/react-virtual',
  'dompurify',
  'get-east-asian-width',
  'idb-keyval',
  'json5',
  'marked',
  'monaco-editor',
  'react',
  'react-dom',
  'vscode-jsonrpc',
  'vscode-languageserver-protocol',
];
const PACKAGE = ['npm', 'npm-dev', 'npm-peer', 'npm-optional'];
/** The files of these packages, or of the types that are told apart from them. */
const filesOf = (packages) => `node_modules/(@types/)?(${packages.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'Modules form no cycles.', from: {}, to: { circular: true } },
    {
      name: 'peers-by-contract-only',
      severity: 'error',
      comment: 'A plugin reaches another only by its contract.',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^plugins/([^/]+)/', pathNot: ['^plugins/$1/', '^plugins/[^/]+/contract/'] },
    },
    ...ORDER.slice(0, -1).map((plugin, index) => ({
      name: `${plugin}-looks-left`,
      severity: 'error',
      comment: `Plugins build on each other; ${plugin} knows none to its right.`,
      from: { path: `^plugins/${plugin}/` },
      to: { path: `^plugins/(${ORDER.slice(index + 1).join('|')})/` },
    })),
    {
      name: 'core-knows-no-plugin',
      severity: 'error',
      comment: 'Core serves plugins that it does not know.',
      from: { path: '^core/' },
      to: { path: '^(plugins|server)/' },
    },
    {
      name: 'plugins-know-no-composition',
      severity: 'error',
      comment: 'Only the composition root knows which plugins there are.',
      from: { path: '^plugins/' },
      to: { path: '^server/' },
    },
    {
      name: 'browser-not-to-server',
      severity: 'error',
      comment: 'Browser code imports no server code.',
      from: { path: '^(core|plugins/[^/]+)/browser/|^server/page/' },
      to: { path: '^(core|plugins/[^/]+)/server/' },
    },
    {
      name: 'server-not-to-browser',
      severity: 'error',
      comment: 'Server code imports no browser code.',
      from: { path: '^(core|plugins/[^/]+)/server/|^server/[^/]+[.]ts$', pathNot: '^server/vite[.]config[.]ts$' },
      to: { path: '^(core|plugins/[^/]+)/browser/' },
    },
    {
      name: 'browser-without-server-packages',
      severity: 'error',
      comment: 'A browser half imports packages that run in a browser.',
      from: { path: '^(core|plugins/[^/]+)/browser/|^server/page/' },
      to: { dependencyTypes: PACKAGE, pathNot: filesOf([...ANYWHERE, ...BROWSER_SIDE]) },
    },
    {
      name: 'server-without-browser-packages',
      severity: 'error',
      comment: 'A server half imports packages that run on a server.',
      from: { path: '^(core|plugins/[^/]+)/server/' },
      to: { dependencyTypes: PACKAGE, pathNot: filesOf([...ANYWHERE, ...SERVER_SIDE]) },
    },
    {
      name: 'contract-imports-contracts-only',
      severity: 'error',
      comment: 'A contract is told from contracts alone.',
      from: { path: '^(core|plugins/[^/]+)/contract/' },
      to: { path: `^(core|plugins/[^/]+)/`, pathNot: '^(core|plugins/[^/]+)/contract/|^core/text/' },
    },
    {
      name: 'text-knows-nothing',
      severity: 'error',
      comment: 'The library of texts is pure: it imports jsdiff alone, and runs anywhere.',
      from: { path: '^core/text/' },
      to: { pathNot: '^core/text/|node_modules/diff/' },
    },
    {
      name: 'contract-is-isomorphic',
      severity: 'error',
      comment: 'A contract runs anywhere: zod and Lumino’s tokens and signals, neither Node nor the DOM.',
      from: { path: '^(core|plugins/[^/]+)/contract/' },
      to: {
        dependencyTypes: ['core', ...PACKAGE],
        pathNot: 'node_modules/(zod|@lumino/(coreutils|signaling))/',
      },
    },
    {
      name: 'browser-without-node',
      severity: 'error',
      comment: 'Browser code uses no module of Node.',
      from: { path: `^(core|plugins/[^/]+)/browser/|^server/page/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      comment: 'A package that is imported is declared by the workspace that imports it.',
      from: { path: `^(core|plugins/[^/]+)/${HALF}/|^server/` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Every import leads somewhere.',
      from: {},
      to: { couldNotResolve: true, pathNot: '[?]|^virtual:' },
    },
    {
      name: 'one-driver-of-git',
      severity: 'error',
      comment: 'isomorphic-git is the git plugin’s alone.',
      from: { pathNot: '^plugins/git/server/' },
      to: { path: 'node_modules/isomorphic-git/' },
    },
    {
      name: 'one-driver-of-docker',
      severity: 'error',
      comment: 'dockerode is the Docker engine’s alone.',
      from: { pathNot: '^plugins/runner/server/engines/docker/' },
      to: { path: 'node_modules/dockerode/' },
    },
    {
      name: 'one-driver-of-monaco',
      severity: 'error',
      comment: 'Monaco is the editor’s alone; others reach it by the editor’s tokens.',
      from: { pathNot: '^plugins/editor/browser/' },
      to: { path: 'node_modules/monaco-editor/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/test/', '^build/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['browser', 'import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

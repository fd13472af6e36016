import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const PACKAGES = [
  'core',
  'plugins/catalog',
  'plugins/editor',
  'plugins/git',
  'plugins/llm',
  'plugins/runner',
  'plugins/versions',
  'server',
];

interface Violation {
  readonly rule: { readonly name: string };
  /** The file that violates it. */
  readonly from: string;
}

/** The rule violations in `folder`, with the project's configuration. */
function violationsIn(folder: string): Violation[] {
  const program = [
    '--import',
    join(root, 'scripts/swc-with-tsx.mjs'),
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
  ];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'core', 'plugins', 'server'],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (!stdout) throw new Error(`dependency-cruiser printed nothing: ${stderr}`);
  const report: { summary: { violations: Violation[] } } = JSON.parse(stdout);
  return report.summary.violations;
}

/** A small project with the same structure and packages, into which violations are planted. */
function scratchProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ved-boundaries-'));
  for (const file of ['package.json', '.dependency-cruiser.cjs', 'tsconfig.base.json']) cpSync(join(root, file), join(folder, file));
  for (const path of PACKAGES) {
    mkdirSync(join(folder, path), { recursive: true });
    cpSync(join(root, path, 'package.json'), join(folder, path, 'package.json'));
    if (path !== 'server')
      for (const half of ['contract', 'server', 'browser']) plant(folder, `${path}/${half}/index.ts`, 'export const here = 1;\n');
  }
  // Packages resolve as in the project, except ved's own, which resolve to the scratch copy.
  mkdirSync(join(folder, 'node_modules/@ved'), { recursive: true });
  for (const path of PACKAGES) symlinkSync(join(folder, path), join(folder, 'node_modules/@ved', path.replace('plugins/', '')));
  for (const name of ['zod', 'knex', 'koa', '@lumino', '@jupyterlab', 'isomorphic-git', 'dockerode', 'monaco-editor', 'chai'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  return folder;
}

function plant(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const importing = (specifier: string) => `import * as it from '${specifier}';\nexport const planted = it;\n`;

/** One violation of each rule: the file it is planted in, and its content. `RULE` stands for its name, so that all can be planted together. */
const violations: { readonly rule: string; readonly files: Readonly<Record<string, string>> }[] = [
  { rule: 'no-cycles', files: { 'core/server/a.ts': importing('./b.ts'), 'core/server/b.ts': importing('./a.ts') } },
  { rule: 'peers-by-contract-only', files: { 'plugins/catalog/server/RULE.ts': importing('../../git/server/index.ts') } },
  ...['git', 'catalog', 'editor', 'runner', 'llm'].map((plugin) => ({
    rule: `${plugin}-looks-left`,
    files: { [`plugins/${plugin}/contract/RULE.ts`]: importing('../../versions/contract/index.ts') },
  })),
  { rule: 'browser-without-server-packages', files: { 'plugins/llm/browser/RULE.ts': importing('knex') } },
  { rule: 'server-without-browser-packages', files: { 'plugins/llm/server/RULE.ts': importing('@jupyterlab/apputils') } },
  { rule: 'core-knows-no-plugin', files: { 'core/server/RULE.ts': importing('../../plugins/catalog/contract/index.ts') } },
  {
    rule: 'plugins-know-no-composition',
    files: { 'server/plugins.ts': 'export const list = [];\n', 'plugins/git/server/RULE.ts': importing('../../../server/plugins.ts') },
  },
  { rule: 'browser-not-to-server', files: { 'plugins/llm/browser/RULE.ts': importing('../server/index.ts') } },
  { rule: 'server-not-to-browser', files: { 'plugins/llm/server/RULE.ts': importing('../browser/index.ts') } },
  { rule: 'contract-imports-contracts-only', files: { 'plugins/runner/contract/RULE.ts': importing('../server/index.ts') } },
  { rule: 'text-knows-nothing', files: { 'core/text/RULE.ts': importing('../contract/index.ts') } },
  { rule: 'contract-is-isomorphic', files: { 'plugins/runner/contract/RULE.ts': importing('node:fs') } },
  { rule: 'browser-without-node', files: { 'plugins/editor/browser/RULE.ts': importing('node:path') } },
  { rule: 'only-declared-packages', files: { 'plugins/llm/server/RULE.ts': importing('chai') } },
  { rule: 'resolvable', files: { 'plugins/llm/server/RULE.ts': importing('./nowhere.ts') } },
  { rule: 'one-driver-of-git', files: { 'plugins/catalog/server/RULE.ts': importing('isomorphic-git') } },
  { rule: 'one-driver-of-docker', files: { 'plugins/runner/server/RULE.ts': importing('dockerode') } },
  { rule: 'one-driver-of-monaco', files: { 'plugins/versions/browser/RULE.ts': importing('monaco-editor') } },
];

describe('the boundaries between parts', () => {
  it('hold in the whole project', () => {
    expect(violationsIn(root)).to.deep.equal([]);
  });

  describe('in a scratch copy', () => {
    let folder: string;
    let found: readonly Violation[];
    const named = (file: string, rule: string) => file.replace('RULE', rule);

    before(function () {
      this.timeout(60_000);
      folder = scratchProject();
      expect(violationsIn(folder), 'before anything is planted').to.deep.equal([]);
      for (const { rule, files } of violations) for (const [file, text] of Object.entries(files)) plant(folder, named(file, rule), text);
      found = violationsIn(folder);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const { rule, files } of violations)
      it(`report a planted violation of ${rule}`, () => {
        const planted = Object.keys(files).map((file) => named(file, rule));
        const breakers = found.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
        expect(breakers).to.include.oneOf(planted);
      });

    it('have a planted violation for every rule', () => {
      const config: { forbidden: { name: string }[] } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
      const names = config.forbidden.map((rule) => rule.name);
      expect(violations.map((each) => each.rule)).to.have.members(names);
    });
  });
});

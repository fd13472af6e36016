import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const PACKAGES = ['core', 'plugins/catalog', 'plugins/editor', 'plugins/git', 'plugins/llm', 'plugins/runner', 'server'];

/** The rules that `folder` breaks, as the one configuration of the project sees it. */
function brokenRules(folder: string): Set<string> {
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
  if (!stdout) throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  const report: { summary: { violations: { rule: { name: string } }[] } } = JSON.parse(stdout);
  return new Set(report.summary.violations.map((violation) => violation.rule.name));
}

/** A small project of the same shape and with the same packages, into which violations are planted. */
function scratchProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ved-boundaries-'));
  for (const file of ['package.json', '.dependency-cruiser.cjs', 'tsconfig.base.json']) cpSync(join(root, file), join(folder, file));
  for (const path of PACKAGES) {
    mkdirSync(join(folder, path), { recursive: true });
    cpSync(join(root, path, 'package.json'), join(folder, path, 'package.json'));
    if (path !== 'server')
      for (const half of ['contract', 'server', 'browser']) plant(folder, `${path}/${half}/index.ts`, 'export const here = 1;\n');
  }
  // Packages resolve as in the project, ved's own to the scratch copy.
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

/** One violation of each rule: the file it is planted in, and what is written there. */
const violations: { rule: string; files: Record<string, string> }[] = [
  { rule: 'no-cycles', files: { 'core/server/a.ts': importing('./b.ts'), 'core/server/b.ts': importing('./a.ts') } },
  { rule: 'peers-by-contract-only', files: { 'plugins/catalog/server/planted.ts': importing('../../git/server/index.ts') } },
  { rule: 'core-knows-no-plugin', files: { 'core/server/planted.ts': importing('../../plugins/catalog/contract/index.ts') } },
  {
    rule: 'plugins-know-no-composition',
    files: { 'server/plugins.ts': 'export const list = [];\n', 'plugins/git/server/planted.ts': importing('../../../server/plugins.ts') },
  },
  { rule: 'browser-not-to-server', files: { 'plugins/llm/browser/planted.ts': importing('../server/index.ts') } },
  { rule: 'server-not-to-browser', files: { 'plugins/llm/server/planted.ts': importing('../browser/index.ts') } },
  { rule: 'contract-imports-contracts-only', files: { 'plugins/runner/contract/planted.ts': importing('../server/index.ts') } },
  { rule: 'contract-is-isomorphic', files: { 'plugins/runner/contract/planted.ts': importing('node:fs') } },
  { rule: 'browser-without-node', files: { 'plugins/editor/browser/planted.ts': importing('node:path') } },
  { rule: 'only-declared-packages', files: { 'plugins/llm/server/planted.ts': importing('chai') } },
  { rule: 'resolvable', files: { 'plugins/llm/server/planted.ts': importing('./nowhere.ts') } },
  { rule: 'one-driver-of-git', files: { 'plugins/catalog/server/planted.ts': importing('isomorphic-git') } },
  { rule: 'one-driver-of-docker', files: { 'plugins/runner/server/planted.ts': importing('dockerode') } },
  { rule: 'one-driver-of-monaco', files: { 'plugins/git/browser/planted.ts': importing('monaco-editor') } },
];

describe('the boundaries between parts', () => {
  it('are kept by the whole project', () => {
    expect([...brokenRules(root)]).to.deep.equal([]);
  });

  describe('in a scratch copy of the same shape', () => {
    let folder: string;
    before(() => {
      folder = scratchProject();
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('are kept before anything is planted', () => {
      expect([...brokenRules(folder)]).to.deep.equal([]);
    });

    for (const { rule, files } of violations)
      it(`refuse a planted violation of ${rule}`, () => {
        for (const [file, text] of Object.entries(files)) plant(folder, file, text);
        try {
          expect([...brokenRules(folder)]).to.include(rule);
        } finally {
          for (const file of Object.keys(files)) rmSync(join(folder, file));
        }
      });

    it('have a planted violation for every rule that there is', () => {
      const config: { forbidden: { name: string }[] } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
      const names = config.forbidden.map((rule) => rule.name);
      expect(violations.map((each) => each.rule)).to.have.members(names);
    });
  });
});

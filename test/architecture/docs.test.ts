import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const script = (name: string) => import(pathToFileURL(join(root, 'scripts', name)).href);

describe('the generated documents', () => {
  it('are up to date; `npm run docs` writes them', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/docs.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).to.equal(0);
  }).timeout(300_000);
});

describe('the list of decisions', () => {
  it('lists every record by its title', () => {
    const folder = join(root, 'docs/adr');
    const titleOf = (name: string) => readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]!.slice('# 0000: '.length);
    const records = readdirSync(folder).filter((name) => name !== 'README.md');
    const listed = readFileSync(join(folder, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(listed).to.deep.equal(records.sort().map((name) => `- [${name.slice(0, 4)}](${name}): ${titleOf(name)}`));
  });
});

describe('an API that differs from the last release', () => {
  const released = { '@ved/a/contract': { version: '0.2.0', sha256: 'old' } };
  const report = { entry: '@ved/a/contract', manifest: 'plugins/a/package.json', version: '0.2.0', sha256: 'new' };
  let complaintOf: (report: object, released: object) => string | null;
  before(async () => {
    ({ versionComplaint: complaintOf } = await script('api-reports.mjs'));
  });

  it('is refused under the same version, with what to do', () => {
    const complaint = complaintOf(report, released);
    expect(complaint).to.contain('@ved/a/contract').and.to.contain('plugins/a/package.json').and.to.contain('npm run docs');
  });
  it('is refused under an older version, compared numerically', () => {
    expect(complaintOf({ ...report, version: '0.1.9' }, released)).to.not.equal(null);
    expect(complaintOf({ ...report, version: '0.10.0' }, released)).to.equal(null);
  });
  it('is accepted when it is unchanged or the entry is new', () => {
    expect(complaintOf({ ...report, sha256: 'old' }, released)).to.equal(null);
    expect(complaintOf(report, {})).to.equal(null);
  });
});

describe('the report of an entry', () => {
  let folder: string;
  let reportOf: (entry: string) => string;
  before(async () => {
    ({ declarationReport: reportOf } = await script('declaration-report.mjs'));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ved-report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const report = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return reportOf(join(folder, 'index.d.ts'));
  };

  it('contains the exports, sorted, and the types they need, from every file', () => {
    const text = report({
      'index.d.ts': "export * from './a.ts';\nexport { type Named } from './b.tsx';\n",
      'a.d.ts':
        "import type { Hidden as Other } from './b.tsx';\nexport declare function b(): Other;\nexport type A = 1;\ntype Unused = 2;\n",
      'b.d.ts': "export type Hidden = Deep;\ntype Deep = import('./c.ts').C;\nexport type Named = 3;\nexport type Left = 4;\n",
      'c.d.ts': 'export type C = 5;\n',
    });
    expect(text.split('\n')).to.deep.equal([
      'export type A = 1;',
      'export type Named = 3;',
      'export declare function b(): Other;',
      '// Not exported, but part of what is:',
      'export type C = 5;',
      'export type Hidden = Deep;',
      "type Deep = import('./c.ts').C;",
    ]);
  });

  it('changes with a signature, but not with comments, private members and descriptions', () => {
    const written = (name: string, parts: { comment: string; hidden: string; sentence: string; type: string }) => {
      const { comment, hidden, sentence, type } = parts;
      const text = `/** ${comment} */\nexport declare class C { private ${hidden}; #p; m(): ${type}; }\nexport declare const r: { readonly summary: "${sentence}" };\n`;
      writeFileSync(join(folder, `${name}.d.ts`), text);
      return reportOf(join(folder, `${name}.d.ts`));
    };
    const first = written('first', { comment: 'One', hidden: 'a', sentence: 'Says', type: 'string' });
    expect(written('second', { comment: 'Two', hidden: 'b', sentence: 'Tells', type: 'string' })).to.equal(first);
    expect(written('third', { comment: 'One', hidden: 'a', sentence: 'Says', type: 'number' })).to.not.equal(first);
  });
});

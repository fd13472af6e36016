/** Every rule in a plugin's SPEC.md is cited by a test, and every cited rule exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const plugins = readdirSync(join(root, 'plugins')).filter((plugin) => existsSync(join(root, 'plugins', plugin, 'SPEC.md')));

/** `- **V7** A save without …` */
const RULE = /^- \*\*([A-Z]\d+)\*\* /gm;

/** Rules at the end of a title: `'… (V7)'`, `'… (N2, N10)'`; outside the plugin's own tests `'… (catalog V7)'`. */
const CITATION = /\((?:([a-z]+) )?([A-Z]\d+(?:, [A-Z]\d+)*)\)['"`]/g;

interface Citation {
  readonly plugin: string;
  readonly rule: string;
  readonly file: string;
}

function rulesOf(spec: string): string[] {
  return [...spec.matchAll(RULE)].map(([, rule]) => rule!);
}

/** `owner` is the plugin whose rules need no prefix in this file; null outside of plugins. */
function citationsIn(file: string, text: string, owner: string | null): Citation[] {
  return [...text.matchAll(CITATION)].flatMap(([, prefix, rules]) => {
    const plugin = prefix ?? owner;
    return plugin === null ? [] : rules!.split(', ').map((rule) => ({ plugin, rule, file }));
  });
}

function citationsUnder(folder: string, owner: string | null): Citation[] {
  if (!existsSync(join(root, folder))) return [];
  const files = (readdirSync(join(root, folder), { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const path = join(folder, file);
    return path === 'test/architecture/spec.test.ts' ? [] : citationsIn(path, readFileSync(join(root, path), 'utf8'), owner);
  });
}

const allPlugins = readdirSync(join(root, 'plugins'));
const citations = [...allPlugins.flatMap((plugin) => citationsUnder(`plugins/${plugin}/test`, plugin)), ...citationsUnder('test', null)];

describe('the rules of a plugin', () => {
  it('are documented for the catalog and the runner', () => {
    expect(plugins).to.include.members(['catalog', 'runner']);
  });

  for (const plugin of plugins) {
    const rules = rulesOf(readFileSync(join(root, 'plugins', plugin, 'SPEC.md'), 'utf8'));

    it(`${plugin} have unique numbers`, () => {
      expect(rules).to.have.length.above(0);
      expect(rules.filter((rule, at) => rules.indexOf(rule) !== at)).to.deep.equal([]);
    });

    it(`${plugin} are each cited by a test`, () => {
      const cited = new Set(citations.filter((each) => each.plugin === plugin).map(({ rule }) => rule));
      expect(rules.filter((rule) => !cited.has(rule))).to.deep.equal([]);
    });

    it(`${plugin} exist wherever a test cites one`, () => {
      const unknown = citations.filter((each) => each.plugin === plugin && !rules.includes(each.rule));
      expect(unknown.map(({ rule, file }) => `${file}: ${rule}`)).to.deep.equal([]);
    });
  }

  it('are parsed from titles, with a prefix for other plugins', () => {
    const text = "it('saves (V7)', f); it(`moves it (N2, N10)`, f); it('runs (runner Q1)', f); it('adds f(A) and (B2) up', f);";
    const found = (owner: string | null) => citationsIn('a.test.ts', text, owner).map(({ plugin, rule }) => `${plugin} ${rule}`);
    expect(found('catalog')).to.deep.equal(['catalog V7', 'catalog N2', 'catalog N10', 'runner Q1']);
    expect(found(null)).to.deep.equal(['runner Q1']);
  });
});

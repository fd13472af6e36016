/** `npm run plugin:new`: the names it refuses, and the plugin it creates: its types, its test, and in a running server. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginState } from '@ved/core/contract';
import { expect } from 'chai';
import { exhaustive } from './support/exhaustive.ts';
import { startServer } from './support/server.ts';

const root = join(import.meta.dirname, '..');

function run(program: string, args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: options.cwd ?? root,
    // Inside a Node test, a nested `node --test` would run nothing.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...options.env },
  });
  return { status, output: stdout + stderr };
}

describe('npm run plugin:new', function () {
  this.timeout(240_000);
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-plugin-new-'));
  });
  after(() => rm(dataDir, { recursive: true }));
  const make = (...args: string[]) => run('scripts/plugin-new.mjs', [...args, '--into', dataDir]);

  describe('for a name that cannot be used', () => {
    const refused: Record<string, RegExp> = {
      Hello: /^ved: "Hello" cannot be the name of a plugin: use letters a to z, digits and single hyphens, a letter first\.\n$/,
      '../hello': /"\.\.\/hello" cannot be the name of a plugin/,
      'a-': /"a-" cannot be the name of a plugin/,
      a: /^ved: the id a of the plugin must have 2 to 31 characters, and has 1\. Choose another name\.\n$/,
      core: /^ved: the id core is reserved for ved itself\. Choose another name\.\n$/,
      'cata-log': /^ved: the id catalog is taken by a plugin of ved\. Choose another name\.\n$/,
      there: /^ved: the folder .*there already exists\. Choose another name\. Or remove the folder\.\n$/,
      'other-name': /^ved: the id othername is taken by the plugin in .*installed\. Choose another name\.\n$/,
    };
    before(async () => {
      for (const name of ['there', 'installed']) await mkdir(join(dataDir, 'plugins', name), { recursive: true });
      await writeFile(join(dataDir, 'plugins/installed/package.json'), '{ "ved": { "id": "othername" } }');
    });
    after(() => rm(join(dataDir, 'plugins'), { recursive: true }));

    for (const [name, says] of Object.entries(refused))
      it(`says why: ${name}`, async () => {
        const { status, output } = make(name);
        expect([status, output.match(says) ? 'said' : output]).to.deep.equal([1, 'said']);
        expect(await readdir(join(dataDir, 'plugins'))).to.have.members(['there', 'installed']);
      });
    it('prints its usage when there is no name, or two', () => {
      for (const args of [[], ['one', 'two']]) expect(make(...args).output).to.contain('Usage: npm run plugin:new -- NAME');
    });
  });

  describe('for an unused name', () => {
    let folder: string;
    let told: string;
    before(() => {
      const { status, output } = make('slow-hello');
      expect(status, output).to.equal(0);
      told = output;
      folder = join(dataDir, 'plugins/slow-hello');
    });
    const types = () => run('node_modules/typescript/bin/tsc', ['--noEmit', '-p', folder]);

    it('prints what it wrote and what to do next', () => {
      expect(told).to.contain('Wrote the plugin slowhello').and.to.contain(`npm run plugin:dev -- ${folder}`);
    });
    it('writes no paths of this machine', async () => {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
        expect(text, entry.name).to.not.contain(root);
        expect(text, entry.name).to.not.match(/__\w+__/);
      }
    });
    it('creates a plugin that type-checks', () => {
      const { status, output } = types();
      expect(status, output).to.equal(0);
    });
    exhaustive.it('creates a plugin in whose halves the compiler finds mistakes', async () => {
      const mistakes = [
        ['server.js', 'body.text', 'body.txt', /server\.js\(\d+,\d+\): error .*'txt'/],
        ['browser/index.js', "app.shell.add(panel, 'main')", "app.shell.addd(panel, 'main')", /index\.js\(\d+,\d+\): error .*'addd'/],
        ['browser/routes.js', "access: 'editor'", "access: 'writer'", /routes\.js\(\d+,\d+\): error .*"writer"/],
      ] as const;
      for (const [name, right, wrong, says] of mistakes) {
        const text = await readFile(join(folder, name), 'utf8');
        expect(text).to.contain(right);
        await writeFile(join(folder, name), text.replace(right, wrong));
        const { status, output } = types();
        await writeFile(join(folder, name), text);
        expect(status).to.not.equal(0);
        expect(output).to.match(says);
      }
    });
    exhaustive.it('creates a plugin whose test starts ved with it, and fails when its server half is broken', async () => {
      const test = () => run('--test', [], { cwd: folder });
      const passed = test();
      expect(passed.status, passed.output).to.equal(0);
      expect(passed.output).to.match(/^. pass 2$/m);
      const text = await readFile(join(folder, 'server.js'), 'utf8');
      await writeFile(join(folder, 'server.js'), text.replace('async start({ db, router }) {', '$& throw new Error("no wind");'));
      const failed = test();
      await writeFile(join(folder, 'server.js'), text);
      expect(failed.status).to.equal(1);
      expect(failed.output).to.match(/the plugin slowhello did not start: server\.js, line \d+: no wind/);
    });
    it('creates a plugin that a server on that data folder starts', async () => {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
      const server = await startServer({ dataDir, version });
      try {
        const ed1 = await server.signIn('ed1', '1editor');
        const plugin = ((await ed1.get('/api/plugins')).body as PluginState[]).find(({ id }) => id === 'slowhello');
        expect(plugin).to.deep.include({ state: 'started', error: null, server: true, browser: true });
        expect(plugin?.brings.tables).to.deep.equal(['slowhello_greetings']);
      } finally {
        await server.stop();
      }
    });
  });
});

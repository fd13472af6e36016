import { IMPORTS_LIMIT_CHARACTERS } from '@ved/runner/contract';
import { expect } from 'chai';
import pino from 'pino';
import type { Agent } from '../../../test/support/agent.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { startServer } from '../../../test/support/server.ts';
import { addScript } from './support/runner-server.ts';

const SCRIPT = `"""Counts what it is given"""
import sys
text = open(sys.argv[1], encoding="utf-8").read()
print(len(text), text)
print("done", file=sys.stderr)
sys.exit(3 if text == "" else 0)
`;

async function withServer(runner: string, use: (editor: Agent) => Promise<void>): Promise<void> {
  const server = await startServer({ env: { VED_RUNNER: runner } });
  try {
    await use(await server.signIn('ed1', '1editor'));
  } finally {
    await server.stop();
  }
}

describe('a Docker address that contains a password', () => {
  const SECRET = 'hunter2';
  // Nothing listens there.
  const addresses = [
    [`tcp://someone:${SECRET}@127.0.0.1:1`, 'tcp://127.0.0.1:1'],
    [`http://${SECRET}@127.0.0.1:1`, 'http://127.0.0.1:1'],
    [`https://someone:${SECRET}%40x@127.0.0.1:1/path`, 'https://127.0.0.1:1/path'],
    [`tcp://some@one:${SECRET}@x@127.0.0.1:1`, 'tcp://127.0.0.1:1'],
  ];
  for (const [index, [address, shown]] of addresses.entries())
    (index === 0 ? it : exhaustive.it)(`${address} is shown as ${shown} wherever the server names it`, async () => {
      const logged: string[] = [];
      const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
      const server = await startServer({ env: { VED_RUNNER: 'docker', DOCKER_HOST: address! }, log });
      try {
        const editor = await server.signIn('ed1', '1editor');
        const script = await addScript(editor, SCRIPT);
        const refused = await editor.post('/api/runs', { script_id: script, source: 'draft' });
        const [health, engines] = [await editor.get('/api/health'), await editor.get('/api/engines')];
        const whole = await editor.post(`/api/execute/${script}`, { source: 'draft' });
        const toStrangers = await server.agent().get('/api/health');
        for (const { body } of [refused, health, engines, whole, toStrangers]) expect(JSON.stringify(body)).to.not.include(SECRET);
        const words = `No Docker engine at ${shown}: connection refused.`;
        for (const { body } of [refused, health, engines, whole]) expect(JSON.stringify(body)).to.include(words);
      } finally {
        await server.stop();
      }
      expect(logged.join('')).to.include(`No Docker engine at ${shown}`).and.not.include(SECRET);
    });
});

describe('a script in Python', () => {
  it('runs on the embedded engine, which is always available', async () => {
    await withServer('pyodide', async (editor) => {
      const script = await addScript(editor, SCRIPT);
      const run = (await editor.post(`/api/execute/${script}`, { source: 'draft', test_data: 'é\n' })).body;
      expect(run.reason).to.equal(null);
      expect(run).to.include({ status: 'succeeded', exit_code: 0, stdout: '2 é\n\n', stderr: 'done\n', engine: 'pyodide' });
      expect((await editor.post(`/api/execute/${script}`, { source: 'draft' })).body).to.include({ status: 'failed', exit_code: 3 });
      const { engines } = (await editor.get('/api/engines')).body;
      const { limitations } = engines.find((engine: { active: boolean }) => engine.active);
      expect(limitations[0]).to.equal('A run may take 30 s, use 256 MiB of memory and write 64 MiB of output.');
      expect(limitations.join('\n')).to.include('VED_PYODIDE_PACKAGES').and.to.include('No threads');
      const marked = '\ufeff# /// script\n# requires-python = ">=3.99"\n# ///\nprint(1)\n';
      const refused = await editor.post(`/api/execute/${script}`, { source: 'draft', content: marked });
      expect(refused.body).to.include({ status: 422, code: 'runner/no-matching-interpreter' });
      const failed = (await editor.post(`/api/execute/${script}`, { source: 'draft', content: 'import yaml' })).body;
      expect(failed).to.include({ status: 'failed', exit_code: 1 });
      expect(failed.reason).to.include('# dependencies = ["pyyaml"]').and.to.include('VED_PYODIDE_PACKAGES');
      const content = 'import json, tzdata, curses\nfrom yaml import load\n';
      const { missing, advice, block } = (await editor.post('/api/runs/missing-imports', { content })).body;
      expect(missing.map(({ module, line }: { module: string; line: number }) => [module, line])).to.deep.equal([
        ['curses', 1],
        ['yaml', 2],
      ]);
      expect(missing[0].reason).to.include('the Docker engine has it');
      expect(advice).to.include('VED_PYODIDE_PACKAGES').and.to.include('# dependencies = ["pyyaml"]');
      expect(block).to.equal(null);
      const tooLong = 'x'.repeat(IMPORTS_LIMIT_CHARACTERS + 1);
      expect((await editor.post('/api/runs/missing-imports', { content: tooLong })).status).to.equal(400);
      const unread = { interpreter: null, missing: [], advice: null, block: null };
      expect((await editor.post('/api/runs/missing-imports', { content: `${marked}import yaml\n` })).body).to.deep.equal(unread);
    });
  });

  exhaustive.it('runs on Docker if available, else on the embedded engine, and the server says why', async () => {
    await withServer('auto', async (editor) => {
      const script = await addScript(editor, SCRIPT);
      const run = (await editor.post(`/api/execute/${script}`, { source: 'draft', test_data: 'x' })).body;
      expect(run).to.include({ status: 'succeeded', stdout: '1 x\n' });
      const { active, engines, why } = (await editor.get('/api/engines')).body;
      const docker = engines.find((engine: { id: string }) => engine.id === 'docker');
      expect(active).to.equal(docker.available ? 'docker' : 'pyodide');
      expect(run.engine).to.equal(active);
      expect(why).to.include(docker.available ? 'docker' : docker.reason);
      expect((await editor.get('/api/catalog/template')).body.content).to.include(run.interpreter);
      const content = 'import pip, PIL\nimport curses\n';
      const { body } = await editor.post('/api/runs/missing-imports', { content });
      expect(body.interpreter).to.equal(run.interpreter);
      const modules = body.missing.map(({ module }: { module: string }) => module);
      if (docker.available) {
        expect(modules).to.deep.equal(['PIL']);
        expect(body.block).to.equal('# /// script\n# dependencies = ["pillow"]\n# ///');
      } else expect(modules).to.include('PIL').and.to.include('curses');
    });
  });
});

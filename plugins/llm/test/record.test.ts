import { cpSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';
import { expect } from 'chai';
import type { Agent } from '../../../test/support/agent.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { answer, refuse, stall } from '../../../test/support/model-server.ts';
import { type AssistantServer, KEY, startAssistant } from './assistant-server.ts';

describe('the log of questions', () => {
  let running: AssistantServer;
  let editor: Agent;

  function withFreshServer() {
    before(async () => {
      running = await startAssistant();
      editor = await running.server.signIn('ed1', '1editor');
    });
    after(() => running.stop());
  }

  async function ask(prompt: string, more: object = {}) {
    return editor.post('/api/llm/complete', { prompt, ...more });
  }

  describe('with more than a page of questions', () => {
    withFreshServer();

    exhaustive.it('comes newest first, a hundred per page, none twice', async () => {
      for (let question = 0; question < 103; question += 1) await ask(`secret ${question}`);
      const first = (await editor.get('/api/llm/interactions')).body;
      const second = (await editor.get(`/api/llm/interactions?before=${first.at(-1).id}`)).body;
      expect(first).to.have.length(100);
      expect([...first, ...second].map(({ prompt }) => prompt)).to.deep.equal(
        Array.from({ length: 103 }, (_, question) => `secret ${102 - question}`),
      );
    });
  });

  describe('with a filter', () => {
    withFreshServer();

    it('shows one script or one person', async () => {
      const { body: script } = await editor.post('/api/scripts', { content: 'print(1)' });
      await ask('about it', { script_id: script.id });
      await ask('about nothing');
      const prompts = async (query: string) =>
        (await editor.get(`/api/llm/interactions?${query}`)).body.map((row: { prompt: string }) => row.prompt);
      expect(await prompts(`script=${script.id}`)).to.deep.equal(['about it']);
      expect(await prompts('user=ed1')).to.deep.equal(['about nothing', 'about it']);
      expect(await prompts('user=mo1')).to.deep.equal([]);
      expect((await editor.get('/api/llm/interactions?script=x')).status).to.equal(400);
    });
  });

  describe('in totals', () => {
    withFreshServer();

    before(async () => {
      running.model.reply(answer('one', { costUsd: 0.25, model: 'a' }), answer('two', { costUsd: 0.5, model: 'b' }), refuse(500, 'no'));
      await ask('first');
      await ask('second');
      await ask('third');
      await ask('a secret');
    });

    it('shows tokens and cost by model', async () => {
      const { body } = await editor.get('/api/llm/usage?by=model');
      expect(
        body.map((row: { key: string; cost_usd: number; interactions: number }) => [row.key, row.interactions, row.cost_usd]),
      ).to.deep.equal([
        ['a', 1, 0.25],
        ['b', 1, 0.5],
        ['none', 1, 0],
        ['openrouter/auto', 1, 0],
      ]);
    });

    it('shows them by user, script and day', async () => {
      const today = new Date().toISOString().slice(0, 10);
      for (const [by, key] of [
        ['user', 'ed1'],
        ['script', 'none'],
        ['day', today],
      ] as const) {
        const { body } = await editor.get(`/api/llm/usage?by=${by}`);
        expect(body).to.have.length(1);
        expect(body[0]).to.include({ key, interactions: 4, prompt_tokens: 24, completion_tokens: 2, cost_usd: 0.75 });
      }
      expect((await editor.get('/api/llm/usage?by=mood')).status).to.equal(400);
    });

    it('shows the cost of today', async () => {
      const { body } = await editor.get('/api/llm/status');
      expect(body).to.deep.equal({ configured: true, model: 'openrouter/auto', detail: null, cost_today_usd: 0.75 });
    });
  });

  describe('read by a viewer', () => {
    withFreshServer();

    it('is the same', async () => {
      await ask('a question');
      const viewer = await running.server.signIn('mo1', '2viewer');
      for (const path of ['interactions', 'usage', 'status']) {
        const seen = await viewer.get(`/api/llm/${path}`);
        expect([seen.status, seen.body]).to.deep.equal([200, (await editor.get(`/api/llm/${path}`)).body]);
        expect((await running.server.agent().get(`/api/llm/${path}`)).status).to.equal(401);
      }
    });
  });

  describe('of an unanswered question', () => {
    withFreshServer();

    it('says cancelled when the server stops', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'ved-llm-'));
      const first = await startAssistant({}, dataDir);
      const person = await first.server.signIn('ed1', '1editor');
      first.model.reply(stall('Half an '));
      const events = person.events('/api/llm/stream', { method: 'POST', body: { prompt: 'Under way' } });
      await events.next();
      const rest = events.next();
      await first.stop();
      expect((await rest).value?.event ?? 'the end').to.be.oneOf(['error', 'the end']);
      const second = await startAssistant({}, dataDir);
      const [last] = (await (await second.server.signIn('ed1', '1editor')).get('/api/llm/interactions')).body;
      await second.stop();
      await rm(dataDir, { recursive: true });
      expect(last).to.include({ prompt: 'Under way', status: 'cancelled', response_text: 'Half an ' });
    });

    it('says failed after the server crashes, from the moment the question is sent', async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'ved-llm-'));
      // The state after a crash: the data folder when the first byte reaches the model.
      running.model.onConnection(() =>
        cpSync(running.server.dataDir, dataDir, { recursive: true, filter: (path) => !path.endsWith('.lock') }),
      );
      running.model.reply(stall('Half an '));
      const events = editor.events('/api/llm/stream', { method: 'POST', body: { prompt: 'Under way' } });
      await events.next();
      const second = await startAssistant({}, dataDir);
      const [last] = (await (await second.server.signIn('ed1', '1editor')).get('/api/llm/interactions')).body;
      await second.stop();
      await rm(dataDir, { recursive: true });
      await events.return(undefined);
      expect(last).to.include({ prompt: 'Under way', status: 'failed' });
      expect(last.response_text).to.equal('[FAILED] The server stopped before the answer was complete.');
    });

    it('is required before the question is sent', async () => {
      const lame = await startAssistant();
      const person = await lame.server.signIn('ed1', '1editor');
      const db = openDatabase(join(lame.server.dataDir, 'ved.sqlite'));
      await db.raw("CREATE TRIGGER refuse BEFORE INSERT ON llm_interactions BEGIN SELECT RAISE(ABORT, 'no'); END");
      await db.destroy();
      for (const path of ['complete', 'stream']) expect((await person.post(`/api/llm/${path}`, { prompt: 'Hello' })).status).to.equal(500);
      const { connections } = lame.model;
      await lame.stop();
      expect(connections).to.equal(0);
    });
  });

  describe('and everything else that the server stores or returns', () => {
    withFreshServer();

    it('never contain the key', async () => {
      running.model.reply(
        refuse(401, `Incorrect key ${KEY}`),
        refuse(400, `usage: Bearer ${KEY}`),
        refuse(500, `failed with ${KEY}`),
        refuse(404, KEY),
      );
      const said: unknown[] = [];
      for (let question = 0; question < 4; question += 1) said.push((await ask(`question ${question}`)).body);
      for (const path of ['/api/llm/interactions', '/api/llm/status', '/api/health', '/api/plugins', '/api/openapi.json', '/metrics'])
        said.push((await editor.get(path)).body);
      expect(running.model.asked[0]?.headers.authorization).to.contain(KEY);
      expect(JSON.stringify(said)).not.to.contain(KEY);
      for (const name of await readdir(running.server.dataDir, { recursive: true, withFileTypes: true }))
        if (name.isFile()) expect((await readFile(join(name.parentPath, name.name))).includes(KEY), name.name).to.equal(false);
    });
  });
});

describe('an assistant without a key', () => {
  let running: AssistantServer;
  let editor: Agent;

  before(async () => {
    running = await startAssistant({ OPENROUTER_API_KEY: '' });
    editor = await running.server.signIn('ed1', '1editor');
  });
  after(() => running.stop());

  for (const path of ['/api/llm/complete', '/api/llm/stream'])
    it(`answers ${path} with the variable to set, and logs it`, async () => {
      const { status, body } = await editor.post(path, { prompt: 'Hello' });
      expect([status, body.code]).to.deep.equal([503, 'llm/no-key']);
      expect(body.detail).to.contain('OPENROUTER_API_KEY');
      const [last] = (await editor.get('/api/llm/interactions')).body;
      expect(last).to.include({ id: body.interaction_id, status: 'failed', model_id: 'none', cost_usd: 0 });
    });

  it('still refuses a stop-word first', async () => {
    expect((await editor.post('/api/llm/complete', { prompt: 'the password' })).status).to.equal(400);
  });

  it('refuses a lone surrogate, which would arrive as a different character', async () => {
    for (const body of [{ prompt: 'a\ud83d' }, { prompt: 'a', context_code: '\ude00' }]) {
      const refused = await editor.post('/api/llm/complete', body);
      expect(refused.status).to.equal(400);
      expect(JSON.stringify(refused.body)).to.include('half of a character');
    }
  });

  it('says so in its status and in the server health', async () => {
    const { body } = await editor.get('/api/llm/status');
    expect(body.configured).to.equal(false);
    expect(body.detail).to.contain('OPENROUTER_API_KEY');
    expect((await running.server.agent().get('/api/health')).body).to.deep.include({
      status: 'ok',
      llm: { configured: false, model: 'openrouter/auto' },
    });
  });
});

describe('an assistant with its own stop-words', () => {
  it('refuses only those', async () => {
    const running = await startAssistant({ VED_LLM_STOP_WORDS: 'Bluebird, project x' });
    const editor = await running.server.signIn('ed1', '1editor');
    const statuses = [];
    for (const prompt of ['the password', 'about BLUEBIRD', 'Project-X'])
      statuses.push((await editor.post('/api/llm/complete', { prompt })).status);
    await running.stop();
    expect(statuses).to.deep.equal([200, 400, 400]);
  });
});

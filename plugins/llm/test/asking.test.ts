import { expect } from 'chai';
import type { Agent, StreamedEvent } from '../../../test/support/agent.ts';
import { answer, breakOff, malformed, refuse, stall } from '../../../test/support/model-server.ts';
import { type AssistantServer, KEY, startAssistant } from './assistant-server.ts';

describe('asking the assistant over HTTP', () => {
  let running: AssistantServer;
  let editor: Agent;
  let viewer: Agent;
  let script: { id: number; version: { id: number } };

  before(async () => {
    running = await startAssistant();
    editor = await running.server.signIn('ed1', '1editor');
    viewer = await running.server.signIn('mo1', '2viewer');
    script = (await editor.post('/api/scripts', { content: '"""Load orders"""\nprint(1)\n' })).body;
  });
  after(() => running.stop());

  async function lastInteraction() {
    return (await viewer.get('/api/llm/interactions')).body[0];
  }
  /** Resolves when the newest question is this one with this status, which is written in parallel with the answer. */
  async function recorded(prompt: string, status: string): Promise<void> {
    for (;;) {
      const last = await lastInteraction();
      if (last?.prompt === prompt && last.status === status) return;
    }
  }
  async function collect(body: object): Promise<StreamedEvent[]> {
    const events: StreamedEvent[] = [];
    for await (const event of editor.events('/api/llm/stream', { method: 'POST', body })) events.push(event);
    return events;
  }
  function sentPrompt(): string {
    return running.model.asked.at(-1)?.body.messages.at(-1)?.content ?? '';
  }

  describe('with a prompt and a script', () => {
    it('returns the text, the model, the cost and the interaction id', async () => {
      running.model.reply(answer(['It prints ', '1.'], { costUsd: 0.0037, model: 'house/large' }));
      const { status, body } = await editor.post('/api/llm/complete', { script_id: script.id, prompt: 'What does it print?' });
      expect(status).to.equal(200);
      expect(body).to.include({ response_text: 'It prints 1.', model_id: 'house/large', cost_usd: 0.0037 });
      expect(await lastInteraction()).to.include({
        id: body.interaction_id,
        username: 'ed1',
        script_id: script.id,
        script_version_id: script.version.id,
        prompt: 'What does it print?',
        response_text: 'It prints 1.',
        status: 'completed',
        model_id: 'house/large',
        cost_usd: 0.0037,
        prompt_tokens: 12,
        completion_tokens: 2,
        context_bytes: 27,
      });
    });

    it('sends the newest version when the request has no text', async () => {
      await editor.post('/api/llm/complete', { script_id: script.id, prompt: 'Explain' });
      expect(sentPrompt())
        .to.contain('Load orders')
        .and.contain('print(1)')
        .and.match(/Explain$/);
    });

    it('sends the text of the request instead', async () => {
      await editor.post('/api/llm/complete', { script_id: script.id, prompt: 'Explain', context_code: 'print(2)' });
      expect(sentPrompt()).to.contain('print(2)').and.not.contain('print(1)');
    });

    it('sends no script when the text is empty', async () => {
      await editor.post('/api/llm/complete', { script_id: script.id, prompt: 'Explain', context_code: '' });
      expect(sentPrompt()).to.equal('Explain');
      expect(await lastInteraction()).to.include({ script_id: script.id, context_bytes: null, context_sha256: null });
    });

    it('previews exactly what it then sends', async () => {
      const request = { script_id: script.id, prompt: 'Explain', context_code: 'x = "```"' };
      const { body: preview } = await editor.post('/api/llm/preview', request);
      const before = running.model.asked.length;
      expect(preview).to.deep.include({ replacements: [] });
      expect(preview.verdicts).to.deep.equal([{ guardrail: 'stop-words', allowed: true, detail: 'No blocked words found.' }]);
      await editor.post('/api/llm/complete', request);
      expect(running.model.asked).to.have.length(before + 1);
      expect(running.model.asked.at(-1)?.body.messages).to.deep.equal(preview.messages);
    });
  });

  describe('as a stream', () => {
    it('passes on chunks as they arrive, then the cost', async () => {
      running.model.reply(answer(['Good ', 'day'], { costUsd: 0.25 }));
      const events = await collect({ prompt: 'Hello' });
      expect(events.map(({ event }) => event)).to.deep.equal(['delta', 'delta', 'done']);
      expect(events[0]?.data).to.deep.equal({ text: 'Good ' });
      const interaction = await lastInteraction();
      expect(events[2]?.data).to.deep.include({ interaction_id: interaction.id, finish_reason: 'stop' });
      expect(events[2]?.data.usage).to.include({ cost_usd: 0.25, prompt_tokens: 12, model_id: 'stand-in/model-1' });
      expect(interaction.first_token_ms).to.be.greaterThan(0).and.at.most(interaction.latency_ms);
    });

    it('passes on a chunk before the model has written the next', async () => {
      let release: (value: unknown) => void = () => undefined;
      const gate = new Promise((resolve) => {
        release = resolve;
      });
      running.model.reply(answer(['first', 'second'], { beforePiece: () => gate }));
      const texts: string[] = [];
      const body = { prompt: 'Hello, piece by piece' };
      for await (const { event, data } of editor.events('/api/llm/stream', { method: 'POST', body })) {
        if (event === 'delta') texts.push(data.text);
        if (data.text === 'first') {
          await recorded('Hello, piece by piece', 'running');
          release(undefined);
        }
      }
      expect(texts).to.deep.equal(['first', 'second']);
    });

    it('ends with the problem when the upstream breaks in the middle', async () => {
      running.model.reply(malformed('Half an ', '{"choices": [{]'));
      const events = await collect({ prompt: 'Hello' });
      expect(events.map(({ event }) => event)).to.deep.equal(['delta', 'error']);
      expect(events[1]?.data).to.include({ code: 'llm/upstream', status: 502, reason: 'malformed' });
      const interaction = await lastInteraction();
      expect(interaction).to.include({ status: 'failed', cost_usd: null });
      expect(interaction.response_text).to.match(/^Half an \n\n\[FAILED\] /);
    });

    it('is refused with a status when the upstream refuses immediately', async () => {
      running.model.reply(refuse(429, 'slow down', { 'Retry-After': '9' }));
      const { status, headers, body } = await editor.post('/api/llm/stream', { prompt: 'Hello' });
      expect([status, body.code, headers.get('retry-after')]).to.deep.equal([502, 'llm/upstream', '9']);
    });

    it('disconnects from the upstream when the client disconnects, and keeps the received text', async () => {
      running.model.reply(stall('Half an '));
      const asked = running.model.nextAsked();
      for await (const { event } of editor.events('/api/llm/stream', { method: 'POST', body: { prompt: 'Leave' } }))
        if (event === 'delta') break;
      await (await asked).closed;
      await recorded('Leave', 'cancelled');
      expect(await lastInteraction()).to.include({ prompt: 'Leave', status: 'cancelled', response_text: 'Half an ' });
    });

    it('also disconnects when the client disconnects before the first text', async () => {
      running.model.reply(stall());
      const asked = running.model.nextAsked();
      const leaving = new AbortController();
      const events = editor.events('/api/llm/stream', { method: 'POST', body: { prompt: 'Leave early' }, signal: leaving.signal });
      const first = events.next().catch((error: unknown) => error);
      const { closed } = await asked;
      leaving.abort();
      await first;
      await closed;
      await recorded('Leave early', 'cancelled');
      expect(await lastInteraction()).to.include({ status: 'cancelled', response_text: '' });
    });
  });

  describe('with an upstream in trouble', () => {
    for (const [which, reply, reason] of [
      ['refuses the key', refuse(401, `Incorrect key ${KEY}`), 'key-refused'],
      ['has no credit left', refuse(402, 'Insufficient credits'), 'out-of-credit'],
      ['fails', refuse(500, `boom ${KEY}`), 'failing'],
      ['disconnects', breakOff('Half'), 'truncated'],
      ['stalls', stall('Half'), 'silent'],
      ['sends an empty answer', answer(''), 'empty'],
    ] as const)
      it(`returns 502 when it ${which}, and logs it`, async () => {
        running.model.reply(reply);
        const { status, body } = await editor.post('/api/llm/complete', { prompt: `Hello, who ${which}?` });
        expect(status).to.equal(502);
        expect(body).to.include({ code: 'llm/upstream', reason });
        expect(await lastInteraction()).to.include({
          prompt: `Hello, who ${which}?`,
          status: 'failed',
          model_id: reason === 'truncated' || reason === 'silent' || reason === 'empty' ? 'stand-in/model-1' : 'openrouter/auto',
        });
      });
  });

  describe('with a stop-word in the prompt', () => {
    for (const path of ['/api/llm/complete', '/api/llm/stream'])
      it(`is refused by ${path} with the word named and logged, and nothing is sent`, async () => {
        const before = running.model.asked.length;
        const { status, body } = await editor.post(path, { script_id: script.id, prompt: 'What is the PassWord?' });
        expect(status).to.equal(400);
        expect(body).to.include({ code: 'llm/stop-word' });
        expect(body.detail).to.contain('password');
        expect(running.model.asked).to.have.length(before);
        const interaction = await lastInteraction();
        expect(interaction).to.include({
          id: body.interaction_id,
          status: 'rejected',
          model_id: 'none',
          cost_usd: 0,
          prompt: 'What is the PassWord?',
        });
        expect(interaction.response_text).to.match(/^\[REJECTED\].*password/);
      });

    it('is reported by the preview', async () => {
      const { status, body } = await editor.post('/api/llm/preview', { prompt: 'my secret' });
      expect(status).to.equal(200);
      expect(body.verdicts[0]).to.include({ allowed: false });
    });

    it('is allowed in the script', async () => {
      const { status } = await editor.post('/api/llm/complete', { prompt: 'Explain', context_code: 'password = input()' });
      expect(status).to.equal(200);
    });
  });

  describe('with an invalid request', () => {
    for (const [what, body, status, code] of [
      ['no prompt', {}, 400, null],
      ['an empty prompt', { prompt: '' }, 400, null],
      ['a script id that is text', { prompt: 'x', script_id: 'one' }, 400, null],
      ['an unknown script', { prompt: 'x', script_id: 99_999 }, 404, null],
      ['an unknown version', { prompt: 'x', script_id: 1, script_version_id: 99_999 }, 404, null],
      ['too much context', { prompt: 'x', context_code: 'x'.repeat(512 * 1024) }, 413, 'llm/prompt-too-large'],
      ['far too much of everything', { prompt: 'x'.repeat(1100 * 1024) }, 413, null],
    ] as const)
      for (const path of ['/api/llm/complete', '/api/llm/stream', '/api/llm/preview'])
        it(`answers ${path} with ${status} for ${what}`, async () => {
          const before = (await lastInteraction()).id;
          const response = await editor.post(path, body);
          expect(response.status).to.equal(status);
          expect(response.headers.get('content-type')).to.contain('application/problem+json');
          if (code) expect(response.body.code).to.equal(code);
          expect((await lastInteraction()).id).to.equal(before);
        });

    for (const path of ['/api/llm/complete', '/api/llm/stream', '/api/llm/preview'])
      it(`lets only editors use ${path}`, async () => {
        expect((await viewer.post(path, { prompt: 'x', script_id: 99_999 })).status).to.equal(403);
        expect((await running.server.agent().post(path, { prompt: 'x' })).status).to.equal(401);
      });
  });
});

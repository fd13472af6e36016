import { expect } from 'chai';
import {
  answer,
  answerWhole,
  breakOff,
  endEarly,
  endless,
  errorInStream,
  type ModelServer,
  malformed,
  refuse,
  stall,
  startModelServer,
} from '../../../test/support/model-server.ts';
import type { AnswerChunk } from '../server/model/answer-reader.ts';
import { ModelClient } from '../server/model/model-client.ts';
import { UpstreamTrouble } from '../server/model/upstream-trouble.ts';

const KEY = 'sk-or-v1-0123456789abcdef';
const MESSAGES = [{ role: 'user' as const, content: 'hello' }];

interface Heard {
  text: string;
  chunks: AnswerChunk[];
  trouble: UpstreamTrouble | null;
}

describe('the model client', () => {
  let server: ModelServer;
  let client: ModelClient;

  beforeEach(async () => {
    server = await startModelServer();
    client = new ModelClient({ apiKey: KEY, baseUrl: server.baseUrl, model: 'openrouter/auto', silenceMs: 1000 });
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  async function hear(signal = new AbortController().signal): Promise<Heard> {
    const heard: Heard = { text: '', chunks: [], trouble: null };
    try {
      for await (const chunk of await client.ask(MESSAGES, signal)) {
        heard.text += chunk.text;
        heard.chunks.push(chunk);
      }
    } catch (error) {
      if (!(error instanceof UpstreamTrouble)) throw error;
      heard.trouble = error;
    }
    return heard;
  }

  describe('with an upstream that answers', () => {
    it('yields the text in chunks, then usage and cost', async () => {
      server.reply(answer(['Hello', ', ', 'world'], { costUsd: 0.0042, model: 'house/large' }));
      const { text, chunks } = await hear();
      expect(text).to.equal('Hello, world');
      expect(chunks.filter((chunk) => chunk.text !== '')).to.have.length(3);
      expect(chunks.at(-1)?.usage).to.deep.equal({ promptTokens: 12, completionTokens: 3, costUsd: 0.0042 });
      expect(chunks.at(-1)?.model).to.equal('house/large');
    });

    it('sends the key, the model and the usage option, and nothing from the environment', async () => {
      await hear();
      const [asked] = server.asked;
      expect(asked?.headers.authorization).to.equal(`Bearer ${KEY}`);
      expect(asked?.headers).not.to.have.property('openai-organization');
      expect(asked?.body).to.deep.equal({
        model: 'openrouter/auto',
        messages: MESSAGES,
        stream: true,
        stream_options: { include_usage: true },
        usage: { include: true },
      });
    });

    it('passes on each chunk before the next one exists', async () => {
      let release: (value: unknown) => void = () => undefined;
      const gate = new Promise((resolve) => {
        release = resolve;
      });
      server.reply(answer(['first', 'second'], { beforePiece: () => gate }));
      const texts: string[] = [];
      for await (const { text } of await client.ask(MESSAGES, new AbortController().signal)) {
        if (text === '') continue;
        texts.push(text);
        if (text === 'first') release(undefined);
      }
      expect(texts).to.deep.equal(['first', 'second']);
    });

    it('keeps characters intact that the network splits', async () => {
      server.reply((response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        const bytes = Buffer.from('data: {"choices":[{"delta":{"content":"é😀"}}]}\n\ndata: [DONE]\n\n');
        const middle = bytes.indexOf(Buffer.from('😀')) + 2;
        response.write(bytes.subarray(0, middle), () => setImmediate(() => response.end(bytes.subarray(middle))));
      });
      expect((await hear()).text).to.equal('é😀');
    });

    it('accepts an answer sent whole', async () => {
      server.reply(answerWhole('all of it', { costUsd: 0.5 }));
      const { text, chunks } = await hear();
      expect(text).to.equal('all of it');
      expect(chunks[0]?.usage?.costUsd).to.equal(0.5);
    });

    it('reports an unknown cost when the upstream reports none', async () => {
      server.reply(answer('free?', { costUsd: null }));
      expect((await hear()).chunks.at(-1)?.usage?.costUsd).to.equal(null);
    });

    it('reuses the connection for the next question', async () => {
      for (let question = 0; question < 5; question += 1) await hear();
      // The pool may open a second one while the first is still draining.
      expect(server.connections).to.be.at.most(2);
    });

    it('asks without the cost when that is refused, and remembers it', async () => {
      server.reply(refuse(400, 'Unrecognized request argument supplied: usage'));
      expect((await hear()).text).to.equal('An answer.');
      await hear();
      expect(server.asked.map((asked) => 'usage' in asked.body)).to.deep.equal([true, false, false]);
    });
  });

  describe('with an upstream in trouble', () => {
    const statuses: [number, string, RegExp][] = [
      [400, 'refused', /refused the request/],
      [401, 'key-refused', /OPENROUTER_API_KEY/],
      [402, 'out-of-credit', /no credit/],
      [403, 'key-refused', /OPENROUTER_API_KEY/],
      [404, 'unknown-model', /VED_LLM_MODEL/],
      [429, 'rate-limited', /Wait and ask again/],
      [500, 'failing', /failed \(500\)/],
      [503, 'failing', /failed \(503\)/],
    ];
    for (const [status, reason, detail] of statuses)
      it(`explains status ${status}, and asks once`, async () => {
        server.reply(refuse(status, 'as they say'));
        const { trouble } = await hear();
        expect(trouble).to.include({ code: 'llm/upstream', status: 502, reason });
        expect(trouble?.message).to.match(detail);
        expect(server.asked).to.have.length(1);
      });

    it('quotes its message without the key', async () => {
      server.reply(refuse(429, `too many for ${KEY} and Bearer ${KEY}`));
      const { trouble } = await hear();
      expect(trouble?.message).to.contain('too many for').and.not.contain('0123456789');
    });

    it('quotes nothing when it refuses the key', async () => {
      server.reply(refuse(401, `Incorrect key sk-or-v1-01**cdef`));
      expect((await hear()).trouble?.message).not.to.contain('cdef');
    });

    it('passes on Retry-After', async () => {
      server.reply(refuse(429, 'slow down', { 'Retry-After': '7' }));
      expect((await hear()).trouble?.headers).to.deep.equal({ 'Retry-After': '7' });
    });

    const cuts: [string, Parameters<ModelServer['reply']>[0], string][] = [
      ['that breaks the connection', breakOff('half an '), 'truncated'],
      ['that ends in the middle', endEarly('half an '), 'truncated'],
      ['that sends garbage', malformed('half an ', '{"choices": [{]'), 'malformed'],
      ['that sends another protocol', malformed('half an ', '{"choices": "none"}'), 'malformed'],
      ['that reports an error in the stream', errorInStream('half an ', `provider fell over with ${KEY}`), 'failing'],
      ['that falls silent', stall('half an '), 'silent'],
    ];
    for (const [which, reply, reason] of cuts)
      it(`keeps the text of one ${which}`, async () => {
        server.reply(reply);
        const { text, trouble } = await hear();
        expect(text).to.equal('half an ');
        expect(trouble).to.include({ code: 'llm/upstream', reason });
        expect(trouble?.message).not.to.contain(KEY);
      });

    it('gives up on one that never starts to answer', async () => {
      server.reply(stall());
      expect((await hear()).trouble).to.include({ reason: 'silent' });
    });

    it('gives up on one that disconnects before it answers', async () => {
      server.reply(breakOff());
      expect((await hear()).trouble).to.include({ reason: 'unreachable' });
    });

    it('says that a page of HTML is not the protocol', async () => {
      server.reply((response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end('<!doctype html><title>Sign in</title>');
      });
      expect((await hear()).trouble).to.include({ code: 'llm/upstream', status: 502 });
    });

    it('stops an endless answer', async () => {
      server.reply(endless('x'.repeat(64 * 1024)));
      expect((await hear()).trouble).to.include({ reason: 'too-long' });
      await server.asked[0]?.closed;
    });

    it('says which server cannot be reached', async () => {
      await server.stop();
      const { trouble } = await hear();
      expect(trouble).to.include({ reason: 'unreachable' });
      expect(trouble?.message).to.contain(new URL(server.baseUrl).host).and.contain('ECONNREFUSED');
    });
  });

  describe('when the client disconnects', () => {
    it('closes the connection to the upstream and throws the reason', async () => {
      server.reply(stall('half'));
      const leaving = new AbortController();
      const gone = new Error('gone');
      let thrown: unknown;
      try {
        for await (const _ of await client.ask(MESSAGES, leaving.signal)) leaving.abort(gone);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.equal(gone);
      await server.asked[0]?.closed;
    });

    it('does so before the upstream has answered', async () => {
      server.reply(stall());
      const leaving = new AbortController();
      const arrived = server.nextAsked();
      const heard = hear(leaving.signal).catch((error: unknown) => error);
      const asked = await arrived;
      leaving.abort(new Error('gone'));
      expect(await heard).to.have.property('message', 'gone');
      await asked.closed;
    });
  });
});

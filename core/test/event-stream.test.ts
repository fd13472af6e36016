import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { defineRoutes, NotFound } from '@ved/core/contract';
import { openDatabase, RawResponse, type ServerSentEvent, UserStore } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { addScript, addToProd, type RunnerServer, startDraft, startRunnerServer } from '../../plugins/runner/test/support/runner-server.ts';
import type { Agent, StreamedEvent } from '../../test/support/agent.ts';
import { type AskedOfModel, type ModelServer, stall, startModelServer } from '../../test/support/model-server.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { formatEvent, openEventStream } from '../server/http/event-stream.ts';
import { type Deferred, deferred } from './support/deferred.ts';
import { serving } from './support/plugins.ts';

const routes = defineRoutes({
  count: { method: 'GET', path: '/api/count', access: 'public', summary: '', response: 'event-stream' },
  tick: { method: 'GET', path: '/api/tick', access: 'viewer', summary: '', response: 'event-stream' },
  write: { method: 'POST', path: '/api/write', access: 'editor', summary: '', response: 'event-stream' },
  load: { method: 'GET', path: '/api/load', access: 'viewer', summary: '', response: 'binary' },
  flood: { method: 'GET', path: '/api/flood', access: 'viewer', summary: '', response: 'event-stream' },
  wait: { method: 'GET', path: '/api/wait', access: 'viewer', summary: '', response: 'event-stream' },
  fail: {
    method: 'GET',
    path: '/api/fail',
    access: 'public',
    summary: '',
    query: z.object({ after: z.coerce.number() }),
    response: 'event-stream',
  },
});

describe('an event stream', () => {
  let server: TestServer;
  let ended: Deferred<string>;

  async function* untilGone(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    try {
      yield { event: 'begun', data: {} };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    } finally {
      ended.resolve('returned');
    }
  }

  /** Events without a pause. */
  async function* untiring(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    try {
      while (!signal.aborted) {
        yield { event: 'tick', data: {} };
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    } finally {
      ended.resolve('returned');
    }
  }

  /** Far more than fits into the buffers between the server and a client. */
  async function* flood(): AsyncGenerator<ServerSentEvent> {
    try {
      for (;;) yield { event: 'drop', data: 'x'.repeat(100_000) };
    } finally {
      ended.resolve('returned');
    }
  }

  async function* endlessBytes(): AsyncGenerator<Buffer> {
    for (;;) {
      yield Buffer.alloc(1024);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  beforeEach(() => {
    ended = deferred<string>();
  });
  before(async () => {
    const sample = serving(routes, {
      count: async function* ({ lastEventId }) {
        for (let id = Number(lastEventId ?? 0) + 1; id <= 3; id++) yield { event: 'number', id, data: { text: `line\nline ${id}` } };
      },
      tick: ({ signal }) => untiring(signal),
      write: ({ signal }) => untiring(signal),
      load: () => new RawResponse(Readable.from(endlessBytes())),
      flood: () => flood(),
      wait: ({ signal }) => untilGone(signal),
      fail: async function* ({ query }) {
        for (let id = 1; id <= query.after; id++) yield { event: 'number', id, data: id };
        throw new NotFound('request/unknown-path', 'There is nothing to count.');
      },
    });
    server = await startServer({ plugins: [sample] });
  });
  after(() => server.stop());

  const all = async (path: string, lastEventId?: string) => {
    const events = [];
    for await (const event of server.agent().events(path, { lastEventId })) events.push(event);
    return events;
  };

  it('sends every event in order, whatever its text, and ends', async () => {
    const events = await all('/api/count');
    expect(events.map(({ id }) => id)).to.deep.equal(['1', '2', '3']);
    expect(events[0]).to.deep.equal({ event: 'number', id: '1', data: { text: 'line\nline 1' } });
  });

  it('tells the handler where the client was cut off', async () => {
    expect((await all('/api/count', '2')).map(({ id }) => id)).to.deep.equal(['3']);
  });

  it('is not cached by proxies or browsers', async () => {
    const { headers } = await fetch(`${server.url}/api/count`);
    expect(headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
    expect([headers.get('cache-control'), headers.get('x-accel-buffering')]).to.deep.equal(['no-store', 'no']);
  });

  it('that fails immediately answers with a problem and its status', async () => {
    const { status, body } = await server.agent().get('/api/fail?after=0');
    expect([status, body.code]).to.deep.equal([404, 'request/unknown-path']);
  });

  it('that fails later sends the reason, and ends', async () => {
    const events = await all('/api/fail?after=2');
    expect(events.map(({ event }) => event)).to.deep.equal(['number', 'number', 'problem']);
    expect(events[2]?.data.code).to.equal('request/unknown-path');
  });

  it('is returned when its client disconnects', async () => {
    const viewer = await server.signIn('mo1', '2viewer');
    for await (const { event } of viewer.events('/api/wait')) {
      expect(event).to.equal('begun');
      break;
    }
    expect(await ended.promise).to.equal('returned');
  });

  describe('that never pauses', () => {
    const withUsers = async (work: (users: UserStore, db: ReturnType<typeof openDatabase>) => Promise<unknown>) => {
      const db = openDatabase(join(server.dataDir, 'ved.sqlite'));
      try {
        await work(new UserStore(db), db);
      } finally {
        await db.destroy();
      }
    };
    const untilEnd = async (events: AsyncIterable<unknown>) => {
      for await (const _ of events);
      return 'ended';
    };
    const basic = { Authorization: `Basic ${Buffer.from('bob:long enough').toString('base64')}` };

    before(() =>
      withUsers(async (users) => {
        for (const name of ['ann', 'bob', 'cleo', 'dan']) await users.add(name, 'long enough', 'editor');
      }),
    );

    it('ends with the session', async () => {
      const viewer = await server.signIn('ann', 'long enough');
      const events = viewer.events('/api/tick');
      await events.next();
      await viewer.post('/api/auth/logout');
      expect(await untilEnd(events)).to.equal('ended');
      expect(await ended.promise).to.equal('returned');
    });

    it('ends with a new password, whoever set it, also with HTTP Basic', async () => {
      const events = (await server.signIn('bob', 'long enough')).events('/api/tick');
      await events.next();
      const programs = await fetch(`${server.url}/api/tick`, { headers: basic });
      await withUsers((users) => users.setPassword('bob', 'a better one'));
      expect(await untilEnd(events)).to.equal('ended');
      expect(await untilEnd(programs.body!)).to.equal('ended');
    });

    it('ends when the required role is lost, but not another role', async () => {
      const editor = await server.signIn('cleo', 'long enough');
      const reading = editor.events('/api/tick');
      await reading.next();
      const writing = editor.events('/api/write', { method: 'POST' });
      await writing.next();
      await withUsers((users) => users.setRole('cleo', 'viewer'));
      expect(await untilEnd(writing)).to.equal('ended');
      expect((await reading.next()).done).to.equal(false);
      await reading.return(undefined);
    });

    it('ends with the user, and so does a download', async () => {
      const agent = await server.signIn('dan', 'long enough');
      const events = agent.events('/api/tick');
      await events.next();
      const download = await fetch(`${server.url}/api/load`, { headers: { Cookie: agent.cookie } });
      await withUsers((_users, db) => db('core_users').where({ username: 'dan' }).delete());
      expect(await untilEnd(events)).to.equal('ended');
      const broken = await untilEnd(download.body!).catch((error) => error.message);
      expect(broken).to.equal('terminated');
    });

    it('is cut off when its client does not read', async () => {
      const agent = await server.signIn('ann', 'long enough');
      const { port } = new URL(server.url);
      const socket = connect({ port: Number(port), host: '127.0.0.1' });
      socket.write(`GET /api/flood HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${agent.cookie}\r\n\r\n`);
      await once(socket, 'readable');
      await agent.post('/api/auth/logout');
      expect(await ended.promise).to.equal('returned');
      socket.destroy();
    });
  });

  describe('whose server stops', () => {
    it('ends', async () => {
      const viewer = await server.signIn('mo1', '2viewer');
      const events = viewer.events('/api/wait');
      await events.next();
      await server.stop();
      expect(await ended.promise).to.equal('returned');
      expect((await events.next()).done).to.equal(true);
    });
  });
});

describe('the event streams of ved', () => {
  const FOREVER = "console.log('up'); setInterval(() => {}, 1000)";
  const EVE = 'eve-is-an-editor';
  let model: ModelServer;
  let ved: RunnerServer;
  let run: number;
  let pass: number;

  before(async () => {
    model = await startModelServer();
    const limits = { VED_RUN_TIMEOUT_MS: '600000', VED_LLM_TIMEOUT_MS: '600000' };
    ved = await startRunnerServer({ OPENROUTER_API_KEY: 'sk-or-v1-4f1d9c0b7a6e5d3c', OPENROUTER_BASE_URL: model.baseUrl, ...limits });
    run = await startDraft(ved.editor, await addScript(ved.editor, FOREVER));
    await addToProd(ved.editor, FOREVER);
    pass = (await ved.editor.post('/api/passes', {})).body.pass_id;
  });
  after(async () => {
    await ved?.server.stop();
    await model.stop();
  });

  const withUsers = async (work: (users: UserStore, db: ReturnType<typeof openDatabase>) => Promise<unknown>) => {
    const db = openDatabase(join(ved.server.dataDir, 'ved.sqlite'));
    try {
      await work(new UserStore(db), db);
    } finally {
      await db.destroy();
    }
  };

  /** Each with the event after which it is silent while its reader has access. */
  const kinds: Record<string, (reader: Agent) => [events: AsyncGenerator<StreamedEvent>, last: string]> = {
    'of the workspace': (reader) => [reader.events('/api/events'), 'ready'],
    'of a run': (reader) => [reader.events(`/api/runs/${run}/events`), 'output'],
    'of a pass': (reader) => [reader.events(`/api/passes/${pass}/events?output=false`), 'status'],
    'of a pass with its output': (reader) => [reader.events(`/api/passes/${pass}/events`), 'output'],
    'of an answer of the model': (reader) => {
      model.reply(stall('Half an '));
      return [reader.events('/api/llm/stream', { method: 'POST', body: { prompt: 'Go on' } }), 'delta'];
    },
  };
  const losses: Record<string, (reader: Agent) => Promise<unknown>> = {
    'whose reader signs out': (reader) => reader.post('/api/auth/logout'),
    'whose reader has a new password': () => withUsers((users) => users.setPassword('eve', 'a better one')),
    'whose reader was removed': () => withUsers((_, db) => db('core_users').where({ username: 'eve' }).delete()),
  };

  for (const [loss, lose] of Object.entries(losses))
    describe(loss, () => {
      const open = new Map<string, AsyncGenerator<StreamedEvent>>();
      let answer: Promise<AskedOfModel>;

      before(async () => {
        await withUsers((users) => users.add('eve', EVE, 'editor'));
        const reader = await ved.server.signIn('eve', EVE);
        answer = model.nextAsked();
        for (const [kind, begin] of Object.entries(kinds)) {
          const [events, last] = begin(reader);
          let next = await events.next();
          while (!next.done && next.value.event !== last) next = await events.next();
          expect(next.done, kind).to.equal(false);
          open.set(kind, events);
        }
        await lose(reader);
      });
      after(async () => {
        for (const events of open.values()) await events.return(undefined);
        await withUsers((_, db) => db('core_users').where({ username: 'eve' }).delete());
      });

      for (const kind of Object.keys(kinds))
        it(`${kind} end`, async () => {
          const ends = ['done', 'error', 'problem'];
          for await (const { event } of open.get(kind)!) expect(event).to.not.be.oneOf(ends);
        });

      it('end the work done only for them, and nothing else', async () => {
        await (await answer).closed;
        expect((await ved.viewer.get(`/api/runs/${run}`)).body.status).to.equal('running');
        expect((await ved.viewer.get(`/api/passes/${pass}`)).body.status).to.equal('running');
      });
    });
});

describe('the body of an event stream', () => {
  const never = new AbortController().signal;

  it('keeps a silent connection alive', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const body = await openEventStream(silent, { signal: never, onError: () => undefined, keepAliveMs: 5 });
    let received = '';
    for await (const chunk of body) {
      received += chunk;
      if (received.split(': keep-alive\n\n').length > 3) break;
    }
    expect(received).to.match(/^: open\n\n(: keep-alive\n\n)+$/);
  });

  it('requests no more than the client reads', async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<ServerSentEvent> {
      for (;;) yield { event: 'chunk', data: 'x'.repeat(10_000), id: ++made };
    }
    const body = await openEventStream(endless(), { signal: never, onError: () => undefined });
    body.read();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(made).to.be.lessThan(20);
    body.destroy();
  });

  it('cannot be broken by an id or a name', () => {
    expect(formatEvent({ event: 'a\nb', id: '1\n\ndata: evil', data: 'x\r\ny' })).to.equal(
      'id: 1data: evil\nevent: ab\ndata: "x\\r\\ny"\n\n',
    );
  });
});

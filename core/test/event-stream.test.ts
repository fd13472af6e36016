import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { defineRoutes, NotFound } from '@ved/core/contract';
import { openDatabase, RawResponse, type ServerSentEvent, UserStore } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
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

  /** Events that never leave a silence. */
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

  /** Far more than the buffers between the server and a client hold. */
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
        throw new NotFound('count/none', 'There is nothing to count.');
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

  it('carries every event in order, whatever its text, and ends', async () => {
    const events = await all('/api/count');
    expect(events.map(({ id }) => id)).to.deep.equal(['1', '2', '3']);
    expect(events[0]).to.deep.equal({ event: 'number', id: '1', data: { text: 'line\nline 1' } });
  });

  it('tells the handler where the client was cut off', async () => {
    expect((await all('/api/count', '2')).map(({ id }) => id)).to.deep.equal(['3']);
  });

  it('is not kept by proxies or browsers', async () => {
    const { headers } = await fetch(`${server.url}/api/count`);
    expect(headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
    expect([headers.get('cache-control'), headers.get('x-accel-buffering')]).to.deep.equal(['no-store', 'no']);
  });

  it('that is refused at once answers with a problem and its status', async () => {
    const { status, body } = await server.agent().get('/api/fail?after=0');
    expect([status, body.code]).to.deep.equal([404, 'count/none']);
  });

  it('that fails on its way says why, and ends', async () => {
    const events = await all('/api/fail?after=2');
    expect(events.map(({ event }) => event)).to.deep.equal(['number', 'number', 'problem']);
    expect(events[2]?.data.code).to.equal('count/none');
  });

  it('whose client leaves is returned', async () => {
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

    it('ends with a new password, whoever set it, also for HTTP Basic', async () => {
      const events = (await server.signIn('bob', 'long enough')).events('/api/tick');
      await events.next();
      const programs = await fetch(`${server.url}/api/tick`, { headers: basic });
      await withUsers((users) => users.setPassword('bob', 'a better one'));
      expect(await untilEnd(events)).to.equal('ended');
      expect(await untilEnd(programs.body!)).to.equal('ended');
    });

    it('ends with the role that it needs, and not with another', async () => {
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

    it('is cut off when its client does not even read', async () => {
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

  it('asks for no more than the client takes', async () => {
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

  it('cannot be broken out of by an id or a name', () => {
    expect(formatEvent({ event: 'a\nb', id: '1\n\ndata: evil', data: 'x\r\ny' })).to.equal(
      'id: 1data: evil\nevent: ab\ndata: "x\\r\\ny"\n\n',
    );
  });
});

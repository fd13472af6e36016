import { defineRoutes, NotFound } from '@ved/core/contract';
import type { ServerSentEvent } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { formatEvent, openEventStream } from '../server/http/event-stream.ts';
import { type Deferred, deferred } from './support/deferred.ts';
import { serving } from './support/plugins.ts';

const routes = defineRoutes({
  count: { method: 'GET', path: '/api/count', access: 'public', summary: '', response: 'event-stream' },
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

  beforeEach(() => {
    ended = deferred<string>();
  });
  before(async () => {
    const sample = serving(routes, {
      count: async function* ({ lastEventId }) {
        for (let id = Number(lastEventId ?? 0) + 1; id <= 3; id++) yield { event: 'number', id, data: { text: `line\nline ${id}` } };
      },
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

  it('ends when the server stops', async () => {
    const viewer = await server.signIn('mo1', '2viewer');
    const events = viewer.events('/api/wait');
    await events.next();
    await server.stop();
    expect(await ended.promise).to.equal('returned');
    expect((await events.next()).done).to.equal(true);
  });
});

describe('the body of an event stream', () => {
  const never = new AbortController().signal;

  it('keeps a silent connection alive', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const body = await openEventStream(silent, { signal: never, mayContinue: async () => true, onError: () => undefined, keepAliveMs: 5 });
    let received = '';
    for await (const chunk of body) {
      received += chunk;
      if (received.split(': keep-alive\n\n').length > 3) break;
    }
    expect(received).to.match(/^: open\n\n(: keep-alive\n\n)+$/);
  });

  it('ends when the session is over', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const body = await openEventStream(silent, { signal: never, mayContinue: async () => false, onError: () => undefined, keepAliveMs: 5 });
    let received = '';
    for await (const chunk of body) received += chunk;
    expect(received).to.equal(': open\n\n');
  });

  it('asks for no more than the client takes', async () => {
    let made = 0;
    async function* endless(): AsyncGenerator<ServerSentEvent> {
      for (;;) yield { event: 'chunk', data: 'x'.repeat(10_000), id: ++made };
    }
    const body = await openEventStream(endless(), { signal: never, mayContinue: async () => true, onError: () => undefined });
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

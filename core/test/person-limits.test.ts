/** Limits per person over HTTP: the error, that others are not affected, and that normal use stays below. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { defineRoutes } from '@ved/core/contract';
import { PersonShare, personLimits, RawResponse, type ServerSentEvent, serverLimits } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { endSlowReaders } from '../server/http/slow-readers.ts';
import { deferred } from './support/deferred.ts';
import { serving } from './support/plugins.ts';

const MIB = 1024 * 1024;

const routes = defineRoutes({
  follow: { method: 'GET', path: '/api/follow', access: 'viewer', summary: '', response: 'event-stream' },
  large: { method: 'GET', path: '/api/large', access: 'viewer', summary: '', response: 'binary' },
  change: {
    method: 'POST',
    path: '/api/change',
    access: 'viewer',
    summary: '',
    body: z.object({ text: z.string() }),
    bodyLimitBytes: 34 * MIB,
    response: 'binary',
  },
});

/** Created once, since the tests are not about creating it. */
const MUCH = Buffer.alloc(15 * MIB, 'x');

describe('the limits of one person', () => {
  let server: TestServer;
  let ed: Agent;
  let mo: Agent;
  let changes = 0;
  /** Called when an open stream has ended on the server. */
  let streamEnded = deferred<void>();
  /** Requests for a large response so far, and what is called when there are this many. */
  let largeAsked = 0;
  let pipelined = { count: Number.POSITIVE_INFINITY, reached: deferred<void>() };
  const sockets: Socket[] = [];

  before(async () => {
    const sample = serving(routes, {
      follow: async function* ({ signal }): AsyncGenerator<ServerSentEvent> {
        try {
          yield { event: 'begun', data: {} };
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        } finally {
          streamEnded.resolve();
        }
      },
      large: async () => {
        largeAsked += 1;
        if (largeAsked === pipelined.count) pipelined.reached.resolve();
        return new RawResponse(MUCH);
      },
      change: async ({ body }) => {
        changes += 1;
        return new RawResponse(body.text === 'much' ? MUCH : 'little');
      },
    });
    server = await startServer({ plugins: [sample] });
    ed = await server.signIn('ed1', '1editor');
    mo = await server.signIn('mo1', '2viewer');
  });
  beforeEach(() => {
    changes = 0;
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(() => server.stop());

  const connected = async (): Promise<Socket> => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const head = (agent: Agent, line: string, more = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${agent.cookie}\r\n${more}\r\n`;

  /** A connection that sends this many requests, sees the response start, and stops reading. */
  const notReading = async (agent: Agent, times = 1): Promise<void> => {
    const socket = await connected();
    socket.write(head(agent, 'GET /api/large').repeat(times));
    await once(socket, 'readable');
  };
  /** The server's response to a body of that length that is announced but never sent. */
  const announce = async (agent: Agent, bytes: number): Promise<string> => {
    const socket = await connected();
    const headers = `Content-Type: application/json\r\nContent-Length: ${bytes}\r\nExpect: 100-continue\r\n`;
    socket.write(head(agent, 'POST /api/change', headers));
    const [answer] = await once(socket, 'data');
    socket.destroy();
    return String(answer);
  };

  it('allow event streams for a dozen pages; beyond that, the error says what to do, until one closes', async () => {
    const open: AsyncGenerator[] = [];
    for (let count = 0; count < personLimits.eventStreams.most; count++) {
      const stream = ed.events('/api/follow');
      await stream.next();
      open.push(stream);
    }
    const refused = await ed.get('/api/follow');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).to.deep.equal([429, 'core/too-many-streams', '10']);
    expect(refused.body.detail).to.contain('64').and.to.contain('Close some ved pages');
    const other = mo.events('/api/follow');
    expect((await other.next()).value).to.include({ event: 'begun' });
    expect((await ed.get('/api/auth/me')).status).to.equal(200);
    streamEnded = deferred<void>();
    await open.pop()!.return(undefined);
    await streamEnded.promise;
    const again = ed.events('/api/follow');
    expect((await again.next()).value).to.include({ event: 'begun' });
    for (const stream of [...open, other, again]) await stream.return(undefined);
  });

  it('apply to the bytes of unread responses, except for small ones and those of requests that change something', async () => {
    for (let count = 0; count < 4; count++) await notReading(ed);
    const refused = await ed.get('/api/large');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).to.deep.equal([429, 'core/too-much-unread', '5']);
    expect(refused.body.detail).to.contain('64 MiB').and.to.contain('close their connections');
    expect((await mo.get('/api/large')).body).to.have.length(15 * MIB);
    expect((await ed.get('/api/auth/me')).status).to.equal(200);
    // It changed something, so it is answered.
    expect((await ed.post('/api/change', { text: 'much' })).body).to.have.length(15 * MIB);
    for (const socket of sockets.splice(0)) socket.destroy();
    await untilAnswered(ed, '/api/large');
  });

  it('apply to pipelined responses on a connection that reads none, until it closes', async () => {
    pipelined = { count: largeAsked + 40, reached: deferred<void>() };
    // A person who has nothing in progress: what another test has just released may still count.
    await notReading(mo, 40);
    // Only then has this connection everything up to the limit; another request could take a share before.
    await pipelined.reached.promise;
    expect((await mo.get('/api/large')).body.code).to.equal('core/too-much-unread');
    for (const socket of sockets.splice(0)) socket.destroy();
    await untilAnswered(mo, '/api/large');
  });

  it('apply to bodies by what has arrived; they are refused before more is read, and nothing changes', async () => {
    for (let count = 0; count < 2; count++) {
      const socket = await connected();
      socket.write(head(ed, 'POST /api/change', `Content-Type: application/json\r\nContent-Length: ${34 * MIB}\r\n`));
      socket.write('x'.repeat(33 * MIB));
    }
    // It is refused as soon as the server has read this much.
    let refused = '';
    while (!refused.startsWith('HTTP/1.1 429')) {
      refused = await announce(ed, 10 * MIB);
      expect(refused).to.match(/^HTTP\/1.1 (100|429)/);
    }
    expect(refused)
      .to.contain('"core/too-much-sent"')
      .and.to.contain('Send the rest when that is done')
      .and.to.match(/retry-after: 5/i);
    expect(changes).to.equal(0);
    expect(await announce(mo, 10 * MIB)).to.match(/^HTTP\/1.1 100/);
    expect((await ed.post('/api/change', { text: '' })).status).to.equal(200);
    for (const socket of sockets.splice(0)) socket.destroy();
    while (!(await announce(ed, 10 * MIB)).startsWith('HTTP/1.1 100')) expect(changes).to.equal(1);
  });
});

/** The server notices closed connections a moment later. */
async function untilAnswered(agent: Agent, path: string): Promise<void> {
  while ((await agent.get(path)).status !== 200) expect((await agent.get('/api/health')).status).to.equal(200);
}

describe('a share of something', () => {
  const small = { most: 2, refuse: personLimits.eventStreams.refuse };

  it('is counted per person, and released once', () => {
    const share = new PersonShare(small);
    const giveBack = share.take('ed1');
    share.take('ed1');
    expect(() => share.take('ed1')).to.throw('64 event streams');
    share.take('mo1');
    giveBack();
    giveBack();
    expect(share.held('ed1')).to.equal(1);
    share.take('ed1');
    expect(() => share.take('ed1')).to.throw();
  });

  it('is never refused to a person who has nothing, and limited over all people', () => {
    const share = new PersonShare(small, { most: 5, refuse: serverLimits.bodyBytes.refuse });
    share.take('ed1', 4);
    expect(() => share.take('mo1', 2)).to.throw('receiving too much data');
    share.take('mo1', 1);
  });

  it('has one error per limit, which names the limit and what to do', () => {
    for (const [name, limit] of Object.entries({ ...personLimits, ...serverLimits })) {
      const { status, message, headers } = limit.refuse();
      expect(status, name).to.be.oneOf([422, 429, 503]);
      expect(headers['Retry-After'] !== undefined, name).to.equal(status !== 422);
      expect(message, name).to.match(
        /(then try again|Try again|Send the rest|Close some|Wait for some|Wait for one|Make it smaller|Waiting to install)/,
      );
    }
  });
});

describe('a client that has stopped reading', () => {
  it('is disconnected, but not one that waits for new data', async () => {
    const closed = deferred<void>();
    const server = createServer((req, res) => {
      if (req.url === '/waits') {
        res.write('begun');
        return;
      }
      res.once('close', () => closed.resolve());
      res.end(Buffer.alloc(64 * MIB));
    });
    endSlowReaders(server, { stalledMs: 100, checkMs: 20 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [waiting] = (await once(get({ port, path: '/waits' }), 'response')) as [IncomingMessage];
    const [answer] = (await once(get({ port, path: '/much' }), 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    await closed.promise;
    expect(answer.complete).to.equal(false);
    expect(waiting.socket.destroyed).to.equal(false);
    server.closeAllConnections();
    server.close();
  });
});

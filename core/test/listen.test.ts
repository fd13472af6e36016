import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { pino } from 'pino';
import { listen } from '../server/http/listen.ts';
import { deferred } from './support/deferred.ts';

describe('a server with too many connections', () => {
  let server: Awaited<ReturnType<typeof listen>>;
  let sockets: Socket[];
  beforeEach(async () => {
    sockets = [];
    const limits = { total: 5, perAddress: 3 };
    server = await listen((_req, res) => void res.end('served'), { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }), limits });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await server.close();
  });
  /** A connection from one of the loopback addresses. */
  const open = async (from: string) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: from });
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const ask = (socket: Socket) => {
    socket.end('GET / HTTP/1.1\r\nHost: ved\r\nConnection: close\r\n\r\n');
    return text(socket);
  };

  it('refuses an address with too many, serves others, and serves it again when it has closed one', async () => {
    const [first] = [await open('127.0.0.1'), await open('127.0.0.1'), await open('127.0.0.1')];
    const refused = await ask(await open('127.0.0.1'));
    expect(refused)
      .to.match(/^HTTP\/1\.1 503 /)
      .and.to.match(/retry-after: 5/i)
      .and.to.contain('request/too-many-connections');
    expect(await ask(await open('127.0.0.2'))).to.contain('served');
    expect(await ask(first)).to.contain('served');
    expect(await ask(await open('127.0.0.1'))).to.contain('served');
  });

  it('refuses everyone when there are too many in total', async () => {
    for (const last of [1, 2, 3, 4, 5]) await open(`127.0.0.${last}`);
    expect(await ask(await open('127.0.0.6'))).to.match(/^HTTP\/1\.1 503 /);
  });

  it('closes connections far beyond that, and continues when they are gone', async () => {
    const held = [];
    for (const last of [1, 2, 3, 4, 5]) held.push(await open(`127.0.0.${last}`));
    const crowd = await Promise.all(Array.from({ length: 30 }, (_, index) => open(`127.0.1.${index + 1}`)));
    const answers = await Promise.all(crowd.map((socket) => ask(socket).catch(() => '')));
    expect(answers.filter((answer) => answer.includes('served'))).to.have.length(0);
    expect(await ask(held[0]!)).to.contain('served');
    expect(await ask(await open('127.0.0.1'))).to.contain('served');
  });

  it('answers malformed HTTP with 400', async () => {
    const socket = await open('127.0.0.1');
    socket.end('hello\r\n\r\n');
    expect(await text(socket)).to.match(/^HTTP\/1\.1 400 /);
  });
});

describe('a server that stops', () => {
  it('closes connections on which nothing was sent, and answers the requests in progress', async () => {
    const asked = deferred();
    const answer = deferred();
    const handler: RequestListener = async (_req, res) => {
      asked.resolve();
      await answer.promise;
      res.end('served');
    };
    const server = await listen(handler, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) });
    const [unused, busy] = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')];
    await once(unused, 'connect');
    busy.write('GET / HTTP/1.1\r\nHost: ved\r\n\r\n');
    const answered = text(busy);
    await asked.promise;
    const closed = server.close();
    unused.resume();
    await once(unused, 'close');
    answer.resolve();
    expect(await answered).to.contain('served');
    await closed;
  });
});

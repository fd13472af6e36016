/** How much of the server one person's clones may use, and that every kind of partial clone works. */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Problem } from '@ved/core/contract';
import { personLimits, type ServerPlugin, serverLimits } from '@ved/core/server';
import { ScriptRepository } from '@ved/git/contract';
import { expect } from 'chai';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { startServer, type TestServer } from '../../../test/support/server.ts';
import { CloneTurns } from '../server/http/clone-turns.ts';
import { readRequest } from '../server/http/request-body.ts';
import { gitPlugin } from '../server/index.ts';
import { fsck, gitAsync, needsGit } from './support/real-git.ts';
import { save } from './support/repository.ts';

const MIB = 1024 * 1024;
const UPLOAD = '/git/scripts.git/git-upload-pack';
const TYPE = 'application/x-git-upload-pack-request';
const basic = (user: string) => `Basic ${Buffer.from(user).toString('base64')}`;

exhaustive.describe('clones', () => {
  let server: TestServer;
  let folder: string;
  let targets = 0;
  const sockets: Socket[] = [];
  before(needsGit);
  before(async () => {
    const found: ScriptRepository[] = [];
    const finder: ServerPlugin = {
      id: 'finder',
      required: true,
      requires: [ScriptRepository],
      start: async ({ services }) => {
        found.push(services.get(ScriptRepository));
        return { stop: async () => undefined };
      },
    };
    server = await startServer({ plugins: [gitPlugin, finder] });
    folder = await mkdtemp(join(tmpdir(), 'ved-clone-'));
    for (const scriptId of [1, 2, 3]) await found[0]!.commit(save({ branch: 'prod', scriptId, content: `print(${scriptId})\n` }));
    await found[0]!.commit(save({ branch: 'prod', scriptId: 1, content: 'print("newer")\n' }));
    await found[0]!.commit(save({ branch: 'ed1', scriptId: 4, content: 'print("ed1")\n' }));
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const clone = async (user: string, ...options: string[]): Promise<string> => {
    const target = join(folder, String(++targets));
    await gitAsync([...options, `http://${user}@127.0.0.1:${server.port}/git/scripts.git`, target]);
    return join(target, '.git');
  };
  const ask = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    fetch(`${server.url}${UPLOAD}`, {
      method: 'POST',
      body,
      headers: { Authorization: basic('ed1:1editor'), 'Content-Type': TYPE, 'Git-Protocol': 'version=2', ...headers },
    });

  /** Git fetches missing objects from this process, so the event loop must not be blocked. */
  const show = (gitDir: string, what: string) => gitAsync(['--git-dir', gitDir, 'show', what]);

  const kinds = [
    ['--filter=blob:none'],
    ['--filter=tree:0'],
    ['--filter=blob:limit=10'],
    ['--filter=blob:none', '--depth=1'],
    ['--filter=blob:none', '--no-checkout'],
    ['--depth=1'],
    ['--single-branch'],
    ['--shallow-since=2001-01-01'],
  ];
  for (const protocol of ['0', '1', '2']) {
    it(`succeed in protocol ${protocol} with every filter, and fetch the missing objects on demand`, async () => {
      for (const kind of kinds) {
        const gitDir = await clone('mo1:2viewer', '-c', `protocol.version=${protocol}`, 'clone', '--quiet', ...kind);
        expect(await show(gitDir, 'HEAD:1.py'), kind.join(' ')).to.equal('print("newer")');
        if (!kind.includes('--depth=1')) expect(await show(gitDir, 'HEAD~1:1.py'), kind.join(' ')).to.equal('print(1)');
        if (!kind.some((option) => option.startsWith('--filter'))) fsck(gitDir);
      }
    });
  }

  it('succeed when one person runs several in parallel', async () => {
    await Promise.all(Array.from({ length: 6 }, () => clone('mo1:2viewer', 'clone', '--quiet')));
  });

  it('are refused when the request is too large after decompression, and the next one succeeds', async () => {
    const swelling = await ask(new Uint8Array(gzipSync(Buffer.alloc(64 * 1024 * 1024))), { 'Content-Encoding': 'gzip' });
    expect(swelling.status).to.equal(413);
    const { code, detail } = (await swelling.json()) as { code: string; detail: string };
    expect(code).to.equal('git/request-too-large');
    expect(detail).to.contain('4194304 bytes').and.to.contain('Clone into an empty folder');
    await clone('ed1:1editor', 'clone', '--quiet');
  });

  it('are refused when the request is too large, not valid gzip, or in another encoding', async () => {
    expect((await ask(new Uint8Array(5 * 1024 * 1024), {})).status).to.equal(413);
    expect((await ask(new Uint8Array([1, 2, 3]), { 'Content-Encoding': 'gzip' })).status).to.equal(400);
    expect((await ask(new Uint8Array([1, 2, 3]), { 'Content-Encoding': 'br' })).status).to.equal(415);
  });

  it('occupy no process while their client is silent, are limited per person, and do not hold up other people', async () => {
    const silent = async (): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      const lines = [`POST ${UPLOAD} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: ${basic('ed1:1editor')}`, `Content-Type: ${TYPE}`];
      socket.write(`${lines.join('\r\n')}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n`);
      return String((await once(socket, 'data'))[0]);
    };
    for (let count = 0; count < personLimits.cloneRequests.most; count++) expect(await silent()).to.match(/^HTTP\/1.1 100/);
    // The last one is counted a moment after its `100 Continue`.
    let refused = await ask(new Uint8Array(), {});
    while (refused.status !== 429) refused = await ask(new Uint8Array(), {});
    expect(refused.headers.get('retry-after')).to.equal('10');
    expect(await refused.json()).to.include({ code: 'git/too-many-clones' });
    await clone('mo1:2viewer', 'clone', '--quiet');
    for (const socket of sockets.splice(0)) socket.destroy();
    while ((await ask(new Uint8Array(), {})).status === 429);
    await clone('ed1:1editor', 'clone', '--quiet');
  });
});

exhaustive.describe('a clone whose client disconnects midway', () => {
  const repositories: ScriptRepository[] = [];
  let server: TestServer;
  let folder: string;
  before(needsGit);
  before(async () => {
    const finder: ServerPlugin = {
      id: 'finder',
      required: true,
      requires: [ScriptRepository],
      start: async ({ services }) => {
        repositories.push(services.get(ScriptRepository));
        return { stop: async () => undefined };
      },
    };
    server = await startServer({ plugins: [gitPlugin, finder] });
    folder = await mkdtemp(join(tmpdir(), 'ved-clone-'));
    // More than the connection buffers, and incompressible, so that git waits for the client to read.
    for (let scriptId = 1; scriptId <= 20; scriptId += 1) {
      await repositories[0]!.commit(save({ branch: 'prod', scriptId, content: `# ${randomBytes(MIB).toString('base64')}\n` }));
    }
  });
  after(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** The git processes that this process started, and their children. */
  const gitProcesses = (): number[] => {
    const all = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat=,comm='], { encoding: 'utf8' }).trim().split('\n');
    const alive = all.map((line) => line.trim().split(/\s+/)).filter(([, , state]) => !state!.startsWith('Z'));
    const found = new Set([process.pid]);
    // Children nearly always have higher ids than their parents; a second pass finds the others.
    for (let pass = 0; pass < 2; pass += 1) for (const [pid, parent] of alive) if (found.has(Number(parent))) found.add(Number(pid));
    return alive.filter(([pid, , , name]) => found.has(Number(pid)) && name!.startsWith('git')).map(([pid]) => Number(pid));
  };

  it('has its processes ended, and the next clone succeeds', async () => {
    const head = await repositories[0]!.head('prod');
    const request = `0011command=fetch00010032want ${head}\n0009done\n0000`;
    const lines = [
      `POST ${UPLOAD} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: ${basic('ed1:1editor')}`,
      `Content-Type: ${TYPE}`,
      'Git-Protocol: version=2',
      `Content-Length: ${request.length}`,
    ];
    // One more than a person may have: none may be counted any longer than it lives.
    for (let count = 0; count <= personLimits.cloneProcesses.most; count += 1) {
      const socket = connect(server.port, '127.0.0.1');
      socket.write(`${lines.join('\r\n')}\r\n\r\n${request}`);
      const [answer] = await once(socket, 'data');
      socket.pause();
      expect(String(answer)).to.match(/^HTTP\/1.1 200/);
      expect(gitProcesses()).to.not.deep.equal([]);
      socket.destroy();
    }
    while (gitProcesses().length > 0) await new Promise(setImmediate);
    const target = join(folder, 'whole');
    await gitAsync(['clone', '--quiet', `http://ed1:1editor@127.0.0.1:${server.port}/git/scripts.git`, target]);
    fsck(join(target, '.git'));
  });
});

describe('turns for clone processes', () => {
  const here = new AbortController().signal;

  it('are limited per person: a further one waits until one ends, while other people get theirs', async () => {
    const turns = new CloneTurns();
    const mine = await Promise.all([1, 2, 3].map(() => turns.take('ed1', here)));
    const order: string[] = [];
    const waiting = turns.take('ed1', here).then((end) => {
      order.push('waited');
      return end;
    });
    (await turns.take('mo1', here))();
    order.push('other');
    mine[0]!();
    (await waiting)();
    expect(order).to.deep.equal(['other', 'waited']);
  });

  it('are limited in total', async () => {
    const turns = new CloneTurns(10);
    for (let count = 0; count < serverLimits.cloneProcesses.most; count++) await turns.take(`person ${count}`, here);
    const refused: Problem = await turns.take('one more', here).catch((error) => error);
    expect(refused).to.include({ code: 'git/busy', status: 503 });
    expect(refused.headers).to.have.property('Retry-After');
  });

  it('are refused after too long a wait, and given up when the client leaves', async () => {
    const turns = new CloneTurns(10);
    const mine = await Promise.all([1, 2, 3].map(() => turns.take('ed1', here)));
    const refused: Problem = await turns.take('ed1', here).catch((error) => error);
    expect(refused).to.include({ code: 'git/busy', status: 503 });
    expect(refused.message).to.contain('Your other clones');
    const leaving = new AbortController();
    const left = turns.take('ed1', leaving.signal).catch(() => 'left');
    leaving.abort();
    expect(await left).to.equal('left');
    mine[0]!();
    (await turns.take('ed1', here))();
  });
});

describe('a clone request', () => {
  it('that stalls halfway is refused with a response', async () => {
    const server = createServer((req, res) => {
      const ctx = { req, get: () => '', set: res.setHeader.bind(res) };
      readRequest(ctx as never, 50).catch((error: Problem) => res.writeHead(error.status).end(error.code));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).to.match(/^HTTP\/1.1 400/);
    socket.destroy();
    server.close();
  });
});

/**
 * The restrictions of an embedded interpreter, one at a time: what a script that
 * has escaped to JavaScript could do without a restriction, and with only that one.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Exit } from '../../contract/engine.ts';
import { type ChildLocks, lockedNode, probeLocks } from '../../server/engines/pyodide/child-command.ts';
import { InterpreterChild } from '../../server/engines/pyodide/interpreter-child.ts';
import { outOfMemoryReason } from '../../server/engines/run-control.ts';
import { runInSandbox } from '../../server/engines/run-in-sandbox.ts';
import { jobOf, MIB } from './support/run-script.ts';

const program = (name: string): string => fileURLToPath(new URL(`./support/${name}`, import.meta.url));
const HERE = fileURLToPath(new URL('../..', import.meta.url));
const NONE: ChildLocks = { permissionFlag: null, withoutNetwork: [], stackMib: null };

type Inner = 'capMemory' | 'denyImports' | 'closeProcess';

interface Lock {
  readonly title: string;
  /** The attempts, and the error of each. */
  readonly refused: Readonly<Record<string, RegExp>>;
  readonly inner?: Inner;
  readonly flags?: readonly string[];
}

const LOCKS: readonly Lock[] = [
  {
    title: 'a closed process',
    inner: 'closeProcess',
    refused: {
      binding: /not a function/,
      kill: /not a function/,
      builtin: /not a function/,
      environment: /undefined/,
      fetch: /fetch is not defined/,
    },
  },
  {
    title: 'the ban on import()',
    inner: 'denyImports',
    refused: { importBuiltin: /ERR_ACCESS_DENIED/, importData: /ERR_ACCESS_DENIED/, importFile: /ERR_ACCESS_DENIED/ },
  },
  { title: 'the cap on memory', inner: 'capMemory', refused: { grow: /memory limit/ } },
  {
    title: 'the flag against eval',
    flags: ['--disallow-code-generation-from-strings'],
    refused: { text: /disallowed/ },
  },
];

describe('an embedded interpreter from which a script has escaped to JavaScript', () => {
  const server = createServer((_, response) => response.end());
  let locks: ChildLocks;
  let port: number;

  before(async () => {
    locks = await probeLocks();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** The results of the attempts in a process started with `file args`. */
  async function tried(attempts: readonly string[], inner: readonly Inner[], start: (argument: string) => [string, readonly string[]]) {
    const [file, args] = start(JSON.stringify({ locks: inner, attempts, port }));
    const { stdout } = await promisify(execFile)(file, args, { env: { VED_HOLE: 'open', PATH: process.env.PATH } });
    return JSON.parse(stdout) as Record<string, string>;
  }
  const bare =
    (flags: readonly string[]) =>
    (argument: string): [string, readonly string[]] => [process.execPath, [...flags, program('hole.mjs'), argument]];
  const locked =
    (which: ChildLocks) =>
    (argument: string): [string, readonly string[]] => {
      const { file, args } = lockedNode(which, [HERE], program('hole.mjs'), argument);
      return [file, args];
    };
  const allOf = (attempts: readonly string[]) => Object.fromEntries(attempts.map((each) => [each, 'could']));

  for (const { title, refused, inner, flags = [] } of LOCKS) {
    it(`is stopped by ${title} alone`, async () => {
      const attempts = Object.keys(refused);
      const [open, closed] = await Promise.all([tried(attempts, [], bare([])), tried(attempts, inner ? [inner] : [], bare(flags))]);
      expect(open).to.deep.equal(allOf(attempts));
      for (const [attempt, told] of Object.entries(refused)) expect(closed[attempt], attempt).to.match(told);
    });
  }

  it('may use memory within its limit', async () => {
    expect(await tried(['growWithin'], ['capMemory'], bare([]))).to.deep.equal({ growWithin: 'could' });
  });

  it("is kept from files and processes by Node's permissions alone", async function () {
    if (!locks.permissionFlag) this.skip();
    const attempts = ['read', 'write', 'start'];
    const [open, closed] = await Promise.all([
      tried(attempts, [], locked(NONE)),
      tried(attempts, [], locked({ ...NONE, permissionFlag: locks.permissionFlag })),
    ]);
    expect(open).to.deep.equal(allOf(attempts));
    expect(closed).to.deep.equal(Object.fromEntries(attempts.map((each) => [each, 'ERR_ACCESS_DENIED'])));
  });

  it('is kept from the network by its own namespace alone', async function () {
    if (locks.withoutNetwork.length === 0) this.skip();
    const [open, closed] = await Promise.all([
      tried(['connect', 'fetch'], [], locked(NONE)),
      tried(['connect', 'fetch'], [], locked({ ...NONE, withoutNetwork: locks.withoutNetwork })),
    ]);
    expect(open).to.deep.equal({ connect: 'could', fetch: 'could' });
    expect(closed.connect).to.match(/^(ENETUNREACH|EADDRNOTAVAIL)$/);
    expect(closed.fetch).to.match(/fetch failed/);
  });

  it('can do none of that under all restrictions', async () => {
    const attempts = LOCKS.flatMap(({ refused }) => Object.keys(refused)).concat(locks.permissionFlag ? ['read', 'write', 'start'] : []);
    const came = await tried(attempts, ['capMemory', 'denyImports', 'closeProcess'], locked(locks));
    expect(Object.keys(came)).to.deep.equal(attempts);
    expect(Object.values(came)).not.to.include('could');
  });
});

describe('an embedded interpreter that uses memory outside WebAssembly', () => {
  async function exitOf(mib: number): Promise<Exit> {
    const job = jobOf('', { limits: { memoryBytes: 64 * MIB } });
    const command = { file: process.execPath, args: [program('memory-hole.mjs'), String(mib)] };
    const start = () => InterpreterChild.start(command, tmpdir());
    for await (const event of runInSandbox(job, start, (child) => void child.dispose())) if (event.type === 'exit') return event;
    throw new Error('the run has no exit');
  }

  it('is left alone while it uses no more than Node needs', async () => {
    expect(await exitOf(64)).to.include({ status: 'succeeded', exitCode: 0 });
  });

  it('is killed by the watch on its process', async () => {
    expect(await exitOf(4096)).to.include({ status: 'out_of_memory', exitCode: null, reason: outOfMemoryReason(64 * MIB) });
  });
});

/**
 * Owns the way to a Docker engine on another machine: one `ssh` process that
 * forwards a socket of ours, in a folder that only this user may enter, to the
 * engine's. It is opened when it is first needed, and again after it has ended.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type ClientRequestArgs, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { explainSilence, explainSsh, type SshAddress, type SshStage, sshArguments } from './ssh-address.ts';

/** Longer than any way to an engine on which runs would be a pleasure. */
export const OPEN_PATIENCE_MS = 10_000;
/** Of what ssh wrote; its longest warning is 1 kB. */
const KEPT_CHARACTERS = 8192;
/** Between the end of ssh and that of what it said why, where somebody keeps its streams open. */
const LAST_WORDS_MS = 500;

/** There is no way to the engine. The message is the end of a sentence for a person, without its full stop. */
export class SshFailed extends Error {
  override readonly name = 'SshFailed';
}

export class SshTunnel {
  readonly #address: SshAddress;
  readonly #patienceMs: number;
  readonly #closing = new AbortController();
  #way: Promise<Way> | null = null;

  constructor(address: SshAddress, patienceMs = OPEN_PATIENCE_MS) {
    this.#address = address;
    this.#patienceMs = patienceMs;
  }

  /** A connection to the engine. Rejects with SshFailed. */
  async connect(): Promise<Socket> {
    const way = await this.#wayThere();
    try {
      return await connected(way.socketPath);
    } catch {
      // Its ssh has ended, or is about to. What another says is why.
      way.end();
      await way.ended;
    }
    return connected((await this.#wayThere()).socketPath).catch((cause: Error) => {
      throw new SshFailed('the way to it has ended', { cause });
    });
  }

  /** Ends every connection, and resolves when nothing of the way is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    const way = await this.#way?.catch(() => null);
    await way?.ended;
  }

  #wayThere(): Promise<Way> {
    if (this.#closing.signal.aborted) throw new SshFailed('the way to it was closed');
    this.#way ??= this.#open();
    return this.#way;
  }

  #open(): Promise<Way> {
    const opening = openWay(this.#address, this.#patienceMs, this.#closing.signal);
    const forget = (): void => {
      if (this.#way === opening) this.#way = null;
    };
    opening.then(({ ended }) => ended.then(forget), forget);
    return opening;
  }
}

/** Has the requests of an HTTP client go through the tunnel. */
export class TunnelAgent extends Agent {
  readonly #tunnel: SshTunnel;

  constructor(tunnel: SshTunnel) {
    super({ keepAlive: true });
    this.#tunnel = tunnel;
  }

  override createConnection(_: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): null {
    this.#tunnel.connect().then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, null as never),
    );
    return null;
  }
}

interface Way {
  readonly socketPath: string;
  /** Ends ssh, if it has not ended. */
  end(): void;
  /** Resolves when ssh has ended and what it needed is removed. */
  readonly ended: Promise<void>;
}

async function openWay(address: SshAddress, patienceMs: number, closing: AbortSignal): Promise<Way> {
  const folder = await mkdtemp(join(tmpdir(), 'ved-ssh-'));
  const socketPath = join(folder, 'docker.sock');
  // In a session of its own: Ctrl+C is for the server, which has yet to end its containers through this.
  const ssh = spawn('ssh', sshArguments(address, socketPath), { stdio: 'pipe', detached: true, signal: closing });
  let said = '';
  ssh.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
  });
  ssh.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT') said = 'there is no program ssh on this machine';
    else if (code !== 'ABORT_ERR') said += `\n${message}`;
  });
  ssh.stdin.on('error', () => undefined);
  const ended = untilEnded(ssh).then(() => rm(folder, { recursive: true, force: true }));
  let stage: SshStage = 'host';
  let late: string | null = null;
  const patience = setTimeout(() => {
    // ssh makes our end of the forwarding once the host has let it in.
    late = explainSilence(stage === 'host' && existsSync(socketPath) ? 'shell' : stage, address);
    ssh.kill();
  }, patienceMs);
  try {
    await untilEchoed(ssh);
    stage = 'engine';
    await ping(socketPath);
    return { socketPath, ended, end: () => void ssh.kill() };
  } catch {
    ssh.kill();
    await ended;
    throw new SshFailed(late ?? explainSsh(said, address));
  } finally {
    clearTimeout(patience);
  }
}

async function connected(socketPath: string): Promise<Socket> {
  const socket = connect(socketPath);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when ssh has ended, and with it what it had started on this machine: a proxy keeps its streams open, and waits for an answer as long as it likes. */
async function untilEnded(ssh: ChildProcessWithoutNullStreams): Promise<void> {
  const closed = new Promise((resolve) => ssh.once('close', resolve));
  await new Promise<void>((resolve) => {
    ssh.once('exit', () => resolve());
    ssh.once('error', () => ssh.pid === undefined && resolve());
  });
  if (ssh.pid === undefined) return;
  endGroup(ssh.pid);
  await Promise.race([closed, pause(LAST_WORDS_MS, undefined, { ref: false })]);
  for (const stream of [ssh.stdin, ssh.stdout, ssh.stderr]) stream.destroy();
}

/** It leads the group, as it was started detached. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when the far end has said what we said; whatever greets us there before is passed over. */
async function untilEchoed(ssh: ChildProcessWithoutNullStreams): Promise<void> {
  const word = randomUUID();
  ssh.stdin.write(`${word}\n`);
  let heard = '';
  for await (const chunk of ssh.stdout.iterator({ destroyOnReturn: false })) {
    heard = heard.slice(-word.length) + (chunk as Buffer).toString('latin1');
    if (heard.includes(word)) break;
  }
  if (!heard.includes(word)) throw new Error('ssh ended');
  ssh.stdout.resume();
}

/** Whether an engine answers at the other end of the forwarding. Rejects when none does. */
function ping(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/_ping', agent: false }, (response) => {
      response.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}

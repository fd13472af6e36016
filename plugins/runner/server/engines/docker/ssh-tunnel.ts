/**
 * Owns the tunnel to a Docker engine on another machine: one `ssh` process that
 * forwards a local socket, in a folder that only this user can access, to the engine's.
 * It is opened on first use, and reopened after it has ended.
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

/** A slower connection would not be usable for runs. */
export const OPEN_PATIENCE_MS = 10_000;
/** Of ssh's stderr; its longest warning is 1 kB. */
const KEPT_CHARACTERS = 8192;
/** How long to wait for the end of ssh's stderr after it has exited, if another process keeps it open. */
const LAST_WORDS_MS = 500;

/** The tunnel failed. The message is the end of a sentence for people, without a full stop. */
export class SshFailed extends Error {
  override readonly name = 'SshFailed';
}

export class SshTunnel {
  private readonly address: SshAddress;
  private readonly patienceMs: number;
  private readonly closing = new AbortController();
  private tunnel: Promise<Tunnel> | null = null;

  constructor(address: SshAddress, patienceMs = OPEN_PATIENCE_MS) {
    this.address = address;
    this.patienceMs = patienceMs;
  }

  /** A connection to the engine. Rejects with SshFailed. */
  async connect(): Promise<Socket> {
    const tunnel = await this.currentTunnel();
    try {
      return await connected(tunnel.socketPath);
    } catch {
      // Its ssh has ended, or is about to. A new one will report why.
      tunnel.end();
      await tunnel.ended;
    }
    return connected((await this.currentTunnel()).socketPath).catch((cause: Error) => {
      throw new SshFailed('the ssh connection has ended', { cause });
    });
  }

  /** Ends every connection, and resolves when the tunnel is gone. */
  async close(): Promise<void> {
    this.closing.abort();
    const tunnel = await this.tunnel?.catch(() => null);
    await tunnel?.ended;
  }

  private currentTunnel(): Promise<Tunnel> {
    if (this.closing.signal.aborted) throw new SshFailed('the ssh connection was closed');
    this.tunnel ??= this.open();
    return this.tunnel;
  }

  private open(): Promise<Tunnel> {
    const opening = openTunnel(this.address, this.patienceMs, this.closing.signal);
    const forget = (): void => {
      if (this.tunnel === opening) this.tunnel = null;
    };
    opening.then(({ ended }) => ended.then(forget), forget);
    return opening;
  }
}

/** Routes the requests of an HTTP client through the tunnel. */
export class TunnelAgent extends Agent {
  private readonly tunnel: SshTunnel;

  constructor(tunnel: SshTunnel) {
    super({ keepAlive: true });
    this.tunnel = tunnel;
  }

  override createConnection(_: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): null {
    this.tunnel.connect().then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, null as never),
    );
    return null;
  }
}

interface Tunnel {
  readonly socketPath: string;
  /** Ends ssh, if it has not ended. */
  end(): void;
  /** Resolves when ssh has ended and its folder is removed. */
  readonly ended: Promise<void>;
}

async function openTunnel(address: SshAddress, patienceMs: number, closing: AbortSignal): Promise<Tunnel> {
  const folder = await mkdtemp(join(tmpdir(), 'ved-ssh-'));
  const socketPath = join(folder, 'docker.sock');
  // In its own session, so that Ctrl+C does not end it: the server still needs it to remove its containers.
  const ssh = spawn('ssh', sshArguments(address, socketPath), { stdio: 'pipe', detached: true, signal: closing });
  let said = '';
  ssh.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
  });
  ssh.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'ENOENT') said = 'the program ssh is not installed on this machine';
    else if (code !== 'ABORT_ERR') said += `\n${message}`;
  });
  ssh.stdin.on('error', () => undefined);
  const ended = untilEnded(ssh).then(() => rm(folder, { recursive: true, force: true }));
  let stage: SshStage = 'host';
  let late: string | null = null;
  const patience = setTimeout(() => {
    // ssh creates the local socket once the host has accepted it.
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

/** Resolves when ssh and its local child processes have ended: a proxy command may keep the streams open indefinitely. */
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

/** ssh leads its process group, because it was started detached. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when the remote side has echoed our input; any greeting before it is skipped. */
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

/** Resolves if an engine responds through the tunnel. */
function ping(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: '/_ping', agent: false }, (response) => {
      response.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}

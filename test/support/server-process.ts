/**
 * The built server in its own process, for tests of crashes, memory and start-up
 * time. All other tests start it in-process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** `VED_SERVER_MAIN` selects another build, to compare two. */
const MAIN = process.env.VED_SERVER_MAIN ?? resolve(import.meta.dirname, '../../build/server/main.js');

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Milliseconds from the spawn to the first answer of `/api/health`. */
  readonly healthyAfterMs: number;
  /** Sends SIGKILL and waits until it has ended. The data folder stays. */
  kill(): Promise<void>;
  /** Sends SIGTERM and waits; throws when it does not end. */
  stop(): Promise<void>;
}

/** A new data folder in the system's temporary folder; `remove` deletes it. */
export function temporaryDataDir(): { dataDir: string; remove(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'ved-data-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

async function untilGone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    const answered = await fetch(`${url}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((tick) => setImmediate(tick));
  }
}

/** Starts `build/server/main.js`, or another build, on a free port. Throws with its output when it ends before it listens. */
export async function startServerProcess(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  main: string = MAIN,
): Promise<ServerProcess> {
  const begun = performance.now();
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      VED_RUNNER: 'pyodide',
      VED_LOG_LEVEL: 'warn',
      ...env,
      VED_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`;
      const address = /http:\/\/[\w.:[\]]+/.exec(line)?.[0];
      if (address && !line.startsWith('{')) found(address);
    });
    child.once('exit', (code) => failed(new Error(`the server ended with ${code} before it listened:\n${said}`)));
  });
  await untilHealthy(url);
  return {
    url,
    pid: child.pid!,
    dataDir,
    healthyAfterMs: performance.now() - begun,
    kill: async () => {
      child.kill('SIGKILL');
      await untilGone(child);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await untilGone(child);
      if (child.exitCode !== 0) throw new Error(`the server stopped with ${child.exitCode ?? child.signalCode}:\n${said}`);
    },
  };
}

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server sent
  readonly body: any;
}

/** Calls the API as the signed-in person. */
export interface SignedIn {
  (method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  /** The `Cookie` header. */
  readonly cookie: string;
}

/** Signs in to a server process. */
export async function signedIn(url: string, username = 'ed1', password = '1editor'): Promise<SignedIn> {
  const login = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!login.ok) throw new Error(`could not sign in as ${username}: ${login.status} ${await login.text()}`);
  const cookie = login.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const call = async (method: string, path: string, body?: unknown): Promise<HttpAnswer> => {
    const response = await fetch(url + path, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
  };
  return Object.assign(call, { cookie });
}

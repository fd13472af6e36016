/**
 * Node's `process` as Pyright's language server uses it. The server thinks that
 * it is a child process with an IPC channel (`--node-ipc`): what it sends becomes
 * `postMessage`, and what the page posts is emitted as `message`.
 */
import { EventEmitter } from 'events';

declare const self: DedicatedWorkerGlobalScope;

const NANOSECONDS_PER_MS = 1e6;

function hrtime(since?: [number, number]): [number, number] {
  const nowNs = performance.now() * NANOSECONDS_PER_MS;
  const now: [number, number] = [Math.floor(nowNs / 1e9), nowNs % 1e9];
  return since ? [now[0] - since[0], now[1] - since[1]] : now;
}
hrtime.bigint = () => BigInt(Math.round(performance.now() * NANOSECONDS_PER_MS));

/** Ends the worker; the page sees an error and offers a restart. */
function exit(code = 0): never {
  self.reportError(new Error(`the language server ended with code ${code}`));
  self.close();
  throw new Error(`process.exit(${code})`);
}

export const process = Object.assign(new EventEmitter(), {
  argv: ['node', '/pyright/langserver.js', '--node-ipc'],
  execArgv: [] as string[],
  execPath: '/node',
  env: {} as Record<string, string>,
  platform: 'linux',
  arch: 'wasm',
  pid: 1,
  title: 'pyright',
  version: 'v20.0.0',
  versions: { node: '20.0.0' },
  release: { name: 'node' },
  connected: true,
  stdin: null,
  stdout: { isTTY: false, write: () => true },
  stderr: { isTTY: false, write: () => true },
  cwd: () => '/',
  chdir: () => undefined,
  umask: () => 0,
  uptime: () => performance.now() / 1000,
  emitWarning: () => undefined,
  // A worker cannot measure its heap; a small constant keeps Pyright from emptying its caches needlessly.
  memoryUsage: () => ({ heapUsed: 0, heapTotal: 1, rss: 1, external: 0, arrayBuffers: 0 }),
  nextTick: <A extends unknown[]>(callback: (...args: A) => void, ...args: A) => queueMicrotask(() => callback(...args)),
  hrtime,
  exit,
  disconnect: () => undefined,
  send: (message: unknown, _handle?: unknown, _options?: unknown, sent?: (error: Error | null) => void) => {
    self.postMessage(message);
    sent?.(null);
    return true;
  },
  binding: () => {
    throw new Error('process.binding does not exist in a browser');
  },
});

export default process;

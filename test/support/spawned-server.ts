/** The server in its own process, for tests that signal and kill it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface SpawnedServer {
  readonly child: ChildProcess;
  /** Its URL; rejects with its output when it ends before it listens. */
  readonly url: Promise<string>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Its standard error, once it has ended. */
  readonly stderr: Promise<string>;
}

/** Spawns a script, by default a server with only core, with the given settings. The caller ends it. */
export function spawnServer(env: Readonly<Record<string, string>>, script = new URL('./small-server.ts', import.meta.url)): SpawnedServer {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(script)], {
    env: { PATH: process.env.PATH, PORT: '0', VED_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const url = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const match = /^ved is at (\S+)/.exec(line);
      if (match?.[1]) resolve(match[1]);
    });
    stderr.then((written) => reject(new Error(`the server ended: ${written}`)), reject);
  });
  // Callers that only await the end need not handle this rejection.
  url.catch(() => undefined);
  return { child, url, ended, stderr };
}

/**
 * Runs the server process: prints its URL, or why it cannot start. Stops cleanly on a
 * signal. Also stops on an unhandled error, since the state is unknown after it, unless
 * only a third-party plugin is to blame.
 */
import { BootError, createServer, type ServerOptions, type VedServer } from '@ved/core/server';

/** Longer than the limits of all parts of a stop: one that takes this long hangs. */
const STOP_LIMIT_MS = 20_000;
/** The most unhandled errors to log until the process exits. */
const MAX_REPORTED = 10;

/** Node's default is 10, which a library's frames may fill before the plugin that called it appears. */
const STACK_FRAMES = 30;

const QUIET_AFTER_START_MS = 2_000;

/** For the first stream it sends, Koa checks whether it is a `Response`, so Node loads all of `fetch`: this blocks all requests for tens of milliseconds. */
function loadFetch(): void {
  void globalThis.Response;
}

/** Starts a server and ties it to the process. Resolves once it serves, or once the exit code is set. */
export async function runServer(options: ServerOptions): Promise<void> {
  Error.stackTraceLimit = STACK_FRAMES;
  // Files that the server creates are readable by its own user only.
  process.umask(0o077);
  const server = createServer({ tellDeveloper: (line) => process.stdout.write(`${line}\n`), ...options });
  stopInOrder(server);
  try {
    const { url } = await server.start();
    process.stdout.write(`ved is at ${url}\n`);
    setTimeout(loadFetch, QUIET_AFTER_START_MS).unref();
  } catch (error) {
    process.stderr.write(`ved cannot start: ${error instanceof BootError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
    // A plugin that hangs in its start must not keep the process alive.
    setTimeout(() => process.exit(), STOP_LIMIT_MS).unref();
  }
}

/** The first reason to stop does so cleanly; a second signal, or a hanging stop, exits immediately. */
function stopInOrder(server: VedServer): void {
  let stopping = false;
  let reported = 0;
  const stopWith = (exitCode: number) => {
    stopping = true;
    process.exitCode = exitCode;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    server.stop().then(
      () => process.exit(),
      (error) => {
        process.stderr.write(`ved did not stop cleanly: ${error}\n`);
        process.exit(1);
      },
    );
  };
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopWith(0);
  };
  /** A line of JSON, like the rest of the log; 60 is fatal. */
  const onUnhandled = (error: unknown) => {
    if (server.blame(error)) return;
    // An error while writing must not be reported endlessly.
    if (++reported > MAX_REPORTED) return;
    const err = error instanceof Error ? { type: error.name, message: error.message, stack: error.stack } : { message: String(error) };
    const msg = 'ved is stopping because of an unhandled error';
    process.stderr.write(`${JSON.stringify({ level: 60, time: new Date().toISOString(), err, msg })}\n`);
    if (stopping) process.exitCode = 1;
    else stopWith(1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', onUnhandled);
  process.on('unhandledRejection', onUnhandled);
}

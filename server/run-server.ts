/** The life of the server's process: says where it is, or what is in the way; stops in order on a signal. */
import { BootError, createServer, type ServerOptions } from '@ved/core/server';

/** A stop that takes longer than all its parts' own limits hangs. */
const STOP_LIMIT_MS = 20_000;

/** Starts a server and ties it to the process. Resolves once it serves, or once the exit code is set. */
export async function runServer(options: ServerOptions): Promise<void> {
  const server = createServer(options);
  stopOnSignals(() => server.stop());
  try {
    const { url } = await server.start();
    process.stdout.write(`ved is at ${url}\n`);
  } catch (error) {
    process.stderr.write(`ved cannot start: ${error instanceof BootError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
    // What a plugin left behind that hung in its start must not keep the process.
    setTimeout(() => process.exit(), STOP_LIMIT_MS).unref();
  }
}

/** The first signal stops in order; a second one, or a stop that hangs, ends at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`ved did not stop cleanly: ${error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

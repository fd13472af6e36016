/** Starts ved: one process, from the environment. Composition only. */
import { join } from 'node:path';
import { BootError, createServer, settingsHelp } from '@ved/core/server';
import { serverPlugins } from './plugins.ts';
import { findInstallation } from './root.ts';

/** A stop that takes longer than all its parts' own limits hangs. */
const STOP_LIMIT_MS = 20_000;

const { dir, version } = findInstallation();

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  process.stdout.write(
    `ved ${version}\n\nUsage: npm start\n\nSettings (environment variables, all optional) [default]:\n${settingsHelp(serverPlugins)}\n`,
  );
} else {
  await run();
}

async function run(): Promise<void> {
  const server = createServer({ plugins: serverPlugins, env: process.env, page: join(dir, 'build', 'page'), version });
  stopOnSignals(server.stop);
  try {
    const { url } = await server.start();
    process.stdout.write(`ved is at ${url}\n`);
  } catch (error) {
    process.stderr.write(`ved cannot start: ${error instanceof BootError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
    // A plugin that hung in its start must not keep the process.
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

/** A process that serves the ground alone; for tests of what only a process can show. */
import { runServer } from '../../server/run-server.ts';

// The error that nobody foresaw, when it is asked for.
process.on('SIGUSR2', () => {
  if (process.env.TEST_UNHANDLED === 'rejection') void Promise.reject(new Error('nobody foresaw this'));
  else throw new Error('nobody foresaw this');
});

// All that plugins by others may import takes a while to load.
const hostModules = process.env.TEST_PLUGINS ? (await import('../../server/plugins.ts')).hostModules : undefined;
await runServer({ plugins: [], hostModules, env: process.env, page: process.env.TEST_PAGE ?? null, version: '0.0.0-test' });

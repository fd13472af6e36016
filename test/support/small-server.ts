/** A process that serves only core; for tests that need a process. */
import { runServer } from '../../server/run-server.ts';

// Throws an unhandled error on request.
process.on('SIGUSR2', () => {
  if (process.env.TEST_UNHANDLED === 'rejection') void Promise.reject(new Error('nobody foresaw this'));
  else throw new Error('nobody foresaw this');
});

// Only if needed, since loading everything that third-party plugins may import takes a while.
const hostModules = process.env.TEST_PLUGINS ? (await import('../../server/plugins.ts')).hostModules : undefined;
await runServer({ plugins: [], hostModules, env: process.env, page: process.env.TEST_PAGE ?? null, version: '0.0.0-test' });

/** A process that serves the ground alone; for tests of what only a process can show. */
import { runServer } from '../../server/run-server.ts';

await runServer({ plugins: [], env: process.env, page: null, version: '0.0.0-test' });

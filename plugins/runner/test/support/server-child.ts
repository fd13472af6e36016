/** The server with the Node engine in its own process, for tests with `kill -9`. Prints its address on one line. */
import { startServer } from '../../../../test/support/server.ts';
import { nodeEnginePlugin } from './node-engine.ts';

const { url } = await startServer({
  morePlugins: [nodeEnginePlugin()],
  env: { VED_RUNNER: 'plugin:node', VED_RUN_CONCURRENCY: '2' },
  dataDir: process.argv[2]!,
});
console.log(url);

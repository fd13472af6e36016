/** The server with the Node engine as a process of its own, for what only `kill -9` shows. Says its address on one line. */
import { startServer } from '../../../../test/support/server.ts';
import { nodeEnginePlugin } from './node-engine.ts';

const { url } = await startServer({
  morePlugins: [nodeEnginePlugin()],
  env: { VED_RUNNER: 'plugin:node', VED_RUN_CONCURRENCY: '2' },
  dataDir: process.argv[2]!,
});
console.log(url);

/** A server with the catalog in its own process, to be killed. Writes its address to standard output. */
import { createServer } from '@ved/core/server';
import { gitPlugin } from '@ved/git/server';
import { catalogPlugin } from '../../server/index.ts';

const [dataDir, port] = process.argv.slice(2);
const env = { PORT: port, VED_LOG_LEVEL: 'error', VED_DATA_DIR: dataDir };
const server = createServer({ plugins: [gitPlugin, catalogPlugin], env, page: null, version: '0.0.0-test' });
const { url } = await server.start();
process.stdout.write(`${url}\n`);
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));

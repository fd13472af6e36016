/** A real server for tests: a free port, its own data folder, and only the given settings. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ServerOptions, type ServerPlugin } from '@ved/core/server';
import { hostModules, serverPlugins } from '../../server/plugins.ts';
import { Agent } from './agent.ts';
import { lendDatabase } from './prepared-database.ts';
import { keepSnapshot, lendSnapshot } from './pyodide-snapshot.ts';

export interface TestServerOptions {
  /** The plugins to start; all of ved's by default. */
  readonly plugins?: readonly ServerPlugin[];
  /** Additional plugins, such as one with an engine. */
  readonly morePlugins?: readonly ServerPlugin[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the server logs; nowhere by default. */
  readonly log?: ServerOptions['log'];
  readonly tellDeveloper?: ServerOptions['tellDeveloper'];
  /** A folder to use and keep; by default a new one that is removed at the end. */
  readonly dataDir?: string;
  /** Whether the server makes its database and first users by itself, as on a new machine; by default a new folder has them. */
  readonly firstStart?: boolean;
  /** The folder of a built page; none by default. */
  readonly page?: string | null;
  /** The program's version, as seen by third-party plugins. */
  readonly version?: string;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Signs in over HTTP; rejects on a refusal. */
  signIn(username: string, password: string): Promise<Agent>;
  /** A client without a session. */
  agent(): Agent;
  stop(): Promise<void>;
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ved-test-')));
  const removeFolder = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  const plugins = [...(options.plugins ?? serverPlugins), ...(options.morePlugins ?? [])];
  // No warm interpreters by default: most tests never run a script.
  const env: Readonly<Record<string, string>> = {
    PORT: '0',
    VED_POOL_SIZE: '0',
    VED_LOG_LEVEL: process.env.VED_TEST_LOG_LEVEL ?? 'silent',
    ...options.env,
    VED_DATA_DIR: dataDir,
  };
  const snapshots = env.VED_RUNNER === 'pyodide' ? join(dataDir, 'runner', 'pyodide') : null;
  if (snapshots) await lendSnapshot(snapshots);
  if (!options.firstStart) await lendDatabase(dataDir, plugins);
  const server = createServer({
    plugins,
    hostModules,
    env,
    page: options.page ?? null,
    version: options.version ?? '0.0.0-test',
    log: options.log,
    tellDeveloper: options.tellDeveloper,
  });
  try {
    const { url, port } = await server.start();
    return {
      url,
      port,
      dataDir,
      agent: () => new Agent(url),
      signIn: async (username, password) => {
        const agent = new Agent(url);
        const { status, body } = await agent.post('/api/auth/login', { username, password });
        if (status !== 200) throw new Error(`signing in as ${username} was refused: ${JSON.stringify(body)}`);
        return agent;
      },
      stop: async () => {
        await server.stop();
        if (snapshots) await keepSnapshot(snapshots);
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

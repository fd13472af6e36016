/**
 * Assembles the server: settings, data folder, database, accounts, plugins, HTTP.
 * `stop` releases everything that `start` acquired, in reverse order, even when
 * the start failed halfway.
 */
import { setMaxListeners } from 'node:events';
import { join, resolve } from 'node:path';
import { pluginRoutes, sessionRoutes, workspaceRoutes } from '@ved/core/contract';
import { type Logger, pino } from 'pino';
import { makeFirstUsers, UnchangedFirstUsers } from './accounts/first-users.ts';
import { LoginThrottle } from './accounts/login-throttle.ts';
import { coreMigrations } from './accounts/migrations.ts';
import { sessionHandlers } from './accounts/session-routes.ts';
import { SessionStore } from './accounts/session-store.ts';
import { SignIn } from './accounts/sign-in.ts';
import { UserStore } from './accounts/users.ts';
import { BootError } from './boot-error.ts';
import { coreSettings } from './core-settings.ts';
import { holdDataFolder, readSessionKey } from './data-folder.ts';
import { migrateUp } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import { EventHub } from './event-hub.ts';
import { DisabledPlugins } from './host/disabled-plugins.ts';
import { checkPlugins } from './host/graph.ts';
import { PluginHost } from './host/plugin-host.ts';
import { pluginHandlers } from './host/plugin-routes.ts';
import { createApp } from './http/app.ts';
import { ContractRouter } from './http/contract-router.ts';
import { listen } from './http/listen.ts';
import { isLoopbackAddress } from './http/local-request.ts';
import type { ServerPlugin } from './plugin.ts';
import type { HostModules } from './plugin-folders/host-modules.ts';
import { sendPluginFile } from './plugin-folders/plugin-files.ts';
import { PluginFolders } from './plugin-folders/plugin-folders.ts';
import type { SettingsDefinition } from './settings.ts';
import { type DeclaredSettings, describeSettings, type Environment, readSettings } from './settings-reader.ts';
import { HealthRegistry } from './workspace/health-registry.ts';
import { MetricsRegistries } from './workspace/metrics.ts';
import { UserState } from './workspace/user-state.ts';
import { workspaceHandlers } from './workspace/workspace-routes.ts';

export interface ServerOptions {
  readonly plugins: readonly ServerPlugin[];
  /** What third-party plugins may import; without it, none are loaded. */
  readonly hostModules?: HostModules;
  readonly env: Environment;
  /** The folder of the built page; null serves none. */
  readonly page: string | null;
  readonly version: string;
  /** Where to log; stderr by default. */
  readonly log?: Logger;
}

export interface VedServer {
  /** Resolves when requests are served. Throws BootError with all problems. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** Releases everything; may be called at any time and repeatedly. */
  stop(): Promise<void>;
}

/** The settings of each part, core's first. */
function declaredSettings(plugins: readonly ServerPlugin[]): DeclaredSettings[] {
  return [{ owner: 'core', settings: coreSettings }, ...plugins.map(({ id, settings = {} }) => ({ owner: id, settings }))];
}

/** The settings of core and plugins, a line each. */
export function settingsHelp(plugins: readonly ServerPlugin[]): string {
  return describeSettings(declaredSettings(plugins));
}

export function createServer(options: ServerOptions): VedServer {
  const releases: (() => Promise<void>)[] = [];
  let starting: ReturnType<VedServer['start']> | null = null;
  let stopped: Promise<void> | null = null;
  const stop = () => {
    // Wait for a start in progress to finish, since what it acquires must be released too.
    stopped ??= Promise.allSettled([starting]).then(() => releaseAll(releases));
    return stopped;
  };
  return {
    start: () => {
      starting ??= start(options, releases);
      return starting.catch(async (error) => {
        await stop();
        throw error;
      });
    },
    stop,
  };
}

async function releaseAll(releases: readonly (() => Promise<void>)[]): Promise<void> {
  for (const release of releases.toReversed()) await release();
}

async function start({ plugins, hostModules, env, page, version, log: givenLog }: ServerOptions, releases: (() => Promise<void>)[]) {
  const settings = readSettings(declaredSettings(plugins), env);
  const graph = checkPlugins(plugins);
  const faults = [...graph.faults, ...settings.faults];
  if (faults.length > 0) throw new BootError(faults);
  const core = settings.of(coreSettings);
  const log = givenLog ?? pino({ level: core.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  for (const name of settings.unknown) log.warn({ variable: name }, 'unknown setting; is it misspelt?');

  const dataDir = resolve(core.dataDir);
  const folder = await holdDataFolder(dataDir);
  releases.push(() => folder.release());
  const sessionSecret = core.sessionSecret ?? (await readSessionKey(dataDir));
  const db = openDatabase(join(dataDir, 'ved.sqlite'));
  releases.push(() => db.destroy());
  await migrateUp(db, 'core', coreMigrations);
  await makeFirstUsers(db);

  const stopping = new AbortController();
  // Every request in progress listens to it.
  setMaxListeners(0, stopping.signal);
  const router = new ContractRouter(stopping.signal);
  const events = new EventHub(log);
  const health = new HealthRegistry();
  const metrics = new MetricsRegistries();
  const shared = { events, dataDir, signal: stopping.signal };
  const readMore = (owner: string, declared: SettingsDefinition) =>
    readSettings([...declaredSettings(plugins), { owner, settings: declared }], env);
  const host = new PluginHost({ graph, db, log, version, settings, readSettings: readMore, router, health, metrics, shared });
  const disabled = new DisabledPlugins(db);
  const folders = new PluginFolders({ dir: join(dataDir, 'plugins'), host: version, modules: hostModules ?? {} });
  const pagePlugins = () => [
    ...host.states
      .filter(({ source, browser, state }) => source === 'built-in' && browser && state === 'started')
      .map(({ id }) => ({ id, module: null })),
    ...host.startedFolders.flatMap(({ id, browserEntry, stamp }) =>
      browserEntry === null ? [] : [{ id, module: `/plugins/${id}/${encodeURIComponent(browserEntry)}?v=${stamp}` }],
    ),
  ];
  const users = new UserStore(db);
  const firstUsers = new UnchangedFirstUsers(users);
  const signIn = new SignIn(users, new LoginThrottle(), log);
  const ground = router.scope('core', log);
  ground.implement(sessionRoutes, sessionHandlers(signIn, firstUsers));
  ground.implement(
    workspaceRoutes,
    workspaceHandlers({
      version,
      health,
      metrics,
      events,
      plugins: () => host.states,
      pagePlugins,
      routes: () => router.definitions,
      userState: new UserState(db),
    }),
  );
  ground.implement(pluginRoutes, pluginHandlers({ host, folders, disabled, events }));
  releases.push(() => host.stop());
  const disabledIds = await disabled.ids();
  await host.start(disabledIds);
  if (hostModules) await host.takeFolders(await folders.scan(), disabledIds);

  const loopback = isLoopback(core.host);
  const app = createApp({
    log,
    metrics: metrics.ground,
    router,
    sessions: new SessionStore(db),
    signIn,
    sessionSecret,
    page,
    sendPluginFile: (ctx) => sendPluginFile(ctx, host.startedFolders),
    trustProxy: core.trustProxy,
    loopback,
  });
  const http = await listen(app.callback(), { host: core.host, port: core.port, log });
  releases.push(() => http.close());
  releases.push(async () => stopping.abort());
  void host.ready();
  if (!loopback || core.trustProxy)
    warnOfPublishedPasswords().catch((error) => log.error({ err: error }, 'could not check whether the first passwords are unchanged'));
  return { url: `http://${core.host.includes(':') ? `[${core.host}]` : core.host}:${http.port}`, port: http.port };

  async function warnOfPublishedPasswords() {
    for (const { username } of await firstUsers.list()) {
      log.warn(
        { username },
        `this user still has the published first password, which is refused here; change it with: npm run user -- password ${username}`,
      );
    }
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

/**
 * Assembles the server: settings, data folder, database, accounts, plugins, HTTP.
 * `stop` releases everything that `start` acquired, in reverse order, even when
 * the start failed halfway.
 */
import { setMaxListeners } from 'node:events';
import { join, resolve } from 'node:path';
import { pluginRoutes, pluginsChanged, sessionRoutes, workspaceRoutes } from '@ved/core/contract';
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
import { Migrator } from './database/migrator.ts';
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
import { PluginDevelopment } from './plugin-folders/plugin-development.ts';
import { sendPluginFile } from './plugin-folders/plugin-files.ts';
import { PluginFolders } from './plugin-folders/plugin-folders.ts';
import { PluginStopped } from './plugin-stopped.ts';
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
  /** Receives lines for a plugin's developer (`VED_DEV_PLUGINS`): the outcome of the first load and of each reload. */
  readonly tellDeveloper?: (line: string) => void;
}

export interface VedServer {
  /** Resolves when requests are served. Throws BootError with all problems. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** Releases everything; may be called at any time and repeatedly. */
  stop(): Promise<void>;
  /** Whether an unhandled error comes from a third-party plugin. If so, that plugin is stopped; everything else keeps running. */
  blame(error: unknown): boolean;
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
  const parts: Parts = { host: null };
  let starting: ReturnType<VedServer['start']> | null = null;
  let stopped: Promise<void> | null = null;
  const stop = () => {
    // Wait for a start in progress to finish, since what it acquires must be released too.
    stopped ??= Promise.allSettled([starting]).then(() => releaseAll(releases));
    return stopped;
  };
  return {
    start: () => {
      starting ??= start(options, releases, parts);
      return starting.catch(async (error) => {
        await stop();
        throw error;
      });
    },
    stop,
    blame: (error) => parts.host?.blame(error) ?? false,
  };
}

/** Parts that `start` sets once they exist. */
interface Parts {
  host: PluginHost | null;
}

async function releaseAll(releases: readonly (() => Promise<void>)[]): Promise<void> {
  for (const release of releases.toReversed()) await release();
}

async function start(
  { plugins, hostModules, env, page, version, log: givenLog, tellDeveloper }: ServerOptions,
  releases: (() => Promise<void>)[],
  parts: Parts,
) {
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
  const migrator = await Migrator.open({
    db,
    dataDir,
    onBackup: (file, plugin) => log.info({ file: join(dataDir, file), plugin }, 'backed up the database before migrating it'),
  });
  await migrator.migrate('core', coreMigrations).catch((error) => {
    throw new BootError([error.message], { cause: error });
  });
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
  const onFailed = (id: string) => events.publish(pluginsChanged, { id, by: null });
  const host = new PluginHost({
    graph,
    db,
    migrator,
    log,
    version,
    settings,
    readSettings: readMore,
    router,
    health,
    metrics,
    shared,
    onFailed,
  });
  parts.host = host;
  const disabled = new DisabledPlugins(db);
  const developed = core.developedPlugins;
  const folders = new PluginFolders({ dir: join(dataDir, 'plugins'), developed, host: version, modules: hostModules ?? {} });
  const pagePlugins = () => [
    ...host.states
      .filter(({ source, browser, state }) => source === 'built-in' && browser && state === 'started')
      .map(({ id }) => ({ id, module: null, style: null })),
    ...host.startedFolders.flatMap(({ id, browserEntry, browserStyle, stamp }) => {
      const addressOf = (file: string) => `/plugins/${id}/${file.split('/').map(encodeURIComponent).join('/')}?v=${stamp}`;
      return browserEntry === null ? [] : [{ id, module: addressOf(browserEntry), style: browserStyle && addressOf(browserStyle) }];
    }),
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
  const developedStamp = await folders.developedStamp();
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
  releases.push(async () => stopping.abort(new PluginStopped('The server stopped.')));
  void host.ready();
  if (developed.length > 0) {
    const development = new PluginDevelopment({ folders, host, disabled, events, log, tell: tellDeveloper ?? (() => undefined) });
    releases.push(() => development.stop());
    await development.start(developedStamp);
  }
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

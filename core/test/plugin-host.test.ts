import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Token } from '@lumino/coreutils';
import { defineRoutes, type PluginState } from '@ved/core/contract';
import { BootError, defineSettings, openDatabase, type PluginContext, type ServerPlugin } from '@ved/core/server';
import { expect } from 'chai';
import { pino } from 'pino';
import { Counter } from 'prom-client';
import { z } from 'zod';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { Migrator } from '../server/database/migrator.ts';
import { EventHub } from '../server/event-hub.ts';
import { checkPlugins } from '../server/host/graph.ts';
import { PluginHost } from '../server/host/plugin-host.ts';
import { ContractRouter } from '../server/http/contract-router.ts';
import { readSettings } from '../server/settings-reader.ts';
import { HealthRegistry } from '../server/workspace/health-registry.ts';
import { MetricsRegistries } from '../server/workspace/metrics.ts';
import { deferred } from './support/deferred.ts';
import { plugin } from './support/plugins.ts';

const Clock = new Token<{ now(): number }>('test:Clock');

async function rejection(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('this was expected to be refused');
}

describe('a server with plugins', () => {
  it('starts them in dependency order, passes on services, and stops in reverse', async () => {
    const steps: string[] = [];
    const noting = (id: string, parts: Partial<ServerPlugin>, onStart: (context: PluginContext) => unknown = () => undefined) =>
      plugin(id, {
        ...parts,
        start: async (context) => {
          steps.push(`start ${id}`);
          return { service: onStart(context), stop: async () => void steps.push(`stop ${id}`) };
        },
      });
    let seen: number | null = null;
    const server = await startServer({
      plugins: [
        noting('user', { requires: [Clock] }, ({ services }) => {
          seen = services.get(Clock).now();
        }),
        noting('clock', { provides: Clock }, () => ({ now: () => 42 })),
      ],
    });
    await server.stop();
    expect(seen).to.equal(42);
    expect(steps).to.deep.equal(['start clock', 'start user', 'stop user', 'stop clock']);
  });

  it('calls ready once requests are served', async () => {
    const { promise, resolve } = deferred();
    const server = await startServer({
      plugins: [plugin('late', { start: async () => ({ ready: async () => resolve(), stop: async () => undefined }) })],
    });
    await promise;
    await server.stop();
  });

  it('refuses to start and reports all faults of plugins and settings together', async () => {
    const settings = defineSettings({ size: { variable: 'VED_SIZE', schema: z.enum(['big']), description: '' } });
    const started: string[] = [];
    const start = async () => {
      started.push('started');
      return { stop: async () => undefined };
    };
    const error = await rejection(
      startServer({
        plugins: [plugin('a', { requires: [Clock], settings, start }), plugin('a', { start })],
        env: { VED_SIZE: 'small', PORT: 'x' },
      }),
    );
    expect(error).to.be.instanceOf(BootError);
    expect((error as BootError).faults).to.have.length(4);
    expect(started).to.deep.equal([]);
  });

  it('aborts when a required plugin fails, and stops what had started', async () => {
    const steps: string[] = [];
    const first = plugin('first', { start: async () => ({ stop: async () => void steps.push('stopped first') }) });
    const broken = plugin('broken', { start: () => Promise.reject(new Error('no paper in the printer')) });
    const error = await rejection(startServer({ plugins: [first, broken] }));
    expect(error.message).to.equal('the plugin broken did not start: no paper in the printer');
    expect(steps).to.deep.equal(['stopped first']);
  });

  it('refuses to give a plugin a service that it did not declare', async () => {
    const asking = plugin('asking', {
      start: async ({ services }) => {
        services.get(Clock);
        return { stop: async () => undefined };
      },
    });
    const clock = plugin('clock', { provides: Clock, start: async () => ({ service: { now: () => 1 }, stop: async () => undefined }) });
    expect((await rejection(startServer({ plugins: [clock, asking] }))).message).to.contain('without naming it in requires');
  });

  it('refuses a plugin that does not return the service it declared', async () => {
    expect((await rejection(startServer({ plugins: [plugin('clock', { provides: Clock })] }))).message).to.contain('returned no service');
  });

  describe('when an optional one fails', () => {
    const routes = defineRoutes({ time: { method: 'GET', path: '/api/time', access: 'public', summary: '', response: z.number() } });
    const clock = plugin('clock', {
      required: false,
      provides: Clock,
      start: ({ router }) => {
        router.implement(routes, { time: () => 1 });
        return Promise.reject(new Error('the spring broke'));
      },
    });
    const needy = plugin('needy', { required: false, requires: [Clock] });
    let found: unknown = 'not asked';
    const content = plugin('content', {
      optional: [Clock],
      start: async ({ services }) => {
        found = services.find(Clock);
        return { stop: async () => undefined };
      },
    });

    it('continues, lists it and its dependants as failed, and serves none of its routes', async () => {
      const server = await startServer({ plugins: [content, needy, clock] });
      const agent = await server.signIn('mo1', '2viewer');
      const { body } = await agent.get('/api/plugins');
      expect(body.map(({ id, state, required, error }: PluginState) => ({ id, state, required, error }))).to.deep.equal([
        { id: 'clock', state: 'failed', required: false, error: 'the spring broke' },
        { id: 'content', state: 'started', required: true, error: null },
        { id: 'needy', state: 'failed', required: false, error: 'it requires test:Clock, and its provider clock failed' },
      ]);
      expect(found).to.equal(null);
      expect((await agent.get('/api/time')).status).to.equal(404);
      expect((await agent.get('/api/health')).body.status).to.equal('degraded');
      await server.stop();
    });
  });
});

describe('a plugin that is disabled and enabled', () => {
  const routes = defineRoutes({
    time: { method: 'GET', path: '/api/time', access: 'public', summary: '', response: z.number() },
    ticks: { method: 'GET', path: '/api/ticks', access: 'viewer', summary: '', response: 'event-stream' },
  });
  let starts = 0;
  const clock = plugin('clock', {
    required: false,
    browser: true,
    provides: Clock,
    start: async ({ router, health, metrics, signal }) => {
      starts += 1;
      new Counter({ name: 'ticks_total', help: 'Ticks', registers: [metrics] });
      health.report('clock', () => ({ value: 'goes' }));
      router.implement(routes, {
        time: () => starts,
        ticks: async function* () {
          yield { event: 'tick', data: 1 };
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        },
      });
      return { service: { now: () => starts }, stop: async () => undefined };
    },
  });
  const needy = plugin('needy', { required: false, requires: [Clock] });
  const seen: (number | null)[] = [];
  const content = plugin('content', {
    optional: [Clock],
    start: async ({ services }) => {
      seen.push(services.find(Clock)?.now() ?? null);
      return { stop: async () => undefined };
    },
  });
  const plugins = [content, needy, clock, plugin('page', { required: false, browser: true, start: undefined })];
  let dataDir: string;
  let server: TestServer;
  let ed1: Agent;
  const begin = async () => {
    server = await startServer({ plugins, dataDir });
    ed1 = await server.signIn('ed1', '1editor');
  };
  const states = async (agent = ed1) =>
    Object.fromEntries((await agent.get('/api/plugins')).body.map(({ id, state }: PluginState) => [id, state]));

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-plugins-'));
    await begin();
  });
  after(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  it('is stopped, its registrations are removed, and its dependants restart without it', async () => {
    const stream = ed1.events('/api/ticks');
    expect((await stream.next()).value).to.include({ event: 'tick' });
    const news = ed1.events('/api/events');
    await news.next();
    const ofPage = async () => (await ed1.get('/api/workspace/boot')).body.plugins.map(({ id }: { id: string }) => id);
    expect(await ofPage()).to.deep.equal(['clock', 'page']);
    const { status, body } = await ed1.post('/api/plugins/clock/disable');
    expect(status).to.equal(200);
    expect(body).to.deep.include({
      id: 'clock',
      name: '@ved/clock',
      version: '0.0.0-test',
      source: 'built-in',
      state: 'disabled',
      required: false,
      error: null,
      server: true,
      browser: true,
      brings: { routes: [], settings: [], tables: [] },
    });
    expect(body.find(({ id }: PluginState) => id === 'needy').error).to.equal('it requires test:Clock, and its provider clock is disabled');
    expect(await states()).to.deep.equal({ clock: 'disabled', content: 'started', needy: 'failed', page: 'started' });
    expect((await stream.next()).done).to.equal(true);
    expect((await news.next()).value).to.deep.include({ event: 'core/plugins-changed', data: { id: 'clock', by: 'ed1' } });
    expect((await ed1.get('/api/time')).status).to.equal(404);
    expect((await ed1.get('/api/health')).body).to.not.have.property('clock');
    expect((await ed1.get('/metrics')).body).to.not.contain('ticks_total');
    expect(seen).to.deep.equal([1, null]);
    expect(await ofPage()).to.deep.equal(['page']);
  });

  it('stays disabled after a restart of the server, and is enabled again with its dependants', async () => {
    await server.stop();
    await begin();
    expect(await states()).to.deep.equal({ clock: 'disabled', content: 'started', needy: 'failed', page: 'started' });
    expect((await ed1.post('/api/plugins/clock/enable')).status).to.equal(200);
    expect(await states()).to.deep.equal({ clock: 'started', content: 'started', needy: 'started', page: 'started' });
    expect((await ed1.get('/api/time')).body).to.equal(2);
    expect((await ed1.get('/metrics')).body).to.contain('ticks_total');
    expect(seen.at(-1)).to.equal(2);
  });

  it('must exist and not be required, and only editors can disable and enable it', async () => {
    expect((await ed1.post('/api/plugins/content/disable')).body).to.include({ status: 409, code: 'core/required-plugin' });
    for (const what of ['enable', 'disable'])
      expect((await ed1.post(`/api/plugins/nowhere/${what}`)).body).to.include({ status: 404, code: 'core/unknown-plugin' });
    const mo1 = await server.signIn('mo1', '2viewer');
    expect((await mo1.post('/api/plugins/clock/disable')).status).to.equal(403);
  });

  it('handles concurrent requests one after another', async () => {
    await Promise.all(['disable', 'enable', 'disable', 'enable'].map((what) => ed1.post(`/api/plugins/clock/${what}`)));
    expect(await states()).to.deep.equal({ clock: 'started', content: 'started', needy: 'started', page: 'started' });
  });
});

describe('a plugin host with short limits', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ved-host-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function withHost(
    plugins: ServerPlugin[],
    limits: { startLimitMs?: number; stopLimitMs?: number },
    work: (host: PluginHost) => Promise<void>,
  ) {
    const log = pino({ level: 'silent' });
    const signal = new AbortController().signal;
    const db = openDatabase(join(dir, 'db.sqlite'));
    const ground = { health: new HealthRegistry(), metrics: new MetricsRegistries(), router: new ContractRouter(signal) };
    const shared = { events: new EventHub(log), dataDir: dir, signal };
    try {
      const settings = readSettings([], {});
      const migrator = await Migrator.open({ db, dataDir: dir, onBackup: () => undefined });
      await work(
        new PluginHost({ graph: checkPlugins(plugins), db, migrator, log, version: '1.2.3', settings, shared, ...ground, ...limits }),
      );
    } finally {
      await db.destroy();
    }
  }

  it('names the plugin whose start takes too long', async () => {
    await withHost([plugin('slow', { start: () => new Promise(() => undefined) })], { startLimitMs: 100 }, async (host) => {
      expect((await rejection(host.start())).message).to.contain('starting the plugin slow took longer than 0.1 s');
    });
  });

  it('stops a plugin that starts after its limit', async () => {
    const late = deferred<{ stop(): Promise<void> }>();
    const stopped = deferred();
    await withHost([plugin('slow', { required: false, start: () => late.promise })], { startLimitMs: 50 }, async (host) => {
      await host.start();
      late.resolve({ stop: async () => stopped.resolve() });
      await stopped.promise;
    });
  });

  it('stops the others when one does not stop', async () => {
    const steps: string[] = [];
    const first = plugin('first', { start: async () => ({ stop: async () => void steps.push('first') }) });
    const stuck = plugin('stuck', { start: async () => ({ stop: () => new Promise(() => undefined) }) });
    await withHost([first, stuck], { stopLimitMs: 50 }, async (host) => {
      await host.start();
      await host.stop();
      expect(steps).to.deep.equal(['first']);
    });
  });

  it('shows a plugin whose ready fails as failed', async () => {
    const broken = plugin('broken', {
      start: async () => ({ ready: () => Promise.reject(new Error('no ink')), stop: async () => undefined }),
    });
    await withHost([broken], {}, async (host) => {
      await host.start();
      await host.ready();
      expect(host.states).to.deep.equal([
        {
          id: 'broken',
          name: '@ved/broken',
          version: '1.2.3',
          source: 'built-in',
          state: 'failed',
          required: true,
          error: 'after the start: no ink',
          server: true,
          browser: false,
        },
      ]);
      await host.stop();
    });
  });
});

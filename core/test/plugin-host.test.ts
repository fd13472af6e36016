import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Token } from '@lumino/coreutils';
import { defineRoutes } from '@ved/core/contract';
import { BootError, defineSettings, openDatabase, type PluginContext, type ServerPlugin } from '@ved/core/server';
import { expect } from 'chai';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { startServer } from '../../test/support/server.ts';
import { EventHub } from '../server/event-hub.ts';
import { checkPlugins } from '../server/host/graph.ts';
import { PluginHost } from '../server/host/plugin-host.ts';
import { ContractRouter } from '../server/http/contract-router.ts';
import { readSettings } from '../server/settings-reader.ts';
import { HealthRegistry } from '../server/workspace/health-registry.ts';
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
  it('starts them in the order of their needs, hands services on, and stops in reverse', async () => {
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

  it('refuses to start for every fault of plugins and settings together', async () => {
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

  it('refuses a plugin a service that it did not declare', async () => {
    const asking = plugin('asking', {
      start: async ({ services }) => {
        services.get(Clock);
        return { stop: async () => undefined };
      },
    });
    const clock = plugin('clock', { provides: Clock, start: async () => ({ service: { now: () => 1 }, stop: async () => undefined }) });
    expect((await rejection(startServer({ plugins: [clock, asking] }))).message).to.contain('without naming it in requires');
  });

  it('refuses a plugin that does not return the service that it promised', async () => {
    expect((await rejection(startServer({ plugins: [plugin('clock', { provides: Clock })] }))).message).to.contain('returned no service');
  });

  describe('of which an optional one fails', () => {
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

    it('goes on, shows it and those that need it as failed, and serves none of its routes', async () => {
      const server = await startServer({ plugins: [content, needy, clock] });
      const agent = await server.signIn('mo1', '2viewer');
      const { body } = await agent.get('/api/plugins');
      expect(body).to.deep.equal([
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
    const shared = { events: new EventHub(log), health: new HealthRegistry(), metrics: new Registry(), dataDir: dir, signal };
    const router = new ContractRouter(signal);
    try {
      await work(new PluginHost({ graph: checkPlugins(plugins), db, log, settings: readSettings([], {}), router, shared, ...limits }));
    } finally {
      await db.destroy();
    }
  }

  it('names the plugin whose start takes too long', async () => {
    await withHost([plugin('slow', { start: () => new Promise(() => undefined) })], { startLimitMs: 100 }, async (host) => {
      expect((await rejection(host.start())).message).to.contain('starting the plugin slow took longer than 0.1 s');
    });
  });

  it('stops a plugin that comes up after its limit', async () => {
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
      expect(host.states).to.deep.equal([{ id: 'broken', state: 'failed', required: true, error: 'after the start: no ink' }]);
      await host.stop();
    });
  });
});

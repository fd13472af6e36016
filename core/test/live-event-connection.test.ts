import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineEvent } from '@ved/core/contract';
import type { EventBus } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { Agent } from '../../test/support/agent.ts';
import { type Door, startDoor } from '../../test/support/door.ts';
import { openStatePage, type StatePage, until } from '../../test/support/page-fetch.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import type { LiveEventConnection } from '../browser/live/live-events.ts';
import { plugin } from './support/plugins.ts';

const changed = defineEvent('sample/changed', z.object({ id: z.number() }));

describe("a page's live events", () => {
  let dataDir: string;
  let server: TestServer;
  let bus: EventBus;
  let door: Door;
  let viewer: Agent;
  let page: StatePage;
  let live: LiveEventConnection;
  /** What arrived: the ids of events, and `resumed`. */
  let arrived: (number | 'resumed')[];
  let onArrival = () => undefined as unknown;

  const start = (port = '0') =>
    startServer({
      dataDir,
      env: { PORT: port },
      plugins: [
        plugin('sample', {
          start: async ({ events }) => {
            bus = events;
            return { stop: async () => undefined };
          },
        }),
      ],
    });
  const publish = (...ids: number[]) => {
    for (const id of ids) bus.publish(changed, { id });
  };
  const untilSo = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      onArrival = () => holds() && resolve();
      onArrival();
    });
  const untilArrived = (count: number) => untilSo(() => arrived.length >= count);
  const signIn = () => viewer.post('/api/auth/login', { username: 'mo1', password: '2viewer' });
  const untilWaiting = () => until(live.stateChanged, () => live.retryAt !== null);

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-live-'));
    server = await start();
    door = await startDoor({ port: server.port, host: '127.0.0.1' });
  });
  after(async () => {
    await door.shut();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await door.open();
    viewer = new Agent(door.url);
    await signIn();
    page = await openStatePage(viewer);
    live = page.live;
    arrived = [];
    live.on(changed, ({ id }) => {
      arrived.push(id);
      onArrival();
    });
    live.resumed.connect(() => {
      arrived.push('resumed');
      onArrival();
    });
  });
  afterEach(() => page.close());

  it('arrive in order, also those from before the connection was open', async () => {
    publish(1, 2);
    await untilArrived(2);
    publish(3);
    await untilArrived(3);
    expect(arrived).to.deep.equal([1, 2, 3]);
  });

  it('no longer reach a listener that was disposed', async () => {
    const heard: number[] = [];
    const listening = live.on(changed, ({ id }) => heard.push(id));
    publish(1);
    await untilArrived(1);
    listening.dispose();
    publish(2);
    await untilArrived(2);
    expect(heard).to.deep.equal([1]);
  });

  it('that were missed while the connection was lost are delivered once it is back', async () => {
    publish(1);
    await untilArrived(1);
    await door.shut();
    await untilWaiting();
    expect(live.state).to.equal('offline');
    publish(2, 3);
    await door.open();
    live.retryNow();
    await untilArrived(4);
    expect(arrived).to.deep.equal([1, 'resumed', 2, 3]);
    expect([live.state, live.retryAt]).to.deep.equal(['online', null]);
  });

  it('are tried again after longer and longer waits', async () => {
    publish(1);
    await untilArrived(1);
    await door.shut();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      await untilWaiting();
      waits.push(Math.round((live.retryAt! - Date.now()) / 1000));
      live.retryNow();
      await until(live.stateChanged, () => live.retryAt === null);
    }
    expect(waits).to.deep.equal([1, 2, 3]);
  });

  it('stop when the session is lost, and go on once signed in again', async () => {
    publish(1);
    await untilArrived(1);
    await viewer.post('/api/auth/logout');
    live.sessionFound();
    await until(live.stateChanged, () => live.state === 'signed-out' && live.retryAt !== null);
    expect(live.refusal).to.equal(null);
    await signIn();
    publish(2);
    live.sessionFound();
    await untilSo(() => arrived.includes(2));
    expect(live.state).to.equal('online');
  });

  it('continue on a new session without a loss', async () => {
    publish(1);
    await untilArrived(1);
    live.sessionFound();
    publish(2);
    await untilArrived(3);
    expect(arrived).to.deep.equal([1, 'resumed', 2]);
    expect(live.state).to.equal('online');
  });

  it('ask for a reload when the server was restarted, and go on', async () => {
    publish(1);
    await untilArrived(1);
    await server.stop();
    await untilWaiting();
    server = await start(String(server.port));
    live.retryNow();
    // Once because the connection was lost, and once because the new process does not have what was missed.
    await untilArrived(3);
    publish(2);
    await untilArrived(4);
    expect(arrived).to.deep.equal([1, 'resumed', 'resumed', 2]);
  });
});

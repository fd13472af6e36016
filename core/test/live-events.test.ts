import { defineEvent } from '@ved/core/contract';
import type { EventBus } from '@ved/core/server';
import { expect } from 'chai';
import { pino } from 'pino';
import { z } from 'zod';
import type { Agent } from '../../test/support/agent.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { EventHub } from '../server/event-hub.ts';
import { plugin } from './support/plugins.ts';

const changed = defineEvent('sample/changed', z.object({ id: z.number() }));

describe('live events over HTTP', () => {
  let server: TestServer;
  let bus: EventBus;
  before(async () => {
    const publishing = plugin('sample', {
      start: async ({ events }) => {
        bus = events;
        return { stop: async () => undefined };
      },
    });
    server = await startServer({ plugins: [publishing] });
  });
  after(() => server.stop());

  it('reach every signed-in page, without undeclared members', async () => {
    const streams = await Promise.all(
      [server.signIn('ed1', '1editor'), server.signIn('mo1', '2viewer')].map(async (agent) => (await agent).events('/api/events')),
    );
    for (const stream of streams) expect((await stream.next()).value).to.deep.include({ event: 'ready' });
    bus.publish(changed, { id: 1, secret: 'x' } as never);
    for (const stream of streams) {
      expect((await stream.next()).value).to.deep.include({ event: 'sample/changed', data: { id: 1 } });
      await stream.return(undefined);
    }
  });

  const lastSeen: Record<string, (viewer: Agent) => Promise<string>> = {
    'the one that a client saw last': async (viewer) => {
      for await (const { id } of viewer.events('/api/events')) return id ?? '';
      return '';
    },
    'the answer that a page starts with': async (viewer) => (await viewer.get('/api/workspace/boot')).body.last_event_id,
  };
  for (const [what, find] of Object.entries(lastSeen))
    it(`are sent after ${what}`, async () => {
      const viewer = await server.signIn('mo1', '2viewer');
      const lastEventId = await find(viewer);
      bus.publish(changed, { id: 2 });
      bus.publish(changed, { id: 3 });
      const events = [];
      for await (const event of viewer.events('/api/events', { lastEventId })) {
        events.push(event);
        if (events.length === 3) break;
      }
      expect(events.map(({ event, data }) => [event, data.id])).to.deep.equal([
        ['ready', undefined],
        ['sample/changed', 2],
        ['sample/changed', 3],
      ]);
    });

  it('are refused without signing in', async () => {
    expect((await server.agent().get('/api/events')).status).to.equal(401);
  });
});

describe('the hub of live events', () => {
  let hub: EventHub;
  let leave: AbortController;
  beforeEach(() => {
    hub = new EventHub(pino({ level: 'silent' }));
    leave = new AbortController();
  });
  afterEach(() => leave.abort());
  const follow = (lastEventId: string | null) => hub.follow(lastEventId, leave.signal);
  const publish = (count: number) => {
    for (let id = 1; id <= count; id++) hub.publish(changed, { id });
  };

  it('tells a client to reload when it missed too much', async () => {
    const first = await follow(null).next();
    publish(1001);
    expect((await follow(first.value.id).next()).value.event).to.equal('reset');
  });

  it('tells a client of a previous server process to reload', async () => {
    for (const id of ['0123456789ab-3', 'nonsense', '']) expect((await follow(id).next()).value.event).to.equal('reset');
  });

  it('can be resumed from the first event', async () => {
    const { value } = await follow(null).next();
    publish(1);
    const stream = follow(value.id);
    await stream.next();
    expect((await stream.next()).value.data).to.deep.equal({ id: 1 });
  });

  it('tells a slow client to reload, and continues with new events', async () => {
    const stream = follow(null);
    await stream.next();
    publish(1005);
    expect((await stream.next()).value.event).to.equal('reset');
    publish(1);
    expect((await stream.next()).value.data).to.deep.equal({ id: 1 });
  });

  it('buffers a limited number of bytes, and resumes clients that missed less', async () => {
    const told = defineEvent('sample/told', z.object({ text: z.string() }));
    const first = await follow(null).next();
    for (let count = 0; count < 100; count++) hub.publish(told, { text: 'x'.repeat(100_000) });
    expect(hub.size.bytes).to.be.within(3_900_000, 4 * 1024 * 1024);
    const late = follow(null);
    const { value } = await late.next();
    publish(1);
    const resumed = follow(value.id);
    expect((await resumed.next()).value.event).to.equal('ready');
    expect((await resumed.next()).value.data).to.deep.equal({ id: 1 });
    expect((await follow(first.value.id).next()).value.event).to.equal('reset');
  });

  it('keeps only the last event of a type that contains the whole state, and can still resume other clients', async () => {
    const everything = defineEvent('sample/everything', z.object({ text: z.string() }), { latestOnly: true });
    const first = await follow(null).next();
    publish(1);
    for (let count = 1; count <= 5000; count++) hub.publish(everything, { text: `${count}`.padEnd(10_000) });
    expect(hub.size.events).to.equal(2);
    const resumed = follow(first.value.id);
    const told = [];
    for (let count = 0; count < 3; count++) told.push((await resumed.next()).value);
    expect(told.map(({ event }) => event)).to.deep.equal(['ready', 'sample/changed', 'sample/everything']);
    expect(told[2].data.text.trim()).to.equal('5000');
  });

  it('continues when a subscriber fails, and stops calling one that unsubscribed', () => {
    const heard: unknown[] = [];
    const unsubscribe = hub.subscribe(({ data }) => heard.push(data));
    hub.subscribe(() => {
      throw new Error('a subscriber failed');
    });
    hub.subscribe(({ type }) => heard.push(type));
    publish(1);
    unsubscribe();
    publish(1);
    expect(heard).to.deep.equal([{ id: 1 }, 'sample/changed', 'sample/changed']);
  });

  it('ends when the client disconnects', async () => {
    const stream = follow(null);
    await stream.next();
    const next = stream.next();
    leave.abort();
    expect((await next).done).to.equal(true);
  });
});

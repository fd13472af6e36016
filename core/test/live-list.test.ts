import { defineEvent, defineRoutes } from '@ved/core/contract';
import type { EventBus } from '@ved/core/server';
import { expect } from 'chai';
import { z } from 'zod';
import { openStatePage, type StatePage, until } from '../../test/support/page-fetch.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { createClient } from '../browser/client/api-client.ts';
import type { ApiError } from '../browser/client/api-error.ts';
import { LiveList } from '../browser/live/live-list.ts';
import type { LiveEvents } from '../browser/tokens.ts';
import { type Deferred, deferred } from './support/deferred.ts';
import { serving } from './support/plugins.ts';

const routes = defineRoutes({
  numbers: {
    method: 'GET',
    path: '/api/sample/numbers',
    access: 'viewer',
    summary: 'The numbers from a first one',
    query: z.object({ from: z.coerce.number().min(0) }),
    response: z.array(z.number()),
  },
});
const changed = defineEvent('sample/changed', z.object({}));
const client = createClient(routes);

class Numbers extends LiveList {
  numbers: readonly number[] = [];
  loading: Promise<void> = Promise.resolve();
  private from = 0;

  constructor(live: LiveEvents) {
    super(live);
    this.on(changed, () => this.reload());
  }
  show(from: number): void {
    this.from = from;
    this.forget();
    this.reload();
  }
  reload(): void {
    const { from } = this;
    this.loading = this.load(
      () => client.numbers({ query: { from } }),
      () => from === this.from,
      (numbers) => {
        this.numbers = numbers;
      },
    );
  }
}

describe('a list that is kept up to date', () => {
  let server: TestServer;
  let bus: EventBus;
  let page: StatePage;
  let list: Numbers;
  let stored = [1, 2];
  /** Holds the next response until the test lets it go. */
  let hold: { readonly reached: Deferred<void>; readonly letGo: Deferred<void> } | null = null;
  let requests = 0;

  before(async () => {
    const numbers = async ({ query }: { query: { from: number } }) => {
      requests += 1;
      const answer = stored.filter((number) => number >= query.from);
      const held = hold;
      hold = null;
      held?.reached.resolve();
      await held?.letGo.promise;
      return answer;
    };
    server = await startServer({
      plugins: [
        serving(routes, { numbers }, ({ events }) => {
          bus = events;
        }),
      ],
    });
    page = await openStatePage(await server.signIn('mo1', '2viewer'));
  });
  after(async () => {
    page.close();
    await server.stop();
  });
  beforeEach(async () => {
    stored = [1, 2];
    list = new Numbers(page.live);
    list.show(0);
    await list.loading;
  });
  afterEach(() => list.dispose());

  it('is loaded again when an event says that it changed', async () => {
    expect(list.numbers).to.deep.equal([1, 2]);
    stored = [1, 2, 3];
    bus.publish(changed, {});
    await until(list.changed, () => list.numbers.length === 3);
  });

  it('is loaded again when events may have been missed', async () => {
    stored = [1, 2, 3];
    page.live.sessionFound();
    await until(list.changed, () => list.numbers.length === 3);
  });

  it('ignores the response about what it no longer shows', async () => {
    const slow = { reached: deferred(), letGo: deferred() };
    hold = slow;
    list.show(1);
    const slowLoading = list.loading;
    await slow.reached.promise;
    list.show(2);
    await list.loading;
    slow.letGo.resolve();
    await slowLoading;
    expect(list.numbers).to.deep.equal([2]);
  });

  it('says why it could not be loaded, and keeps what it had until it can', async () => {
    list.show(-1);
    await list.loading;
    expect((list.error as ApiError).status).to.equal(400);
    expect([list.loaded, list.numbers]).to.deep.equal([false, [1, 2]]);
    list.show(1);
    await list.loading;
    expect(list.error).to.equal(null);
  });

  it('requests nothing after it was disposed', async () => {
    const other = new Numbers(page.live);
    other.show(0);
    await other.loading;
    list.dispose();
    const before = requests;
    stored = [1, 2, 3];
    bus.publish(changed, {});
    await until(other.changed, () => other.numbers.length === 3);
    stored = [1, 2, 3, 4];
    page.live.sessionFound();
    await until(other.changed, () => other.numbers.length === 4);
    other.dispose();
    expect(requests).to.equal(before + 2);
  });
});

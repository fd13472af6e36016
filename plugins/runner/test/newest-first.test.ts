import { expect } from 'chai';
import { LiveEventConnection } from '../../../core/browser/live/live-events.ts';
import { deferred } from '../../../core/test/support/deferred.ts';
import { until } from '../../../test/support/page-fetch.ts';
import { NewestFirst } from '../browser/runs/newest-first.ts';

interface Item {
  readonly id: number;
  readonly color: string;
}
/** A page of the list, as the server defines it. */
const PAGE = 100;

class Items extends NewestFirst<Item> {
  hold: Promise<void> | null = null;
  loading: Promise<void> = Promise.resolve();

  constructor(public stored: readonly Item[]) {
    super(new LiveEventConnection(''));
  }
  override take(item: Item): void {
    super.take(item);
  }
  protected override load<T>(ask: () => Promise<T>, isStillWanted: () => boolean, take: (answer: T) => void): Promise<void> {
    this.loading = super.load(ask, isStillWanted, take);
    return this.loading;
  }
  protected async page(before = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const page = this.stored.filter(({ id }) => id < before).slice(0, PAGE);
    await this.hold;
    return page;
  }
  protected includes({ color }: Item): boolean {
    return color === 'red';
  }
}

const red = (id: number): Item => ({ id, color: 'red' });
/** `count`, …, 2, 1 */
const newest = (count: number) => Array.from({ length: count }, (_, at) => red(count - at));

describe('a list with older pages', () => {
  const ids = (list: Items) => list.items.map(({ id }) => id);
  async function loaded(count: number): Promise<Items> {
    const list = new Items(newest(count));
    list.reload();
    await list.loading;
    return list;
  }

  it('loads the first page, and the next on request until the last', async () => {
    const list = await loaded(150);
    expect([list.items.length, list.more]).to.deep.equal([100, true]);
    list.older();
    await until(list.changed, () => list.items.length > 100);
    expect(ids(list)).to.deep.equal(newest(150).map(({ id }) => id));
    expect(list.more).to.equal(false);
  });

  it('appends a page once, even when it is requested twice', async () => {
    const list = await loaded(350);
    list.older();
    list.older();
    await until(list.changed, () => list.items.length > 100);
    list.older();
    await until(list.changed, () => list.items.length > 200);
    expect(ids(list)).to.deep.equal(
      newest(350)
        .slice(0, 300)
        .map(({ id }) => id),
    );
  });

  it('ignores an older page that arrives after the list was loaded anew', async () => {
    const list = await loaded(150);
    const late = deferred();
    list.hold = late.promise;
    list.older();
    const older = list.loading;
    list.hold = null;
    list.reload();
    await list.loading;
    late.resolve();
    await older;
    expect(list.items.length).to.equal(100);
  });

  it('takes what is new and what changed, and drops what no longer belongs in it', async () => {
    const list = await loaded(3);
    list.take(red(4));
    list.take({ id: 2, color: 'blue' });
    list.take({ id: 5, color: 'blue' });
    expect(ids(list)).to.deep.equal([4, 3, 1]);
  });

  it('takes nothing before it was loaded', () => {
    const list = new Items(newest(3));
    list.take(red(4));
    expect(list.items).to.deep.equal([]);
  });
});

/** The pool of items that take long to create. */
import { expect } from 'chai';
import { WarmPool, type WarmPoolOptions } from '../../server/engines/warm-pool.ts';

/** Numbers stand for containers; the test decides when they are created. */
function countingPool(options: Partial<WarmPoolOptions<number>> = {}) {
  const made: number[] = [];
  const discarded: number[] = [];
  const dead = new Set<number>();
  const pool = new WarmPool<number>({
    size: 2,
    make: async () => made.push(made.length + 1),
    discard: async (item) => void discarded.push(item),
    isAlive: (item) => !dead.has(item),
    onFailure: () => undefined,
    ...options,
  });
  return { pool, made, discarded, dead };
}

describe('a warm pool', () => {
  it('creates missing items', async () => {
    const { pool } = countingPool();
    await pool.fill();
    expect(pool.readyCount).to.equal(2);
    await pool.close();
  });

  it('returns each item only once', async () => {
    const { pool } = countingPool();
    await pool.fill();
    expect([await pool.take(), await pool.take(), await pool.take()]).to.deep.equal([1, 2, 3]);
    await pool.close();
  });

  it('skips an item that died while waiting', async () => {
    const { pool, dead, discarded } = countingPool();
    await pool.fill();
    dead.add(1);
    expect(await pool.take()).to.equal(2);
    expect(discarded).to.deep.equal([1]);
    await pool.close();
  });

  it('returns the item being created if none is ready', async () => {
    let finish = (_: number): void => undefined;
    const { pool } = countingPool({ size: 1, make: () => new Promise((resolve) => (finish = resolve)) });
    void pool.fill();
    const taken = pool.take();
    finish(7);
    expect(await taken).to.equal(7);
    const closed = pool.close();
    finish(8);
    await closed;
  });

  it('lets a caller stop waiting, and gives the item to the next one', async () => {
    let finish = (_: number): void => undefined;
    const { pool, made } = countingPool({ size: 1, make: () => new Promise((resolve) => (finish = resolve)) });
    const cancel = new AbortController();
    const first = pool.take(cancel.signal).catch((error: Error) => error.message);
    cancel.abort();
    expect(await first).to.equal('The caller stopped waiting.');
    const second = pool.take();
    finish(7);
    expect([await second, made, pool.readyCount]).to.deep.equal([7, [], 0]);
    await pool.close();
  });

  it('keeps an item whose caller stopped waiting', async () => {
    let finish = (_: number): void => undefined;
    const { pool, discarded } = countingPool({ size: 1, make: () => new Promise((resolve) => (finish = resolve)) });
    const cancel = new AbortController();
    const first = pool.take(cancel.signal).catch(() => undefined);
    cancel.abort();
    await first;
    finish(7);
    expect(await pool.take()).to.equal(7);
    const other = pool.take(cancel.signal).catch(() => undefined);
    const closed = pool.close();
    finish(8);
    await Promise.all([other, closed]);
    expect(discarded).to.deep.equal([8]);
  });

  it('discards and replaces used items once it is quiet, not before', async () => {
    let replaced = (): void => undefined;
    const replacement = new Promise<void>((resolve) => (replaced = resolve));
    const { pool, made, discarded } = countingPool({ isAlive: () => true });
    await pool.fill();
    pool.retire(await pool.take());
    expect([made, discarded]).to.deep.equal([[1, 2], []]);
    const push = made.push.bind(made);
    made.push = (...items) => {
      replaced();
      return push(...items);
    };
    await replacement;
    expect(discarded).to.deep.equal([1]);
    await pool.close();
  });

  it('delays refilling while it would slow something down', async () => {
    let goOn = (): void => undefined;
    const asked = new Promise<void>((resolve) => (goOn = resolve));
    let isOver = false;
    let replaced = (): void => undefined;
    const replacement = new Promise<void>((resolve) => (replaced = resolve));
    const made: string[] = [];
    const make = async (): Promise<number> => {
      if (made.push(isOver ? 'after' : 'before') === 3) replaced();
      return made.length;
    };
    let times = 0;
    const isBusy = (): boolean => {
      if (++times === 2) goOn();
      return !isOver;
    };
    const { pool } = countingPool({ make, isBusy });
    await pool.fill();
    pool.retire(await pool.take());
    await asked;
    isOver = true;
    await replacement;
    expect(made).to.deep.equal(['before', 'before', 'after']);
    await pool.close();
  });

  it('creates another immediately if none is ready', async () => {
    let replaced = (): void => undefined;
    const replacement = new Promise<void>((resolve) => (replaced = resolve));
    const made: number[] = [];
    const make = async (): Promise<number> => {
      if (made.push(made.length + 1) === 2) replaced();
      return made.length;
    };
    const { pool } = countingPool({ size: 1, make, isBusy: () => true });
    await pool.fill();
    pool.retire(await pool.take());
    await replacement;
    await pool.close();
    expect(made).to.deep.equal([1, 2]);
  });

  it('discards used items at the latest when it closes', async () => {
    const { pool, discarded } = countingPool();
    pool.retire(await pool.take());
    await pool.close();
    expect(discarded).to.deep.equal([1]);
  });

  it('tells the caller why none could be created', async () => {
    const { pool } = countingPool({ make: () => Promise.reject(new Error('no engine')) });
    const error = await pool.take().catch((reason: Error) => reason.message);
    expect(error).to.equal('no engine');
    await pool.close();
  });

  it('keeps few until one is taken', async () => {
    const { pool } = countingPool({ size: 3, idleSize: 1 });
    await pool.fill();
    expect(pool.readyCount).to.equal(1);
    await pool.take();
    await pool.fill();
    expect(pool.readyCount).to.equal(3);
    await pool.close();
  });

  it('discards all ready items when it closes', async () => {
    const { pool, made, discarded } = countingPool();
    await pool.fill();
    await pool.close();
    expect(discarded).to.deep.equal(made);
  });

  it('discards items that arrive after it closed', async () => {
    const { pool, discarded } = countingPool();
    await pool.close();
    pool.add(9);
    expect(discarded).to.deep.equal([9]);
  });
});

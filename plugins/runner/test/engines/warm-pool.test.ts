/** The pool of what takes long to make. */
import { expect } from 'chai';
import { WarmPool, type WarmPoolOptions } from '../../server/engines/warm-pool.ts';

/** Numbers stand for containers; they are made when the test says so. */
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
  it('makes what is missing', async () => {
    const { pool } = countingPool();
    await pool.fill();
    expect(pool.readyCount).to.equal(2);
    await pool.close();
  });

  it('gives each only once', async () => {
    const { pool } = countingPool();
    await pool.fill();
    expect([await pool.take(), await pool.take(), await pool.take()]).to.deep.equal([1, 2, 3]);
    await pool.close();
  });

  it('passes over one that died while it waited', async () => {
    const { pool, dead, discarded } = countingPool();
    await pool.fill();
    dead.add(1);
    expect(await pool.take()).to.equal(2);
    expect(discarded).to.deep.equal([1]);
    await pool.close();
  });

  it('gives the one in the making to who comes when none is ready', async () => {
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

  it('lets who waits give up, and hands on what was waited for', async () => {
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

  it('keeps ready what nobody waits for any more', async () => {
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

  it('discards and replaces what was used once it is quiet, and not before', async () => {
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

  it('makes what is missing late while something goes on that it would slow down', async () => {
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

  it('makes another at once when none is ready, whatever goes on', async () => {
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

  it('discards what was used at the latest when it closes', async () => {
    const { pool, discarded } = countingPool();
    pool.retire(await pool.take());
    await pool.close();
    expect(discarded).to.deep.equal([1]);
  });

  it('tells who takes why none could be made', async () => {
    const { pool } = countingPool({ make: () => Promise.reject(new Error('no engine')) });
    const error = await pool.take().catch((reason: Error) => reason.message);
    expect(error).to.equal('no engine');
    await pool.close();
  });

  it('keeps few until something is taken', async () => {
    const { pool } = countingPool({ size: 3, idleSize: 1 });
    await pool.fill();
    expect(pool.readyCount).to.equal(1);
    await pool.take();
    await pool.fill();
    expect(pool.readyCount).to.equal(3);
    await pool.close();
  });

  it('discards all that waits when it closes', async () => {
    const { pool, made, discarded } = countingPool();
    await pool.fill();
    await pool.close();
    expect(discarded).to.deep.equal(made);
  });

  it('discards what comes after it closed', async () => {
    const { pool, discarded } = countingPool();
    await pool.close();
    pool.add(9);
    expect(discarded).to.deep.equal([9]);
  });
});

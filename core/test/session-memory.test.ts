/** The cache of sessions between two database queries. */
import { expect } from 'chai';
import { SessionMemory } from '../server/accounts/session-memory.ts';
import { deferred } from './support/deferred.ts';

describe('the session cache', () => {
  const remembering = () => {
    const state = { stamp: 0, nowMs: 0, looks: 0 };
    const memory = new SessionMemory<string>({ read: () => state.stamp }, () => state.nowMs);
    const recall = (found: string | null = 'ann') =>
      memory.recall('id', async () => {
        state.looks++;
        return found;
      });
    return { state, memory, recall };
  };

  it('queries once in three seconds', async () => {
    const { state, recall } = remembering();
    expect([await recall(), await recall(), state.looks]).to.deep.equal(['ann', 'ann', 1]);
    state.nowMs = 3_000;
    await recall();
    expect(state.looks).to.equal(2);
  });

  it('queries again once an account has changed', async () => {
    const { state, recall } = remembering();
    await recall();
    state.stamp++;
    expect([await recall(null), state.looks]).to.deep.equal([null, 2]);
  });

  it('does not cache a lookup that was overtaken by a sign-out', async () => {
    const { state, memory, recall } = remembering();
    const found = deferred<string>();
    const overtaken = memory.recall('id', () => found.promise);
    memory.forget();
    found.resolve('ann');
    expect(await overtaken).to.equal('ann');
    await recall(null);
    expect(state.looks).to.equal(1);
  });
});

import { expect } from 'chai';
import { GroupEnds } from '../server/group-ends.ts';

describe('runs of a group that end together', () => {
  it('go on together when the last of them has ended', async () => {
    const ends = new GroupEnds();
    const ended: string[] = [];
    const join = (name: string, passId: number, isLast = false) => ends.join(passId, isLast).then(() => void ended.push(name));
    const first = [join('a', 1), join('b', 1)];
    const other = join('of another pass', 2);
    await Promise.all([...first, join('c', 1, true)]);
    expect(ended).to.have.members(['a', 'b', 'c']);
    await other;
  });

  it('wait no longer than for a moment', async () => {
    const ends = new GroupEnds();
    await ends.join(1, false);
    await Promise.all([ends.join(1, false), ends.join(1, false)]);
  });
});

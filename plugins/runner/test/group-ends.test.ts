import { expect } from 'chai';
import { GroupEnds, LONGEST_WAIT_MS } from '../server/group-ends.ts';

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
    const order: string[] = [];
    const alone = ends.join(1, false).then(() => void order.push('alone'));
    const later = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_WAIT_MS + 1)).then(() => void order.push('later'));
    await Promise.all([alone, later]);
    expect(order).to.deep.equal(['alone', 'later']);
  });
});

/** Three-way merges as text with conflict markers, and the markers read back. */
import { expect } from 'chai';
import { chosenLines, findConflicts, mergeWithMarkers } from '../../text/index.ts';

const sides = (base: string, ours: string, theirs: string) => ({
  base: { title: 'base', text: base },
  ours: { title: 'mine', text: ours },
  theirs: { title: 'prod', text: theirs },
});

describe('a three-way merge', () => {
  it('takes changes of one side, and equal changes of both', () => {
    const merged = mergeWithMarkers(sides('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\nE\n', 'a\nb\nC\nd\nE\n'));
    expect(merged).to.equal('A\nb\nC\nd\nE\n');
    expect(findConflicts(merged)).to.deep.equal([]);
  });

  it('puts different changes of the same lines between markers that name the sides', () => {
    const merged = mergeWithMarkers(sides('a\nb\nc\n', 'a\nmine\nc\n', 'a\nprod\nc\n'));
    expect(merged).to.equal('a\n<<<<<<< mine\nmine\n||||||| base\nb\n=======\nprod\n>>>>>>> prod\nc\n');
  });

  it('treats lines that differ only in their ends as equal', () => {
    expect(mergeWithMarkers(sides('a\r\nb\r\n', 'a\nb\nc\n', 'a\r\nb\r\n'))).to.equal('a\nb\nc\n');
  });
});

describe('a text with conflict markers', () => {
  const text = mergeWithMarkers(sides('1\nx\n2\ny\n3', '1\nm1\nm2\n2\nmy\n3', '1\np1\n2\npy\n3'));

  it('is split into its conflicts, in order, with the lines of each side', () => {
    const [first, second, ...rest] = findConflicts(text);
    expect(first).to.deep.equal({ startLine: 2, endLine: 9, ours: ['m1', 'm2'], base: ['x'], theirs: ['p1'] });
    expect(second).to.include({ startLine: 11, endLine: 17 });
    expect(rest).to.deep.equal([]);
  });

  it('can be resolved to ours, theirs, or both in that order', () => {
    const [first] = findConflicts(text);
    expect(chosenLines(first!, 'ours')).to.deep.equal(['m1', 'm2']);
    expect(chosenLines(first!, 'theirs')).to.deep.equal(['p1']);
    expect(chosenLines(first!, 'both')).to.deep.equal(['m1', 'm2', 'p1']);
  });

  it('has no conflict where a marker was removed by hand', () => {
    const [first] = findConflicts(text.replace('>>>>>>> prod', ''));
    expect(first!.startLine).to.equal(2);
    expect(findConflicts('<<<<<<< mine\nonly this')).to.deep.equal([]);
    expect(findConflicts('x = "======="\n=======\n')).to.deep.equal([]);
  });
});

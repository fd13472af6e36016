import { expect } from 'chai';
import { spanOf } from '../browser/passes/gantt.tsx';
import { passDurationMs, passMentions, progressWords } from '../browser/passes/pass-words.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const ms = (second: number) => Date.parse(at(second));

describe('the progress of a pass', () => {
  it('distinguishes failed runs from cancelled ones', () => {
    expect(progressWords({ total: 9, finished: 3, failed: 0, cancelled: 0 })).to.equal('3 of 9 done');
    expect(progressWords({ total: 9, finished: 9, failed: 3, cancelled: 1 })).to.equal('9 of 9 done, 2 failed, 1 cancelled');
    expect(progressWords({ total: 2, finished: 2, failed: 2, cancelled: 2 })).to.equal('2 of 2 done, 2 cancelled');
  });
  it('counts the time until the pass ends', () => {
    expect(passDurationMs({ started_at: null, finished_at: null }, ms(9))).to.equal(null);
    expect(passDurationMs({ started_at: at(1), finished_at: null }, ms(9))).to.equal(8000);
    expect(passDurationMs({ started_at: at(1), finished_at: at(4) }, ms(9))).to.equal(3000);
  });
});

describe('a sentence that mentions passes', () => {
  it('is split at them without losing text', () => {
    expect(passMentions('Waiting for pass 7, started by mo1.')).to.deep.equal(['Waiting for ', 7, ', started by mo1.']);
    expect(passMentions('pass 7')).to.deep.equal(['', 7, '']);
    expect(passMentions('No bypass 7, no pass at all')).to.deep.equal(['No bypass 7, no pass at all']);
  });
});

describe('the bar of a run in a pass', () => {
  const axis = { from: ms(0), to: ms(10) };
  it('spans the time of the run, and grows while it is running', () => {
    expect(spanOf({ status: 'succeeded', started_at: at(2), finished_at: at(7) }, axis)).to.deep.equal({ from: 0.2, width: 0.5 });
    expect(spanOf({ status: 'running', started_at: at(5), finished_at: null }, axis)).to.deep.equal({ from: 0.5, width: 0.5 });
    expect(spanOf({ status: 'running', started_at: at(5), finished_at: null }, { ...axis, to: ms(20) })).to.deep.equal({
      from: 0.25,
      width: 0.75,
    });
  });
  it('is missing before the run starts, and stays within the axis', () => {
    expect(spanOf({ status: 'queued', started_at: at(0), finished_at: null }, axis)).to.equal(null);
    expect(spanOf({ status: 'succeeded', started_at: at(-1), finished_at: at(99) }, axis)).to.deep.equal({ from: 0, width: 1 });
    expect(spanOf({ status: 'running', started_at: at(12), finished_at: null }, axis)).to.deep.equal({ from: 1, width: 0 });
  });
});

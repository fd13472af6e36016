import type { Pass, RunListItem } from '@ved/runner/contract';
import { expect } from 'chai';
import { noticeOfPass, noticeOfRun } from '../browser/notices/notice.ts';

const run = { id: 7, status: 'succeeded', started_by: 'ed1', pass_id: null, duration_ms: 12_340 } as RunListItem;
const pass: Pass = {
  id: 3,
  status: 'failed',
  on_failure: 'continue',
  started_by: 'ed1',
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: '2026-01-01T00:00:00.000Z',
  finished_at: '2026-01-01T00:01:05.000Z',
  reason: null,
  counts: { total: 9, finished: 9, failed: 3, cancelled: 1 },
};

describe('the end of a long run', () => {
  it('is reported to the person who started it, with the outcome', () => {
    expect(noticeOfRun(run, 'ed1', 'Load orders')).to.deep.equal({
      tag: 'ved-run-7',
      title: '✓ Load orders',
      body: 'Success after 12.3 s (run 7)',
    });
  });

  const silent: [string, Partial<RunListItem>][] = [
    ['it took ten seconds or less', { duration_ms: 10_000 }],
    ['it goes on', { status: 'running' }],
    ['it was cancelled', { status: 'cancelled' }],
    ['someone else started it', { started_by: 'mo1' }],
    ['it belongs to a pass', { pass_id: 3 }],
  ];
  for (const [when, change] of silent)
    it(`is not reported when ${when}`, () => {
      expect(noticeOfRun({ ...run, ...change }, 'ed1', 'Load orders')).to.equal(null);
    });
});

describe('the end of a long pass', () => {
  it('is reported with the number of failed runs', () => {
    expect(noticeOfPass(pass, 'ed1')).to.deep.include({ title: '✗ The queue', body: '2 of 9 failed, 1 cancelled after 1 m 05 s (pass 3)' });
  });
  it('is reported when all succeeded', () => {
    const good: Pass = { ...pass, status: 'succeeded', counts: { total: 9, finished: 9, failed: 0, cancelled: 0 } };
    expect(noticeOfPass(good, 'ed1')).to.deep.include({ title: '✓ The queue', body: 'All 9 succeeded after 1 m 05 s (pass 3)' });
  });
  it('is not reported to others, nor while it is running, nor if it was short', () => {
    expect(noticeOfPass(pass, 'mo1')).to.equal(null);
    expect(noticeOfPass({ ...pass, status: 'running', finished_at: null }, 'ed1')).to.equal(null);
    expect(noticeOfPass({ ...pass, finished_at: '2026-01-01T00:00:09.000Z' }, 'ed1')).to.equal(null);
  });
});

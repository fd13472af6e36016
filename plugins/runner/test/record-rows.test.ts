import type { RunListItem } from '@ved/runner/contract';
import { expect } from 'chai';
import { recordRows } from '../browser/output/record-rows.ts';

const run: RunListItem = {
  id: 1,
  script_id: 1,
  script_version_id: 1,
  pass_id: null,
  status: 'succeeded',
  exit_code: 0,
  truncated: false,
  started_at: '2026-01-01T00:00:01.250Z',
  finished_at: '2026-01-01T00:00:02.000Z',
  duration_ms: 750,
  interpreter: 'cpython-3.14',
  engine: 'docker',
  image_digest: `sha256:${'ab'.repeat(32)}`,
  git_commit_hash: 'c'.repeat(40),
  input_sha256: 'd'.repeat(64),
  peak_memory_bytes: null,
  started_by: 'ed1',
  source: 'prod',
  version_label: '0.3',
  unsaved: false,
  unsaved_test_data: false,
  queued_at: '2026-01-01T00:00:00.000Z',
  reason: null,
  isolation: 'A container for the runs of one person.',
  reused: false,
  limits: { timeout_ms: 30_000, memory_bytes: 256 * 2 ** 20, cpus: 0.5, output_bytes: 64 * 2 ** 20 },
  packages: null,
  error_line: null,
  file_count: 0,
};

const valueIn = (what: string, change: Partial<RunListItem> = {}) =>
  recordRows({ ...run, ...change }).find((row) => row.what === what)?.value;

describe('the record of a run', () => {
  it('lists everything known, with full hashes and times to the millisecond', () => {
    expect(recordRows(run).map(({ what }) => what)).to.deep.equal([
      'Text',
      'Commit',
      'Test data',
      'Test data SHA-256',
      'Interpreter',
      'Engine',
      'Isolation',
      'Image',
      'Limits',
      'Started by',
      'Queued',
      'Started',
      'Finished',
    ]);
    expect(recordRows(run)).to.deep.include({ what: 'Commit', value: 'c'.repeat(40), isHash: true });
    expect(recordRows(run)).to.deep.include({ what: 'Started', value: run.started_at, time: run.started_at });
  });
  it('says what was not saved', () => {
    expect(valueIn('Text', { source: 'draft', unsaved: true })).to.equal('v0.3 draft, with unsaved changes');
    expect(valueIn('Test data', { unsaved_test_data: true })).to.equal('not those saved with the script');
  });
  it('lists its limits, and whether its container was reused', () => {
    expect(valueIn('Limits')).to.match(/^30\.0 s, 256 MiB of memory, 0\.5 processors .*, 64 MiB of output$/);
    expect(valueIn('Isolation', { reused: true })).to.match(/one person\. Its container had been used by an earlier run\.$/);
    expect(valueIn('Packages', { packages: ['a==1.0', 'b==2'] })).to.equal('a==1.0, b==2');
    expect(valueIn('Started by', { pass_id: 7 })).to.equal('ed1, in pass 7');
  });
  it('has no engine before it has started, and says if it never did', () => {
    const waiting = { status: 'queued', engine: '', interpreter: '', isolation: '', image_digest: null, finished_at: null } as const;
    for (const what of ['Engine', 'Interpreter', 'Isolation', 'Image', 'Started', 'Finished'])
      expect(valueIn(what, waiting)).to.equal(undefined);
    expect(valueIn('Started', { ...waiting, status: 'cancelled' })).to.equal('never');
  });
});

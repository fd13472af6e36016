import type { Execution, RunComparison } from '@ved/runner/contract';
import { expect } from 'chai';
import { comparisonRows } from '../browser/compare/comparison-rows.ts';

const run: Execution = {
  id: 1,
  script_id: 1,
  script_version_id: 1,
  pass_id: null,
  status: 'succeeded',
  exit_code: 0,
  stdout: '',
  stderr: '',
  truncated: false,
  started_at: '2026-01-01T00:00:00.000Z',
  finished_at: '2026-01-01T00:00:01.000Z',
  duration_ms: 1000,
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
  queued_at: '2026-01-01T00:00:00.000Z',
  reason: null,
  isolation: 'A container for each run.',
  reused: false,
  limits: { timeout_ms: 30_000, memory_bytes: 256 * 2 ** 20, cpus: 0.5, output_bytes: 64 * 2 ** 20 },
  packages: null,
  unsaved_test_data: false,
  error_line: null,
  file_count: 0,
  files: [],
  files_left_out: [],
};

function row(what: string, b: Partial<Execution>, differs: RunComparison['differs'] = []) {
  const rows = comparisonRows({ a: run, b: { ...run, ...b }, identical: differs.length === 0, differs, files: [], code: { a: '', b: '' } });
  return rows.find((each) => each.what === what);
}

describe('the rows of a comparison', () => {
  it('name the version that ran, and that its text was not saved', () => {
    expect(row('Code', { unsaved: true, source: 'draft' }, ['code'])).to.deep.equal({
      what: 'Code',
      a: 'v0.3 prod',
      b: 'v0.3 draft, unsaved',
      differs: true,
      side: 'code',
    });
  });
  it('count the lines of an output without colours, and say if it is truncated', () => {
    expect(row('stdout', { stdout: '\x1b[31mred\x1b[0m\nlast\n', truncated: true }, ['stdout'])).to.include({
      a: 'empty',
      b: '2 lines, 18 B, truncated',
    });
  });
  it('distinguish images of one engine', () => {
    expect(row('Engine', { image_digest: null }, ['engine'])).to.include({ a: 'docker, image abababababab', b: 'docker', differs: true });
  });
  it('show an unmeasured value as unknown', () => {
    expect(row('Peak memory', { peak_memory_bytes: 2 * 1024 * 1024 }, ['memory'])).to.include({ a: 'unknown', b: '2.0 MiB' });
  });

  it('name the files that differ, and what was left out', () => {
    const file = (name: string, sha256: string) => ({ name, media_type: 'text/plain', size_bytes: 700, sha256 });
    const a = { ...run, files: [file('same', 's'), file('changed', '1'), file('gone', 'g')] };
    const b: Execution = {
      ...run,
      files: [file('same', 's'), file('changed', '2')],
      files_left_out: [{ reason: 'large', count: 2, names: [] }],
    };
    const files = [
      { name: 'changed', a: a.files[1]!, b: b.files[1]! },
      { name: 'gone', a: a.files[2]!, b: null },
    ];
    const rows = comparisonRows({ a, b, identical: false, differs: ['files'], files, code: { a: '', b: '' } });
    expect(rows.find(({ what }) => what === 'Files')).to.deep.equal({
      what: 'Files',
      a: '3 files, 2 KiB; different: changed, gone',
      b: '2 files, 1 KiB; different: changed; 2 files left out: over 16 MiB in total',
      differs: true,
      side: null,
    });
    expect(row('Files', {})).to.include({ a: 'none', differs: false });
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffTexts } from '@ved/core/text';
import { expect } from 'chai';
import fc from 'fast-check';
import { anyText, editsOf } from '../../../core/test/text/any-text.ts';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { gitEnvironment, needsGit } from './support/real-git.ts';

function diff(from: string, to: string) {
  return diffTexts({ label: 'a/1.py', text: from }, { label: 'b/1.py', text: to });
}

describe('a diff', () => {
  it('shows three lines around a change, in the hunk and in the patch', () => {
    const { patch, hunks } = diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nFIVE\n6\n7\n8\n9\n');
    expect(hunks).to.deep.equal([
      { old_start: 2, old_lines: 7, new_start: 2, new_lines: 7, lines: [' 2', ' 3', ' 4', '-5', '+FIVE', ' 6', ' 7', ' 8'] },
    ]);
    expect(patch).to.equal('--- a/1.py\n+++ b/1.py\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+FIVE\n 6\n 7\n 8\n');
  });

  it('of equal texts is empty', () => {
    expect(diff('a\n', 'a\n')).to.deep.equal({ patch: '', hunks: [] });
  });

  it('marks a missing newline at the end', () => {
    expect(diff('a', 'a\n').hunks[0]?.lines).to.deep.equal(['-a', '\\ No newline at end of file', '+a']);
  });

  it('cannot be broken by a label', () => {
    const { patch } = diffTexts({ label: 'a\n@@ -1 +1 @@', text: 'a\n' }, { label: 'b', text: 'b\n' });
    expect(patch.split('\n')[0]).to.equal('--- "a\\n@@ -1 +1 @@"');
  });

  it('of large texts with nothing in common is fast, with one hunk that replaces everything', async () => {
    const text = (seed: string) => Array.from({ length: 90_000 }, (_, line) => `${seed}${line}\n`).join('');
    const [from, to] = [`same\n${text('a')}end\n`, `same\n${text('b')}end\n`];
    expect(await cpuMsOf(() => void diff(from, to))).to.be.below(1_500);
    const { hunks } = diff(from, to);
    expect(hunks).to.have.length(1);
    expect(hunks[0]).to.deep.include({ old_start: 1, old_lines: 90_002, new_start: 1, new_lines: 90_002 });
  });
});

describe('a patch', () => {
  let folder = '';
  before(needsGit);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ved-diff-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function apply(from: string, patch: string): string {
    const path = join(folder, '1.py');
    writeFileSync(path, from);
    const { status, stderr } = spawnSync('git', ['apply', '-'], {
      cwd: folder,
      input: patch,
      env: { ...gitEnvironment, GIT_DIR: '/dev/null' },
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    return readFileSync(path, 'utf8');
  }

  exhaustive.it('turns any text into any edited version of it with git apply', () => {
    const pair = anyText.chain((text) => fc.tuple(fc.constant(text), editsOf(text)));
    fc.assert(
      fc.property(pair, ([from, to]) => {
        // Git treats an empty file on either side as a file created or removed, which these patches do not declare.
        fc.pre(from !== to && from !== '' && to !== '');
        expect(apply(from, diff(from, to).patch)).to.equal(to);
      }),
      { numRuns: 120 },
    );
  });

  it('that replaces everything also applies', () => {
    const text = (seed: string) => Array.from({ length: 3_000 }, (_, line) => `${seed}${line}\n`).join('');
    const [from, to] = [`x\ny\nz\nz\n${text('a')}end\nend`, `x\ny\nz\nz\n${text('b')}END\nend`];
    expect(apply(from, diff(from, to).patch)).to.equal(to);
  });
});

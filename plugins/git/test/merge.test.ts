import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeTexts, splitLines } from '@ved/core/text';
import { expect } from 'chai';
import fc from 'fast-check';
import { anyText, editsOf } from '../../../core/test/text/any-text.ts';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { gitEnvironment, needsGit } from './support/real-git.ts';

function textOf(base: string, ours: string, theirs: string): string {
  const result = mergeTexts(base, ours, theirs);
  expect(result.clean, 'a clean merge').to.equal(true);
  return result.clean ? result.text : '';
}

describe('a three-way merge', () => {
  it('takes what each side changed', () => {
    expect(textOf('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\ne\n', 'a\nb\nc\nd\nE\n')).to.equal('A\nb\nc\nd\nE\n');
  });

  it('takes an equal change of both sides once', () => {
    expect(textOf('a\nb\nc\n', 'a\nX\nc\n', 'a\nX\nc\n')).to.equal('a\nX\nc\n');
  });

  it('reports each conflict, and its position in ours', () => {
    expect(mergeTexts('a\nb\nc\n', 'new\na\nX\nY\nc\n', 'a\nZ\nc\n')).to.deep.equal({
      clean: false,
      conflicts: [{ line: 3, base: ['b'], ours: ['X', 'Y'], theirs: ['Z'] }],
    });
  });

  it('treats changes of adjacent lines as a conflict, as git does', () => {
    expect(mergeTexts('a\nb\n', 'A\nb\n', 'a\nB\n').clean).to.equal(false);
  });

  it('keeps the line ends of the side that a line comes from', () => {
    expect(textOf('a\r\nb\r\nc\r\nd\r\n', 'A\r\nb\r\nc\r\nd\r\n', 'a\r\nb\r\nc\r\nD\n')).to.equal('A\r\nb\r\nc\r\nD\n');
  });

  it('treats adding or removing the last newline as a change', () => {
    expect(textOf('a\nb\nc', 'A\nb\nc', 'a\nb\nc\n')).to.equal('A\nb\nc\n');
    expect(textOf('a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nc')).to.equal('A\nb\nc');
    expect(mergeTexts('a\nb\n', 'a\nb', 'a\nb\nc\n').clean).to.equal(false);
  });

  it('of texts with next to nothing in common is fast', async () => {
    const lines = (seed: string) => Array.from({ length: 60_000 }, (_, line) => `${seed}${line}\n`).join('');
    const [base, ours, theirs] = ['a', 'b', 'c'].map(lines);
    expect(await cpuMsOf(() => void expect(mergeTexts(base!, ours!, theirs!).clean).to.equal(false))).to.be.below(2_000);
    const empty = '\n'.repeat(500_000);
    expect(await cpuMsOf(() => void expect(textOf(empty, `${empty}x\n`, `y\n${empty}`)).to.have.length(empty.length + 4))).to.be.below(
      1_000,
    );
  });
});

describe('a merge of any three texts', () => {
  const versions = anyText.chain((base) => fc.tuple(fc.constant(base), editsOf(base), editsOf(base)));

  it('gives the other side when one side is unchanged', () => {
    fc.assert(
      fc.property(versions, ([base, side]) => {
        expect(textOf(base, base, side)).to.equal(side);
        expect(textOf(base, side, base)).to.equal(side);
        expect(textOf(base, side, side)).to.equal(side);
      }),
    );
  });

  it('gives the same result with the sides swapped', () => {
    fc.assert(
      fc.property(versions, ([base, ours, theirs]) => {
        const [one, other] = [mergeTexts(base, ours, theirs), mergeTexts(base, theirs, ours)];
        if (one.clean) expect(other).to.deep.equal(one);
        else
          expect(other.clean ? [] : other.conflicts.map((conflict) => [conflict.base, conflict.theirs, conflict.ours])).to.deep.equal(
            one.conflicts.map((conflict) => [conflict.base, conflict.ours, conflict.theirs]),
          );
      }),
    );
  });

  it('contains only lines of the two sides', () => {
    fc.assert(
      fc.property(versions, ([base, ours, theirs]) => {
        const result = mergeTexts(base, ours, theirs);
        if (!result.clean) return;
        const known = new Set([ours, theirs].flatMap(splitLines));
        for (const line of splitLines(result.text)) expect(known).to.include(line);
      }),
    );
  });

  it('reports conflicts at their actual position in ours', () => {
    fc.assert(
      fc.property(versions, ([base, ours, theirs]) => {
        const result = mergeTexts(base, ours, theirs);
        if (result.clean) return;
        const lines = splitLines(ours).map((line) => line.replace(/\r?\n$/, ''));
        for (const { line, ours: stretch } of result.conflicts)
          expect(lines.slice(line - 1, line - 1 + stretch.length)).to.deep.equal(stretch);
      }),
    );
  });
});

exhaustive.describe('compared with git merge-file', () => {
  let folder = '';
  before(needsGit);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ved-merge-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function mergeFile(base: string, ours: string, theirs: string): { clean: boolean; text: string } {
    const paths = Object.entries({ ours, base, theirs }).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...paths], { env: gitEnvironment, encoding: 'utf8' });
    return { clean: status === 0, text: stdout };
  }

  it('a merge of distinct lines gives the same result', () => {
    // When lines repeat, two correct diffs may match different ones of the equal lines.
    const lines = Array.from({ length: 12 }, (_, line) => `line ${line}\n`);
    const edit = fc.array(
      fc.record({ at: fc.nat(11), kind: fc.constantFrom('replace', 'remove', 'insert'), text: fc.constantFrom('P\n', 'Q\n', 'R\n') }),
      { maxLength: 3 },
    );
    const edited = (edits: readonly { at: number; kind: string; text: string }[], tag: string) =>
      lines.flatMap((line, at) => {
        const found = edits.find((candidate) => candidate.at === at);
        if (found === undefined) return [line];
        const text = `${tag}${at}${found.text}`;
        return found.kind === 'remove' ? [] : found.kind === 'insert' ? [text, line] : [text];
      });
    fc.assert(
      fc.property(edit, edit, (ourEdits, theirEdits) => {
        const [base, ours, theirs] = [lines, edited(ourEdits, 'o'), edited(theirEdits, 't')].map((all) => all.join(''));
        const [result, expected] = [mergeTexts(base!, ours!, theirs!), mergeFile(base!, ours!, theirs!)];
        expect(result.clean).to.equal(expected.clean);
        if (result.clean) expect(result.text).to.equal(expected.text);
      }),
      { numRuns: 150 },
    );
  });
});

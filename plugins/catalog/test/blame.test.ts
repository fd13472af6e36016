import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type ServerPlugin } from '@ved/core/server';
import { ScriptRepository } from '@ved/git/contract';
import { expect } from 'chai';
import fc from 'fast-check';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { median } from '../../../test/support/statistics.ts';
import { insertChanges } from '../server/store/line-change-rows.ts';
import { type BlamedLines, blameLines } from '../server/versions/blame.ts';
import { Lineage, type Link } from '../server/versions/lineage.ts';
import { type CatalogServer, create, ok, save, startCatalog } from './support/catalog-server.ts';

const VERSIONS = 1000;
/** The processor time that one response may take for that many versions, including the client's part. */
const LIMIT_MS = 200;
const ROUNDS = 7;

let repository: ScriptRepository;
/** Lets the test use the server's repository. */
const borrowRepository: ServerPlugin = {
  id: 'borrower',
  required: true,
  requires: [ScriptRepository],
  start: async ({ services }) => {
    repository = services.get(ScriptRepository);
    return { stop: async () => undefined };
  },
};

function eachLine(runs: readonly BlamedLines[]): number[] {
  return runs.flatMap(({ version, count }) => Array<number>(count).fill(version));
}

describe('the blame of a script', () => {
  let dataDir = '';
  let catalog: CatalogServer;
  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ved-blame-'));
    catalog = await startCatalog({ dataDir, plugins: [borrowRepository] });
  });
  after(async () => {
    await catalog.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** The version that wrote each line of the last of texts 1, 2, 3 …, each made from the one before. */
  async function along(texts: readonly string[], asked: number[] = []): Promise<number[]> {
    const links = texts.map((_, i): Link => ({ id: i + 1, base_version_id: i === 0 ? null : i, merged_version_id: null }));
    const count = texts
      .at(-1)!
      .split(/(?<=\n)/)
      .filter(Boolean).length;
    const runs = await blameLines(texts.length, count, new Lineage(links), (from, to) => {
      asked.push(from);
      return repository.changes(texts[from - 1]!, texts[to - 1]!);
    });
    return eachLine(runs);
  }

  it('names a version for each line', async () => {
    expect(await along(['a\nb\nc\n', 'a\nX\nc\n', 'new\na\nX\nc\nlast'])).to.deep.equal([3, 1, 2, 1, 3]);
  });

  it('credits a line that was removed and added again to the version that added it again', async () => {
    expect(await along(['a\nb\n', 'a\n', 'a\nb\n'])).to.deep.equal([1, 3]);
  });

  it('credits a line to the version that changed its end', async () => {
    expect(await along(['a\nb\n', 'a\r\nb\n'])).to.deep.equal([2, 1]);
  });

  it('is empty for an empty text', async () => {
    expect(await along(['a\n', ''])).to.deep.equal([]);
  });

  it('stops at the version where every line is credited', async () => {
    const asked: number[] = [];
    await along(['a\n', 'b\n', 'c\n', 'c\nd\n'], asked);
    expect(asked).to.deep.equal([3, 2]);
  });

  it('credits a line to a version that has it, as do all versions since', async () => {
    const line = fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', '\n');
    const texts = fc.array(
      fc.array(line, { maxLength: 8 }).map((lines) => lines.join('')),
      { minLength: 1, maxLength: 6 },
    );
    const property = fc.asyncProperty(texts, async (history) => {
      const lines = history
        .at(-1)!
        .split(/(?<=\n)/)
        .filter(Boolean);
      for (const [at, version] of (await along(history)).entries())
        for (const text of history.slice(version - 1)) expect(text.split(/(?<=\n)/)).to.include(lines[at]);
    });
    await fc.assert(property);
  });

  it('credits a merged line to the version that wrote it on the other side', async () => {
    const texts = ['a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\nby hand\n'];
    const lineage = new Lineage([
      { id: 1, base_version_id: null, merged_version_id: null },
      { id: 2, base_version_id: 1, merged_version_id: null },
      { id: 3, base_version_id: 1, merged_version_id: null },
      { id: 4, base_version_id: 3, merged_version_id: 2 },
    ]);
    const between = async (from: number, to: number) => repository.changes(texts[from - 1]!, texts[to - 1]!);
    expect(eachLine(await blameLines(4, 4, lineage, between))).to.deep.equal([2, 1, 3, 4]);
  });

  it('agrees with git blame', async () => {
    const { id } = await create(catalog.ed, { content: 'one = 1\ntwo = 2\nthree = 3\n' });
    const texts = ['one = 1\ntwo = "b"\nthree = 3\n', 'zero = 0\none = 1\ntwo = "b"\n', 'zero = 0\ntwo = "b"\none = 11\nlast = 9'];
    for (const text of texts) await save(catalog.ed, id, text);
    const versions: { id: number; git_commit_hash: string }[] = await ok(catalog.viewer.get(`/api/scripts/${id}/versions`));
    const commitOf = new Map(versions.map((version) => [version.id, version.git_commit_hash]));
    const args = ['-C', join(dataDir, 'scripts.git'), 'blame', '--porcelain', 'ed1', '--', `${id}.py`];
    const said = execFileSync('git', args, { encoding: 'utf8' });
    const blame: { version_id: number }[] = await ok(catalog.viewer.get(`/api/scripts/${id}/blame`));
    expect(blame.map((line) => commitOf.get(line.version_id))).to.deep.equal(
      [...said.matchAll(/^([0-9a-f]{40}) \d+ \d+/gm)].map(([, commit]) => commit),
    );
  });

  it('is the same for versions without stored changes', async () => {
    const { id } = await create(catalog.ed, { content: 'a\nb\nc\n' });
    await save(catalog.eve, id, 'a\nB\nc\n');
    await save(catalog.ed, id, 'a\nB\nc\nd\n');
    const path = `/api/scripts/${id}/blame`;
    const before = await ok(catalog.viewer.get(path));
    const db = openDatabase(join(dataDir, 'ved.sqlite'));
    expect(await db('catalog_line_changes').delete()).to.be.at.least(2);
    await db.destroy();
    expect(await ok(catalog.viewer.get(path))).to.deep.equal(before);
  });

  it(`takes at most ${LIMIT_MS} ms for a script with ${VERSIONS} versions`, async () => {
    const lines = Array.from({ length: 100 }, (_, line) => `value_${line} = ${line}\n`);
    const texts = [lines.join('')];
    for (let i = 1; i < VERSIONS; i += 1) {
      // Never the last line: it stays the first version's, so that the walk visits all versions.
      lines[(i * 37) % 99] = `value_${i} = compute(${i})\n`;
      texts.push(lines.join(''));
    }
    const { id } = await create(catalog.ed, { content: texts[0]! });
    await giveVersionsBetween(id, texts.slice(0, -1));
    await save(catalog.ed, id, texts.at(-1)!);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(
        await cpuMsOf(async () => {
          const blame: { version_id: number }[] = await ok(catalog.viewer.get(`/api/scripts/${id}/blame`));
          expect(new Set(blame.map((line) => line.version_id)).size).to.equal(100);
        }),
      );
    }
    expect(median(times), `${times}`).to.be.below(LIMIT_MS);
  });

  /** The rows that saving each text would write, without the commits, which a walk over stored changes never reads. */
  async function giveVersionsBetween(scriptId: number, texts: readonly string[]): Promise<void> {
    const changes = await Promise.all(texts.slice(1).map((text, i) => repository.changes(texts[i]!, text)));
    const db = openDatabase(join(dataDir, 'ved.sqlite'));
    await db.transaction(async (trx) => {
      let { id, ...row } = await trx('catalog_versions').where({ script_id: scriptId }).first();
      for (const [i, kept] of changes.entries()) {
        row = { ...row, minor: i + 2, base_version_id: id };
        const [made] = await trx('catalog_versions').insert(row).returning('id');
        await insertChanges(trx, made.id, [{ fromId: id, changes: kept }]);
        id = made.id;
      }
      await trx('catalog_scripts').where({ id: scriptId }).update({ latest_version_id: id });
      await trx('catalog_contents')
        .where({ script_id: scriptId })
        .update({ content: texts.at(-1) });
      await trx('catalog_state').increment('revision', 1);
    });
    await db.destroy();
  }
});

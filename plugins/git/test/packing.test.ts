import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { anyText, editsOf } from '../../../core/test/text/any-text.ts';
import { exhaustive } from '../../../test/support/exhaustive.ts';
import { fsck, git, needsGit } from './support/real-git.ts';
import { collect, makeRepository, removeRepositories, save, type TestRepository } from './support/repository.ts';

interface Saved {
  readonly commit: string;
  readonly scriptId: number;
  readonly content: string;
}

/** Saves versions of a few scripts in turn, on two branches. */
async function saveMany({ repository }: TestRepository, count: number, tag = ''): Promise<Saved[]> {
  const all: Saved[] = [];
  for (let index = 0; index < count; index += 1) {
    const scriptId = 1 + (index % 7);
    const content = Array.from({ length: 30 }, (_, line) => `line_${line} = ${line === index % 30 ? `"${tag}${index}"` : line}\n`).join('');
    const { commit } = await repository.commit(save({ branch: index % 3 === 0 ? 'prod' : 'ed1', scriptId, content }));
    all.push({ commit, scriptId, content });
  }
  return all;
}

async function expectAll({ repository }: TestRepository, saved: readonly Saved[]): Promise<void> {
  for (const { commit, scriptId, content } of saved) expect(await repository.read(commit, scriptId)).to.equal(content);
}

function packsOf({ gitDir }: TestRepository): string[] {
  return readdirSync(join(gitDir, 'objects/pack')).filter((name) => name.endsWith('.pack'));
}

describe('packing', () => {
  before(needsGit);
  afterEach(removeRepositories);

  it('leaves no loose objects, everything readable, and a pack that real git accepts', async () => {
    const made = await makeRepository();
    const saved = await saveMany(made, 60);
    await made.pack();
    expect(await made.status()).to.deep.include({ loose_objects: 0, packs: 1 });
    const [pack] = packsOf(made);
    expect(pack).to.match(/^pack-[0-9a-f]{40}\.pack$/);
    git(made.gitDir, ['verify-pack', join(made.gitDir, 'objects/pack', pack!)]);
    fsck(made.gitDir);
    await expectAll(await made.reopen(), saved);
  });

  it('stores successive trees and texts as deltas, in short chains', async () => {
    const made = await makeRepository();
    for (let scriptId = 1; scriptId <= 100; scriptId += 1) await made.repository.commit(save({ scriptId }));
    await saveMany(made, 60);
    await made.pack();
    const lines = git(made.gitDir, ['verify-pack', '-v', join(made.gitDir, 'objects/pack', packsOf(made)[0]!)]).split('\n');
    const depths = lines.flatMap((line) => / (?:tree|blob) +\d+ \d+ \d+ (\d+) [0-9a-f]{40}$/.exec(line)?.[1] ?? []).map(Number);
    expect(depths.length).to.be.above(120);
    expect(Math.max(...depths)).to.be.at.most(32);
  });

  exhaustive.it('does not block saves and reads in the meantime, and loses nothing', async () => {
    const made = await makeRepository({ smallPacksLimit: 3 });
    // Only a few, since writers without a pause outrun the packer: each run then has more to pack than the one before, and takes longer.
    const saved = await saveMany(made, 9);
    let runs = 0;
    const writers = ['prod', 'ed1', 'ed2'].map(async (branch) => {
      for (let index = 0; index < 40 || runs < 2; index += 1) {
        const content = `print(${JSON.stringify(branch)}, ${index})\n`;
        const { commit } = await made.repository.commit(save({ branch, scriptId: 50 + (index % 5), content }));
        saved.push({ commit, scriptId: 50 + (index % 5), content });
        const { commit: earlier, scriptId, content: expected } = saved[(index * 31) % saved.length]!;
        expect(await made.repository.read(earlier, scriptId)).to.equal(expected);
      }
    });
    let areWriting = true;
    const written = Promise.all(writers).finally(() => {
      areWriting = false;
    });
    for (; areWriting; runs += 1) await made.pack();
    await written;
    expect(runs).to.be.above(1);
    await made.pack();
    fsck(made.gitDir);
    expect(await made.status()).to.deep.include({ loose_objects: 0 });
    await expectAll(await made.reopen(), saved);
  });

  it('starts by itself once there are enough loose objects', async () => {
    const made = await makeRepository({ packAfterObjects: 30 });
    const saved = await saveMany(made, 9);
    await made.idle();
    expect(packsOf(made)).to.have.length(0);
    saved.push(...(await saveMany(made, 1)));
    await made.idle();
    expect(packsOf(made)).to.have.length(1);
    await expectAll(made, saved);
  });

  it('starts with the loose objects that a previous server process left', async () => {
    const made = await makeRepository();
    const saved = await saveMany(made, 10);
    const again = await made.reopen({ packAfterObjects: 30 });
    await again.startPacking();
    await again.idle();
    expect(await again.status()).to.deep.include({ loose_objects: 0, packs: 1 });
    await expectAll(again, saved);
  });

  it('merges many small packs into one, except a pack with a .keep file', async () => {
    const made = await makeRepository({ smallPacksLimit: 3 });
    const saved: Saved[] = [];
    for (const tag of ['a', 'b', 'c']) {
      saved.push(...(await saveMany(made, 6, tag)));
      await made.pack();
    }
    expect(packsOf(made)).to.have.length(3);
    const kept = packsOf(made)[0]!;
    writeFileSync(join(made.gitDir, 'objects/pack', kept.replace(/pack$/, 'keep')), '');
    saved.push(...(await saveMany(made, 6, 'd')));
    await made.pack();
    saved.push(...(await saveMany(made, 6, 'e')));
    await made.pack();
    expect(packsOf(made)).to.include(kept).and.to.have.length(2);
    fsck(made.gitDir);
    await expectAll(made, saved);
  });

  it('loses nothing when two packs contain the same objects', async () => {
    const made = await makeRepository({ smallPacksLimit: 2 });
    const saved = await saveMany(made, 6);
    await made.pack();
    const [pack] = packsOf(made);
    // A second pack with the same objects.
    git(made.gitDir, ['pack-objects', '--all', '--quiet', '--window=0', join(made.gitDir, 'objects/pack/pack')]);
    expect(packsOf(made)).to.have.length(2);
    await made.pack();
    expect(packsOf(made)).to.deep.equal([pack]);
    fsck(made.gitDir);
    await expectAll(made, saved);
  });

  it('includes objects made by other programs: folders, tags, merges and unreachable objects', async () => {
    const made = await makeRepository();
    const { commit } = await made.repository.commit(save());
    const { commit: second } = await made.repository.commit(save({ branch: 'ed2' }));
    const blob = git(made.gitDir, ['hash-object', '-w', '--stdin'], 'deep\n');
    const inner = git(made.gitDir, ['mktree'], `100644 blob ${blob}\tdeep.txt\n`);
    const tree = git(made.gitDir, ['mktree'], `040000 tree ${inner}\tfolder\n100644 blob ${blob}\t1.py\n`);
    const merge = git(made.gitDir, ['commit-tree', tree, '-p', commit, '-p', second, '-m', 'Merge\n\nVed-Script: no number']);
    git(made.gitDir, ['update-ref', 'refs/heads/ed1', merge]);
    git(made.gitDir, ['tag', '-a', '-m', 'a tag', 'v1', merge]);
    await made.pack();
    expect(await made.status()).to.deep.include({ loose_objects: 0, packs: 1 });
    expect(git(made.gitDir, ['show', 'v1:folder/deep.txt'])).to.equal('deep');
    fsck(made.gitDir);
  });

  it('creates no pack when there is nothing to pack', async () => {
    const made = await makeRepository();
    await made.pack();
    expect(packsOf(made)).to.deep.equal([]);
  });

  exhaustive.it('preserves any history of any texts', async () => {
    const history = anyText.chain((first) =>
      fc.tuple(
        fc.constant(first),
        editsOf(first),
        editsOf(first.repeat(3)),
        fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(history, async (texts) => {
        const made = await makeRepository();
        const commits: string[] = [];
        for (const content of texts) commits.push((await made.repository.commit(save({ content }))).commit);
        await made.pack();
        fsck(made.gitDir);
        const again = await made.reopen();
        for (const [index, commit] of commits.entries()) expect(await again.repository.read(commit, 1)).to.equal(texts[index]);
        expect(await collect(again.repository.recorded('ed1'))).to.have.length(texts.length);
        await removeRepositories();
      }),
      { numRuns: 12 },
    );
  });
});

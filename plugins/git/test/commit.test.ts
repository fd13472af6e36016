import { InvalidInput } from '@ved/core/contract';
import { expect } from 'chai';
import { fsck, git, needsGit } from './support/real-git.ts';
import { collect, makeRepository, removeRepositories, save } from './support/repository.ts';

async function refusal(work: Promise<unknown>): Promise<InvalidInput> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(InvalidInput);
  return error as InvalidInput;
}

describe('the scripts repository', () => {
  afterEach(removeRepositories);

  describe('a commit', () => {
    it('can be read for the script that it saved, and for no other', async () => {
      const { repository } = await makeRepository();
      const { commit } = await repository.commit(save({ scriptId: 7, content: 'print(7)\n' }));
      expect(await repository.read(commit, 7)).to.equal('print(7)\n');
      expect(await repository.read(commit, 70)).to.equal(null);
      expect(await repository.head('ed1')).to.equal(commit);
    });

    it('keeps the other scripts of the branch, in the order that git requires', async function () {
      needsGit.call(this);
      const { repository, gitDir } = await makeRepository();
      for (const scriptId of [10, 9, 100, 1, 2, 10]) await repository.commit(save({ scriptId, content: `print(${scriptId})\n` }));
      expect(git(gitDir, ['ls-tree', '--name-only', 'ed1']).split('\n')).to.deep.equal(['1.py', '10.py', '100.py', '2.py', '9.py']);
      expect(git(gitDir, ['show', 'ed1:100.py'])).to.equal('print(100)');
      fsck(gitDir);
    });

    it('without content removes the script from the branch, even the last one', async function () {
      needsGit.call(this);
      const { repository, gitDir, reopen } = await makeRepository();
      for (const scriptId of [1, 10, 2]) await repository.commit(save({ scriptId }));
      const { commit } = await repository.commit(save({ scriptId: 10, content: null, message: 'Off' }));
      expect(await repository.read(commit, 10)).to.equal(null);
      expect(git(gitDir, ['ls-tree', '--name-only', 'ed1']).split('\n')).to.deep.equal(['1.py', '2.py']);
      for (const scriptId of [1, 2, 2]) await repository.commit(save({ scriptId, content: null }));
      expect(git(gitDir, ['ls-tree', '--name-only', 'ed1'])).to.equal('');
      const again = (await reopen()).repository;
      expect(await again.read((await again.commit(save({ scriptId: 3 }))).commit, 3)).to.equal('print(1)\n');
      fsck(gitDir);
    });

    it('starts a new branch at the head of prod', async () => {
      const { repository } = await makeRepository();
      const prod = await repository.commit(save({ branch: 'prod', scriptId: 1 }));
      const mine = await repository.commit(save({ branch: 'ed2', author: 'ed2', scriptId: 2 }));
      expect(await repository.read(mine.commit, 1)).to.equal('print(1)\n');
      expect(await repository.head('prod')).to.equal(prod.commit);
      expect(Object.fromEntries(await repository.branches())).to.deep.equal({ prod: prod.commit, ed2: mine.commit });
    });

    it('shows its user, time and additional parents in real git', async function () {
      needsGit.call(this);
      const { repository, gitDir } = await makeRepository();
      const other = await repository.commit(save({ branch: 'prod' }));
      const first = await repository.commit(save());
      const { commit } = await repository.commit(
        save({ message: 'Äöü: merge\r\n\r\nbody', extraParents: [other.commit, first.commit], trailers: { 'Ved-Version': '12@3.4' } }),
      );
      const seen = git(gitDir, ['show', '-s', '--format=%an|%ae|%at|%cn|%P|%B', commit]);
      expect(seen).to.equal(
        `ed1|ed1@ved.invalid|1795000000|ed1|${first.commit} ${other.commit}|Äöü: merge\n\nbody\n\nVed-Version: 12@3.4\nVed-Script: 1\nVed-Time: 2026-11-18T11:06:40.120Z\n`,
      );
      expect(git(gitDir, ['show', '-s', '--format=%(trailers:key=Ved-Version,valueonly)', commit]).trim()).to.equal('12@3.4');
      fsck(gitDir);
    });

    it('survives a restart', async () => {
      const before = await makeRepository();
      const { commit } = await before.repository.commit(save());
      const after = await before.reopen();
      expect(await after.repository.head('ed1')).to.equal(commit);
      expect(await after.repository.read(commit, 1)).to.equal('print(1)\n');
    });
  });

  describe('contents', () => {
    const contents: Record<string, string> = {
      empty: '',
      'without a last newline': 'print(1)',
      'with CRLF and lone CR': 'a\r\nb\rc\r\n',
      'with a byte order mark': '\uFEFFprint(1)\n',
      'with NUL': 'a\0b\n',
      'with characters beyond the basic plane': 'print("🐍 日本語")\n',
      'of one MiB': 'x = 1\n'.repeat(174_763).slice(0, 1024 * 1024),
    };
    for (const [name, content] of Object.entries(contents)) {
      it(`${name} are kept byte for byte`, async function () {
        needsGit.call(this);
        const made = await makeRepository();
        const { commit } = await made.repository.commit(save({ content }));
        const { repository, gitDir } = await made.reopen();
        expect((await repository.read(commit, 1)) === content).to.equal(true);
        expect(git(gitDir, ['rev-parse', `${commit}:1.py`])).to.equal(git(gitDir, ['hash-object', '--stdin'], content));
      });
    }

    it('with a lone surrogate are refused, with its position', async () => {
      const { repository } = await makeRepository();
      const error = await refusal(repository.commit(save({ content: 'ok\uD800' })));
      expect(error.code).to.equal('git/not-unicode');
      expect(error.data).to.deep.equal({ position: 2 });
      expect(await repository.head('ed1')).to.equal(null);
    });
  });

  describe('an invalid name', () => {
    const names = [
      '',
      '../prod',
      'a/b',
      'ed1.lock',
      'a@{1}',
      '@',
      'ed1\0',
      'ed1\n',
      'HEAD',
      '-x',
      'é',
      'a'.repeat(33),
      'a..b',
      'a b',
      'a^',
      'a~1',
      'a:b',
    ];
    for (const name of names) {
      it(`is refused as a branch and as an author: ${JSON.stringify(name)}`, async () => {
        const { repository } = await makeRepository();
        expect((await refusal(repository.commit(save({ branch: name })))).code).to.equal('git/bad-branch');
        expect((await refusal(repository.head(name))).code).to.equal('git/bad-branch');
        expect((await refusal(repository.commit(save({ author: name })))).code).to.equal('git/bad-author');
      });
    }

    for (const scriptId of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      it(`is refused as a script id: ${scriptId}`, async () => {
        const { repository } = await makeRepository();
        expect((await refusal(repository.commit(save({ scriptId })))).code).to.equal('git/bad-script-id');
      });
    }

    for (const commit of ['', 'HEAD', 'prod', '../../etc/passwd', 'a'.repeat(39), 'A'.repeat(40)]) {
      it(`is refused as a commit id: ${JSON.stringify(commit)}`, async () => {
        const { repository } = await makeRepository();
        expect((await refusal(repository.read(commit, 1))).code).to.equal('git/bad-object-id');
        expect((await refusal(repository.commit(save({ extraParents: [commit] })))).code).to.equal('git/bad-object-id');
      });
    }

    it('is refused as an additional parent when there is no such commit', async () => {
      const { repository } = await makeRepository();
      expect((await refusal(repository.commit(save({ extraParents: ['a'.repeat(40)] })))).code).to.equal('git/unknown-parent');
    });
  });

  describe('the record of a branch', () => {
    it('is listed newest first, down to a commit that is already known', async () => {
      const { repository } = await makeRepository();
      const made: string[] = [];
      for (const version of ['0.1', '0.2', '0.3', '0.4']) {
        made.push(
          (await repository.commit(save({ scriptId: 3, trailers: { 'Ved-Version': `3@${version}` }, message: `v${version}` }))).commit,
        );
      }
      const seen = await collect(repository.recorded('ed1', made[1]!));
      expect(seen.map((record) => record.trailers['Ved-Version'])).to.deep.equal(['3@0.4', '3@0.3']);
      expect(seen[0]).to.deep.equal({
        commit: made[3],
        branch: 'ed1',
        author: 'ed1',
        at: 1_795_000_000_120,
        message: 'v0.4',
        trailers: { 'Ved-Version': '3@0.4' },
        scriptId: 3,
      });
    });

    it('keeps a trailer complete whatever characters it contains', async () => {
      const { repository } = await makeRepository();
      const value = JSON.stringify({ separators: '\u2028 \u2029 \u0085 \v \f', halves: '\ud800' });
      await repository.commit(save({ trailers: { 'Ved-Record': value }, message: 'Lines\u2028and\u2029paragraphs' }));
      const [record] = await collect(repository.recorded('ed1'));
      expect(record).to.deep.include({ message: 'Lines\u2028and\u2029paragraphs', trailers: { 'Ved-Record': value } });
    });

    it('is not fooled by a message that imitates trailers', async () => {
      const { repository } = await makeRepository();
      await repository.commit(save({ message: 'Nice\n\nVed-Version: 9@9.9\nVed-Script: 99' }));
      const [record] = await collect(repository.recorded('ed1'));
      expect(record).to.deep.include({ message: 'Nice\n\nVed-Version: 9@9.9\nVed-Script: 99', trailers: {}, scriptId: 1 });
    });

    it('leaves out commits made by other programs', async function () {
      needsGit.call(this);
      const { repository, gitDir } = await makeRepository();
      const { commit } = await repository.commit(save());
      const foreign = git(gitDir, ['commit-tree', `${commit}^{tree}`, '-p', commit, '-m', 'by hand']);
      git(gitDir, ['update-ref', 'refs/heads/ed1', foreign]);
      const second = await repository.commit(save({ content: 'print(2)\n' }));
      expect((await collect(repository.recorded('ed1'))).map((record) => record.commit)).to.deep.equal([second.commit, commit]);
    });

    it('is empty for a branch that does not exist', async () => {
      const { repository } = await makeRepository();
      expect(await collect(repository.recorded('nobody'))).to.deep.equal([]);
    });

    it('cannot be given a trailer of two lines', async () => {
      const { repository } = await makeRepository();
      expect((await refusal(repository.commit(save({ trailers: { 'Ved-Version': '1\nVed-Script: 2' } })))).code).to.equal(
        'git/bad-trailer',
      );
    });
  });
});

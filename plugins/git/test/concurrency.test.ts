import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from '@ved/core/contract';
import { expect } from 'chai';
import { openRepository } from '../server/open-repository.ts';
import { fsck, git, gitAsync, gitEnvironment, needsGit } from './support/real-git.ts';
import { collect, makeRepository, removeRepositories, save } from './support/repository.ts';

const run = promisify(execFile);

describe('parallel saves', () => {
  before(needsGit);
  afterEach(removeRepositories);

  it('on one branch become successive commits, none lost, each with its own content', async () => {
    const { repository, gitDir } = await makeRepository();
    const commits = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        repository.commit(save({ scriptId: 1 + (index % 3), content: `print(${index})\n`, trailers: { 'Ved-Version': `${index}` } })),
      ),
    );
    expect(git(gitDir, ['rev-list', '--count', 'ed1'])).to.equal('30');
    for (const [index, { commit }] of commits.entries())
      expect(await repository.read(commit, 1 + (index % 3))).to.equal(`print(${index})\n`);
    const order = (await collect(repository.recorded('ed1'))).map((record) => Number(record.trailers['Ved-Version']));
    expect(order).to.deep.equal(Array.from({ length: 30 }, (_, index) => 29 - index));
    fsck(gitDir);
  });

  it('on several branches do not interfere with each other', async () => {
    const { repository, gitDir } = await makeRepository();
    const branches = ['prod', 'ed1', 'ed2', 'ed3'];
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => repository.commit(save({ branch: branches[index % 4]!, scriptId: index + 1 }))),
    );
    const made = branches.map((branch) => git(gitDir, ['ls-tree', '--name-only', branch]).split('\n'));
    for (const [index, files] of made.entries()) {
      for (let script = index; script < 40; script += 4) expect(files).to.include(`${script + 1}.py`);
    }
    fsck(gitDir);
  });

  it('of ved and real git keep the commits of both', async () => {
    const { repository, gitDir } = await makeRepository();
    await repository.commit(save());
    const commitByHand = async (index: number): Promise<string> => {
      for (;;) {
        const head = await gitAsync(['--git-dir', gitDir, 'rev-parse', 'ed1']);
        const commit = await gitAsync(['--git-dir', gitDir, 'commit-tree', `${head}^{tree}`, '-p', head, '-m', `by hand ${index}`]);
        const moved = await gitAsync(['--git-dir', gitDir, 'update-ref', 'refs/heads/ed1', commit, head]).catch(() => null);
        if (moved !== null) return commit;
      }
    };
    const saving = Promise.all(Array.from({ length: 60 }, (_, index) => repository.commit(save({ scriptId: index + 1 }))));
    const theirs: string[] = [];
    for (let index = 0; index < 3; index += 1) theirs.push(await commitByHand(index));
    const ours = (await saving).map(({ commit }) => commit);
    expect(git(gitDir, ['rev-list', '--first-parent', 'ed1']).split('\n')).to.include.members([...ours, ...theirs]);
    expect(git(gitDir, ['ls-tree', '--name-only', 'ed1']).split('\n')).to.have.length(60);
    fsck(gitDir);
  });
});

describe('a repository that real git also writes to', () => {
  before(needsGit);
  afterEach(removeRepositories);

  it('gets new commits on top of a branch that was moved by hand', async () => {
    const { repository, gitDir } = await makeRepository();
    const { commit } = await repository.commit(save());
    const foreign = git(gitDir, ['commit-tree', `${commit}^{tree}`, '-p', commit, '-m', 'by hand']);
    git(gitDir, ['update-ref', 'refs/heads/ed1', foreign]);
    const next = await repository.commit(save({ content: 'print(2)\n' }));
    expect(git(gitDir, ['rev-list', 'ed1']).split('\n')).to.deep.equal([next.commit, foreign, commit]);
  });

  it('keeps foreign files, folders and modes beside the scripts', async () => {
    const { repository, gitDir } = await makeRepository();
    const blob = git(gitDir, ['hash-object', '-w', '--stdin'], 'foreign\n');
    const inner = git(gitDir, ['mktree'], `100644 blob ${blob}\tx\n`);
    const entries = [
      `040000 tree ${inner}\t1`,
      `100755 blob ${blob}\t1.py`,
      `040000 tree ${inner}\t1.py.d`,
      `040000 tree ${inner}\t2.py`,
      `100644 blob ${blob}\tREADME`,
    ];
    const tree = git(gitDir, ['mktree'], `${entries.join('\n')}\n`);
    git(gitDir, ['update-ref', 'refs/heads/ed1', git(gitDir, ['commit-tree', tree, '-m', 'by hand'])]);
    for (const scriptId of [1, 2, 3]) await repository.commit(save({ scriptId }));
    expect(git(gitDir, ['ls-tree', '--name-only', 'ed1']).split('\n')).to.deep.equal(['1.py', '1.py.d', '1', '2.py', '3.py', 'README']);
    fsck(gitDir);
  });

  it('can be read and saved to after its objects and refs were packed', async () => {
    const { repository, gitDir } = await makeRepository();
    const { commit } = await repository.commit(save({ branch: 'prod' }));
    await repository.commit(save());
    git(gitDir, ['gc', '--quiet', '--prune=now']);
    expect(git(gitDir, ['count-objects', '-v'])).to.include('count: 0');
    expect(await repository.head('prod')).to.equal(commit);
    expect([...(await repository.branches()).keys()]).to.deep.equal(['ed1', 'prod']);
    const next = await repository.commit(save({ scriptId: 2 }));
    expect(await repository.read(next.commit, 1)).to.equal('print(1)\n');
    fsck(gitDir);
  });

  it('refuses every push', async () => {
    const { repository, gitDir } = await makeRepository();
    const { commit } = await repository.commit(save());
    const error = await run('git', ['--git-dir', gitDir, 'push', gitDir, `${commit}:refs/heads/prod`], { env: gitEnvironment }).catch(
      (reason: Error) => reason,
    );
    expect(error).to.be.instanceOf(Error);
    expect(await repository.head('prod')).to.equal(null);
  });

  it('makes a save wait for a locked branch until it is unlocked', async () => {
    const patient = await makeRepository();
    const { commit: before } = await patient.repository.commit(save());
    const hasty = await openRepository(patient.dataDir, { lockWaitMs: 50 });
    const lock = join(patient.gitDir, 'refs/heads/ed1.lock');
    await writeFile(lock, '');
    const waiting = patient.repository.commit(save({ content: 'print(2)\n' }));
    // The second save started later, and has met the lock and timed out, so the first one has met it too and is waiting.
    expect(await hasty.repository.commit(save({ content: 'print(3)\n' })).catch((reason: unknown) => reason)).to.include({
      code: 'git/branch-locked',
    });
    expect(await patient.repository.head('ed1')).to.equal(before);
    await rm(lock);
    const { commit } = await waiting;
    expect(await patient.repository.head('ed1')).to.equal(commit);
    await hasty.close();
  });

  it('refuses a save when the branch stays locked, and leaves the lock in place', async () => {
    const { repository, gitDir } = await makeRepository({ lockWaitMs: 50 });
    const { commit } = await repository.commit(save());
    const lock = join(gitDir, 'refs/heads/ed1.lock');
    await writeFile(lock, '');
    const error = await repository.commit(save({ content: 'print(2)\n' })).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Unavailable);
    expect(error).to.include({ code: 'git/branch-locked', status: 503 });
    expect((error as Unavailable).headers['Retry-After']).to.equal('5');
    expect(await repository.head('ed1')).to.equal(commit);
    await rm(lock);
    await repository.commit(save({ content: 'print(3)\n' }));
  });
});

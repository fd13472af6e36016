import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fsck, git, needsGit } from './support/real-git.ts';
import { collect, makeRepository, removeRepositories, save } from './support/repository.ts';

const many = Array.from({ length: 60 }, (_, index) => save({ scriptId: index + 1, content: `print(${index + 1})\n` }));

describe('many commits in one call', () => {
  afterEach(removeRepositories);

  it('follow one another on the branch, each with its own file and all earlier ones', async function () {
    needsGit.call(this);
    const { repository, gitDir } = await makeRepository();
    const earlier = await repository.commit(save({ scriptId: 100 }));
    const commits = await repository.commitAll(many);
    expect(git(gitDir, ['rev-list', '--reverse', 'ed1']).split('\n')).to.deep.equal([earlier.commit, ...commits]);
    expect(await repository.read(commits[9]!, 10)).to.equal('print(10)\n');
    expect(await repository.read(commits[9]!, 11)).to.equal(null);
    expect(await repository.read(commits.at(-1)!, 100)).to.equal('print(1)\n');
    expect((await collect(repository.recorded('ed1', earlier.commit))).map(({ scriptId }) => scriptId).reverse()).to.deep.equal(
      many.map(({ scriptId }) => scriptId),
    );
    fsck(gitDir);
  });

  it('keep the commits made to the branch in parallel', async () => {
    const { repository } = await makeRepository();
    const [commits] = await Promise.all([
      repository.commitAll(many),
      ...Array.from({ length: 5 }, (_, index) => repository.commit(save({ scriptId: 200 + index }))),
      repository.commitAll([save({ scriptId: 300 }), save({ scriptId: 301 })]),
    ]);
    expect(commits).to.have.length(many.length);
    const head = (await repository.head('ed1'))!;
    for (const scriptId of [1, 60, 200, 204, 300, 301]) expect(await repository.read(head, scriptId), String(scriptId)).to.not.equal(null);
    expect(await collect(repository.recorded('ed1'))).to.have.length(many.length + 7);
  });

  it('leave the branch alone when one of them is refused', async () => {
    const { repository, gitDir } = await makeRepository();
    const before = await repository.commit(save());
    const refused = repository.commitAll([...many, save({ scriptId: 61, content: '\ud800' })]);
    expect(
      await refused.then(
        () => null,
        ({ code }) => code,
      ),
    ).to.equal('git/not-unicode');
    expect(await repository.head('ed1')).to.equal(before.commit);
    expect(readdirSync(join(gitDir, 'ved-staging'))).to.deep.equal([]);
  });

  it('must be on the same branch', async () => {
    const { repository } = await makeRepository();
    const work = repository.commitAll([save(), save({ branch: 'ed2' })]);
    expect(
      await work.then(
        () => null,
        ({ message }) => message,
      ),
    ).to.contain('same branch');
    expect([...(await repository.branches()).keys()]).to.deep.equal([]);
  });

  it('may be an empty list', async () => {
    const { repository } = await makeRepository();
    expect(await repository.commitAll([])).to.deep.equal([]);
  });
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InsufficientStorage } from '@ved/core/contract';
import { expect } from 'chai';
import { type OpenRepository, openRepository } from '../server/open-repository.ts';
import { fsck, needsGit } from './support/real-git.ts';
import { save } from './support/repository.ts';

describe('a full disk', () => {
  let folder = '';
  let mounted = false;
  before(needsGit);
  before(function () {
    folder = mkdtempSync(join(tmpdir(), 'ved-full-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'pipe' });
      mounted = true;
    } catch (error) {
      if (process.env.VED_TEST_REQUIRE_ALL) throw error;
      // Mounting needs root, and is not allowed in every container.
      this.skip();
    }
  });
  after(() => {
    if (mounted) execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function fill(repository: OpenRepository['repository']): Promise<{ head: string | null; error: unknown }> {
    for (let scriptId = 1; ; scriptId += 1) {
      const head = await repository.head('ed1');
      const error = await repository.commit(save({ scriptId, content: randomBytes(60_000).toString('hex') })).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error !== null) return { head, error };
    }
  }

  it('is reported as such, leaves nothing half-written, and allows saves once there is space again', async () => {
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, randomBytes(600_000));
    const opened = await openRepository(folder);
    const { head, error } = await fill(opened.repository);
    expect(error).to.be.instanceOf(InsufficientStorage);
    expect(error).to.include({ code: 'git/disk-full', status: 507 });
    expect(await opened.repository.head('ed1')).to.equal(head);
    expect(readdirSync(join(opened.gitDir, 'ved-staging'))).to.deep.equal([]);
    expect(readdirSync(join(opened.gitDir, 'refs/heads'))).to.deep.equal(['ed1']);
    fsck(opened.gitDir);
    rmSync(ballast);
    const { commit } = await opened.repository.commit(save({ scriptId: 1, content: 'print("again")\n' }));
    expect(await opened.repository.read(commit, 1)).to.equal('print("again")\n');
    fsck(opened.gitDir);
    await opened.close();
  });
});

/** Who on the machine can read the server's data. */
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { gitPlugin } from '../../plugins/git/server/index.ts';
import { startServer } from '../../test/support/server.ts';

describe('an existing data folder that is open to everybody', () => {
  let dataDir: string;
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-folder-'));
    await chmod(dataDir, 0o755);
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const modeOf = async (...path: string[]) => ((await stat(join(dataDir, ...path))).mode & 0o777).toString(8);

  it('is readable by its owner only after the start, including everything created in it', async () => {
    const server = await startServer({ dataDir, plugins: [gitPlugin], firstStart: true });
    expect(await modeOf()).to.equal('700');
    expect(await modeOf('scripts.git')).to.equal('700');
    for (const file of ['session.key', 'ved.sqlite', 'server.pid']) expect(await modeOf(file), file).to.equal('600');
    await server.stop();
  });

  it('loses the permissions on files of an older server', async () => {
    await mkdir(join(dataDir, 'runner'), { mode: 0o755 });
    await writeFile(join(dataDir, 'session.key'), `${'0'.repeat(64)}\n`);
    await chmod(join(dataDir, 'session.key'), 0o644);
    const server = await startServer({ dataDir, plugins: [], firstStart: true });
    expect([await modeOf('runner'), await modeOf('session.key')]).to.deep.equal(['700', '600']);
    await server.stop();
  });
});

/** Several interpreters on one engine: what they share and what they do not. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Engine } from '../../contract/engine.ts';
import { type DerivedImage, deriveImage, dockerClient, OLD_PYTHON } from './support/derived-image.ts';
import { DEFAULT_IMAGE, newDockerEngine, requireDocker } from './support/engines.ts';
import { runScript } from './support/run-script.ts';

describe('several interpreters on one engine', () => {
  let older: DerivedImage;

  before(async function () {
    await requireDocker(this);
    older = await deriveImage(OLD_PYTHON);
  });
  after(async () => older?.remove());

  async function withEngine(isolation: 'run' | 'lane', use: (engine: Engine, owner: string) => Promise<void>): Promise<void> {
    const owner = `test-${randomBytes(6).toString('hex')}`;
    const interpreters = [
      { name: 'newer', image: DEFAULT_IMAGE },
      { name: 'older', image: older.name },
      { name: 'broken', image: older.name.replace('latest', 'broken') },
    ];
    const engine = newDockerEngine({ owner, isolation, interpreters });
    try {
      await engine.probe();
      await use(engine, owner);
    } finally {
      await engine.close();
    }
  }

  it('reuse a container of a lane only for runs on the same interpreter', () =>
    withEngine('lane', async (engine) => {
      const first = await runScript(engine, 'import sys; print(sys.version.split()[0])', { interpreter: 'newer' });
      const other = await runScript(engine, 'import sys; print(sys.version.split()[0])', { interpreter: 'older' });
      const again = await runScript(engine, 'import sys; print(sys.version.split()[0])', { interpreter: 'older' });
      expect(first.both).to.match(/^3\.14/);
      expect([other.both, again.both]).to.deep.equal(['3.13.5\n', '3.13.5\n']);
      expect([first.reused, other.reused, again.reused]).to.deep.equal([false, false, true]);
    }));

  it('boot containers in advance only for the default, until another is used', () =>
    withEngine('run', async (engine, owner) => {
      const images = async () => {
        const list = await dockerClient().listContainers({ filters: { label: [`ved.owner=${owner}`], status: ['running'] } });
        return list.map(({ ImageID }) => (ImageID === older.id ? 'older' : 'newer'));
      };
      // A container that was only asked for its Python version is removed later.
      while ((await images()).includes('older')) await dockerClient().ping();
      expect(await images()).to.deep.equal(['newer']);
      await runScript(engine, '', { interpreter: 'older' });
      while ((await images()).length !== 2) await dockerClient().ping();
      expect((await images()).sort()).to.deep.equal(['newer', 'older']);
    }));

  it('report a missing image, while the others run', () =>
    withEngine('run', async (engine) => {
      const { interpreters, available, preparable } = await engine.probe();
      expect({ available, preparable }).to.deep.equal({ available: true, preparable: true });
      expect(interpreters!.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(['newer ready', 'older ready', 'broken missing']);
      expect((await runScript(engine, '', { interpreter: 'broken' })).reason).to.match(
        /^The image .*:broken is not on the Docker engine\.$/,
      );
    }));
});

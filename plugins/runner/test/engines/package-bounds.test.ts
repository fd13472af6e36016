/** The limits on building a package layer (time, disk, files), here small ones, with real builds. */

import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import type { Engine } from '../../contract/engine.ts';
import { BUILD_BOUNDS, type BuildBounds } from '../../server/engines/docker/layer-build.ts';
import { type PackageIndex, startPackageIndex } from '../support/package-index.ts';
import { makeWheel } from '../support/wheel.ts';
import { dockerClient, removeLayers } from './support/derived-image.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { type Result, runScript } from './support/run-script.ts';
import { until } from './support/until.ts';

const docker = dockerClient();
const FAILED = "The script's packages could not be installed: ";
const MANY_FILES = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`many/empty${i}.txt`, '']));

exhaustive.describe('the build of a package layer', () => {
  const owner = `test-${randomBytes(6).toString('hex')}`;
  let index: PackageIndex;

  const withEngine = async <T>(bounds: Partial<BuildBounds>, use: (engine: Engine) => Promise<T>): Promise<T> => {
    const packages = { index: index.url, network: 'host', bounds: { ...BUILD_BOUNDS, ...bounds } };
    const engine = newDockerEngine({ owner, poolSize: 0, packages });
    try {
      return await use(engine);
    } finally {
      await engine.close();
    }
  };
  const imagesOf = async (): Promise<number> => (await docker.listImages({ filters: { label: [`ved.owner=${owner}`] } })).length;
  const containersOf = () => docker.listContainers({ all: true, filters: { label: [`ved.owner=${owner}`] } });
  /** Expects that the run failed because of its packages, and left nothing behind. */
  const expectRefused = async ({ status, reason, events }: Result, why: string): Promise<void> => {
    expect({ status, reason, events }).to.deep.equal({ status: 'engine_error', reason: FAILED + why, events: ['exit'] });
    expect([await imagesOf(), await containersOf()]).to.deep.equal([0, []]);
  };

  before(async function () {
    await requireDocker(this);
    index = await startPackageIndex();
    index.add(
      makeWheel('bomb', '', { files: { 'bomb.bin': '\0'.repeat(16 * 2 ** 20) } }),
      makeWheel('crumbs', '', { files: MANY_FILES }),
      makeWheel('small', 'WORD = "small"'),
    );
    index.addEndless(makeWheel('endless', ''));
  });
  after(async () => {
    await index?.close();
    await removeLayers(owner);
  });

  it('is ended if it never finishes, names the packages, and leaves nothing behind', () =>
    withEngine({ seconds: 2 }, async (engine) => {
      const refused = await runScript(engine, 'print(1)', { packages: ['endless', 'small'] });
      await expectRefused(refused, 'endless, small exceeded the time limit of 2 s.');
    }));

  it('is ended by the server if its container does not end', () =>
    withEngine({ patienceSeconds: 3 }, async (engine) => {
      const refused = runScript(engine, 'print(1)', { packages: ['endless'] });
      await until(async () => (await containersOf()).some(({ State }) => State === 'running'), 'the build has begun');
      await docker.getContainer((await containersOf())[0]!.Id).pause();
      await expectRefused(await refused, 'endless exceeded the time limit of 300 s.');
    }));

  it('is ended if it fills the disk, names the packages, and leaves nothing behind; the next one succeeds', () =>
    withEngine({ bytes: 4 * 2 ** 20 }, async (engine) => {
      for (const name of ['bomb', 'crumbs']) {
        const refused = await runScript(engine, 'print(1)', { packages: [name] });
        await expectRefused(refused, `${name} with all dependencies exceeds the limit of 4 MiB.`);
      }
      expect((await runScript(engine, 'import small; print(small.WORD)', { packages: ['small'] })).both).to.equal('small\n');
    }));
});

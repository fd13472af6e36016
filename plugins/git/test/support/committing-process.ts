/**
 * A process that saves continuously until it is killed, on three branches in
 * parallel, and prints each commit once it is acknowledged.
 * Arguments: the data folder, and the number of the round.
 */
import { openRepository } from '../../server/open-repository.ts';
import { save } from './repository.ts';

async function commitForever(dataDir: string, round: number): Promise<never> {
  const { repository } = await openRepository(dataDir, { packAfterObjects: 60, smallPacksLimit: 4 });
  const write = async (branch: string): Promise<never> => {
    for (let count = 1; ; count += 1) {
      const scriptId = 1 + (count % 20);
      const content = `print(${JSON.stringify(branch)}, ${round}, ${count})\n`;
      const { commit } = await repository.commit(save({ branch, author: branch === 'prod' ? 'ed1' : branch, scriptId, content }));
      process.stdout.write(`${JSON.stringify({ branch, scriptId, content, commit })}\n`);
    }
  };
  return Promise.race(['prod', 'ed1', 'ed2'].map(write));
}

const [dataDir, round] = process.argv.slice(2);
void commitForever(dataDir!, Number(round));

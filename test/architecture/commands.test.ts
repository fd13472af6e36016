/** Only its owner names a command: others get it through what the owner contributes, so that each plugin can be left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');

/** The owner of each command prefix. */
const OWNERS: Record<string, string> = { workspace: 'core', help: 'core' };
for (const plugin of readdirSync(join(root, 'plugins'))) OWNERS[plugin] = `plugins/${plugin}`;

const COMMAND = new RegExp(`['"\`](${Object.keys(OWNERS).join('|')}):[a-z][a-z-]*['"\`]`, 'g');

/** Other packages' commands that a file of the package names. */
function foreignCommands(owner: string, text: string): string[] {
  return [...text.matchAll(COMMAND)].filter(([, prefix]) => OWNERS[prefix!] !== owner).map(([literal]) => literal.slice(1, -1));
}

function sourcesOf(owner: string): string[] {
  return ['contract', 'browser'].flatMap((half) => {
    const folder = join(root, owner, half);
    const files = readdirSync(join(root, owner)).includes(half) ? (readdirSync(folder, { recursive: true }) as string[]) : [];
    return files.filter((file) => /\.tsx?$/.test(file)).map((file) => join(folder, file));
  });
}

describe('a command of another package', () => {
  for (const owner of new Set(Object.values(OWNERS)))
    it(`is not named in ${owner}`, () => {
      const found = sourcesOf(owner).flatMap((file) =>
        foreignCommands(owner, readFileSync(file, 'utf8')).map((command) => `${file.slice(root.length + 1)}: ${command}`),
      );
      expect(found).to.deep.equal([]);
    });

  it('is found when planted', () => {
    const text = "commands.execute('runner:stop'); add({ command: \"catalog:open\" }); new Token('@ved/runner:Runs'); go(`help:about`);";
    expect(foreignCommands('plugins/catalog', text)).to.deep.equal(['runner:stop', 'help:about']);
  });
});

import { expect } from 'chai';
import { type RunnerSettings, runnerSettings } from '../server/settings.ts';

type Name = keyof RunnerSettings;
const parse = (name: Name, text: string | undefined) => runnerSettings[name].schema.safeParse(text);

describe('the settings of the runner', () => {
  it('have the documented defaults (L1, L7, L8)', () => {
    const defaults = (
      ['runner', 'image', 'timeoutMs', 'memoryBytes', 'cpus', 'poolSize', 'isolation', 'retention', 'filesBytes'] as const
    ).map((name) => parse(name, undefined).data);
    expect(defaults).to.deep.equal(['auto', 'python:3.14-slim', 30_000, 268_435_456, 0.5, 4, 'run', 200, 2_147_483_648]);
    expect(parse('concurrency', undefined).data).to.be.a('number').and.at.least(1);
  });

  const refused: [Name, string, string][] = [
    ['runner', 'dokcer', 'must be auto, docker, pyodide or plugin:'],
    ['dockerHost', '/var/run/docker.sock', 'unix:///var/run/docker.sock'],
    ['dockerHost', 'ssh://host:port', 'must name a host, and a port only as a number'],
    ['dockerHost', 'ssh:///var/run/docker.sock', 'must name a host'],
    ['dockerHost', 'ssh://me:secret@host', 'must not contain a password'],
    ['dockerHost', 'tcp://me:1/secret@host', 'must have the characters / ? # of a name or password percent-encoded'],
    ['dockerHost', 'https://me:1?secret@host:2376', 'must have the characters / ? #'],
    ['image', 'python slim', 'name of an image'],
    ['timeoutMs', '30s', 'whole number of milliseconds'],
    ['memoryBytes', '1000', 'whole number of bytes'],
    ['cpus', '0', 'at least'],
    ['concurrency', '0', 'whole number of runs'],
    ['poolSize', '-1', 'whole number'],
    ['isolation', 'none', 'must be run or lane'],
    ['retention', '', 'whole number of runs'],
    ['filesBytes', '1000', 'whole number of bytes from 16777216'],
    ['interpreters', 'python:3.14-slim', '"python:3.14-slim" has no ='],
    ['interpreters', 'a=python:3.14-slim,a=python:3.13-slim', '"a" is listed twice'],
    ['interpreters', '3.14=python:3.14-slim', '"3.14" is not a valid name'],
    ['interpreters', 'a=python slim', '"python slim" is not the name of an image'],
    ['packagesIndex', 'packages.example', 'must be the address of a package index'],
    ['packagesNetwork', '--x', 'must be the name of a Docker network'],
    ['pyodidePackages', '/there/is/none', 'must be an existing folder'],
    ['interpreters', ',', 'must be names and images such as cpython-3.14=python:3.14-slim'],
  ];
  for (const [name, text, message] of refused) {
    it(`refuse ${runnerSettings[name].variable}="${text}" with what it must be`, () => {
      expect(parse(name, text).error?.issues[0]?.message).to.include(message);
    });
  }

  it('keep interpreters in the given order', () => {
    expect(parse('interpreters', 'cpython-3.14=python:3.14-slim, graalpy=ghcr.io/graalvm/graalpy-community:25').data).to.deep.equal([
      { name: 'cpython-3.14', image: 'python:3.14-slim' },
      { name: 'graalpy', image: 'ghcr.io/graalvm/graalpy-community:25' },
    ]);
    expect(parse('interpreters', undefined).data).to.equal(undefined);
  });
});

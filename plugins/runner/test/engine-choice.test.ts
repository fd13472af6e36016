import type { Capabilities } from '@ved/runner/contract';
import { expect } from 'chai';
import { choose } from '../server/engine-choice.ts';

const there: Capabilities = { available: true, reason: null, interpreter: 'i', isolation: '', limitations: [], imageDigest: null };
const gone = (reason: string): Capabilities => ({ ...there, available: false, reason });

describe('a server that may use any engine', () => {
  it('uses Docker if it is available', () => {
    const choice = choose(
      'auto',
      new Map([
        ['docker', there],
        ['pyodide', there],
      ]),
    );
    expect(choice.active).to.equal('docker');
  });

  it('falls back to Pyodide and says why not Docker', () => {
    const choice = choose(
      'auto',
      new Map([
        ['docker', gone('Nothing answers at /var/run/docker.sock.')],
        ['pyodide', there],
      ]),
    );
    expect(choice.active).to.equal('pyodide');
    expect(choice.why).to.include('Nothing answers at /var/run/docker.sock.');
  });
});

describe('a server that is configured for one engine', () => {
  it('uses no other if it is missing, and says what to do', () => {
    const choice = choose(
      'docker',
      new Map([
        ['docker', gone('Nothing answers.')],
        ['pyodide', there],
      ]),
    );
    expect(choice.active).to.equal(null);
    expect(choice.why).to.include('Nothing answers.').and.include('VED_RUNNER=auto');
  });

  it("uses a plugin's engine by its id", () => {
    expect(choose('plugin:remote', new Map([['remote', there]])).active).to.equal('remote');
  });

  it('says so if no plugin provides that engine', () => {
    expect(choose('plugin:remote', new Map([['docker', there]]))).to.deep.include({ active: null });
  });
});

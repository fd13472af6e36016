import type { Capabilities } from '@ved/runner/contract';
import { expect } from 'chai';
import { choose } from '../server/engine-choice.ts';

const there: Capabilities = { available: true, reason: null, interpreter: 'i', isolation: '', limitations: [], imageDigest: null };
const gone = (reason: string): Capabilities => ({ ...there, available: false, reason });

describe('a server that may take any engine', () => {
  it('takes Docker when it is there', () => {
    const choice = choose(
      'auto',
      new Map([
        ['docker', there],
        ['pyodide', there],
      ]),
    );
    expect(choice.active).to.equal('docker');
  });

  it('falls back to Pyodide and says what is in the way of Docker', () => {
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

describe('a server that was told one engine', () => {
  it('takes no other when it is missing, and says what to do', () => {
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

  it('takes the engine of a plugin by its id', () => {
    expect(choose('plugin:remote', new Map([['remote', there]])).active).to.equal('remote');
  });

  it('says so when no plugin brings that engine', () => {
    expect(choose('plugin:remote', new Map([['docker', there]]))).to.deep.include({ active: null });
  });
});

import type { Problem } from '@ved/core/contract';
import type { Capabilities, Interpreter } from '@ved/runner/contract';
import { expect } from 'chai';
import { withInterpreter } from '../../server/interpreters/run-needs.ts';
import { wanted } from '../support/queue.ts';

const one = (name: string, state: Interpreter['state']): Interpreter => ({
  name,
  version: null,
  state,
  reason: 'There is a reason.',
  image: name,
  imageDigest: null,
});
const capabilities: Capabilities = {
  available: true,
  reason: null,
  interpreter: 'good',
  isolation: '',
  limitations: [],
  imageDigest: null,
  interpreters: [one('good', 'ready'), one('late', 'fetching'), one('broken', 'unusable')],
};

function refusal(name: string): Problem {
  try {
    withInterpreter({ ...wanted('ed1'), wantedInterpreter: name }, capabilities);
  } catch (error) {
    return error as Problem;
  }
  throw new Error('it was not refused');
}

describe('a run on an interpreter', () => {
  it('that is being fetched is refused for now, with when to retry', () => {
    const { status, code, headers } = refusal('late');
    expect([status, code]).to.deep.equal([503, 'runner/interpreter-not-ready']);
    expect(headers['Retry-After']).to.match(/^[1-9]\d*$/);
  });

  it('that cannot start Python is refused permanently, because retrying does not help', () => {
    const { status, code, message, headers } = refusal('broken');
    expect([status, code]).to.deep.equal([422, 'runner/interpreter-unusable']);
    expect(message).to.include('There is a reason.');
    expect(headers).not.to.have.property('Retry-After');
  });
});

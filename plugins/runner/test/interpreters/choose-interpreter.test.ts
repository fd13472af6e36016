import type { Interpreter } from '@ved/runner/contract';
import { expect } from 'chai';
import { chooseInterpreter, NoInterpreter, versionInName } from '../../server/interpreters/choose-interpreter.ts';

const one = (name: string, version: string | null, state: Interpreter['state'] = 'ready'): Interpreter => ({
  name,
  version,
  state,
  reason: state === 'ready' ? null : 'The image x is not on the Docker engine.',
  image: 'x',
  imageDigest: null,
});
const LIST = [one('cpython-3.13', '3.13.5'), one('cpython-3.15', '3.15.0b1'), one('cpython-3.14', '3.14.2'), one('graalpy', null)];

function refusal(...args: Parameters<typeof chooseInterpreter>): NoInterpreter {
  try {
    chooseInterpreter(...args);
  } catch (error) {
    expect(error).to.be.instanceOf(NoInterpreter);
    return error as NoInterpreter;
  }
  throw new Error('one was chosen');
}

describe('the interpreter of a run', () => {
  const chosen: [string, string | null, string | null, string][] = [
    ['is the default if nothing is requested', null, null, 'cpython-3.13'],
    ['is the one that the person chooses, whatever the script requires', 'graalpy', '>=3.14', 'graalpy'],
    ['is the default if it matches', null, '>=3.12', 'cpython-3.13'],
    ['is the newest match if the default does not match', null, '>=3.14', 'cpython-3.15'],
    ['is the one that the script requires', null, '==3.14.*', 'cpython-3.14'],
    ['is compared by patch version too', null, '>=3.14.1,<3.15', 'cpython-3.14'],
  ];
  for (const [what, wanted, requires, name] of chosen) {
    it(what, () => expect(chooseInterpreter(LIST, wanted, requires).name).to.equal(name));
  }

  it('is an available one rather than a newer one that is missing', () => {
    const list = [one('a', '3.12'), one('b', '3.15', 'missing'), one('c', '3.14')];
    expect(chooseInterpreter(list, null, '>=3.13').name).to.equal('c');
    expect(refusal([one('a', '3.12'), one('b', '3.15', 'missing')], null, '>=3.13')).to.include({
      code: 'runner/interpreter-not-ready',
      message: 'The interpreter b is not ready. The image x is not on the Docker engine.',
    });
  });

  it('that cannot start Python is refused permanently, with the reason', () => {
    expect(refusal([one('a', '3.12'), one('broken', null, 'unusable')], 'broken', null)).to.include({
      code: 'runner/interpreter-unusable',
      message: 'The interpreter broken cannot run scripts. The image x is not on the Docker engine.',
    });
  });

  it('that is unknown is refused with the available ones', () => {
    expect(refusal(LIST, 'cpython-2.7', null)).to.include({
      code: 'runner/unknown-interpreter',
      message:
        'There is no interpreter "cpython-2.7". Available: cpython-3.13 (Python 3.13.5), cpython-3.15 (Python 3.15.0b1), cpython-3.14 (Python 3.14.2), graalpy (unknown Python version).',
    });
  });

  it('is refused with the available ones if no Python matches', () => {
    const { code, message } = refusal([LIST[0]!], null, '>=4');
    expect(code).to.equal('runner/no-matching-interpreter');
    expect(message).to.equal(
      'The script requires Python >=4 (requires-python), but no interpreter matches. Available: cpython-3.13 (Python 3.13.5).',
    );
  });

  it('is known by its name until it has been probed', () => {
    expect(['cpython-3.14', 'cpython-3.14-pyodide', 'graalpy', 'pypy3'].map(versionInName)).to.deep.equal(['3.14', '3.14', null, null]);
  });
});

import { comparisonWords } from '@ved/runner/contract';
import { expect } from 'chai';

describe('the words for two runs', () => {
  const cases = [
    [[], true, 'Identical'],
    [['time', 'memory'], true, 'Identical except for time and memory'],
    [['code', 'engine', 'time'], true, 'Same result from different code and engine'],
    [['stdout'], false, 'Different stdout'],
    [['files', 'time'], false, 'Different files'],
    [
      ['code', 'input', 'status', 'exit_code', 'stderr', 'time'],
      false,
      'Different status, exit code and stderr; also different code and test data',
    ],
  ] as const;
  for (const [differs, sameResult, text] of cases)
    it(`that differ in ${differs.join(', ') || 'nothing'} are “${text}”`, () => {
      expect(comparisonWords(differs)).to.deep.equal({ sameResult, text });
    });
});

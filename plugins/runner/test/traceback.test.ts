import { expect } from 'chai';
import { failureIn, mentionIn } from '../browser/log/traceback.ts';

const TRACEBACK = `Traceback (most recent call last):
  File "/runner/script.py", line 9, in <module>
    main()
  File "/runner/script.py", line 4, in main
    json.loads("")
  File "/usr/lib/python3.14/json/__init__.py", line 352, in loads
    return _default_decoder.decode(s)
ValueError: Expecting value

`;

describe('a traceback', () => {
  it('is summed up by its message and the innermost line of the script', () => {
    expect(failureIn(TRACEBACK)).to.deep.equal({ message: 'ValueError: Expecting value', line: 4 });
  });

  it('has no line if the script is not in it', () => {
    expect(failureIn('warning\nKilled\n')).to.deep.equal({ message: 'Killed', line: null });
  });

  it('is nothing if stderr is blank', () => {
    expect([failureIn(''), failureIn(' \n\n')]).to.deep.equal([null, null]);
  });

  it('links the mention of a line of the script, in any folder', () => {
    const text = '  File "/runner/script.py", line 12, in <module>';
    const { line, from, to } = mentionIn(text)!;
    expect([line, text.slice(from, to)]).to.deep.equal([12, 'File "/runner/script.py", line 12']);
    expect(mentionIn('File "script.py", line 3')?.line).to.equal(3);
  });

  it('links no other file', () => {
    expect(mentionIn('  File "/usr/lib/my_script.py", line 12')).to.equal(null);
    expect(mentionIn('  File "/runner/script.pyc", line 12')).to.equal(null);
  });
});

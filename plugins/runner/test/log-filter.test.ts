import { expect } from 'chai';
import { LogFilter } from '../browser/log/log-filter.ts';
import { LogLines } from '../browser/log/log-lines.ts';

function logged() {
  const lines = new LogLines();
  lines.append('stdout', 'one\n\x1b[32mtwo\x1b[0m\n');
  lines.append('stderr', 'oh dear\n');
  lines.append('stdout', 'three');
  return { lines, filter: new LogFilter(lines) };
}

describe('the text of a log', () => {
  it('contains everything shown, without colours', () => {
    const { filter } = logged();
    expect(filter.text()).to.equal('one\ntwo\noh dear\nthree');
  });
  it('contains only the stream that is shown, including new lines', () => {
    const { lines, filter } = logged();
    filter.show('stderr');
    expect(filter.text()).to.equal('oh dear');
    lines.append('stderr', 'again\n');
    expect([filter.text(), filter.count]).to.deep.equal(['oh dear\nagain', 2]);
    filter.show('stdout');
    expect(filter.text()).to.equal('one\ntwo\nthree');
  });
});

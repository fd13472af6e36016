/** Previews show what a file contains: tables from any program, and numbers of any length. */
import { expect } from 'chai';
import fc from 'fast-check';
import { dialectOf, records } from '../browser/files/delimited-text.ts';
import { ExactNumber, membersOf, parseJson } from '../browser/files/json-value.ts';
import { orderBy, readTable, SHOWN_COLUMNS } from '../browser/files/table.ts';

const never = new AbortController().signal;
const read = (text: string, mediaType = 'text/csv') => readTable(text, mediaType, never);

describe('a table as text', () => {
  it('preserves every cell, whatever it contains', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'é', '=') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n', '\r'), (table, separator, lineEnd) => {
        const text = table.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(separator)).join(lineEnd);
        expect([...records(text, separator)]).to.deep.equal(table);
      }),
    );
  });

  const cases: [string, string, string[][]][] = [
    [
      'with semicolons and decimal commas',
      'a;b\n1,5;2,5\n',
      [
        ['a', 'b'],
        ['1,5', '2,5'],
      ],
    ],
    [
      'with commas and a semicolon in a text',
      'a,b\nx;y,2\n',
      [
        ['a', 'b'],
        ['x;y', '2'],
      ],
    ],
    [
      'with tabs',
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'that names its separator',
      'sep=|\r\na|b\r\n1|2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['of one column', 'a\n1\n2\n', [['a'], ['1'], ['2']]],
    ['with empty lines and rows of different lengths', 'a,b\n\n1\r\n1,2,3\n', [['a', 'b'], ['1'], ['1', '2', '3']]],
    ['with an unterminated quote', 'a,b\n"1,2\n3', [['a', 'b'], ['1,2\n3']]],
    [
      'with quotes within a cell',
      'a,b\nsay "no",5" pipe\n',
      [
        ['a', 'b'],
        ['say "no"', '5" pipe'],
      ],
    ],
    [
      'with text after a closing quote',
      'a,b\n"x"y,2\n',
      [
        ['a', 'b'],
        ['xy', '2'],
      ],
    ],
    [
      'that ends with a separator',
      'a,b,\n1,2,\n',
      [
        ['a', 'b', ''],
        ['1', '2', ''],
      ],
    ],
    ['of nothing', '', []],
  ];
  for (const [what, text, table] of cases)
    it(`${what} is parsed as intended`, () => {
      const { separator, start } = dialectOf(text, 'text/csv');
      expect([...records(text, separator, start)]).to.deep.equal(table);
    });

  it('of a hundred thousand rows is read without blocking the page', async () => {
    const text = `id,name,amount\n${Array.from({ length: 100_000 }, (_, i) => `${i},"name ${i}",${(i * 7919) % 1000}`).join('\n')}`;
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    });
    const table = await read(text);
    clearInterval(turning);
    expect(table).to.deep.include({ columns: ['id', 'name', 'amount'], columnCount: 3, cut: false });
    expect(table.rows).to.have.length(100_000);
    expect(turns).to.be.above(2);
  });

  it('is abandoned when nobody waits for it any more', async () => {
    const ended = new AbortController();
    const reading = readTable('a,b\n'.repeat(400_000), 'text/csv', ended.signal);
    ended.abort(new Error('left'));
    expect(await reading.catch((error: Error) => error.message)).to.equal('left');
  });

  it('has as many column names as possible when it is very wide or has a wider row', async () => {
    const table = await read(`a,b\n${','.repeat(5000)}\n`);
    expect(table.columnCount).to.equal(5001);
    expect(table.columns).to.have.length(SHOWN_COLUMNS);
    expect(table.rows[0]).to.have.length(SHOWN_COLUMNS);
  });

  it('is sorted numerically if all cells are numbers, else as text, with empty cells last', () => {
    const by = (cells: string[], direction: 'ascending' | 'descending' = 'ascending') =>
      orderBy(
        cells.map((cell) => [cell]),
        0,
        direction,
      ).map((index) => cells[index]);
    expect(by(['10', '9', '', '-1', '1,5', '1e3'])).to.deep.equal(['-1', '1,5', '9', '10', '1e3', '']);
    expect(by(['10', '9', '', 'x'])).to.deep.equal(['10', '9', 'x', '']);
    expect(by(['1', '', '3', '2'], 'descending')).to.deep.equal(['3', '2', '1', '']);
  });
});

describe('JSON for display', () => {
  it('keeps all digits of numbers', () => {
    // As in current browsers; older ones round.
    const keeps = JSON.parse(
      '1',
      ((_: string, __: number, context?: object) => context !== undefined) as (key: string, value: unknown) => unknown,
    );
    const parsed = parseJson('{"id": 12345678901234567890, "pi": 3.14, "s": "12345678901234567890"}') as Record<string, unknown>;
    if (keeps) expect(parsed.id).to.deep.equal(new ExactNumber('12345678901234567890'));
    expect(parsed).to.deep.include({ pi: 3.14, s: '12345678901234567890' });
  });

  it('is parsed at any depth, and with any names of members', () => {
    const deep = `${'['.repeat(100_000)}1234567890123456789${']'.repeat(100_000)}`;
    expect(membersOf(parseJson(deep))).to.have.length(1);
    expect(membersOf(parseJson('{"__proto__": 1, "length": 2}'))).to.deep.equal([
      ['__proto__', 1],
      ['length', 2],
    ]);
  });

  it('is refused if it is invalid', () => {
    for (const text of ['', 'NaN', '{"a": NaN}', "{'a': 1}"]) expect(() => parseJson(text)).to.throw(SyntaxError);
  });
});

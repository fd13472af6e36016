import { plainText } from '@ved/runner/contract';
import { Terminal } from '@xterm/headless';
import { expect } from 'chai';
import fc from 'fast-check';
import { LogLines } from '../browser/log/log-lines.ts';

/** Wide enough for everything that the generator produces, since the log has no right edge. */
const TERMINAL = { cols: 400, rows: 24, scrollback: 5000, convertEol: true, logLevel: 'off' as const, allowProposedApi: true };

const terminal = new Terminal(TERMINAL);

/** What a terminal shows, without trailing spaces and trailing empty lines. */
async function terminalShows(pieces: readonly string[]): Promise<string[]> {
  // Otherwise a truncated sequence would continue.
  await new Promise<void>((done) => terminal.write('\x18', done));
  terminal.reset();
  for (const piece of pieces) await new Promise<void>((done) => terminal.write(piece, done));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)!.translateToString(true));
  return trimmed(lines);
}

function logShows(pieces: readonly string[]): string[] {
  const log = new LogLines();
  for (const piece of pieces) log.append('stdout', piece);
  return trimmed(Array.from({ length: log.length }, (_, index) => tabsAsSpaces(plainText(log.at(index)!.text))));
}

function tabsAsSpaces(line: string): string {
  return line.split('\t').reduce((before, after) => `${before}${' '.repeat(8 - (columnsOf(before) % 8))}${after}`);
}

/** Of what the generator writes. */
function columnsOf(text: string): number {
  return text.replace(/[日本]/g, '##').replace(/\u0301/g, '').length;
}

function trimmed(lines: readonly string[]): string[] {
  const shown = lines.map((line) => line.trimEnd());
  while (shown.at(-1) === '') shown.pop();
  return shown;
}

/** The text cut at some places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => text.slice(start, at[index] ?? text.length));
}

const ESC = '\x1b';
const CASES: readonly (readonly [what: string, pieces: readonly string[], shown: readonly string[]])[] = [
  ['backspaces', ['12345\b\bX\n'], ['123X5']],
  ['a spinner', [...'/-\\|/-\\|'].map((sign) => `\b${sign}`), ['|']],
  ['a line that is erased, then restarted', ['working...', `${ESC}[2K\rdone\n`], ['done']],
  ['the same, cut inside the sequence', ['working...', ESC, '[', '2', `K\rdone\n`], ['done']],
  ['a line that is restarted, then erased', ['working...', `\r${ESC}[Kdone\n`], ['done']],
  ['a shorter text over a longer one', ['loading…\rdone\n'], ['doneing…']],
  ['three progress bars that are redrawn', [`a 1\nb 1\nc 1\n${ESC}[3Aa 2\nb 22\nc 2\n`], ['a 2', 'b 22', 'c 2']],
  ['up, over a line, and down again', [`a\nb${ESC}[A${ESC}[2Kx${ESC}[B!\n`], [' x', 'b !']],
  ['a cleared screen', [`old\nolder\n${ESC}[H${ESC}[2Jnew\n`], ['new']],
  ['a column', [`name${ESC}[20Gvalue\n`], ['name               value']],
  ['a saved cursor', [`[${ESC}7     ]${ESC}8##\n`, `[${ESC}[s     ]${ESC}[u##\n`], ['[##   ]', '[##   ]']],
  ['titles and links', [`a${ESC}]0;title\x07b${ESC}]8;;http://x${ESC}\\c${ESC}]8;;${ESC}\\\n`], ['abc']],
  ['other strings and character sets', [`${ESC}Pq#1${ESC}\\a${ESC}_app${ESC}\\b${ESC}(B${ESC}[mc\n`], ['abc']],
  ['bell and NUL', ['a\x07b\x00c\n'], ['abc']],
  ['tabs over existing text', ['abcdefghijk\rx\ty\n'], ['xbcdefghyjk']],
  ['wide characters', ['日本\bX\n', '日本\rab\n'], ['日 X', 'ab本']],
  ['a combining character', ['Cafe\u0301\rK\n'], ['Kafe\u0301']],
  ['a truncated sequence at the end', [`done${ESC}[3`], ['done']],
  ['what is not a sequence', [`a${ESC}[1;2é3b\n`], ['a3b']],
];

describe('a log', () => {
  after(() => terminal.dispose());

  for (const [what, pieces, shown] of CASES)
    it(`shows ${what} as a terminal does`, async () => {
      expect(await terminalShows(pieces)).to.deep.equal(shown);
      expect(logShows(pieces)).to.deep.equal(shown);
    });

  it('shows anything as a terminal does, wherever the text is cut', async () => {
    const count = fc.oneof(fc.constant(''), fc.nat(30).map(String));
    const pair = fc.oneof(
      count,
      fc.tuple(count, count).map((both) => both.join(';')),
    );
    const sequence = fc.oneof(
      fc.tuple(count, fc.constantFrom(...'ABCDEFGJKXP@LMSTIZdae`b')).map(([n, final]) => `${ESC}[${n}${final}`),
      fc.tuple(pair, fc.constantFrom('H', 'f')).map(([n, final]) => `${ESC}[${n}${final}`),
      fc.constantFrom(`${ESC}7`, `${ESC}8`, `${ESC}D`, `${ESC}E`, `${ESC}M`, `${ESC}[s`, `${ESC}[u`, '\x85', '\x9b2C'),
      fc.constantFrom(
        `${ESC}]0;title\x07`,
        `${ESC}]2;t${ESC}\\`,
        `${ESC}(B`,
        `${ESC}[?25l`,
        `${ESC}[>4;2m`,
        `${ESC}Px${ESC}\\`,
        `${ESC}[0 q`,
      ),
      fc.constantFrom(`${ESC}[31m`, `${ESC}[0m`, `${ESC}[38;5;4m`, `${ESC}[1;4:3m`),
    );
    const control = fc.constantFrom('\n', '\n', '\r', '\r\n', '\b', '\t', '\x07', '\x0b', '\x18');
    const word = fc.constantFrom('a', 'bc', 'word', ' ', '日本', 'é', 'e\u0301', '12345678', 'a longer text that goes on');
    const output = fc.array(
      fc.oneof({ weight: 5, arbitrary: word }, { weight: 4, arbitrary: sequence }, { weight: 3, arbitrary: control }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(output, fc.array(fc.nat(200), { maxLength: 4 }), async (parts, places) => {
        const text = parts.join('');
        // The log ignores erasing the scrollback, which is part of the run's record.
        fc.pre(!/\x1b\[3J/.test(text));
        const shown = await terminalShows([text]);
        expect(logShows([text])).to.deep.equal(shown);
        expect(logShows(cut(text, places))).to.deep.equal(shown);
      }),
      { numRuns: 400 },
    );
  }).timeout(60_000);

  it('also shows lines that scrolled off, which a script can no longer change', async () => {
    const text = `${Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n')}\n${ESC}[H${ESC}[Jtop\n${ESC}[99Aover\n`;
    const shown = await terminalShows([text]);
    expect(shown.slice(-2)).to.deep.equal(['line 76', 'over']);
    expect(logShows([text])).to.deep.equal(shown);
  });

  it('cannot be made extremely wide by moving to the right edge', () => {
    expect(logShows([`${ESC}[999999999Cx\n`])[0]).to.have.length(1000);
    expect(logShows([`a${ESC}[999999999b\n`])[0]).to.have.length(1001);
    expect(logShows([`${ESC}[999999999Bx\n`])).to.have.length(24);
  });

  it('does not lose text to an unterminated string', () => {
    expect(logShows([`a${ESC}]0;never ended\nthe rest\n`])).to.deep.equal(['a', 'the rest']);
  });
});

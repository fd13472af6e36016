/** Scripts that write far too much, or output that is not text. */
import type { HostileCase } from './hostile-case.ts';

const cut = { status: 'output_limit', exitCode: null, reason: /64 MiB/, truncated: true } as const;
/** The bytes kept of each end of a stream; the line between them is below. */
const HALF = 2 ** 19;
const LEFT_OUT = String.raw`\[ved: \d+ bytes omitted here\]\n`;
const halfOf = (character: string) => `${character}{65536}`.repeat(HALF / 65536);

export const floods: readonly HostileCase[] = [
  {
    title: 'endless output on stdout is cut at the limit',
    script: 'while True: print("y" * 10_000)',
    ...cut,
    stdout: new RegExp(`^(y{10000}\n){52}y+\n${LEFT_OUT}y*\n(y{10000}\n)+y*$`),
  },
  {
    title: 'endless output on both streams is cut at their common limit',
    script: 'import os\nwhile True: os.write(1, b"a" * 10_000); os.write(2, b"b" * 10_000)',
    ...cut,
    stdout: new RegExp(`^${halfOf('a')}\n${LEFT_OUT}${halfOf('a')}$`),
    stderr: new RegExp(`^${halfOf('b')}\n${LEFT_OUT}${halfOf('b')}$`),
  },
  {
    title: 'both ends of a line of 50 MB are kept',
    script: 'import sys; sys.stdout.write("x" * 50_000_000)',
    truncated: true,
    stdout: new RegExp(`^${halfOf('x')}\n${LEFT_OUT}${halfOf('x')}$`),
  },
  {
    title: 'NUL is kept on both streams',
    script: 'import os\nfor fd in (1, 2): os.write(fd, b"a\\0b\\0\\0")',
    stdout: 'a\0b\0\0',
    stderr: 'a\0b\0\0',
  },
  {
    title: 'invalid UTF-8 is replaced on both streams',
    script: String.raw`import os${'\n'}for fd in (1, 2): os.write(fd, b"a\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80z\xe2\x82")`,
    stdout: /^a\ufffd+\(\ufffd+z\ufffd+$/,
    stderr: /^a\ufffd+\(\ufffd+z\ufffd+$/,
  },
  {
    title: 'characters are not split where output is cut',
    script: 'import sys; sys.stdout.write("x" + "é" * 600_000)',
    truncated: true,
    stdout: new RegExp(`^xé+\n${LEFT_OUT}é+$`),
  },
  {
    title: 'terminal sequences and bidirectional control characters are only text',
    script: String.raw`print("\x1b]0;owned\x07\x1b[2J\x1b[999;999H\r\b\u202e\u2028")`,
    stdout: '\x1b]0;owned\x07\x1b[2J\x1b[999;999H\r\b\u202e\u2028\n',
  },
];

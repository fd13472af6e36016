/** Scripts that write more than anybody reads, and what is no text. */
import type { HostileCase } from './hostile-case.ts';

const cut = { status: 'output_limit', exitCode: null, reason: /64 MiB/, truncated: true } as const;
/** A whole stream as it is kept, and nothing after. */
const FULL = 2 ** 20;

export const floods: readonly HostileCase[] = [
  { title: 'a flood on stdout is cut at the limit', script: 'while True: print("y" * 10_000)', ...cut, stdout: /^(y{10000}\n){104}y+$/ },
  {
    title: 'a flood on both streams is cut at the limit of both together',
    script: 'import os\nwhile True: os.write(1, b"a" * 10_000); os.write(2, b"b" * 10_000)',
    ...cut,
    stdout: /^a+$/,
    stderr: /^b+$/,
  },
  {
    title: 'one line of 50 MB is kept as far as its first MiB',
    script: 'import sys; sys.stdout.write("x" * 50_000_000)',
    truncated: true,
    stdout: new RegExp(`^${'x{65536}'.repeat(FULL / 65536)}$`),
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
    title: 'a character at the edge of what is kept is not cut in two',
    script: 'import sys; sys.stdout.write("x" + "é" * 600_000)',
    truncated: true,
    stdout: /^xé+$/,
  },
  {
    title: 'sequences of a terminal and marks of direction are only text',
    script: String.raw`print("\x1b]0;owned\x07\x1b[2J\x1b[999;999H\r\b\u202e\u2028")`,
    stdout: '\x1b]0;owned\x07\x1b[2J\x1b[999;999H\r\b\u202e\u2028\n',
  },
];

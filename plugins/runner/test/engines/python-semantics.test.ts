/** A script behaves as under `python3 script.py input`. */
import { onEachEngine } from './support/engines.ts';
import { declareCases, type ScriptCase } from './support/script-case.ts';

const failed = { status: 'failed' } as const;

const NESTED = 'x = []\nfor _ in range(200_000): x = [x]\n';
/** Code that nests deeper than the interpreter's stack, in Python and in the C code of its modules. */
const DEEP: Record<string, string> = {
  'a pattern': 'import re; re.compile("(" * 20_000 + ")" * 20_000)',
  'reading JSON': 'import json; json.loads("[" * 200_000)',
  'reading JSON objects': `import json; json.loads('{"a":' * 200_000)`,
  'writing JSON': `import json\n${NESTED}json.dumps(x)`,
  'the repr of a list': `${NESTED}repr(x)`,
  'the comparison of lists': `${NESTED}y = []\nfor _ in range(200_000): y = [y]\nx == y`,
  'a pickle': `import pickle\n${NESTED}pickle.dumps(x)`,
  'a deep copy': `import copy\n${NESTED}copy.deepcopy(x)`,
  'functions of the script': 'def f(n): return f(n + 1)\nf(0)',
  'functions beyond a custom limit': 'import sys; sys.setrecursionlimit(20_000)\ndef f(n): return f(n + 1)\nf(0)',
  'methods called from C': 'class A:\n    def __repr__(self): return repr(self)\nrepr(A())',
  'methods called from C, beyond a custom limit':
    'import sys; sys.setrecursionlimit(200_000)\nclass A:\n    def __getattr__(self, name): return getattr(self, name + "x")\nA().x',
  'compiling an expression': 'compile("a" + ".a" * 200_000, "x", "eval")',
};

const cases: ScriptCase[] = [
  { title: 'the output of a script is returned', inShort: true, script: 'print("hello")', stdout: 'hello\n', stderr: '', exitCode: 0 },
  { title: 'an empty script succeeds', script: '', stdout: '', exitCode: 0 },
  {
    title: 'the only argument is the path of the input',
    inShort: true,
    script: 'import sys; print(len(sys.argv), open(sys.argv[1]).read(), end="")',
    input: 'données\n',
    stdout: '2 données\n',
  },
  {
    title: 'a large input arrives complete',
    script: 'import sys, hashlib; d = open(sys.argv[1], "rb").read(); print(len(d), set(d))',
    input: Buffer.alloc(5_000_000, 'x'),
    stdout: '5000000 {120}\n',
  },
  {
    title: 'a script is the main module of its own file',
    script: [
      '"""The docstring."""',
      'import sys',
      'print(__name__, __file__, __doc__, __spec__, __package__)',
      'print(sys.argv, sys.path[0], "" in sys.path, sys.modules["__main__"].__dict__ is globals())',
      'print(sorted(name for name in globals() if name[0] != "_"))',
    ].join('\n'),
    stdout: "__main__ /runner/script.py The docstring. None None\n['/runner/script.py', '/runner/input'] /runner False True\n['sys']\n",
  },
  {
    title: 'the traceback of an uncaught exception has only lines of the script',
    inShort: true,
    script: 'def f():\n    raise ValueError("no")\n\nf()\n',
    ...failed,
    exitCode: 1,
    stderr:
      'Traceback (most recent call last):\n  File "/runner/script.py", line 4, in <module>\n    f()\n    ~^^\n  File "/runner/script.py", line 2, in f\n    raise ValueError("no")\nValueError: no\n',
  },
  {
    title: 'a syntax error is reported as by Python',
    inShort: true,
    script: 'x = (',
    ...failed,
    exitCode: 1,
    stderr: '  File "/runner/script.py", line 1\n    x = (\n        ^\nSyntaxError: \'(\' was never closed\n',
  },
  { title: 'a null byte in the source is a syntax error', script: 'x = 1\0\n', ...failed, exitCode: 1, stderr: /null byte/ },
  { title: 'sys.exit with a number', script: 'import sys; sys.exit(3)', ...failed, exitCode: 3 },
  { title: 'sys.exit without anything', script: 'import sys; sys.exit()', exitCode: 0 },
  { title: 'sys.exit with a text', inShort: true, script: 'import sys; sys.exit("bye")', ...failed, exitCode: 1, stderr: 'bye\n' },
  { title: 'sys.exit with a number beyond a byte', script: 'raise SystemExit(256 + 7)', ...failed, exitCode: 7 },
  { title: 'sys.exit with a negative number', script: 'raise SystemExit(-1)', ...failed, exitCode: 255 },
  { title: 'sys.exit with True', script: 'raise SystemExit(True)', ...failed, exitCode: 1 },
  {
    title: 'os._exit ends immediately',
    inShort: true,
    script: 'import os, atexit; atexit.register(print, "late"); os._exit(4)',
    ...failed,
    exitCode: 4,
    stdout: '',
  },
  {
    title: 'atexit functions run after the traceback',
    script: 'import atexit, sys; atexit.register(lambda: sys.stderr.write("late\\n")); 1/0',
    ...failed,
    exitCode: 1,
    stderr: /ZeroDivisionError: division by zero\nlate\n$/,
  },
  {
    title: 'output without a newline is not lost',
    inShort: true,
    script: 'import sys; sys.stdout.write("a"); sys.stderr.write("b")',
    stdout: 'a',
    stderr: 'b',
  },
  {
    title: "output in the script's own buffer is flushed at the end",
    script: 'import sys, io; f = open(1, "w", closefd=False); f.write("kept"); ',
    stdout: 'kept',
  },
  { title: 'input() raises EOFError', script: 'try:\n  input()\nexcept EOFError: print("end")', stdout: 'end\n' },
  { title: 'standard input reads as empty', script: 'import sys; print(repr(sys.stdin.read()))', stdout: "''\n" },
  {
    title: 'KeyboardInterrupt ends the script like SIGINT',
    script: 'raise KeyboardInterrupt',
    ...failed,
    exitCode: -2,
    stderr: /KeyboardInterrupt\n$/,
  },
  { title: 'os.abort ends the script like SIGABRT', script: 'import os; os.abort()', ...failed, exitCode: -6 },
  {
    title: 'a script can kill itself with SIGKILL',
    script: 'import os; os.kill(os.getpid(), 9)',
    ...failed,
    exitCode: -9,
    pyodide: { exitCode: 137 },
  },
  {
    title: 'an alarm ends the script',
    script: 'import signal, time; signal.alarm(1); time.sleep(9)',
    ...failed,
    exitCode: -14,
    pyodide: null,
  },
  {
    title: 'an exception in __del__ is printed and ignored',
    script: 'class A:\n  def __del__(self): 1/0\nA()\nprint("on")',
    stdout: 'on\n',
    stderr: /Exception ignored.*ZeroDivisionError/s,
  },
  {
    title: 'objects are finalised in the same order as in Python',
    script: [
      'import os, sys, gc',
      'class Told:',
      '    def __init__(self, name): self.name = name',
      '    def __del__(self, write=os.write): write(1, self.name.encode() + b"\\n")',
      'kept = Told("global")',
      'os.kept = Told("on a module that was there")',
      'sys.kept = Told("on sys")',
      'ring = [Told("in a ring")]',
      'ring.append(ring)',
      'del ring',
      'print(gc.collect() > 0)',
      'other = [Told("in a ring at the end")]',
      'other.append(other)',
    ].join('\n'),
    stdout: 'in a ring\nTrue\non a module that was there\non sys\nglobal\nin a ring at the end\n',
    // Pyodide does not finalise its own modules.
    pyodide: { stdout: 'in a ring\nTrue\nglobal\nin a ring at the end\n' },
  },
  {
    title: 'objects referenced only from a changed module are finalised too',
    script: [
      'import os, sys, time',
      'class Told:',
      '    def __init__(self, name): self.name = name',
      '    def call(self, *_): pass',
      '    def __del__(self, write=os.write): write(1, self.name.encode() + b"\\n")',
      'time.sleep = Told("in place of a function").call',
      'sys.excepthook = Told("as a hook").call',
    ].join('\n'),
    stdout: 'in place of a function\nas a hook\n',
    // Pyodide does not finalise its own modules.
    pyodide: { stdout: '' },
  },
  {
    title: 'an unclosed file is flushed at the end, whatever references it',
    script: 'import sys\nf = open(1, "w", closefd=False)\nf.write("kept")\nsys.excepthook = lambda *_: f\n',
    stdout: 'kept',
  },
  {
    title: 'the script fails when its own stream cannot be flushed at the end',
    script: 'import sys\nsys.stdout = open("/dev/full", "w")\nprint("lost")',
    ...failed,
    exitCode: 120,
    stderr: /No space left on device/,
    // Pyodide has no /dev/full.
    pyodide: null,
  },
  {
    title: 'exceptions during finalisation are printed',
    script: 'class A:\n  def __del__(self): raise ValueError("late")\nring = [A()]\nring.append(ring)\none = A()\n',
    stderr: /ValueError: late.*ValueError: late/s,
  },
  {
    title: 'a script has the same global names as in Python',
    script: 'print(sorted(globals()))',
    stdout: "['__builtins__', '__cached__', '__doc__', '__file__', '__loader__', '__name__', '__package__', '__spec__']\n",
    // On Pyodide the prelude sets the names, without __cached__.
    pyodide: { stdout: "['__builtins__', '__doc__', '__file__', '__loader__', '__name__', '__package__', '__spec__']\n" },
  },
  {
    title: 'a custom excepthook is called',
    script: 'import sys; sys.excepthook = lambda t, v, tb: print("hook", t.__name__, tb.tb_frame.f_code.co_name); 1/0',
    ...failed,
    exitCode: 1,
    stdout: 'hook ZeroDivisionError <module>\n',
    stderr: '',
  },
  {
    title: 'asyncio.run runs tasks concurrently',
    script: [
      'import asyncio, time',
      'async def wait(n):',
      '    await asyncio.sleep(0.2)',
      '    return n',
      'async def main():',
      '    started = time.monotonic()',
      '    print(await asyncio.gather(*map(wait, range(5))), time.monotonic() - started < 0.9)',
      '    try: await asyncio.wait_for(asyncio.sleep(9), 0.05)',
      '    except TimeoutError: print("late")',
      'asyncio.run(main())',
      'asyncio.run(main())',
    ].join('\n'),
    stdout: '[0, 1, 2, 3, 4] True\nlate\n[0, 1, 2, 3, 4] True\nlate\n',
  },
  {
    title: 'time.sleep waits as long as requested',
    script: 'import time; t = time.monotonic(); time.sleep(0.25); print(0.24 < time.monotonic() - t < 1)',
    stdout: 'True\n',
  },
  {
    title: 'time.sleep refuses a negative time',
    script: 'import time; time.sleep(-1)',
    ...failed,
    stderr: /^ValueError: sleep length must be non-negative$/m,
  },
  {
    title: 'threads run, or the error says that there are none',
    script: 'import threading; t = threading.Thread(target=print, args=("in a thread",)); t.start(); t.join()',
    stdout: 'in a thread\n',
    pyodide: { ...failed, exitCode: 1, stdout: '', stderr: /can't start new thread\n$/, reason: /no threads/ },
  },
  {
    title: 'processes run, or the error says that there are none',
    script:
      'import subprocess, sys; print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout, end="")',
    stdout: '42\n',
    pyodide: { ...failed, exitCode: 1, stdout: '', stderr: /OSError/, reason: /cannot start processes/ },
  },
  {
    title: 'multiprocessing starts processes with fork and forkserver',
    script: [
      'import multiprocessing as m',
      'def f(n): print("child", n, flush=True)',
      'if __name__ == "__main__":',
      '    for way in ("fork", "forkserver"):',
      '        p = m.get_context(way).Process(target=f, args=(way,)); p.start(); p.join(); print(p.exitcode)',
    ].join('\n'),
    stdout: 'child fork\n0\nchild forkserver\n0\n',
    pyodide: null,
  },
  { title: 'text is UTF-8', inShort: true, script: 'print("é 漢 🐍")', stdout: 'é 漢 🐍\n' },
  { title: 'a coding cookie is honoured', script: Buffer.from('# coding: latin-1\nprint(ascii("\xe9"))', 'latin1'), stdout: "'\\xe9'\n" },
  { title: 'a byte order mark is skipped', script: '\ufeffprint("marked")', stdout: 'marked\n' },
  { title: 'a lone surrogate cannot be printed', script: 'print("\\ud800")', ...failed, exitCode: 1, stderr: /UnicodeEncodeError/ },
  {
    title: 'bytes arrive unchanged',
    script: 'import os; os.write(1, bytes(range(256))); os.write(2, b"\\xff\\x00\\xfe")',
    stdoutBytes: 256,
  },
  {
    title: 'both streams arrive in the order in which they were written',
    inShort: true,
    script: [
      'import os, sys',
      'for i in range(300):',
      '    print("o", i, end=";")',
      '    sys.stderr.write(f"e {i};")',
      '    os.write(1, b"O;")',
      '    os.write(2, b"E;")',
    ].join('\n'),
    both: Array.from({ length: 300 }, (_, i) => `o ${i};e ${i};O;E;`).join(''),
    // Docker only keeps the order within each stream.
    docker: { both: undefined, stdoutBytes: Array.from({ length: 300 }, (_, i) => `o ${i};O;`).join('').length },
  },
  {
    title: '100,000 lines arrive complete, and so do single characters',
    script: 'import sys\nfor i in range(100_000): print(i)\nfor c in "x" * 50_000: sys.stdout.write(c)\nprint(end="", flush=True)',
    stdout: `${Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join('')}${'x'.repeat(50_000)}`,
  },
  { title: 'one line of 50 MB arrives complete', script: 'import sys; sys.stdout.write("x" * 50_000_000)', stdoutBytes: 50_000_000 },
  { title: 'endless recursion raises an exception', script: 'def f(): f()\nf()', ...failed, exitCode: 1, stderr: /RecursionError/ },
  {
    title: 'nesting too deeply raises a RecursionError that the script can catch',
    script: Object.entries(DEEP)
      .map(([what, code]) => `try:\n    ${code.replaceAll('\n', '\n    ')}\nexcept RecursionError: print(${JSON.stringify(what)})`)
      .join('\n'),
    stdout: `${Object.keys(DEEP).join('\n')}\n`,
    limits: { timeoutMs: 60_000 },
  },
  {
    title: 'deeply nested objects can be freed',
    script:
      'for make in (lambda x: [x], lambda x: (x,), lambda x: {1: x}):\n    x = None\n    for _ in range(200_000): x = make(x)\n    del x\nprint("on")',
    stdout: 'on\n',
  },
  {
    title: 'a warning is printed with its line',
    script: 'import warnings\nwarnings.warn("careful")',
    stderr: /^\/runner\/script\.py:2: UserWarning: careful/,
  },
  { title: 'files in /tmp can be written and read', script: 'open("/tmp/a", "w").write("x"); print(open("a").read())', stdout: 'x\n' },
  {
    title: 'a temporary folder can be created',
    script: 'import tempfile\nwith tempfile.TemporaryDirectory() as d: print(d[:5])',
    stdout: '/tmp/\n',
  },
  {
    title: 'much of the standard library can be imported',
    script:
      'import json, re, csv, decimal, statistics, hashlib, datetime, zoneinfo, uuid, secrets, urllib.parse, unittest, dataclasses, html, zlib, gzip, base64',
    stderr: '',
  },
  {
    title: 'time zones are available',
    script: [
      'from zoneinfo import ZoneInfo, available_timezones',
      'from datetime import datetime, timezone',
      'for zone, day in (("Europe/Berlin", (2026, 7, 1)), ("Europe/Berlin", (2050, 1, 1)), ("America/New_York", (2007, 3, 11, 12)), ("Asia/Kolkata", (1950, 1, 1))):',
      '    when = datetime(*day, tzinfo=ZoneInfo(zone))',
      '    print(zone, when.utcoffset(), when.tzname(), bool(when.dst()))',
      'print(len(available_timezones()) > 400, {"UTC", "Europe/Berlin", "America/New_York"} <= available_timezones())',
      'try: ZoneInfo("Mars/Olympus")',
      'except KeyError as e: print(type(e).__name__)',
    ].join('\n'),
    stdout:
      'Europe/Berlin 2:00:00 CEST True\nEurope/Berlin 1:00:00 CET False\nAmerica/New_York -1 day, 20:00:00 EDT True\nAsia/Kolkata 5:30:00 IST False\nTrue True\nZoneInfoNotFoundError\n',
  },
  { title: 'inspect sees the source', script: 'import inspect\ndef f(): pass\nprint(inspect.getsource(f))', stdout: 'def f(): pass\n\n' },
  {
    title: 'pickle finds classes of the script',
    script: 'import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)',
    stdout: 'True\n',
  },
];

onEachEngine('a script', (engine, name) => declareCases(engine, name, cases));

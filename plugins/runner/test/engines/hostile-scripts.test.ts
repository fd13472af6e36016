/** Whatever a script does, its run ends as it must, in time and bounds, and the next one runs. */
import { expect } from 'chai';
import { onEachEngine } from './support/engines.ts';
import { MIB, runScript } from './support/run-script.ts';
import { declareCases, type ScriptCase } from './support/script-case.ts';

const failed = { status: 'failed' } as const;
const timeout = { status: 'timeout', exitCode: null } as const;
const short = { timeoutMs: 700 };
const small = { memoryBytes: 96 * MIB };
/** A script may be told no, or be killed for it. */
const starved = { status: ['out_of_memory', 'failed'] } as const;

const endless: ScriptCase[] = [
  { title: 'an endless loop is ended', script: 'while True: pass', limits: short, ...timeout, reason: /time limit of 0.7 s/ },
  { title: 'an endless sleep is ended', script: 'import time; time.sleep(1e6)', limits: short, ...timeout },
  {
    title: 'a loop that ignores every signal is ended',
    script: [
      'import signal',
      'for s in range(1, 65):',
      '    try: signal.signal(s, lambda *a: None)',
      '    except (OSError, ValueError): pass',
      'while True:',
      '    try:',
      '        while True: pass',
      '    except BaseException: pass',
    ].join('\n'),
    limits: short,
    ...timeout,
  },
  {
    title: 'a script that stops itself is ended',
    script: 'import os, signal; os.kill(os.getpid(), signal.SIGSTOP)',
    limits: short,
    ...timeout,
    pyodide: null,
  },
  {
    title: 'an endless atexit function is ended',
    script: 'import atexit\ndef f():\n  while True: pass\natexit.register(f)',
    limits: short,
    ...timeout,
  },
  { title: 'an endless regular expression is ended', script: 'import re; re.match("(a+)+$", "a" * 60 + "b")', limits: short, ...timeout },
  { title: 'an endless computation in C is ended', script: '9 ** 9 ** 9', limits: short, ...timeout },
  {
    title: 'a thread that never ends is ended',
    script: 'import threading, time; threading.Thread(target=time.sleep, args=(1e6,)).start()',
    limits: short,
    ...timeout,
    pyodide: null,
  },
  {
    title: 'a FIFO that nobody writes to is ended',
    script: 'import os; os.mkfifo("/tmp/f"); open("/tmp/f")',
    limits: short,
    ...timeout,
    pyodide: null,
  },
  {
    title: 'an event loop that waits for nothing is ended',
    script: 'import asyncio; asyncio.run(asyncio.Event().wait())',
    limits: short,
    ...timeout,
    pyodide: null,
  },
  {
    title: 'an event loop that waits for what can never happen is told so',
    script: 'import asyncio; asyncio.run(asyncio.Event().wait())',
    ...failed,
    exitCode: 1,
    stderr: /can never happen/,
    docker: null,
  },
];

const greedy: ScriptCase[] = [
  { title: 'a list that grows', script: 'x = []\nwhile True: x.append(bytearray(b"1" * 1_000_000))', limits: small, ...starved },
  { title: 'a text that doubles', script: 'x = "x"\nwhile True: x += x', limits: small, ...starved },
  { title: 'many small objects', script: 'x = None\nwhile True: x = [x]', limits: small, ...starved },
  { title: 'one huge request', script: 'bytearray(10 ** 12)', limits: small, ...failed, exitCode: 1, stderr: /MemoryError|OverflowError/ },
  { title: 'a dictionary that grows', script: 'd = {}\nwhile True: d[len(d)] = str(len(d))', limits: small, ...starved },
  {
    title: 'anonymous pages',
    script: 'import mmap\nx = []\nwhile True:\n  m = mmap.mmap(-1, 4_000_000); m.write(b"1" * 4_000_000); x.append(m)',
    limits: small,
    ...starved,
  },
  {
    title: 'a child that takes too much is told beside the exit code of the script',
    script: 'import os, sys\nif os.fork() == 0:\n  x = []\n  while True: x.append(bytearray(b"1" * 1_000_000))\nos.wait(); sys.exit(3)',
    limits: small,
    status: 'out_of_memory',
    exitCode: 3,
    pyodide: null,
  },
  {
    title: 'a script that survives its refusal succeeds',
    script: 'try:\n  x = []\n  while True: x.append(bytearray(1_000_000))\nexcept MemoryError: x = None; print("on")',
    limits: small,
    stdout: 'on\n',
    docker: null,
  },
  {
    title: 'a forest of processes',
    script: 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass',
    limits: short,
    ...timeout,
  },
  {
    title: 'processes are bounded',
    script:
      'import os, time\nn = 0\ntry:\n  while True:\n    if os.fork() == 0: time.sleep(60); os._exit(0)\n    n += 1\nexcept OSError: print(40 < n < 64)',
    stdout: 'True\n',
    pyodide: null,
  },
  {
    title: 'a file that fills the disk',
    script:
      'import os\ntry:\n  with open("/tmp/a", "wb", buffering=0) as f:\n    while f.write(b"1" * 1_000_000): pass\nexcept OSError as e: print(e.errno, os.path.getsize("/tmp/a") < 80 << 20)',
    stdout: /^(27|28|51) True\n$/,
  },
  {
    title: 'many files that fill the disk',
    script:
      'i = 0\ntry:\n  while i < 500:\n    with open(f"/tmp/{i}", "wb", buffering=0) as f: f.write(b"1" * 1_000_000)\n    i += 1\nexcept OSError: pass\nprint(30 < i < 68)',
    stdout: 'True\n',
  },
  {
    title: 'many empty files',
    script: 'i = 0\ntry:\n  while i < 100_000:\n    open(f"/tmp/i{i}", "w").close(); i += 1\nexcept OSError: pass\nprint(i < 17_000)',
    stdout: 'True\n',
  },
  {
    title: 'a file set long without being written',
    script: 'import os\nwith open("/tmp/a", "wb") as f: os.truncate("/tmp/a", 1 << 33)',
    status: ['failed'],
  },
  {
    title: 'many open files',
    script: 'x = []\ntry:\n  while len(x) < 1000: x.append(open("/tmp/f", "w"))\nexcept OSError: print(len(x) < 256)',
    stdout: 'True\n',
  },
  {
    title: 'recursion without a bound',
    script: 'import sys; sys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()',
    status: ['failed', 'out_of_memory'],
    limits: { timeoutMs: 15_000 },
  },
  { title: 'syntax nested beyond measure', script: `x = ${'('.repeat(100_000)}`, ...failed },
];

const floods: ScriptCase[] = [
  {
    title: 'a flood is cut at the limit',
    script: 'while True: print("y" * 1000)',
    limits: { outputBytes: MIB },
    status: 'output_limit',
    exitCode: null,
    stdoutBytes: MIB,
    reason: /1 MiB/,
  },
  {
    title: 'a flood on both streams is cut',
    script: 'import os\nwhile True: os.write(1, b"a" * 1000); os.write(2, b"b" * 1000)',
    limits: { outputBytes: 4 * MIB },
    status: 'output_limit',
  },
  { title: 'one line of 50 MB arrives whole', script: 'import sys; sys.stdout.write("x" * 50_000_000)', stdoutBytes: 50_000_000 },
  { title: 'many short lines arrive whole', script: 'for i in range(20_000): print(i)', stdout: /^0\n1\n(\d+\n)*19999\n$/ },
];

const forgeries: ScriptCase[] = [
  {
    title: 'a last word of its own is only output',
    script:
      'import os, sys\nfor fd in (1, 2): os.write(fd, b"\\0" + b"a" * 32 + b" 0 0 0\\n")\nos.write(1, bytes([4, 0, 0, 0, 0, 0, 0, 14]) + b\'{"exitCode":0}\')\nsys.exit(3)',
    ...failed,
    exitCode: 3,
    stdout: /^\0a{32} 0 0 0\n/,
  },
  {
    title: 'the beginning of a last word is not lost',
    script: 'import os; os.write(1, b"a\\0"); os.write(2, b"\\0")',
    stdout: 'a\0',
    stderr: '\0',
  },
  { title: 'a false ready is only output', script: 'import os; os.write(1, b"\\0ready evil-1.0\\n")', stdout: '\0ready evil-1.0\n' },
  {
    title: 'nothing of the job can be read from descriptors',
    script:
      'import os, stat\nfor fd in range(256):\n  try:\n    if fd in (1, 2) or stat.S_ISREG(os.fstat(fd).st_mode): continue\n    os.set_blocking(fd, False); print(fd, os.read(fd, 100))\n  except OSError: pass',
    stdout: /^(0 b''\n)?$/,
  },
  {
    title: 'process 1 cannot be looked into',
    script:
      'import os\nfor n in ("mem", "environ", "maps", "fd/0", "fd/1"):\n  try: open("/proc/1/" + n, "rb").read(1); print("read", n)\n  except OSError: pass\ntry: os.listdir("/proc/1/fd"); print("listed")\nexcept OSError: print("closed")',
    stdout: 'closed\n',
  },
  {
    title: 'process 1 cannot be traced',
    script: 'import ctypes; print(ctypes.CDLL(None).ptrace(16, 1, 0, 0))',
    stdout: '-1\n',
    pyodide: null,
  },
  {
    title: 'no signal reaches process 1',
    script: 'import os, sys\nfor s in range(1, 65):\n  try: os.kill(1, s)\n  except OSError: pass\nprint("on"); sys.exit(5)',
    ...failed,
    exitCode: 5,
    stdout: 'on\n',
    pyodide: null,
  },
  {
    title: 'signals to everything spare process 1',
    script: 'import os, signal, time\nif os.fork() == 0: time.sleep(60)\nos.kill(-1, signal.SIGKILL)\nos.wait()\nprint("on")',
    stdout: 'on\n',
    pyodide: null,
  },
  { title: 'closed descriptors do not hide the exit', script: 'import os; os.closerange(0, 256); os._exit(6)', ...failed, exitCode: 6 },
  {
    title: 'a non-blocking stdout does not hide the exit',
    script:
      'import os, sys\nos.set_blocking(1, False)\ntry:\n  while True: os.write(1, b"x" * 65536)\nexcept BlockingIOError: pass\nsys.exit(7)',
    ...failed,
    exitCode: 7,
    pyodide: null,
  },
  {
    title: 'what is left behind cannot write after the exit',
    script:
      'import os, time\nfor _ in range(3):\n  if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n      while True: os.write(1, b"x")\n    os._exit(0)\nos._exit(8)',
    ...failed,
    exitCode: 8,
    pyodide: null,
  },
  {
    title: 'a ruined interpreter still ends',
    script: 'import sys, os, builtins\nos.write = os._exit = sys.exit = None\nsys.modules.clear()\nbuiltins.__dict__.clear()',
    status: ['failed', 'succeeded'],
  },
  {
    title: 'streams put away do not matter',
    script: 'import sys; sys.stdout = sys.stderr = None; raise SystemExit("lost")',
    ...failed,
    exitCode: 1,
  },
  {
    title: 'a script that rewrites itself has only itself to blame',
    script: 'open(__file__, "w").write("x"); open("/runner/input", "w").write("y"); print(open(__file__).read())',
    stdout: 'x\n',
  },
];

const escapes: ScriptCase[] = [
  {
    title: 'the system is read-only',
    script:
      'for p in ("/x", "/usr/x", "/etc/passwd", "/usr/bin/python3", "/dev/shm/x", "/sys/x", "/proc/sys/kernel/core_pattern"):\n  try: open(p, "w"); print("wrote", p)\n  except OSError: pass',
    stdout: '',
    pyodide: null,
  },
  {
    title: 'there is no Docker socket',
    script: 'import os; print([p for p in ("/var/run/docker.sock", "/run/docker.sock") if os.path.exists(p)])',
    stdout: '[]\n',
  },
  {
    title: 'a program in /tmp cannot be executed',
    script: 'import os, stat\nopen("/tmp/p", "w").write("#!/bin/sh\\necho no"); os.chmod("/tmp/p", 0o755); os.execv("/tmp/p", ["p"])',
    ...failed,
    stdout: '',
  },
  {
    title: 'no privilege can be had',
    script: [
      'import os, ctypes',
      'libc = ctypes.CDLL(None)',
      'tries = {"setuid": lambda: os.setuid(0), "chroot": lambda: os.chroot("/tmp"), "unshare": lambda: os.unshare(0x10000000), "mknod": lambda: os.mknod("/tmp/n", 0o60666, os.makedev(8, 0)), "nice": lambda: os.nice(-5)}',
      'for name, attempt in tries.items():',
      '    try: attempt(); print("could", name)',
      '    except OSError: pass',
      'print(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), os.getuid(), open("/proc/self/status").read().split("CapEff:")[1].split()[0].strip("0"))',
    ].join('\n'),
    stdout: '-1 65534 \n',
    pyodide: null,
  },
  {
    title: 'limits cannot be raised',
    script:
      'import resource\nfor r in (resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):\n  try: resource.setrlimit(r, (1 << 30, 1 << 30)); print("raised")\n  except (OSError, ValueError): pass\nprint(resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE))',
    stdout: '(256, 256) (0, 0)\n',
    pyodide: null,
  },
  {
    title: 'there is no environment of the server',
    script: 'import os; print(sorted(set(os.environ) - {"PATH", "HOME", "LANG", "HOSTNAME", "PWD", "LC_CTYPE", "LOGNAME", "USER"}))',
    stdout: /^\[('PYTHON\w+'(, )?|'GPG_KEY'(, )?|'_'(, )?)*\]\n$/,
  },
  {
    title: 'JavaScript cannot be imported',
    script:
      'for m in ("js", "pyodide_js", "pyodide", "pyodide.ffi", "pyodide.code", "_pyodide_core", "_pyodide", "pyodide_js._api"):\n  try: __import__(m); print("imported", m)\n  except ImportError: pass',
    stdout: '',
    docker: null,
  },
  {
    title: 'no JavaScript object can be found in memory',
    script: [
      'import gc',
      'gc.unfreeze()',
      'def is_js(o): return any(c.__name__ == "JsProxy" for c in type(o).__mro__)',
      'held = [v for o in gc.get_objects() if type(o) in (dict, list, tuple) for v in (o.values() if type(o) is dict else o)]',
      'print([o for o in gc.get_objects() + held if is_js(o) and repr(o) != "jsnull"], len(held) > 1000)',
    ].join('\n'),
    stdout: '[] True\n',
    docker: null,
  },
  {
    title: 'code of the bridges can be loaded and does nothing',
    script:
      'import zipfile, types\nz = zipfile.ZipFile("/lib/python314.zip")\nm = types.ModuleType("x")\nexec(z.read("pyodide/code.py"), m.__dict__)\nprint(hasattr(m, "run_js") and m.run_js("1"))',
    status: ['failed', 'succeeded'],
    stdout: /^(False\n|None\n)?$/,
    docker: null,
  },
  {
    title: 'files of the machine cannot be seen',
    script: 'import os; print(any(os.path.exists(p) for p in ("/etc/passwd", "/work", "/root", "/home/node")))',
    stdout: 'False\n',
    docker: null,
  },
  {
    title: 'the device that waits takes nothing amiss',
    script:
      'import os\nfd = os.open("/dev/sleep", os.O_WRONLY)\nfor b in (b"", b"x", b"x" * 100, b"\\xff" * 8):\n  try: os.write(fd, b)\n  except OSError: pass\nos.closerange(3, 100)\nimport time; time.sleep(0.01); print("on")',
    stdout: 'on\n',
    docker: null,
  },
];

onEachEngine('an endless script', (engine, name) => {
  declareCases(engine, name, endless);
  it('is gone with its grandchildren a second after its limit', async () => {
    // Pyodide has no processes to leave behind: there the loop alone must end.
    const script =
      name === 'pyodide'
        ? 'while True: pass'
        : 'import os, signal\nsignal.signal(15, signal.SIG_IGN)\nfor i in range(5):\n  if os.fork() == 0:\n    os.setsid()\n    while True: pass\nwhile True: pass';
    const { status, durationMs } = await runScript(engine(), script, { limits: { timeoutMs: 1000 } });
    expect(status).to.equal('timeout');
    expect(durationMs).to.be.within(1000, 2000);
  });
});

onEachEngine('a greedy script', (engine, name) => declareCases(engine, name, greedy));
onEachEngine('a script that floods', (engine, name) => declareCases(engine, name, floods));
onEachEngine('a script that forges', (engine, name) => declareCases(engine, name, forgeries));
onEachEngine('a script that would escape', (engine, name) => {
  declareCases(engine, name, escapes);
  it('leaves nothing to the next', async () => {
    await runScript(engine(), 'import builtins, os; builtins.poison = 1; open("/tmp/left", "w").close()');
    const { stdout } = await runScript(engine(), 'import builtins, os; print(hasattr(builtins, "poison"), os.listdir("/tmp"))');
    expect(stdout.toString()).to.equal("False ['out']\n");
  });
});

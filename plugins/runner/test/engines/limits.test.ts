/** Scripts that reach a limit, on both real engines: the record names the limit, its value and what to do. */
import { onEachEngine } from './support/engines.ts';
import { declareCases, type ScriptCase } from './support/script-case.ts';

const failed = { status: 'failed', exitCode: 1 } as const;
const EXHAUST = (what: string): string => `kept = []\nwhile True: kept.append(${what})`;

const cases: ScriptCase[] = [
  { title: 'input()', inShort: true, script: 'name = input("Name? ")', ...failed, reason: /no keyboard.*sys\.argv\[1\]/ },
  {
    title: 'a package that the script does not declare',
    inShort: true,
    script: 'import pandas',
    ...failed,
    reason: /\n# \/\/\/ script\n# dependencies = \["pandas"\]\n# \/\/\/$/,
    pyodide: { ...failed, reason: /VED_PYODIDE_PACKAGES.*\n# dependencies = \["pandas"\]/s },
  },
  {
    title: 'the name of another machine',
    script: 'import urllib.request; urllib.request.urlopen("http://example.com/", timeout=5)',
    ...failed,
    reason: /no network/,
  },
  {
    title: 'processes',
    script: 'import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60); os._exit(0)',
    ...failed,
    reason: /64 processes and threads/,
    pyodide: { ...failed, reason: /cannot start processes/ },
  },
  {
    title: 'a command',
    script: 'import os; raise SystemExit(os.system("exit 3") >> 8)',
    status: 'failed',
    exitCode: 3,
    reason: null,
    pyodide: { ...failed, reason: /cannot start processes/ },
  },
  {
    title: 'threads',
    script:
      'import threading, os\nend = threading.Event()\ntry:\n    while True: threading.Thread(target=end.wait, daemon=True).start()\nfinally: end.set()',
    ...failed,
    reason: /64 processes and threads/,
    pyodide: { ...failed, reason: /no threads/ },
  },
  { title: 'open files', script: EXHAUST('open("/tmp/f", "w")'), ...failed, reason: /256 open files/ },
  {
    title: 'the disk',
    script:
      'n = 0\nwhile True:\n    with open(f"/tmp/{n}", "wb", buffering=0) as f:\n        for _ in range(10): f.write(b"1" * 1_000_000)\n    n += 1',
    ...failed,
    reason: /64 MiB in 16,384 files/,
  },
  { title: 'the number of files', script: 'n = 0\nwhile True: open(f"/tmp/{n}", "w").close(); n += 1', ...failed, reason: /16,384 files/ },
  {
    title: 'an allocation beyond the memory limit',
    inShort: true,
    script: 'x = bytearray(10 ** 15)',
    status: ['failed', 'out_of_memory'],
    exitCode: 1,
    reason: /memory limit of 256 MiB/,
    pyodide: null,
  },
  { title: 'recursion', script: 'def f(): f()\nf()', ...failed, reason: /1,000 nested calls/ },
  { title: 'the read-only file system', script: 'open("/etc/x", "w")', ...failed, reason: /only below \/tmp/, pyodide: null },
  {
    title: 'shared memory',
    script:
      'from multiprocessing import shared_memory\ns = shared_memory.SharedMemory(create=True, size=50 << 20)\nfor n in range(0, 50 << 20, 4096): s.buf[n] = 1',
    status: 'failed',
    exitCode: -7,
    reason: /32 MiB of \/dev\/shm/,
    pyodide: null,
  },
  {
    title: 'time',
    inShort: true,
    script: 'while True: pass',
    limits: { timeoutMs: 700 },
    status: 'timeout',
    reason: /time limit of 0\.7 s/,
  },
  {
    title: 'output',
    script: 'while True: print("y" * 10_000)',
    limits: { outputBytes: 2 ** 20 },
    status: 'output_limit',
    reason: /output limit of 1 MiB/,
  },
  { title: 'no limit: its own error', inShort: true, script: 'raise ValueError("no space left")', ...failed, reason: null },
  { title: 'no limit: its own exit code', script: 'import sys; sys.exit(3)', status: 'failed', exitCode: 3, reason: null },
];

/** Limits on processes, which only one engine has. */
const shared: ScriptCase[] = [
  {
    title: 'pools, queues, locks, values, managers and shared memory work, and leave nothing behind',
    script: [
      'import multiprocessing as m, os',
      'from concurrent.futures import ProcessPoolExecutor',
      'from multiprocessing import shared_memory',
      'def square(x): return x * x',
      'def put(queue, lock):',
      '    with lock: queue.put("from a child")',
      'if __name__ == "__main__":',
      '    for way in ("fork", "forkserver"):',
      '        with m.get_context(way).Pool(2) as pool: print(way, pool.map(square, range(4)))',
      '    queue, lock = m.Queue(), m.Lock()',
      '    child = m.Process(target=put, args=(queue, lock)); child.start(); print(queue.get()); child.join()',
      '    with ProcessPoolExecutor(2) as executor: print(list(executor.map(square, range(4))))',
      '    block = shared_memory.SharedMemory(create=True, size=1000); block.buf[0] = 7; print(block.buf[0]); block.close(); block.unlink()',
      '    print(m.Value("i", 3).value, m.Array("i", [1, 2])[:])',
      '    with m.Manager() as manager: print(dict(manager.dict(a=1)))',
      '    space = os.statvfs("/dev/shm"); print(space.f_blocks * space.f_frsize >> 20, space.f_files)',
    ].join('\n'),
    stdout: "fork [0, 1, 4, 9]\nforkserver [0, 1, 4, 9]\nfrom a child\n[0, 1, 4, 9]\n7\n3 [1, 2]\n{'a': 1}\n32 1024\n",
  },
  {
    title: 'shared memory counts towards the memory of the run',
    script: 'f = open("/dev/shm/a", "wb", buffering=0)\nfor _ in range(30): f.write(b"1" * 1_000_000)\nx = b"1" * (45 << 20)',
    limits: { memoryBytes: 64 * 2 ** 20 },
    status: 'out_of_memory',
    reason: /memory limit of 64 MiB/,
  },
];

onEachEngine('what a script met', (engine, name) => declareCases(engine, name, [...cases, ...(name === 'docker' ? shared : [])]));

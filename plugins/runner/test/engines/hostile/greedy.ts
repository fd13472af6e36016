/** Scripts that use up memory, disk, processes and descriptors. */
import { failed, type HostileCase, lacking, starved } from './hostile-case.ts';
import { python } from './python.ts';

export const greedy: readonly HostileCase[] = [
  { title: 'a list that grows', script: 'x = []\nwhile True: x.append(bytearray(b"1" * 1_000_000))', ...starved },
  { title: 'a text that doubles', script: 'x = "x"\nwhile True: x += x', ...starved },
  { title: 'many small objects', script: 'x = None\nwhile True: x = [x]', ...starved },
  {
    title: 'memory allocated in C, bypassing Python',
    script: python`
      import ctypes
      malloc = ctypes.CDLL(None).malloc
      malloc.restype = ctypes.c_void_p
      while True:
          block = malloc(1_000_000)
          if not block: raise MemoryError
          ctypes.memset(block, 1, 1_000_000)
    `,
    ...starved,
  },
  {
    title: 'a child that runs out of memory is reported, with the exit code of the script',
    script: 'import os, sys\nif os.fork() == 0:\n  x = []\n  while True: x.append(bytearray(b"1" * 1_000_000))\nos.wait(); sys.exit(3)',
    docker: { status: 'out_of_memory', exitCode: 3 },
    pyodide: lacking,
  },
  {
    title: 'a script that catches MemoryError',
    script: 'try:\n  x = []\n  while True: x.append(bytearray(1_000_000))\nexcept MemoryError: x = None; print("on")',
    // The kernel kills it instead.
    docker: { status: 'out_of_memory', exitCode: -9 },
    pyodide: { stdout: 'on\n' },
  },
  {
    title: 'the number of processes is limited',
    script: python`
      import os, time
      n = 0
      try:
          while True:
              if os.fork() == 0: time.sleep(60); os._exit(0)
              n += 1
      except OSError: print(n < 64)
    `,
    stdout: 'True\n',
  },
  {
    title: 'the number of threads is limited',
    script: python`
      import threading, os
      end, n = threading.Event(), 0
      try:
          while True: threading.Thread(target=end.wait).start(); n += 1
      except RuntimeError: print(n < 64, flush=True)
      os._exit(0)
    `,
    stdout: 'True\n',
  },
  {
    title: 'a file that fills the disk',
    script: python`
      import os
      try:
          with open("/tmp/a", "wb", buffering=0) as f:
              while f.write(b"1" * 1_000_000): pass
      except OSError as e: print(e.errno, os.path.getsize("/tmp/a") <= 64 << 20)
    `,
    stdout: /^(27|28|51) True\n$/,
  },
  {
    title: 'many empty files',
    script: python`
      i = 0
      try:
          while i < 100_000:
              open(f"/tmp/i{i}", "w").close(); i += 1
      except OSError: pass
      print(i < 17_000)
    `,
    stdout: 'True\n',
  },
  {
    title: 'files within the limits are kept when /tmp/out fills the disk',
    script: python`
      i = 0
      try:
          while i < 500:
              with open(f"/tmp/out/{i:03}", "wb", buffering=0) as f: f.write(b"1" * 4_000_000)
              i += 1
      except OSError: pass
      print(i <= 17)
    `,
    stdout: 'True\n',
    // The last file, which did not fit, may be partial or empty.
    docker: { stdout: 'True\n', files: ['000', '001', '002', '003', '017'], leftOut: ['large'] },
    pyodide: { stdout: 'True\n', files: ['000', '001', '002', '003', '016'], leftOut: ['large'] },
  },
  {
    title: 'many open files',
    script: 'x = []\ntry:\n  while len(x) < 1000: x.append(open("/tmp/f", "w"))\nexcept OSError: print(len(x) < 256)',
    stdout: 'True\n',
  },
  {
    title: 'unlimited recursion',
    script: 'import sys; sys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()',
    ...starved,
  },
  { title: 'syntax nested too deeply', script: `x = ${'('.repeat(100_000)}`, ...failed },
];

/** Scripts that never end. They run with a short time limit. */
import { failed, type HostileCase, lacking, timeout } from './hostile-case.ts';
import { python } from './python.ts';

export const endless: readonly HostileCase[] = [
  { title: 'an endless loop is ended', script: 'while True: pass', ...timeout, reason: /time limit of 1.5 s/ },
  { title: 'an endless sleep is ended', script: 'import time; time.sleep(1e6)', ...timeout },
  {
    title: 'a loop that ignores every signal is ended',
    script: python`
      import signal
      for s in range(1, 65):
          try: signal.signal(s, lambda *a: None)
          except (OSError, ValueError): pass
      while True:
          try:
              while True: pass
          except BaseException: pass
    `,
    ...timeout,
  },
  {
    title: 'a script that stops itself is ended',
    script: 'import os, signal; os.kill(os.getpid(), signal.SIGSTOP); print("on")',
    docker: timeout,
    pyodide: { stdout: 'on\n' },
  },
  { title: 'an endless atexit function is ended', script: 'import atexit\n@atexit.register\ndef f():\n  while True: pass', ...timeout },
  { title: 'an endless regular expression is ended', script: 'import re; re.match("(a+)+$", "a" * 60 + "b")', ...timeout },
  { title: 'an endless computation in C is ended', script: '9 ** 9 ** 9', ...timeout },
  {
    title: 'a thread that never ends is ended',
    script: 'import threading, time; threading.Thread(target=time.sleep, args=(1e6,)).start()',
    docker: timeout,
    pyodide: { ...lacking, reason: /no threads/ },
  },
  {
    title: 'a read from a FIFO without a writer is ended',
    script: 'import os; os.mkfifo("/tmp/f"); open("/tmp/f")',
    docker: timeout,
    pyodide: lacking,
  },
  {
    title: 'an event loop that waits for nothing is ended, or fails with that reason',
    script: 'import asyncio; asyncio.run(asyncio.Event().wait())',
    docker: timeout,
    pyodide: { ...failed, exitCode: 1, stderr: /can never happen/ },
  },
  {
    title: 'a fork bomb is ended',
    script: 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass',
    // An engine without processes refuses each fork, forever.
    ...timeout,
  },
];

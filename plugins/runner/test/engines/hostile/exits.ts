/** Scripts that end in every possible way, or obstruct their own end. */
import { failed, type HostileCase } from './hostile-case.ts';
import { python } from './python.ts';

export const exits: readonly HostileCase[] = [
  { title: 'sys.exit with a tuple prints it', script: 'import sys; sys.exit((1, 2))', ...failed, exitCode: 1, stderr: '(1, 2)\n' },
  { title: 'sys.exit with a fraction prints it', script: 'import sys; sys.exit(0.0)', ...failed, exitCode: 1, stderr: '0.0\n' },
  {
    title: 'sys.exit with an object prints it',
    script: 'import sys; sys.exit(object())',
    ...failed,
    exitCode: 1,
    stderr: /^<object object at/,
  },
  { title: 'sys.exit with a huge number', script: 'import sys; sys.exit(10 ** 30)', ...failed, exitCode: 255 },
  {
    title: 'nested sys.exit uses the inner code',
    script: 'import sys; sys.exit(SystemExit(3))',
    ...failed,
    exitCode: 3,
    stderr: '',
  },
  {
    title: 'a subclass of int as a code',
    script: 'class N(int):\n  def __and__(self, other): return 0\n  def __le__(self, other): return True\nraise SystemExit(N(6))',
    ...failed,
    exitCode: 6,
  },
  {
    title: 'os._exit in a thread',
    script: 'import os, threading, time\nthreading.Thread(target=os._exit, args=(9,)).start()\ntime.sleep(60)',
    ...failed,
    exitCode: 9,
    pyodide: { ...failed, exitCode: 1, reason: /no threads/ },
  },
  {
    title: 'os._exit in atexit sets the exit code',
    script: 'import atexit, os\natexit.register(os._exit, 9)\nprint("on")',
    ...failed,
    exitCode: 9,
  },
  {
    title: 'the output of a __del__ at the end is kept',
    script: 'class A:\n  def __del__(self): print("gone")\na = A()',
    stdout: 'gone\n',
  },
  {
    title: 'an invalid pointer ends only the script',
    script: 'import ctypes\nprint("before", flush=True)\nprint(ctypes.string_at(8, 8), file=open("/dev/null", "w"))',
    docker: { ...failed, exitCode: -11, stdout: 'before\n' },
    // That address is valid memory in WebAssembly.
    pyodide: { stdout: 'before\n' },
  },
  {
    title: 'a fatal error of the interpreter',
    script: 'import ctypes; ctypes.pythonapi.Py_FatalError(b"dead")',
    ...failed,
    exitCode: -6,
    stderr: /dead/,
  },
  {
    title: 'a poisoned module harms only the script that imports it',
    script: python`
      import sys
      open("/tmp/json.py", "w").write("import sys\nprint('poison')\nsys.modules['os'] = None\nraise SystemExit(12)")
      sys.path.insert(0, "/tmp")
      sys.modules.pop("json", None)
      import json
    `,
    ...failed,
    exitCode: 12,
    stdout: 'poison\n',
  },
  {
    title: 'a ruined interpreter still ends',
    script: 'import sys, os, builtins\nos.write = os._exit = sys.exit = None\nsys.modules.clear()\nbuiltins.__dict__.clear()',
    status: ['failed', 'succeeded'],
  },
  {
    title: 'streams that raise do not matter',
    script: python`
      import sys
      class Bad:
          closed = False
          def __getattr__(self, name): raise RuntimeError("bad")
          def write(self, text): raise RuntimeError("bad")
          def flush(self): raise RuntimeError("bad")
      sys.stdout = sys.stderr = Bad()
      print("lost")
    `,
    ...failed,
  },
];

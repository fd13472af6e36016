/** Scripts that forge messages of the engine, or try to suppress them. */
import { failed, type HostileCase, lacking } from './hostile-case.ts';
import { attempts, python } from './python.ts';

export const forgeries: readonly HostileCase[] = [
  {
    title: 'a thousand forged trailers and a forged ready message are only output',
    script: python`
      import os, sys
      os.write(1, bytes([4, 0, 0, 0, 0, 0, 0, 14]) + b'{"exitCode":0}\0ready evil-1.0\n')
      for i in range(1000): os.write(1, b"\0%032x 0 0 0 1\nf 1 1\nxy.\n" % i)
      sys.exit(3)
    `,
    ...failed,
    exitCode: 3,
    stdout: /^\x04\0{6}\x0e\{"exitCode":0\}\0ready evil-1\.0\n(\0[0-9a-f]{32} 0 0 0 1\nf 1 1\nxy\.\n){1000}$/,
  },
  {
    title: 'output that looks like the start of a trailer is not lost',
    script: 'import os; os.write(1, b"a\\0"); os.write(2, b"\\0")',
    stdout: 'a\0',
    stderr: '\0',
  },
  {
    title: 'nothing of the job can be read from descriptors',
    script: python`
      import os, stat
      for fd in range(256):
          try:
              if fd in (1, 2) or stat.S_ISREG(os.fstat(fd).st_mode): continue
              os.set_blocking(fd, False); print(fd, os.read(fd, 100))
          except OSError: pass
    `,
    stdout: /^(0 b''\n)?$/,
  },
  {
    title: 'the nonce cannot be found in frames, objects or modules',
    script: python`
      import gc, re, sys
      word = re.compile(r"^[0-9a-f]{32}$")
      frame, held = sys._getframe(), []
      while frame: held += [frame.f_locals, frame.f_globals]; frame = frame.f_back
      held += gc.get_objects() + [vars(m) for m in list(sys.modules.values()) if hasattr(m, "__dict__")]
      seen = 0
      for each in held:
          values = list(each.values()) if type(each) is dict else list(each) if type(each) in (list, tuple, set) else []
          for value in values:
              seen += 1
              if type(value) in (bytes, bytearray): value = bytes(value).decode("latin1")
              if type(value) is str and word.match(value): print("found", value)
      print(seen > 1000)
    `,
    stdout: 'True\n',
  },
  {
    title: 'the nonce cannot be found in memory',
    script: python`
      import re
      header = re.compile(rb"[0-9a-f]{32} [0-9]{2,7} [0-9]+ [01] [0-9]+ [0-9]+ [0-9]+\n")
      looked = 0
      try:
          memory = open("/proc/self/mem", "rb", buffering=0)
          for line in open("/proc/self/maps"):
              if " rw" not in line: continue
              begin, end = (int(n, 16) for n in line.split()[0].split("-"))
              memory.seek(begin)
              data = memory.read(end - begin)
              looked += len(data)
              for found in header.findall(data): print("found", found)
      except OSError: pass
      print(looked > 1_000_000)
    `,
    docker: { stdout: 'True\n' },
    // Pyodide has no such file.
    pyodide: { stdout: 'False\n' },
  },
  {
    title: 'process 1 can be neither inspected nor written to',
    script: python`
      import os
      for n in ("mem", "environ", "maps", "fd/0", "fd/1", "fd/2", "root/etc/passwd", "cwd/x", "exe", "stack", "syscall", "auxv", "io"):
          try: open("/proc/1/" + n, "rb").read(1); print("read", n)
          except OSError: pass
      for n in ("fd/0", "fd/1", "fd/2", "mem", "oom_score_adj", "comm"):
          try: os.open("/proc/1/" + n, os.O_WRONLY); print("opened", n)
          except OSError: pass
      try: os.listdir("/proc/1/fd"); print("listed")
      except OSError: print("closed")
    `,
    stdout: 'closed\n',
  },
  {
    title: 'process 1 cannot be traced',
    script: attempts('import ctypes\nlibc = ctypes.CDLL(None)', {
      attach: 'must(libc.ptrace(16, 1, 0, 0))',
      seize: 'must(libc.ptrace(0x4206, 1, 0, 0))',
      read: 'must(libc.process_vm_readv(1, 0, 0, 0, 0, 0) or libc.ptrace(16, 1, 0, 0))',
    }),
    stdout: 'tried 3\n',
  },
  {
    title: 'no signal reaches process 1',
    script: 'import os, sys\nfor s in range(1, 65):\n  try: os.kill(1, s)\n  except OSError: pass\nprint("on", flush=True); sys.exit(5)',
    ...failed,
    exitCode: 5,
    stdout: 'on\n',
  },
  {
    title: 'signals to everything spare process 1',
    script: 'import os, signal, time\nif os.fork() == 0: time.sleep(60)\nos.kill(-1, signal.SIGKILL)\nos.wait()\nprint("on")',
    docker: { stdout: 'on\n' },
    pyodide: lacking,
  },
  { title: 'closed descriptors do not hide the exit', script: 'import os; os.closerange(0, 256); os._exit(6)', ...failed, exitCode: 6 },
  {
    title: 'a non-blocking stdout does not hide the exit',
    script: python`
      import os, sys
      os.set_blocking(1, False)
      try:
          for _ in range(10): os.write(1, b"x" * 65536)
      except BlockingIOError: pass
      sys.exit(7)
    `,
    ...failed,
    exitCode: 7,
    stdout: /^x+$/,
  },
  {
    title: 'processes that are left behind cannot write after the exit',
    script: python`
      import os, time
      for _ in range(3):
          if os.fork() == 0:
              os.setsid()
              if os.fork() == 0:
                  while True: os.write(1, b"x")
              os._exit(0)
      os._exit(8)
    `,
    docker: { ...failed, exitCode: 8 },
    pyodide: lacking,
  },
  {
    title: 'a script that overwrites its own files affects only itself',
    script: 'open(__file__, "w").write("x"); open("/runner/input", "w").write("y"); print(open(__file__).read())',
    stdout: 'x\n',
  },
  {
    title: 'a forged file section in /tmp/out is an ordinary file',
    script: 'open("/tmp/out/f 1 1", "w").write("f 1 1\\nxy.\\n")',
    files: ['f 1 1'],
  },
];

/** Scripts that try to reach the machine, the network, or data of other runs. */
import { failed, type HostileCase } from './hostile-case.ts';
import { attempts, python } from './python.ts';

/** System call numbers differ by architecture; these are for the two that the image supports. */
const SYSCALLS = python`
  import ctypes, os
  libc = ctypes.CDLL(None, use_errno=True)
  numbers = {"x86_64": dict(keyctl=250, add_key=248, bpf=321, perf=298, userfaultfd=323, setns=308, io_uring=425, kexec=246, reboot=169, pivot=155),
             "aarch64": dict(keyctl=219, add_key=217, bpf=280, perf=241, userfaultfd=282, setns=268, io_uring=425, kexec=104, reboot=142, pivot=41)}
  n = numbers.get(os.uname().machine, {})
  def call(name, *arguments): must(libc.syscall(n[name], *arguments))
`;

const connect = (kind: string, host: string, port: string): string =>
  `(lambda s: (s.settimeout(0.5), s.connect(("${host}", ${port})), s.send(b"x") if "${kind}" == "SOCK_STREAM" else must(-1 if s.send(b"x") != 1 else 0)))(socket.socket(socket.AF_INET, socket.${kind}))`;

export const escapes: readonly HostileCase[] = [
  {
    title: 'the system is read-only',
    script: attempts(
      '',
      Object.fromEntries(
        ['/x', '/usr/x', '/etc/passwd', '/etc/hosts', '/usr/bin/python3', '/dev/x', '/sys/x', '/var/x', '/root/x', '/home/x.py'].map(
          (path) => [path, `open("${path}", "w")`],
        ),
      ),
    ),
    docker: { stdout: 'tried 10\n' },
    // A file system in memory, with only the script's own files.
    pyodide: { stdout: /tried 10\n$/ },
  },
  {
    title: "no socket of the machine can be reached, neither Docker's nor an abstract one",
    script: attempts('import os, socket', {
      run: 'os.stat("/run/docker.sock")',
      var: 'os.stat("/var/run/docker.sock")',
      containerd: 'os.stat("/run/containerd/containerd.sock")',
      connect: 'socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock")',
      dbus: String.raw`socket.socket(socket.AF_UNIX).connect("\0/tmp/dbus-session")`,
      x11: String.raw`socket.socket(socket.AF_UNIX).connect("\0/tmp/.X11-unix/X0")`,
    }),
    stdout: 'tried 6\n',
  },
  {
    title: 'nothing can be reached over TCP, not even the server itself',
    script: attempts('import socket', {
      server: connect('SOCK_STREAM', '127.0.0.1', '{{port}}'),
      bridge: connect('SOCK_STREAM', '172.17.0.1', '{{port}}'),
      metadata: connect('SOCK_STREAM', '169.254.169.254', '80'),
      outside: connect('SOCK_STREAM', '1.1.1.1', '443'),
      six: '(lambda s: (s.settimeout(0.5), s.connect(("2606:4700:4700::1111", 443)), s.send(b"x")))(socket.socket(socket.AF_INET6))',
    }),
    stdout: 'tried 5\n',
  },
  {
    title: 'UDP, name resolution and raw packets do not work',
    script: attempts('import socket', {
      dns: connect('SOCK_DGRAM', '1.1.1.1', '53'),
      bridge: connect('SOCK_DGRAM', '172.17.0.1', '53'),
      broadcast:
        '(lambda s: (s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1), s.sendto(b"x", ("255.255.255.255", 9))))(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))',
      name: 'socket.getaddrinfo("example.com", 443)[0] and socket.create_connection(("example.com", 443), 0.5)',
      host: 'socket.getaddrinfo("host.docker.internal", 80)[0] and socket.create_connection(("host.docker.internal", 80), 0.5)',
      raw: 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).sendto(b"x" * 8, ("127.0.0.1", 0))',
      packet: 'socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300).recv(1)',
    }),
    stdout: 'tried 7\n',
  },
  {
    title: 'only its own loopback interface, and no socket of others, can be seen',
    script: python`
      import socket
      try: print([name for _, name in socket.if_nameindex() if name != "lo"])
      except (OSError, AttributeError): print([])
      try: print([line.split()[-1] for line in open("/proc/net/unix").readlines()[1:]])
      except OSError: print([])
    `,
    stdout: '[]\n[]\n',
  },
  {
    title: 'a program in /tmp cannot be executed',
    script: 'import os\nopen("/tmp/p", "w").write("#!/bin/sh\\necho no"); os.chmod("/tmp/p", 0o755); os.execv("/tmp/p", ["p"])',
    ...failed,
    stdout: '',
  },
  {
    title: 'code in /tmp cannot be loaded',
    script: attempts('import ctypes, shutil, sysconfig, glob', {
      copy: '[shutil.copy(p, "/tmp/l.so") for p in glob.glob("/usr/lib/**/libm.so.6", recursive=True)[:1]] or must(-1)',
      load: 'ctypes.CDLL("/tmp/l.so")',
    }),
    docker: { stdout: 'could copy\ntried 2\n' },
    pyodide: { stdout: 'tried 2\n' },
  },
  {
    title: 'privileges, namespaces and the system calls of known escapes are unavailable',
    script: attempts(SYSCALLS, {
      setuid: 'os.setuid(0)',
      setgid: 'os.setgid(0)',
      setgroups: 'os.setgroups([0])',
      setresuid: 'must(libc.setresuid(0, 0, 0))',
      chroot: 'os.chroot("/")',
      nice: 'os.nice(-5) if hasattr(os, "getpriority") else must(-1)',
      chown: 'os.chown("/tmp", 0, 0) if os.getuid() == 65534 else must(-1)',
      mount: 'must(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))',
      remount: 'must(libc.mount(None, b"/", None, 32 | 4096, None))',
      umount: 'must(libc.umount2(b"/proc", 2))',
      mknod: 'os.mknod("/tmp/n", 0o60666, os.makedev(8, 0)) if os.getuid() == 65534 else must(-1)',
      user: 'os.unshare(0x10000000)',
      space: 'must(libc.unshare(0x20000))',
      net: 'os.unshare(0x40000000)',
      enter: 'call("setns", os.open("/proc/1/ns/net", os.O_RDONLY), 0)',
      root: 'os.open("/proc/1/root", os.O_RDONLY)',
      pivot: 'call("pivot", b"/tmp", b"/tmp")',
      keyctl: 'call("keyctl", 0, -3, 1)',
      add_key: 'call("add_key", b"user", b"x", b"x", 1, -2)',
      bpf: 'call("bpf", 0, 0, 0)',
      perf: 'call("perf", 0, 0, -1, -1, 0)',
      userfaultfd: 'call("userfaultfd", 0)',
      kexec: 'call("kexec", 0, 0, 0, 0)',
      reboot: 'call("reboot", 0xfee1dead, 672274793, 0x1234567, 0)',
    }),
    stdout: 'tried 24\n',
  },
  {
    title: 'a script runs as nobody, without capabilities',
    script: python`
      import os
      try:
          status = dict(line.rstrip().split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
          print(*(int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")), status["NoNewPrivs"], status["Seccomp"], os.getuid())
      except OSError: print("none")
    `,
    docker: { stdout: '0 0 0 0 0 1 2 65534\n' },
    pyodide: { stdout: 'none\n' },
  },
  {
    title: 'limits cannot be raised',
    script: attempts('import resource', {
      nofile: 'resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))',
      core: 'resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))',
      fsize: 'resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))',
      msgqueue: 'resource.setrlimit(resource.RLIMIT_MSGQUEUE, (1 << 20, 1 << 20))',
    }),
    docker: { stdout: 'tried 4\n' },
    pyodide: { ...failed, exitCode: 1, stderr: /ModuleNotFoundError/ },
  },
  {
    title: 'files of the machine and the environment of the server or another process cannot be read',
    script: python`
      import glob, os
      known = {"PATH", "HOME", "LANG", "HOSTNAME", "PWD", "LC_CTYPE", "LOGNAME", "USER", "GPG_KEY", "_"}
      print([name for name in os.environ if name not in known and not name.startswith("PYTHON")])
      print([p for p in ("/work", "/root/.ssh", "/home/node", "/etc/shadow", "/proc/kcore") if os.access(p, os.R_OK)])
      own = {f"/proc/{each}/environ" for each in ("self", "thread-self", os.getpid())}
      for path in glob.glob("/proc/*/environ"):
          if path in own: continue
          try: print(path, open(path, "rb").read(1))
          except OSError: pass
    `,
    stdout: '[]\n[]\n',
  },
  {
    title: 'symbolic links in /tmp/out are left out',
    script: python`
      import os
      for i, to in enumerate(("/etc/passwd", "/proc/1/environ", "/runner/script.py", "/", "..", "missing")): os.symlink(to, f"/tmp/out/l{i}")
      os.symlink("/tmp", "/tmp/out/folder")
      open("/tmp/out/ok", "w").close()
    `,
    files: ['ok'],
    leftOut: ['link'],
  },
  {
    title: 'no files are returned when /tmp/out is a symbolic link',
    script: 'import os; os.rmdir("/tmp/out"); os.symlink("/etc", "/tmp/out")',
    docker: { leftOut: ['link'] },
    pyodide: { leftOut: ['link'] },
  },
  {
    title: 'a FIFO and a socket in /tmp/out block nobody',
    script: python`
      import os, socket
      for make in (lambda: os.mkfifo("/tmp/out/f"), lambda: socket.socket(socket.AF_UNIX).bind("/tmp/out/s")):
          try: make()
          except (OSError, AttributeError): pass
      open("/tmp/out/ok", "w").close()
    `,
    files: ['ok'],
    docker: { files: ['ok'], leftOut: ['special'] },
    pyodide: { files: ['ok'] },
  },
  {
    title: 'unsafe names in /tmp/out are left out',
    script: python`
      import os
      for name in (b"a\nb", b"..\\c", b"\xff", "\u202egnp.exe".encode()):
          try: open(b"/tmp/out/" + name, "w").close()
          except (OSError, UnicodeError): pass
      os.makedirs("/tmp/out/" + "d/" * 12)
      open("/tmp/out/" + "d/" * 12 + "deep", "w").close()
    `,
    leftOut: ['deep', 'name'],
    // Names are text there: an invalid byte becomes a replacement character.
    pyodide: { files: ['\ufffd\ufffd'], leftOut: ['deep', 'name'] },
  },
  {
    title: 'a sparse file in /tmp/out counts with its full length',
    script: 'with open("/tmp/out/big", "wb") as f: f.truncate(40 << 20)',
    leftOut: ['large'],
  },
];

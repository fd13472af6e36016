/** Runs of one lane can reuse a container; none sees anything of the previous one. */
import { expect } from 'chai';
import type { Engine } from '../../contract/engine.ts';
import { newDockerEngine, requireDocker } from './support/engines.ts';
import { MIB, type Result, runScript } from './support/run-script.ts';

/** Prints everything that could show that another script ran before. */
const LOOK = [
  'import os, sys, resource, threading, signal, fcntl',
  'print(sorted(n for n in os.listdir("/proc") if n.isdigit() and n not in ("1", str(os.getpid()))))',
  'print(os.listdir("/tmp"), os.listdir("/tmp/out"), oct(os.stat("/tmp/out").st_mode), sorted(os.listdir("/runner")), os.statvfs("/tmp").f_bfree == os.statvfs("/tmp").f_blocks)',
  'print([fd for fd in range(3, 256) if os.path.exists(f"/proc/self/fd/{fd}") and "libffi" not in os.readlink(f"/proc/self/fd/{fd}")])',
  'print(resource.getrlimit(resource.RLIMIT_NOFILE), os.getpriority(os.PRIO_PROCESS, 0), len(os.sched_getaffinity(0)) == os.cpu_count())',
  'print([fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK for fd in (1, 2)])',
  'print("poison" in sys.modules, hasattr(__builtins__, "poison"), os.environ.get("POISON"), os.getcwd(), os.umask(0o22))',
  'print(os.listdir("/dev/shm"), os.statvfs("/dev/shm").f_bfree == os.statvfs("/dev/shm").f_blocks)',
  'print([(k, open(f"/proc/net/{k}").read()) for k in ("tcp", "tcp6", "udp", "udp6", "raw", "unix", "dev", "snmp", "netstat")])',
  'print([len(open(f"/proc/sysvipc/{k}").readlines()) for k in ("shm", "sem", "msg")])',
].join('\n');

/** Without SO_REUSEADDR, as is the default. */
const LISTEN = 'import socket\ns = socket.socket(); s.bind(("127.0.0.1", 7000)); s.listen(); ';
/** Scripts that each leave something behind. */
const LEAVERS: Record<string, string> = {
  nothing: 'print(1)',
  'processes in their own sessions':
    'import os, time\nfor _ in range(10):\n  if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(60)\n    os._exit(0)',
  files:
    'import os\nos.makedirs("/tmp/a/b/c"); open("/tmp/a/b/c/f", "w").write("x"); os.symlink("/", "/tmp/root"); os.mkfifo("/tmp/p"); os.chmod("/tmp/a/b", 0); os.link("/runner/input", "/runner/more")',
  'files in /tmp/out':
    'import os\nopen("/tmp/out/a", "w").write("secret"); os.makedirs("/tmp/out/b/c"); open("/tmp/out/b/c/d", "wb").truncate(20 << 20); os.chmod("/tmp/out", 0)',
  'a link in place of /tmp/out': 'import os; os.rmdir("/tmp/out"); os.symlink("/runner", "/tmp/out")',
  'a full folder':
    'try:\n  i = 0\n  while True:\n    with open(f"/tmp/{i}", "wb", buffering=0) as f: f.write(b"1" * 1_000_000)\n    i += 1\nexcept OSError: pass',
  'a full inode table': 'try:\n  i = 0\n  while True: open(f"/tmp/{i}", "w").close(); i += 1\nexcept OSError: pass',
  'a folder without permissions': 'import os; os.chmod("/runner", 0)',
  'attributes on a folder': 'import os\ntry: os.setxattr("/runner", "user.poison", b"1")\nexcept OSError: pass',
  'open descriptors':
    'import os\nx = [open("/tmp/f", "w") for _ in range(200)]\nfor f in x: os.set_inheritable(f.fileno(), True)\nos._exit(0)',
  'a non-blocking stdout': 'import os; os.set_blocking(1, False); os.set_blocking(2, False)',
  'a short pipe': 'import fcntl; fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 4096)',
  'changed limits of process 1': 'import resource; resource.prlimit(1, resource.RLIMIT_NOFILE, (64, 64))',
  'process 1 at low priority': 'import os; os.setpriority(os.PRIO_PROCESS, 1, 19)',
  'process 1 bound to one processor': 'import os; os.sched_setaffinity(1, {0})',
  'poisoned modules':
    'import sys, builtins, os\nsys.modules["poison"] = sys; builtins.poison = 1; os.environ["POISON"] = "1"; os.umask(0); os.chdir("/"); sys.modules["os"] = None',
  'locks and memory of multiprocessing':
    'import multiprocessing as m, os, signal\nfrom multiprocessing import shared_memory\nl = m.Lock(); s = shared_memory.SharedMemory("left", True, 1 << 20); s.buf[:] = b"1" * (1 << 20)\nos._exit(0)',
  'a full /dev/shm':
    'try:\n  with open("/dev/shm/a", "wb", buffering=0) as f:\n    while True: f.write(b"1" * 1_000_000)\nexcept OSError: pass',
  'connections in TIME_WAIT': `${LISTEN}c = socket.create_connection(s.getsockname()); a = s.accept()[0]; a.close(); c.recv(1); c.close()`,
  'IPv6 connections':
    'import socket\ns = socket.create_server(("::1", 7001), family=socket.AF_INET6); c = socket.create_connection(s.getsockname()[:2]); a = s.accept()[0]; a.close(); c.recv(1); c.close()',
  'counters of the loopback device':
    'import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 7002)); s.sendto(b"x" * 1000, s.getsockname())',
  'counters of failed sends':
    'import socket\ntry: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9))\nexcept OSError: pass',
  'a socket that was sent over itself':
    'import socket, array\na, b = socket.socketpair(); u = socket.socket(socket.AF_UNIX); u.bind("\\0abstract"); u.listen()\na.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [a.fileno(), b.fileno(), u.fileno()]))])',
  'shared memory': 'import ctypes; print(ctypes.CDLL(None).shmget(1234, 1 << 20, 0o1666))',
  'a message queue': 'import ctypes; print(ctypes.CDLL(None).mq_open(b"/q", 0o102, 0o600, None))',
};

describe('runs of one lane', () => {
  let engine: Engine;
  let untouched: string;
  const run = (script: string, options = {}): Promise<Result> => runScript(engine, script, options);

  before(async function () {
    await requireDocker(this);
    // A pool of one: a second fresh container would be ready before the reused one is verified.
    engine = newDockerEngine({ isolation: 'lane', poolSize: 1 });
    await engine.probe();
    untouched = (await run(LOOK)).stdout.toString();
  });
  after(async () => engine?.close());

  it('follow each other in one container', async () => {
    const results = [await run('print(1)'), await run('print(2)'), await run('import sys; sys.exit(3)'), await run('print(4)')];
    expect(results.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0, 3, 0]);
    expect(results.slice(1).map(({ reused }) => reused)).to.deep.equal([true, true, true]);
  });

  it('start from a clean state', () => {
    expect(untouched.split('\n').slice(0, 3)).to.deep.equal(['[]', "['out'] [] 0o40755 ['input', 'script.py'] True", '[]']);
  });

  for (const [what, script] of Object.entries(LEAVERS)) {
    it(`see nothing of ${what} left by the previous one`, async () => {
      const before = await run(script, { input: 'secret of the one before' });
      expect(before.status, before.both).to.equal('succeeded');
      expect((await run(LOOK)).stdout.toString()).to.equal(untouched);
    });
  }

  it('can listen on the same port as the previous one', async () => {
    const script = `${LISTEN}c = socket.create_connection(s.getsockname()); a = s.accept()[0]; a.close(); c.recv(1); c.close(); print("heard")`;
    for (let round = 0; round < 3; round++) expect((await run(script)).both).to.equal('heard\n');
  });

  it('find nothing of the previous one in memory', async () => {
    const needle = [...'NEEDLE-OF-THE-ONE-BEFORE'].reverse().join('');
    const script = [
      'import re',
      'needle, found = b"NEEDLE-OF-THE-ONE-BEFORE"[::-1] * 2, 0',
      'for line in open("/proc/self/maps"):',
      '    begin, end, mode = re.match(r"(\\w+)-(\\w+) (\\S+)", line).groups()',
      '    if "r" not in mode or "[v" in line: continue',
      '    try:',
      '        with open("/proc/self/mem", "rb", buffering=0) as memory:',
      '            memory.seek(int(begin, 16))',
      '            found += memory.read(int(end, 16) - int(begin, 16)).count(needle)',
      '    except OSError: pass',
      'print(found)',
    ].join('\n');
    const fresh = await run(script, { lane: 'fresh' });
    for (const times of [2, 10, 100, 400, 4000]) await run('print(1)', { input: needle.repeat(times) });
    const after = await run(script);
    expect(after.reused).to.equal(true);
    expect(after.stdout.toString()).to.equal(fresh.stdout.toString());
  });

  it('get a new container after a run that was ended from outside', async () => {
    const ended = await run('while True: pass', { limits: { timeoutMs: 300 } });
    expect(ended.status).to.equal('timeout');
    expect((await run('print(1)')).reused).to.equal(false);
  });

  it('report their own memory use, and running out of it', async () => {
    const greedy = await run('import os\nif os.fork() == 0:\n  x = []\n  while True: x.append(bytearray(b"1" * 1_000_000))\nos.wait()');
    expect(greedy.reason).to.match(/memory/);
    const modest = await run('print(1)');
    expect(modest).to.include({ reused: true, reason: null });
    expect(modest.peakMemoryBytes).to.be.below(64 * MIB);
  });

  it('never share a container with another lane', async () => {
    const mine = await run('print(1)');
    expect(mine.exitCode).to.equal(0);
    const theirs = await run('print(1)', { lane: 'another' });
    expect(theirs.reused).to.equal(false);
  });
});

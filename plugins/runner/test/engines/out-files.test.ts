/** The files that a script leaves in /tmp/out are returned complete and within the limits, whatever else is there. */

import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { newDockerEngine, onEachEngine, requireDocker } from './support/engines.ts';
import { MIB, runScript } from './support/run-script.ts';

const names = ({ files }: { files: ReadonlyMap<string, Buffer> }): string[] => [...files.keys()];

onEachEngine('files in /tmp/out', (engine, name) => {
  const run = (script: string | readonly string[], options = {}) =>
    runScript(engine(), typeof script === 'string' ? script : script.join('\n'), options);

  it('are returned complete, after the output and before the exit', async () => {
    const result = await run([
      'import os, sys',
      'print(sorted(os.listdir("/tmp/out")))',
      'os.makedirs("/tmp/out/plots/2026")',
      'open("/tmp/out/plots/2026/all.bin", "wb").write(bytes(range(256)) * 5000)',
      'open("/tmp/out/übersicht.csv", "w", encoding="utf-8").write("a;b\\n")',
      'open("/tmp/out/empty", "w")',
      'os.makedirs("/tmp/out/nothing/in/it")',
      'sys.stderr.write("done")',
    ]);
    expect(result.stdout.toString()).to.equal('[]\n');
    expect(result.events.at(-2)).to.equal('file');
    expect(names(result)).to.have.members(['empty', 'plots/2026/all.bin', 'übersicht.csv']);
    expect(result.files.get('plots/2026/all.bin')!.equals(Buffer.from(Array.from({ length: 256 * 5000 }, (_, i) => i % 256)))).to.equal(
      true,
    );
    expect(result.files.get('übersicht.csv')!.toString()).to.equal('a;b\n');
    expect(result).to.deep.include({ status: 'succeeded', leftOut: {} });
  });

  exhaustive.it('of a script that fails or exits immediately are returned', async () => {
    const write = 'with open("/tmp/out/a", "w") as f: f.write("1")\n';
    const [failed, left] = await Promise.all([run(`${write}1 / 0`), run(`${write}import os; os._exit(7)`)]);
    expect([failed.status, names(failed)]).to.deep.equal(['failed', ['a']]);
    expect([left.exitCode, names(left)]).to.deep.equal([7, ['a']]);
  });

  exhaustive.it('of a script that was killed are lost (L5)', async () => {
    const result = await run('open("/tmp/out/a", "w").write("1")\nwhile True: pass', { limits: { timeoutMs: 700 } });
    expect([result.status, names(result), result.leftOut]).to.deep.equal(['timeout', [], {}]);
  });

  it('that are links, or behind links, are left out', async () => {
    const result = await run([
      'import os',
      'os.symlink("/etc/passwd", "/tmp/out/passwd")',
      'os.symlink("/runner/script.py", "/tmp/out/script")',
      'os.symlink("/tmp/out", "/tmp/out/loop")',
      'os.symlink("../out", "/tmp/out/again")',
      'os.symlink("/", "/tmp/out/root")',
      'os.symlink("nowhere", "/tmp/out/dangling")',
      'os.mkdir("/tmp/out/a"); os.symlink("..", "/tmp/out/a/up")',
      'open("/tmp/out/real", "w").write("real")',
    ]);
    expect(names(result)).to.deep.equal(['real']);
    expect(result.leftOut).to.deep.equal({ link: 7 });
  });

  exhaustive.it('are not searched behind a link in place of the folder', async () => {
    const result = await run(
      'import os; os.mkdir("/tmp/secret"); open("/tmp/secret/s", "w"); os.rmdir("/tmp/out"); os.symlink("/tmp/secret", "/tmp/out")',
    );
    expect([names(result), result.leftOut]).to.deep.equal([[], { link: 1 }]);
    const file = await run('import os; os.rmdir("/tmp/out"); open("/tmp/out", "w").write("x")');
    expect([names(file), file.leftOut]).to.deep.equal([[], { special: 1 }]);
  });

  exhaustive.it('are returned up to 64 of hundreds, the same ones each time (L4)', async () => {
    const script = 'for i in range(10_000): open(f"/tmp/out/{i:05}", "w").close()';
    const [one, other] = await Promise.all([run(script), run(script)]);
    expect(names(one)).to.have.length(64);
    expect(names(one)).to.deep.equal(names(other));
    expect(one.leftOut).to.deep.equal({ many: 9936 });
  });

  it('are returned up to 16 MiB in total, including small ones after a large one (L4)', async () => {
    const result = await run([
      'def make(name, size):',
      '  with open("/tmp/out/" + name, "wb") as f: f.truncate(size)',
      `make("a", ${10 * MIB}); make("b", ${10 * MIB}); make("c", ${6 * MIB}); make("d", 1)`,
    ]);
    expect([...result.files].map(([file, data]) => [file, data.length])).to.deep.equal([
      ['a', 10 * MIB],
      ['c', 6 * MIB],
    ]);
    expect(result.leftOut).to.deep.equal({ large: 2 });
  });

  exhaustive.it('of a sparse gigabyte do no harm', async () => {
    const result = await run([
      'try: open("/tmp/out/a", "wb").truncate(1 << 30)',
      'except (OSError, MemoryError) as e: print("refused")',
      'try:',
      '  with open("/tmp/out/b", "wb") as f: f.seek(1 << 30); f.write(b"1")',
      'except (OSError, MemoryError) as e: print("refused")',
    ]);
    expect(result.stdout.toString()).to.equal('refused\nrefused\n');
    expect([...result.files.values()].every((data) => data.length === 0)).to.equal(true);
  });

  exhaustive.it('in too many folders are left out', async () => {
    const result = await run([
      'import os',
      'os.makedirs("/tmp/out/" + "/".join("12345678")); open("/tmp/out/1/2/3/4/5/6/7/8/in", "w")',
      'os.makedirs("/tmp/out/" + "/".join("abcdefghi")); open("/tmp/out/a/b/c/d/e/f/g/h/i/out", "w")',
      'os.chdir("/tmp/out/1")',
      'for _ in range(100): os.mkdir("d"); os.chdir("d")',
    ]);
    expect(names(result)).to.deep.equal(['1/2/3/4/5/6/7/8/in']);
    expect(result.leftOut).to.deep.equal({ deep: 2 });
  });

  exhaustive.it('that are faked on the streams are only output', async () => {
    const claim = String.raw`\0${'0'.repeat(32)} 0 0 0 1\nf 1 1\nab.\n`;
    const result = await run(['import os', `os.write(1, b"${claim}")`, `os.write(2, b"${claim}")`, 'os.write(1, b"f 1 1\\nab.\\n")']);
    expect([names(result), result.leftOut, result.status]).to.deep.equal([[], {}, 'succeeded']);
    expect(result.stdout.toString()).to.match(/f 1 1\nab\.\nf 1 1\nab\.\n$/);
  });

  exhaustive.it('are searched only at the end, and a run without any reports none', async () => {
    const result = await run('open("/tmp/a", "w").write("1"); open("/tmp/out/b", "w"); import os; os.unlink("/tmp/out/b")');
    expect(result.events).to.deep.equal(['started', 'exit']);
  });

  if (name === 'docker') {
    it('that are special, hard links or unreadable are left out or opened as permitted', async () => {
      const result = await run([
        'import os, socket, threading',
        'os.mkfifo("/tmp/out/fifo")',
        'socket.socket(socket.AF_UNIX).bind("/tmp/out/socket")',
        'open("/tmp/elsewhere", "w").write("x"); os.link("/tmp/elsewhere", "/tmp/out/hard")',
        'open("/tmp/out/twice", "w"); os.link("/tmp/out/twice", "/tmp/out/twice2")',
        'open("/tmp/out/closed", "w").write("mine"); os.chmod("/tmp/out/closed", 0)',
        'os.mkdir("/tmp/out/shut"); open("/tmp/out/shut/in", "w"); os.chmod("/tmp/out/shut", 0); os.chmod("/tmp/out", 0)',
      ]);
      expect(names(result)).to.deep.equal(['closed', 'shut/in']);
      expect(result.leftOut).to.deep.equal({ special: 2, link: 3 });
    });

    exhaustive.it('that a grandchild keeps changing are read after it has ended', async () => {
      const result = await run([
        'import os, time',
        'open("/tmp/out/a", "wb").write(b"1" * 1_000_000)',
        'for i in range(6):',
        '  if os.fork() == 0:',
        '    os.setsid()',
        '    while True:',
        '      os.symlink("/etc/passwd", f"/tmp/link{i}"); os.rename(f"/tmp/link{i}", "/tmp/out/a")',
        '      with open(f"/tmp/new{i}", "wb") as f: f.write(b"2" * 1_000_000)',
        '      os.rename(f"/tmp/new{i}", "/tmp/out/a")',
        'time.sleep(0.2)',
      ]);
      expect(result.status).to.equal('succeeded');
      const data = result.files.get('a');
      if (data) expect(data.equals(Buffer.alloc(1_000_000, '2'))).to.equal(true);
      else expect(result.leftOut).to.deep.equal({ link: 1 });
    });

    exhaustive.it('of a script that made its streams non-blocking and small are returned complete', async () => {
      const result = await run([
        'import os, fcntl',
        'open("/tmp/out/a", "wb").write(os.urandom(1) * 3_000_000)',
        'for fd in (1, 2): fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 4096); os.set_blocking(fd, False)',
      ]);
      expect(result.files.get('a')).to.have.length(3_000_000);
    });

    exhaustive.it('of a script that deprives process 1 of what it needs are lost, but not the run', async () => {
      const result = await run('import resource\nopen("/tmp/out/a", "w").write("1")\nresource.prlimit(1, resource.RLIMIT_NPROC, (0, 0))');
      expect([result.status, names(result), result.leftOut]).to.deep.equal(['succeeded', [], { handover: 0 }]);
    });
  }
});

describe('files in /tmp/out of runs of one lane', () => {
  it('are the files of their own run', async function () {
    await requireDocker(this);
    const engine = newDockerEngine({ isolation: 'lane' });
    try {
      const first = await runScript(engine, 'open("/tmp/out/first", "w").write("1" * 100_000)');
      const second = await runScript(engine, 'import os; print(os.listdir("/tmp/out")); open("/tmp/out/second", "w")');
      const third = await runScript(engine, '');
      expect([first, second, third].map(names)).to.deep.equal([['first'], ['second'], []]);
      expect(second.stdout.toString()).to.equal('[]\n');
      expect([second.reused, third.reused]).to.deep.equal([true, true]);
    } finally {
      await engine.close();
    }
  });
});

/** The course of a run: what is reported when, and how it can end. */

import { existsSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { newPyodideEngine, onEachEngine, registeredChildren } from './support/engines.ts';
import { MIB, runScript } from './support/run-script.ts';

const ENDLESS = 'print("begun", flush=True)\nwhile True: pass';

/** The niceness of each thread of a process; empty if the process has ended. */
function prioritiesOf(pid: string): number[] {
  const unlessEnded = <T>(look: () => T[]): T[] => {
    try {
      return look();
    } catch (error) {
      if (/ENOENT|ESRCH/.test(String(error))) return [];
      throw error;
    }
  };
  return unlessEnded(() => readdirSync(`/proc/${pid}/task`)).flatMap((thread) => unlessEnded(() => [getPriority(Number(thread))]));
}

onEachEngine('a run', (engine, name) => {
  it('reports its start, then its output, then its exit', async () => {
    const { events } = await runScript(engine(), 'print(1)');
    expect(events).to.deep.equal(['started', 'output', 'exit']);
  });

  it('shows its output before it ends, even without a line end', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const script = 'import sys, time\nsys.stdout.write("no newline")\nwhile True: time.sleep(1)';
    const { status } = await runScript(engine(), script, {
      signal: controller.signal,
      onOutput: (text) => {
        seen.push(text);
        controller.abort();
      },
    });
    expect(seen.join('')).to.equal('no newline');
    expect(status).to.equal('cancelled');
  });

  it('that is cancelled ends immediately', async () => {
    const controller = new AbortController();
    let cancelledAt = 0;
    const { status, exitCode, stdout } = await runScript(engine(), ENDLESS, {
      signal: controller.signal,
      onOutput: () => {
        cancelledAt = performance.now();
        controller.abort();
      },
    });
    expect(status).to.equal('cancelled');
    expect(exitCode).to.equal(null);
    expect(stdout.toString()).to.match(/^begun/);
    expect(performance.now() - cancelledAt).to.be.below(1500);
  });

  // On Docker, priorities are set per container.
  if (name === 'pyodide')
    exhaustive.it('runs all its threads at lower priority than the server', async function () {
      if (!existsSync('/proc/self/task')) return this.skip();
      const controller = new AbortController();
      const priorities: number[] = [];
      await runScript(engine(), ENDLESS, {
        signal: controller.signal,
        onOutput: () => {
          priorities.push(...registeredChildren().flatMap(prioritiesOf));
          controller.abort();
        },
      });
      expect(priorities.length).to.be.above(1);
      expect(priorities.filter((priority) => priority <= getPriority())).to.deep.equal([]);
    });

  if (name === 'pyodide')
    it('that is cancelled while its interpreter starts ends immediately, and another run gets the interpreter', async () => {
      const cold = newPyodideEngine({ poolSize: 0 });
      const full = (await runScript(cold, '')).elapsedMs;
      const controller = new AbortController();
      const cancelled = runScript(cold, 'print(1)', { signal: controller.signal });
      controller.abort();
      const { status, events, elapsedMs } = await cancelled;
      expect([status, events]).to.deep.equal(['cancelled', ['exit']]);
      expect(elapsedMs / full).to.be.below(0.5);
      expect((await runScript(cold, 'print(2)')).status).to.equal('succeeded');
      await cold.close();
    });

  it('that is cancelled beforehand does not start', async () => {
    const { status, events } = await runScript(engine(), 'print(1)', { signal: AbortSignal.abort() });
    expect(status).to.equal('cancelled');
    expect(events).to.deep.equal(['exit']);
  });

  if (name === 'docker')
    exhaustive.it('reports its exit even if its streams stay open after its end', async () => {
      // Both ends of the socket pair are sent over the pair itself, together with the streams, so that only the kernel's garbage collection closes them.
      const script = [
        'import socket',
        'a, b = socket.socketpair()',
        'print("held", flush=True)',
        'socket.send_fds(a, [b"x"], [a.fileno(), b.fileno(), 1, 2])',
      ].join('\n');
      const { status, exitCode, stdout, stderr } = await runScript(engine(), script);
      expect([status, exitCode, stdout.toString(), stderr.toString()]).to.deep.equal(['succeeded', 0, 'held\n', '']);
    });

  it('whose output is not read is blocked', async () => {
    const limits = { timeoutMs: 1500, outputBytes: 1024 * MIB };
    let held = false;
    const before = process.memoryUsage().rss;
    const { stdout, status } = await runScript(engine(), 'import os\nwhile True: os.write(1, b"x" * 65536)', {
      limits,
      onOutput: async () => {
        if (held) return;
        held = true;
        await new Promise((resolve) => setTimeout(resolve, limits.timeoutMs));
      },
    });
    expect(status).to.equal('timeout');
    expect(stdout.length).to.be.below(16 * MIB);
    expect(process.memoryUsage().rss - before).to.be.below(64 * MIB);
  });

  it('reports its duration and its peak memory', async () => {
    const { durationMs, peakMemoryBytes, elapsedMs } = await runScript(engine(), 'x = b"1" * 40_000_000; import time; time.sleep(0.2)');
    expect(durationMs).to.be.within(200, elapsedMs);
    expect(peakMemoryBytes).to.be.within(40_000_000, 256 * MIB);
  });

  exhaustive.it('is isolated from concurrent runs', async () => {
    const scripts = Array.from({ length: 3 }, (_, i) =>
      runScript(engine(), `import os\nopen("/tmp/own", "w")\nprint(${i}, sorted(os.listdir("/tmp")))`),
    );
    const outputs = (await Promise.all(scripts)).map(({ stdout }) => stdout.toString());
    expect(outputs).to.deep.equal(Array.from({ length: 3 }, (_, i) => `${i} ['out', 'own']\n`));
  });

  exhaustive.it('gets different random numbers than the previous one', async () => {
    const draw = async (): Promise<string> => (await runScript(engine(), 'import random; print(random.random())')).stdout.toString();
    expect(await draw()).not.to.equal(await draw());
  });

  if (name === 'pyodide') {
    it('keeps the order of both streams', async () => {
      const { both } = await runScript(engine(), 'import sys\nfor i in range(5): print(i); print(-i, file=sys.stderr)');
      expect(both).to.equal('0\n0\n1\n-1\n2\n-2\n3\n-3\n4\n-4\n');
    });
  }
});

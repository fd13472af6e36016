/**
 * Whatever a script does, its run ends correctly, in time and within the limits,
 * and the server stays healthy and runs the next script.
 */

import { expect } from 'chai';
import { exhaustive } from '../../../../test/support/exhaustive.ts';
import { startDraft, untilDone, untilWritten } from '../support/runner-server.ts';
import { bridges } from './hostile/bridges.ts';
import { endless } from './hostile/endless.ts';
import { escapes } from './hostile/escapes.ts';
import { exits } from './hostile/exits.ts';
import { floods } from './hostile/floods.ts';
import { forgeries } from './hostile/forgeries.ts';
import { greedy } from './hostile/greedy.ts';
import { checkRecord, type HostileCase } from './hostile/hostile-case.ts';
import { checkHealth, type Ended, HostileServer } from './hostile/hostile-server.ts';
import { python } from './hostile/python.ts';
import { type EngineName, requireDocker } from './support/engines.ts';
import { MIB } from './support/run-script.ts';
import { isProcess, until } from './support/until.ts';

/** The time limit of endless scripts. */
const SHORT_MS = 1500;
const SHORT = { VED_RUN_TIMEOUT_MS: String(SHORT_MS) };
/** For the others: a time limit that none reaches, even on a machine that is busy with all of them. */
const PATIENT = { VED_RUN_TIMEOUT_MS: '120000', VED_RUN_MEMORY_BYTES: String(160 * MIB), VED_RUN_CPUS: '1' };

const SUITES: Readonly<Record<string, readonly HostileCase[]>> = {
  'that is greedy': greedy,
  'that floods': floods,
  'that ends oddly': exits,
  'that forges': forgeries,
  'that tries to escape': escapes,
  'that looks for JavaScript': bridges,
};

/** Starts all runs, and declares a test for each that waits for it. */
function declareCases(host: () => HostileServer, cases: readonly HostileCase[]): void {
  const begun: Promise<Ended>[] = [];
  before(() => {
    for (const each of cases) {
      const ended = host().run(each);
      // Its own test awaits it and reports its failure.
      ended.catch(() => undefined);
      begun.push(ended);
    }
  });
  for (const [at, each] of cases.entries()) {
    it(each.title, async () => {
      const ended = await begun[at]!;
      checkRecord(ended.run, { ...each, ...each[host().name] });
      checkHealth(ended);
    });
  }
}

/** What the server must still be able to do afterwards. */
function declareAfterwards(host: () => HostileServer): void {
  it('leaves a server that runs the next script normally', async () => {
    const { run } = await host().run({
      script: 'import builtins, os; print(hasattr(builtins, "poison"), os.listdir("/tmp"), os.listdir("/tmp/out"))',
    });
    expect(run).to.include({ status: 'succeeded', stdout: "False ['out'] []\n", stderr: '', truncated: false });
    const runs: { status: string }[] = (await host().editor.get('/api/runs')).body;
    expect(runs.filter(({ status }) => status === 'queued' || status === 'running')).to.deep.equal([]);
  });
}

/** Two generations of processes that ignore all signals they can, each in its own session; on Pyodide, which has no processes, just the script. */
const FAMILY = python`
  import os, signal
  for s in range(1, 65):
      try: signal.signal(s, signal.SIG_IGN)
      except (OSError, ValueError): pass
  for _ in range(3):
      try:
          if os.fork() == 0:
              os.setsid()
              if os.fork() == 0: os.setsid()
              while True: pass
      except OSError: pass
  print("up", flush=True)
  while True: pass
`;

function declareDeath(host: () => HostileServer): void {
  it('is killed, with its grandchildren, within a second of its time limit', async function () {
    if (host().name === 'docker' && /^(?!unix:)./.test(process.env.DOCKER_HOST ?? '')) this.skip();
    const { editor, script, name } = host();
    const run = await startDraft(editor, script, FAMILY);
    await untilWritten(editor, run, 'up');
    const deadline = performance.now() + SHORT_MS + 1000;
    let family: number[] = [];
    const grown = async (): Promise<boolean> => {
      family = await host().busiest();
      return family.length >= (name === 'docker' ? 8 : 1);
    };
    await until(grown, 'all of them are there', SHORT_MS);
    await until(() => !family.some(isProcess), 'all of them are gone', deadline - performance.now());
    await untilDone(editor, run);
    expect((await editor.get(`/api/runs/${run}`)).body).to.include({ status: 'timeout', exit_code: null });
  });
}

function onServer(
  title: string,
  name: EngineName,
  env: Readonly<Record<string, string>>,
  declare: (host: () => HostileServer) => void,
): void {
  exhaustive.describe(`${title} on a server with the ${name} engine`, function () {
    this.timeout(180_000);
    let host: HostileServer;
    before(async function () {
      if (name === 'docker') await requireDocker(this);
      host = await HostileServer.start(name, env);
    });
    after(async () => {
      if (!host) return;
      const children = name === 'pyodide' ? host.children() : [];
      await host.server.stop();
      expect(children.filter(isProcess)).to.deep.equal([]);
    });
    declare(() => host);
  });
}

for (const name of ['docker', 'pyodide'] as const) {
  onServer('an endless script', name, SHORT, (host) => {
    declareCases(host, endless);
    declareDeath(host);
    declareAfterwards(host);
  });
  onServer('a script', name, PATIENT, (host) => {
    for (const [title, cases] of Object.entries(SUITES)) describe(title, () => declareCases(host, cases));
    declareAfterwards(host);
  });
}

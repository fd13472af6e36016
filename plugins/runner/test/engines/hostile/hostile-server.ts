/**
 * A real server on one engine, and a script that it runs with any text. All runs
 * are requested at the same time. After each, the server must answer a health
 * request while the other hostile scripts are still running.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agent } from '../../../../../test/support/agent.ts';
import { startServer, type TestServer } from '../../../../../test/support/server.ts';
import type { Execution } from '../../../contract/execution.ts';
import { addScript } from '../../support/runner-server.ts';
import { dockerClient } from '../support/derived-image.ts';
import type { EngineName } from '../support/engines.ts';
import type { HostileCase } from './hostile-case.ts';

/** Generous, since the server shares the processors with all runs, and its process with the test. */
const QUICK_MS = 1000;

export interface Ended {
  readonly run: Execution;
  readonly health: { readonly http: number; readonly status: string; readonly tookMs: number };
}

export class HostileServer {
  private constructor(
    readonly name: EngineName,
    readonly server: TestServer,
    readonly editor: Agent,
    readonly script: number,
  ) {}

  static async start(name: EngineName, env: Readonly<Record<string, string>>): Promise<HostileServer> {
    const server = await startServer({ env: { VED_RUNNER: name, VED_RUN_CONCURRENCY: '4', VED_POOL_SIZE: '2', ...env } });
    const editor = await server.signIn('ed1', '1editor');
    return new HostileServer(name, server, editor, await addScript(editor, 'print("draft")'));
  }

  /** Runs a text to its end. */
  async run({ script }: Pick<HostileCase, 'script'>): Promise<Ended> {
    const content = script.replaceAll('{{port}}', String(this.server.port));
    const { status, body } = await this.editor.post(`/api/execute/${this.script}`, { source: 'draft', content });
    expect(status, JSON.stringify(body)).to.equal(200);
    const begun = performance.now();
    const health = await this.server.agent().get('/api/health');
    return { run: body, health: { http: health.status, status: health.body.status, tookMs: performance.now() - begun } };
  }

  /** The process ids of the only busy sandbox. */
  async busiest(): Promise<number[]> {
    if (this.name === 'pyodide') return this.children().filter(burns);
    const owner = readFileSync(join(this.server.dataDir, 'runner', 'owner'), 'utf8').trim();
    const docker = dockerClient();
    const list = await docker.listContainers({ filters: { label: [`ved.owner=${owner}`], status: ['running'] } });
    // For a container that is ending, Docker returns an error or null.
    const tables = await Promise.all(
      list.map(({ Id }) =>
        docker
          .getContainer(Id)
          .top()
          .catch(() => ({ Processes: [] })),
      ),
    );
    const all = tables.map(({ Processes }: { Processes: string[][] | null }) => (Processes ?? []).map(([, pid]) => Number(pid)));
    return all.sort((a, b) => b.length - a.length)[0] ?? [];
  }

  /** The process ids of the embedded interpreters of its data folder. */
  children(): number[] {
    return readdirSync(join(this.server.dataDir, 'runner', 'pyodide', 'children')).map(Number);
  }
}

/** Whether a process is running or runnable; idle ones sleep. False if it has ended but is still listed. */
function burns(pid: number): boolean {
  try {
    return / R /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

export function checkHealth({ health }: Ended): void {
  expect(health).to.include({ http: 200, status: 'ok' });
  expect(health.tookMs).to.be.below(QUICK_MS);
}

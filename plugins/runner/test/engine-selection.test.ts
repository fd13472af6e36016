import type { Capabilities, Engine, Progress } from '@ved/runner/contract';
import { expect } from 'chai';
import pino from 'pino';
import { EngineList } from '../server/engine-list.ts';
import { EngineSelection } from '../server/engine-selection.ts';
import { NodeEngine, type NodeEngineControls } from './support/node-engine.ts';

const silent = pino({ enabled: false });

/** The Node engine under the name of a built-in one; it fetches what is missing on request. */
class FetchingEngine extends NodeEngine {
  override readonly id: 'node' = 'docker' as 'node';
  fetched: (() => void) | null = null;
  constructor(private readonly own: NodeEngineControls) {
    super(own);
  }
  override async probe(): Promise<Capabilities> {
    return { ...(await super.probe()), preparable: this.own.missing !== null };
  }
  prepare(report: (progress: Progress) => void): Promise<void> {
    report({ text: 'pulling python:3.14-slim', fraction: 0.4 });
    return new Promise((resolve) => {
      this.fetched = () => {
        this.own.missing = null;
        resolve();
      };
    });
  }
}

/** A selection over these engines, and a function that resolves with the next change that fulfils a condition. */
function select(requested: string, ...list: Engine[]) {
  const engines = new EngineList();
  for (const engine of list) engines.register(engine);
  let told = () => undefined as unknown;
  const selection = new EngineSelection(requested, engines, silent, () => told());
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      told = () => holds() && resolve();
      told();
    });
  return { selection, until };
}

describe('an engine that is chosen', () => {
  const controls = (missing: string | null = null): NodeEngineControls => ({ missing, dies: false, probes: 0 });

  it('is awaited by runs, but does not delay the start of the server', async () => {
    const { selection } = select('plugin:node', new NodeEngine(controls()));
    const current = selection.current();
    expect(selection.describe().active).to.equal(null);
    await selection.start();
    expect((await current)?.engine.id).to.equal('node');
    expect(await selection.interpreters()).to.deep.equal([`node-${process.versions.node}`]);
    await selection.stop();
  });

  it('is refused, with what to do, while it is missing, and found again when it is back', async () => {
    const state = controls('Nothing answers.');
    const { selection } = select('plugin:node', new NodeEngine(state));
    await selection.start();
    const refused = await selection.require().catch((error: unknown) => error);
    expect(refused).to.deep.include({ code: 'runner/no-engine', status: 503 });
    expect((refused as Error).message).to.include('Nothing answers.');
    state.missing = null;
    // Checks are at most a quarter of a second apart.
    let found = null;
    while (found === null) found = await selection.require().catch(() => null);
    expect(found.engine.id).to.equal('node');
    await selection.stop();
  });

  it('that fails to answer a probe counts as missing, with the reason', async () => {
    const engine = new NodeEngine(controls());
    engine.probe = () => Promise.reject(new Error('connect ENOENT /var/run/docker.sock'));
    const { selection } = select('plugin:node', engine);
    await selection.start();
    expect(selection.describe().why).to.include('connect ENOENT /var/run/docker.sock');
    await selection.stop();
  });

  it('fetches what it needs in the background, with progress, and is then in use', async () => {
    const engine = new FetchingEngine(controls('The image python:3.14-slim is not there.'));
    const { selection, until } = select('docker', engine);
    await selection.start();
    expect(selection.describe()).to.deep.include({ active: null, progress: { text: 'pulling python:3.14-slim', fraction: 0.4 } });
    const refused = await selection.require().catch((error: Error) => error.message);
    expect(refused).to.include('In progress: pulling python:3.14-slim');
    engine.fetched?.();
    await until(() => selection.describe().active === 'docker');
    expect(selection.describe().progress).to.equal(null);
    await selection.stop();
  });

  it('lists its interpreters that can run scripts', async () => {
    const engine = new NodeEngine(controls());
    const known = await engine.probe();
    const facts = { version: null, reason: null, image: null, imageDigest: null };
    const states = ['ready', 'missing', 'fetching', 'unusable'] as const;
    engine.probe = async () => ({ ...known, interpreters: states.map((state) => ({ ...facts, name: `is-${state}`, state })) });
    const { selection } = select('plugin:node', engine);
    await selection.start();
    expect(await selection.interpreters()).to.deep.equal(['is-ready']);
    await selection.stop();
  });

  it('cannot replace another one', () => {
    const engines = new EngineList();
    engines.register(new NodeEngine(controls()));
    expect(() => engines.register(new NodeEngine(controls()))).to.throw('already registered');
  });
});

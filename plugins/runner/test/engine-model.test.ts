import { Signal } from '@lumino/signaling';
import type { ServerPlugin } from '@ved/core/server';
import type { Editors, ScriptEditor } from '@ved/editor/contract';
import { type Capabilities, EngineRegistry, IMPORTS_LIMIT_CHARACTERS } from '@ved/runner/contract';
import { expect } from 'chai';
import { delayNextAnswer, openStatePage, type StatePage, until } from '../../../test/support/page-fetch.ts';
import { startServer, type TestServer } from '../../../test/support/server.ts';
import { EngineModel } from '../browser/engines/engine-model.ts';
import { ImportModel } from '../browser/engines/import-model.ts';
import { NodeEngine } from './support/node-engine.ts';

/** The Node engine, which claims to run a Python without `curses`. */
class LimitedEngine extends NodeEngine {
  override async probe(): Promise<Capabilities> {
    const packages = { available: false, advice: 'There is no folder of packages.' };
    return { ...(await super.probe()), importable: { packages, missingModules: new Set(['curses']) } };
  }
}
class SecondEngine extends NodeEngine {
  override readonly id: 'node' = 'second' as 'node';
}

/** An editor's text, without the editor. */
class EditedScript {
  readonly changed = new Signal<this, void>(this);
  constructor(
    public text: string,
    readonly readOnly = false,
  ) {}
  type(text: string): void {
    this.text = text;
    this.changed.emit();
  }
}
class OpenEditors {
  readonly currentChanged = new Signal<this, ScriptEditor | null>(this);
  current: ScriptEditor | null = null;
  show(script: EditedScript | null): void {
    this.current = script as unknown as ScriptEditor;
    this.currentChanged.emit(this.current);
  }
}

describe('the engines in a page', () => {
  let server: TestServer;
  let registry: EngineRegistry;
  let page: StatePage;

  before(async () => {
    const controls = { missing: null, dies: false, probes: 0 };
    const engines: ServerPlugin = {
      id: 'engines',
      required: false,
      requires: [EngineRegistry],
      start: async ({ services }) => {
        registry = services.get(EngineRegistry);
        registry.register(new LimitedEngine(controls));
        return { stop: async () => undefined };
      },
    };
    server = await startServer({ morePlugins: [engines], env: { VED_RUNNER: 'plugin:node' } });
    page = await openStatePage(await server.signIn('ed1', '1editor'));
  });
  after(async () => {
    page.close();
    await server.stop();
  });

  /** Adds an engine; resolves when the page has heard of it. */
  async function addEngine(): Promise<() => void> {
    const model = new EngineModel(page.live);
    const remove = registry.register(new SecondEngine({ missing: null, dies: false, probes: 0 }));
    await until(model.changed, () => idsOf(model).includes('second'));
    model.dispose();
    return remove;
  }
  const idsOf = ({ engines }: EngineModel) => engines?.engines.map(({ id }) => id) ?? [];

  it('have no interpreters before the server has answered, then those of the engine in use', async () => {
    const model = new EngineModel(page.live);
    expect(model.interpreters).to.deep.equal([]);
    await until(model.changed, () => model.engines !== null);
    expect(model.interpreters.map(({ name }) => name)).to.deep.equal([`node-${process.versions.node}`]);
    model.dispose();
  });

  it('include one that is added later, until it is removed', async () => {
    const remove = await addEngine();
    const model = new EngineModel(page.live);
    await until(model.changed, () => idsOf(model).includes('second'));
    remove();
    await until(model.changed, () => !idsOf(model).includes('second'));
    model.dispose();
  });

  it('stay the newest when an earlier response arrives late', async () => {
    const late = delayNextAnswer('/api/engines');
    const model = new EngineModel(page.live);
    await late.reached;
    await model.refresh();
    const newest = model.engines;
    const changes: unknown[] = [];
    model.changed.connect(() => changes.push(model.engines));
    late.letGo();
    await model.refresh();
    expect(newest).to.not.equal(null);
    expect(changes).to.have.length(1);
    model.dispose();
  });

  it('are asked for again after the connection was lost', async () => {
    const model = new EngineModel(page.live);
    await until(model.changed, () => model.engines !== null);
    const before = model.engines;
    page.live.sessionFound();
    await until(model.changed, () => model.engines !== before);
    model.dispose();
  });

  describe('and the imports of the script in the editor', () => {
    let editors: OpenEditors;
    let model: ImportModel;
    let asked: string[];
    let restoreFetch: () => void;

    beforeEach(() => {
      editors = new OpenEditors();
      asked = [];
      const pageFetch = globalThis.fetch;
      globalThis.fetch = (input, init) => {
        if (input === '/api/runs/missing-imports') asked.push(JSON.parse(String(init?.body)).content);
        return pageFetch(input, init);
      };
      restoreFetch = () => {
        globalThis.fetch = pageFetch;
      };
    });
    afterEach(() => {
      restoreFetch();
      model.dispose();
    });

    const watch = (canRun = true) => {
      model = new ImportModel(editors as unknown as Editors, page.live, canRun);
    };
    const missing = () => model.current?.missing.map(({ module, line }) => `${module} in line ${line}`);
    const untilMissing = (...expected: string[]) => until(model.changed, () => missing()?.join() === expected.join());

    it('says which will fail, at once and after typing', async () => {
      const script = new EditedScript('import os\nimport curses\n');
      editors.show(script);
      watch();
      await untilMissing('curses in line 2');
      script.type('import os\n\nimport curses\n');
      await untilMissing('curses in line 3');
      script.type('import os\n');
      await untilMissing();
    });

    it('asks once when several keys are typed in a row', async () => {
      const script = new EditedScript('');
      editors.show(script);
      watch();
      await untilMissing();
      for (const text of ['import c', 'import cu', 'import curses']) script.type(text);
      await untilMissing('curses in line 1');
      expect(asked).to.deep.equal(['', 'import curses']);
    });

    it('ignores the answer about a script that is no longer in front', async () => {
      editors.show(new EditedScript('import curses'));
      watch();
      const other = new EditedScript('import os');
      editors.show(other);
      expect(asked).to.deep.equal(['import curses', 'import os']);
      const seen: unknown[] = [];
      model.changed.connect(() => seen.push(model.current?.editor));
      await untilMissing();
      editors.show(null);
      expect(model.current).to.equal(null);
      expect(seen).to.deep.equal([other, undefined]);
    });

    it('asks nothing for those who cannot run or change the script, nor about a huge one', () => {
      editors.show(new EditedScript('import curses'));
      watch(false);
      model.dispose();
      watch();
      model.dispose();
      editors.show(new EditedScript('import curses', true));
      watch();
      editors.show(new EditedScript('#'.repeat(IMPORTS_LIMIT_CHARACTERS + 1)));
      editors.show(null);
      expect(asked).to.have.length(1);
    });

    it('asks again when the engines change', async () => {
      editors.show(new EditedScript('import curses'));
      watch();
      await untilMissing('curses in line 1');
      const before = asked.length;
      const changes = new Promise<void>((resolve) => model.changed.connect(() => resolve()));
      const remove = await addEngine();
      await changes;
      remove();
      expect(asked.length).to.be.above(before);
    });
  });
});

/** Assembles the runner's parts, and starts and stops them in order. */
import { CatalogService } from '@ved/catalog/contract';
import type { PluginContext } from '@ved/core/server';
import type { Limits } from '@ved/runner/contract';
import { Announcer } from './announcer.ts';
import type { EngineList } from './engine-list.ts';
import { EngineSelection } from './engine-selection.ts';
import { ImportCheck } from './imports/import-check.ts';
import { ModuleFinder } from './imports/module-finder.ts';
import { ChangeSignals } from './live/change-signals.ts';
import { HeldTails } from './live/held-tails.ts';
import { PassEvents } from './live/pass-events.ts';
import { RunEvents } from './live/run-events.ts';
import { createMetrics } from './metrics.ts';
import { FilesRetention } from './retention/files-retention.ts';
import { RunsRetention } from './retention/runs-retention.ts';
import type { RouteParts } from './routes.ts';
import { RunRequests } from './run-requests.ts';
import { Runner } from './runner.ts';
import type { Changes } from './scheduler/run-queue.ts';
import { type EndedRun, Scheduler } from './scheduler/scheduler.ts';
import { SqliteRunQueue } from './scheduler/sqlite-run-queue.ts';
import type { RunnerSettings } from './settings.ts';
import { PassStore } from './store/pass-store.ts';
import { RunStore } from './store/run-store.ts';

/** A run is ended when both streams together exceed this. */
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

/** The limits of a run on any engine, for people. */
function limitWords({ timeoutMs, memoryBytes, outputBytes }: Limits): string {
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  return `A run may take ${timeoutMs / 1000} s, use ${mib(memoryBytes)} of memory and write ${mib(outputBytes)} of output.`;
}

export interface AssembledRunner {
  readonly routeParts: RouteParts;
  /** Ends runs that a previous server process left running; call it first. */
  recover(): Promise<void>;
  /** Finds engines, then starts queued runs. */
  begin(): Promise<void>;
  /** Running runs end with this reason. */
  end(reason: string): Promise<void>;
}

export function assembleRunner(context: PluginContext, settings: RunnerSettings, engines: EngineList): AssembledRunner {
  const { db, log, events } = context;
  const catalog = context.services.get(CatalogService);
  const runs = new RunStore(db);
  const passes = new PassStore(db);
  const now = (): string => new Date().toISOString();
  const queue = new SqliteRunQueue(db, now, (trx, ends) => catalog.recordRuns(trx, ends));
  const [runSignals, passSignals] = [new ChangeSignals(), new ChangeSignals()];
  const tails = new HeldTails(runSignals);
  const announcer = new Announcer(events, runs, passes, log);

  const { timeoutMs, memoryBytes, cpus } = settings;
  const limits = { timeoutMs, memoryBytes, cpus, outputBytes: OUTPUT_LIMIT_BYTES };
  const onEngines = (): void => {
    announcer.enginesChanged();
    scheduler.wake();
  };
  const selection = new EngineSelection(settings.runner, engines, log, onEngines, limitWords(limits));

  const metrics = createMetrics(context.metrics, { running: () => scheduler.running, queued: () => runs.queued() });
  const onEnd = ({ engine, outcome }: EndedRun): void => {
    if (outcome.durationMs !== null) metrics.observe(engine, outcome.status, outcome.durationMs);
  };
  const scheduler = new Scheduler({ queue, selection, concurrency: settings.concurrency, log, tails, onEnd });
  const retentions = [new RunsRetention(db, settings.retention, log), new FilesRetention(db, settings.filesBytes, log)];

  queue.onChange((changes: Changes) => {
    runSignals.notify(changes.runs);
    passSignals.notify(changes.passes);
    announcer.changed(changes);
  });

  const requests = new RunRequests(catalog, limits);
  const runner = new Runner({ runs, passes, requests, selection, scheduler, runSignals, passSignals });
  const runEvents = new RunEvents(runs, runSignals, tails);
  const passEvents = new PassEvents({ runs, passes, runSignals, passSignals });
  const finder = new ModuleFinder(limits);
  const imports = new ImportCheck(catalog, selection, finder);

  return {
    routeParts: { runner, runs, passes, runEvents, passEvents, selection, imports, catalog },
    recover: () => queue.recover(),
    begin: async () => {
      engines.onChange = () => void selection.enginesChanged();
      for (const retention of retentions) retention.start();
      await selection.start();
      scheduler.wake();
    },
    end: async (reason) => {
      // In parallel: the scheduler may wait for the first probe, and must not mistake its end for a missing engine.
      await Promise.all([scheduler.stop(reason), selection.stop(), finder.stop()]);
      for (const retention of retentions) await retention.stop();
      await announcer.stop();
      await engines.close();
    },
  };
}

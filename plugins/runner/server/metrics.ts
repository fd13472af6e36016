/** The runner's metrics for Prometheus. */
import { Gauge, Histogram, type Registry } from 'prom-client';

/** From a trivial warm run to the longest usual time limit. */
const DURATION_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export interface RunnerMetrics {
  observe(engine: string, status: string, durationMs: number): void;
}

/** `read` is called at each scrape. */
export function createMetrics(registry: Registry, read: { running(): number; queued(): Promise<number> }): RunnerMetrics {
  const registers = [registry];
  const durations = new Histogram({
    name: 'ved_run_duration_seconds',
    help: 'Duration of runs, as measured by their engine',
    labelNames: ['engine', 'status'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  new Gauge({
    name: 'ved_runs_running',
    help: 'Runs in progress',
    registers,
    collect() {
      this.set(read.running());
    },
  });
  new Gauge({
    name: 'ved_runs_queued',
    help: 'Queued runs',
    registers,
    async collect() {
      this.set(await read.queued());
    },
  });
  return { observe: (engine, status, durationMs) => durations.observe({ engine, status }, durationMs / 1000) };
}

/** Prometheus metrics at `/metrics`: the process, and requests by route. */
import type { Middleware } from 'koa';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** From a cached read to a run that the client waits for. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

let processMetrics: Registry | null = null;

/** Core and each plugin have their own registry, so that one can be removed. */
export class MetricsRegistries {
  readonly ground = new Registry();
  private readonly ofPlugins = new Map<string, Registry>();

  /** An empty registry for a plugin. */
  scope(owner: string): Registry {
    const registry = new Registry();
    this.ofPlugins.set(owner, registry);
    return registry;
  }

  /** Removes all metrics of a plugin. */
  withdraw(owner: string): void {
    this.ofPlugins.delete(owner);
  }

  /** All metrics as text, including the process's, which are collected once however many servers a process has. */
  async read(): Promise<{ text: string; contentType: string }> {
    if (!processMetrics) {
      processMetrics = new Registry();
      collectDefaultMetrics({ register: processMetrics });
    }
    const all = Registry.merge([processMetrics, this.ground, ...this.ofPlugins.values()]);
    return { text: await all.metrics(), contentType: all.contentType };
  }
}

/** Times every request. Requests without a route count as `none`, so that clients cannot create labels. */
export function requestMetrics(registry: Registry): Middleware {
  const durations = new Histogram({
    name: 'ved_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  return async (ctx, next) => {
    const begun = process.hrtime.bigint();
    ctx.res.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
      const method = KNOWN_METHODS.has(ctx.method) ? ctx.method : 'other';
      durations.observe({ method, route: ctx.state.route ?? 'none', status: ctx.res.statusCode }, seconds);
    });
    await next();
  };
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

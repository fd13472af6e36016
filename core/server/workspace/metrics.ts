/** What Prometheus reads at `/metrics`: the process, and requests by the template of their route. */
import type { Middleware } from 'koa';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** From a cached read to a run that a client waits for. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

let processMetrics: Registry | null = null;

/** Those of the ground and of each plugin apart, so that those of one can be taken back. */
export class MetricsRegistries {
  readonly ground = new Registry();
  readonly #ofPlugins = new Map<string, Registry>();

  /** An empty registry for a plugin. */
  scope(owner: string): Registry {
    const registry = new Registry();
    this.#ofPlugins.set(owner, registry);
    return registry;
  }

  /** Takes back all metrics of a plugin. */
  withdraw(owner: string): void {
    this.#ofPlugins.delete(owner);
  }

  /** Every metric as text, those of the process included; these are collected once however many servers a process holds. */
  async read(): Promise<{ text: string; contentType: string }> {
    if (!processMetrics) {
      processMetrics = new Registry();
      collectDefaultMetrics({ register: processMetrics });
    }
    const all = Registry.merge([processMetrics, this.ground, ...this.#ofPlugins.values()]);
    return { text: await all.metrics(), contentType: all.contentType };
  }
}

/** Times every request. Requests that met no route count as `none`, so that clients cannot make up labels. */
export function requestMetrics(registry: Registry): Middleware {
  const durations = new Histogram({
    name: 'ved_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
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

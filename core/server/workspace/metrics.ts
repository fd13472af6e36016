/** What Prometheus reads at `/metrics`: the process, and requests by the template of their route. */
import type { Middleware } from 'koa';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** From a cached read to a run that a client waits for. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

let processMetrics: Registry | null = null;

/** Every metric as text, those of the process included; these are collected once however many servers a process holds. */
export async function readMetrics(own: Registry): Promise<{ text: string; contentType: string }> {
  if (!processMetrics) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  const all = Registry.merge([processMetrics, own]);
  return { text: await all.metrics(), contentType: all.contentType };
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

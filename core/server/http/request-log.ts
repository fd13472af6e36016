/** Gives every request an id and a log line. Query strings and bodies are not logged, because they contain people's text. */
import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';

/** Sets `X-Request-Id`. Changes and errors are logged at `info`, successful reads at `debug`. */
export function requestLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const requestId = randomUUID();
    const begun = performance.now();
    // Read now, because a closed connection no longer has it.
    const address = ctx.ip;
    ctx.state.requestId = requestId;
    ctx.set('X-Request-Id', requestId);
    ctx.res.once('close', () => {
      const quiet = ctx.res.statusCode < 400 && (ctx.method === 'GET' || ctx.method === 'HEAD');
      log[quiet ? 'debug' : 'info'](
        {
          request_id: requestId,
          method: ctx.method,
          path: ctx.path,
          status: ctx.res.statusCode,
          duration_ms: Math.round(performance.now() - begun),
          user: ctx.state.account?.username,
          // For tools that count refusals (fail2ban).
          address: ctx.res.statusCode >= 400 ? address : undefined,
        },
        'request',
      );
    });
    await next();
  };
}

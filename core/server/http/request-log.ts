/** Gives every request an id and a line in the log. Query strings and bodies stay out of it: they hold people's text. */
import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';

/** Sets `X-Request-Id`. What changed something or went wrong is logged at `info`, mere reading at `debug`. */
export function requestLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const requestId = randomUUID();
    const begun = performance.now();
    // Read now: a closed connection no longer has one.
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
          // Of who was refused, for those who count refusals (fail2ban).
          address: ctx.res.statusCode >= 400 ? address : undefined,
        },
        'request',
      );
    });
    await next();
  };
}

/** The Koa application: the order of its middleware. */
import { MethodNotAllowed, NotFound } from '@ved/core/contract';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { installAuthentication } from '../accounts/authentication.ts';
import { cookieKeys } from '../accounts/cookie-keys.ts';
import type { SessionStore } from '../accounts/session-store.ts';
import type { SignIn } from '../accounts/sign-in.ts';
import { isPluginFile } from '../plugin-folders/plugin-files.ts';
import { requestMetrics } from '../workspace/metrics.ts';
import type { ContractRouter } from './contract-router.ts';
import { beginEventStreams } from './event-stream.ts';
import { markLocalRequests } from './local-request.ts';
import { loopbackNamesOnly, originCheck } from './origin-check.ts';
import { servePage } from './page.ts';
import { problemResponses } from './problem-response.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

export interface AppOptions {
  readonly log: Logger;
  readonly metrics: Registry;
  readonly router: ContractRouter;
  readonly sessions: SessionStore;
  readonly signIn: SignIn;
  /** Signs the cookies. */
  readonly sessionSecret: string;
  /** The folder of the built page; null serves none. */
  readonly page: string | null;
  /** Sends a file of a third-party plugin. Throws NotFound. */
  readonly sendPluginFile: (ctx: Koa.Context) => Promise<void>;
  readonly trustProxy: boolean;
  /** Whether only this machine can reach the server. */
  readonly loopback: boolean;
}

export function createApp(options: AppOptions): Koa {
  const { log } = options;
  // One proxy is trusted, so only the last address it passes on is not claimed by the client.
  // Koa accepts a Keygrip too; its types only allow lists.
  const app = new Koa({ proxy: options.trustProxy, maxIpsCount: 1, keys: cookieKeys(options.sessionSecret) as unknown as string[] });
  app.on('error', (error) => log.debug({ err: error }, 'a response could not be sent'));
  app.use(beginEventStreams());
  app.use(requestLog(log));
  app.use(requestMetrics(options.metrics));
  app.use(securityHeaders());
  app.use(problemResponses(log));
  if (options.loopback && !options.trustProxy) app.use(loopbackNamesOnly());
  app.use(markLocalRequests(options));
  app.use(originCheck());
  app.use(pageFirst(options));
  installAuthentication(app, options.sessions, options.signIn);
  app.use(options.router.middleware());
  return app;
}

/** All other paths are the page's; they need neither a session nor the database. */
function pageFirst({ router, page, sendPluginFile }: AppOptions): Koa.Middleware {
  const serve = page === null ? null : servePage(page);
  return async (ctx, next) => {
    if (router.owns(ctx.path)) return next();
    const isPlugins = isPluginFile(ctx.path);
    if (!serve && !isPlugins) throw new NotFound('request/unknown-path', `There is nothing at ${ctx.path}.`);
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      throw new MethodNotAllowed('request/method-not-allowed', 'Pages can only be read.', { headers: { Allow: 'GET, HEAD' } });
    }
    if (isPlugins) await sendPluginFile(ctx as Koa.Context);
    else await serve!(ctx as Koa.Context);
  };
}

/**
 * The routes of all plugins, as one Koa middleware. Plugins use it as their
 * `Router`; the routes of a failed plugin are removed.
 */
import Koarouter from '@koa/router';
import { MethodNotAllowed, NotFound, type RouteDefinition, type Routes, type Session } from '@ved/core/contract';
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Authenticated } from '../accounts/authentication.ts';
import { sessionOf } from '../accounts/authentication.ts';
import type { RouteHandlers, Router } from '../router.ts';
import { authorise, watchAccess } from './access.ts';
import { RequestShares } from './request-shares.ts';
import { type ImplementedRoute, type Serving, serveRoute } from './route-handler.ts';

interface Mount {
  readonly owner: string;
  readonly prefix: string;
  readonly access: RouteDefinition['access'];
  readonly handler: (ctx: Context, session: Session) => Promise<void>;
  readonly log: Logger;
}

interface OwnedRoute extends ImplementedRoute {
  readonly owner: string;
}

export class ContractRouter {
  private routes: OwnedRoute[] = [];
  private mounts: Mount[] = [];
  private compiled: Koarouter | null = null;
  private served: ReturnType<Koarouter['routes']> | null = null;
  private readonly serving: Serving;

  constructor(stopping: AbortSignal) {
    this.serving = { stopping, shares: new RequestShares() };
  }

  /** All routes, for the OpenAPI document. */
  get definitions(): RouteDefinition[] {
    return this.routes.map((route) => route.definition);
  }

  /** The routes of one plugin. */
  definitionsOf(owner: string): RouteDefinition[] {
    return this.routes.filter((route) => route.owner === owner).map((route) => route.definition);
  }

  /** The router for one plugin. Its responses end when `end` fires; with `below`, all its paths must be below that. */
  scope(owner: string, log: Logger, end: AbortSignal = this.serving.stopping, below = ''): Router {
    const check = (path: string): void => {
      if (below !== '' && !isUnder(path, below)) throw new Error(`the path ${path} of ${owner} must start with ${below}/`);
    };
    return {
      implement: (routes, handlers) => {
        for (const { path } of Object.values(routes)) check(path);
        this.implement({ owner, log, end }, routes, handlers);
      },
      mount: (prefix, access, handler) => {
        check(prefix);
        this.mount({ owner, prefix, access, handler, log });
      },
    };
  }

  /** Removes everything that a plugin registered. */
  withdraw(owner: string): void {
    this.routes = this.routes.filter((route) => route.owner !== owner);
    this.mounts = this.mounts.filter((mount) => mount.owner !== owner);
    this.forgetCompiled();
  }

  /** Whether a path belongs to the server, not to the page. */
  owns(path: string): boolean {
    return isUnder(path, '/api') || this.mountOf(path) !== undefined || this.router().match(path, 'GET').path.length > 0;
  }

  /** Serves requests that match. Throws NotFound or MethodNotAllowed otherwise. */
  middleware(): Middleware {
    return async (ctx) => {
      const mount = this.mountOf(ctx.path);
      if (mount) return serveMount(ctx as Context, mount);
      await this.serve()(ctx as never, async () => {
        throw this.refusal(ctx as Context);
      });
    };
  }

  private implement<R extends Routes>(
    { owner, log, end }: Pick<OwnedRoute, 'owner' | 'log' | 'end'>,
    routes: R,
    handlers: RouteHandlers<R>,
  ): void {
    for (const [name, definition] of Object.entries(routes)) {
      const taken = this.routes.find(
        ({ definition: other }) => other.method === definition.method && shapeOf(other.path) === shapeOf(definition.path),
      );
      if (taken) throw new Error(`${definition.method} ${definition.path} of ${owner} is taken by ${taken.owner}`);
      const handler = handlers[name];
      if (typeof handler !== 'function') throw new Error(`${owner} has no handler for the route ${name}`);
      this.routes.push({ owner, definition, handler: handler as unknown as OwnedRoute['handler'], log, end });
    }
    this.forgetCompiled();
  }

  private mount(mount: Mount): void {
    const taken = this.mounts.find(({ prefix }) => isUnder(prefix, mount.prefix) || isUnder(mount.prefix, prefix));
    if (taken) throw new Error(`the prefix ${mount.prefix} of ${mount.owner} is taken by ${taken.owner}`);
    this.mounts.push(mount);
  }

  private mountOf(path: string): Mount | undefined {
    return this.mounts.find(({ prefix }) => isUnder(path, prefix));
  }

  /** Compiled when first needed: plugins register while they start, before the first request. */
  private router(): Koarouter {
    if (this.compiled) return this.compiled;
    const router = new Koarouter({ sensitive: true, strict: true });
    for (const route of this.routes.toSorted((a, b) => compareBySpecificity(a.definition.path, b.definition.path))) {
      const { method, path } = route.definition;
      router.register(path, [method], (ctx) => serveRoute(ctx as unknown as Context, route, ctx.params, this.serving));
    }
    this.compiled = router;
    return router;
  }

  private serve(): ReturnType<Koarouter['routes']> {
    this.served ??= this.router().routes();
    return this.served;
  }

  private forgetCompiled(): void {
    this.compiled = null;
    this.served = null;
  }

  private refusal(ctx: Context): Error {
    const methods = new Set(
      this.router()
        .match(ctx.path, ctx.method)
        .path.flatMap((layer) => layer.methods),
    );
    if (methods.size === 0) return new NotFound('request/unknown-path', `There is nothing at ${ctx.path}.`);
    const allow = [...methods].sort().join(', ');
    return new MethodNotAllowed('request/method-not-allowed', `${ctx.method} is not allowed here; ${allow} is.`, {
      headers: { Allow: allow },
    });
  }
}

async function serveMount(ctx: Context, mount: Mount): Promise<void> {
  const authenticated = ctx.state as Authenticated;
  ctx.state.route = mount.prefix;
  // Programs such as git send credentials only when asked.
  if (!authenticated.account) ctx.set('WWW-Authenticate', 'Basic realm="ved", charset="UTF-8"');
  authorise(mount.access, authenticated);
  ctx.remove('WWW-Authenticate');
  if (ctx.req.headers.expect !== undefined) ctx.res.writeContinue();
  watchAccess(ctx.res, mount.access, authenticated, { log: mount.log });
  await mount.handler(ctx, sessionOf(authenticated.account));
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** Two paths of the same shape match the same requests. */
function shapeOf(path: string): string {
  return path.replace(/:\w+/g, ':');
}

/** Fixed segments before parameters, so that `/execute/all` does not match `:id`, whatever the order of registration. */
function compareBySpecificity(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = Number(left[index]!.startsWith(':')) - Number(right[index]!.startsWith(':'));
    if (difference !== 0) return difference;
  }
  return 0;
}

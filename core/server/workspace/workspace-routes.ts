/** Implements the routes about the server and about each person's settings and state. */
import { createHash } from 'node:crypto';
import type { PluginState, RouteDefinition, RouteResponse, workspaceRoutes } from '@ved/core/contract';
import type { EventHub } from '../event-hub.ts';
import { RawResponse, type RouteHandlers } from '../router.ts';
import type { HealthRegistry } from './health-registry.ts';
import type { MetricsRegistries } from './metrics.ts';
import type { UserState } from './user-state.ts';

type BootAnswer = RouteResponse<typeof workspaceRoutes.boot>;

export interface WorkspaceParts {
  readonly version: string;
  readonly health: HealthRegistry;
  readonly plugins: () => readonly Pick<PluginState, 'state'>[];
  /** The started plugins that have a browser half. */
  readonly pagePlugins: () => BootAnswer['plugins'];
  readonly routes: () => readonly RouteDefinition[];
  readonly metrics: MetricsRegistries;
  readonly events: EventHub;
  readonly userState: UserState;
}

export function workspaceHandlers(parts: WorkspaceParts): RouteHandlers<typeof workspaceRoutes> {
  const { userState } = parts;
  const openApi = cachedOpenApi(parts);
  return {
    health: ({ session }) => readHealth(parts, session.roles.length > 0),
    openapi: async ({ ctx }) => {
      const { json, etag } = await openApi();
      const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
      if (ctx.get('If-None-Match').includes(etag)) return new RawResponse(null, { status: 304, headers });
      return new RawResponse(json, { contentType: 'application/json; charset=utf-8', headers });
    },
    metrics: async () => {
      const { text, contentType } = await parts.metrics.read();
      return new RawResponse(text, { contentType });
    },
    events: ({ lastEventId, signal }) => parts.events.follow(lastEventId, signal),
    boot: async ({ session }) => {
      // Before anything is read, so that later changes are sent as events.
      const last_event_id = parts.events.lastId;
      const [settings, state] = await Promise.all([userState.settings(session.username), userState.stateJson(session.username)]);
      const rest = JSON.stringify({ session, version: parts.version, last_event_id, settings, plugins: parts.pagePlugins() });
      return new RawResponse(`${rest.slice(0, -1)},"state":${state}}`);
    },
    readSettings: ({ session }) => userState.settings(session.username),
    writeSetting: async ({ session, params, body }) => {
      await userState.setSetting(session.username, params.id, body.raw);
      return { ok: true };
    },
    readState: async ({ session }) => new RawResponse(await userState.stateJson(session.username)),
    writeState: async ({ session, body }) => {
      await userState.setState(session.username, body.values);
      return { ok: true };
    },
  };
}

/** The document, rebuilt only when routes have changed: building it takes about 18 ms, and anyone may request it. */
function cachedOpenApi({ routes, version }: WorkspaceParts): () => Promise<{ json: string; etag: string }> {
  let of: readonly RouteDefinition[] = [];
  let made: Promise<{ json: string; etag: string }> | null = null;
  const make = async (current: readonly RouteDefinition[]) => {
    const { openApiDocument } = await import('./openapi.ts');
    const json = JSON.stringify(await openApiDocument(current, version));
    return { json, etag: `"${createHash('sha256').update(json).digest('base64url')}"` };
  };
  return () => {
    const current = routes();
    if (made && current.length === of.length && current.every((route, index) => route === of[index])) return made;
    of = current;
    made = make(current);
    made.catch(() => {
      made = null;
    });
    return made;
  };
}

/** Degraded when a plugin failed or reports it; requests are still served. */
function readHealth({ version, health, plugins }: WorkspaceParts, isSignedIn: boolean) {
  const { degraded, members } = health.read(isSignedIn);
  const failed = plugins().some((plugin) => plugin.state === 'failed');
  return { ...members, status: degraded || failed ? ('degraded' as const) : ('ok' as const), version };
}

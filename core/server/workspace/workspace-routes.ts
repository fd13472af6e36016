/** What the workspace asks about the server, and what it keeps there for each person. */
import type { PluginState, RouteDefinition, workspaceRoutes } from '@ved/core/contract';
import type { Registry } from 'prom-client';
import type { EventHub } from '../event-hub.ts';
import { RawResponse, type RouteHandlers } from '../router.ts';
import type { HealthRegistry } from './health-registry.ts';
import { readMetrics } from './metrics.ts';
import type { UserState } from './user-state.ts';

export interface WorkspaceParts {
  readonly version: string;
  readonly health: HealthRegistry;
  readonly plugins: () => PluginState[];
  readonly routes: () => readonly RouteDefinition[];
  readonly metrics: Registry;
  readonly events: EventHub;
  readonly userState: UserState;
}

export function workspaceHandlers(parts: WorkspaceParts): RouteHandlers<typeof workspaceRoutes> {
  const { userState } = parts;
  return {
    health: () => readHealth(parts),
    plugins: () => parts.plugins(),
    openapi: async () => {
      const { openApiDocument } = await import('./openapi.ts');
      return openApiDocument(parts.routes(), parts.version);
    },
    metrics: async () => {
      const { text, contentType } = await readMetrics(parts.metrics);
      return new RawResponse(text, { contentType });
    },
    events: ({ lastEventId, signal }) => parts.events.follow(lastEventId, signal),
    boot: async ({ session }) => {
      const [settings, state] = await Promise.all([userState.settings(session.username), userState.stateJson(session.username)]);
      const rest = JSON.stringify({ session, version: parts.version, settings });
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

/** Degraded when a plugin failed or says so of itself; requests are served all the same. */
function readHealth({ version, health, plugins }: WorkspaceParts) {
  const { degraded, members } = health.read();
  const failed = plugins().some((plugin) => plugin.state === 'failed');
  return { ...members, status: degraded || failed ? ('degraded' as const) : ('ok' as const), version };
}

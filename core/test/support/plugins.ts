/** Small plugins for tests of core. */
import type { Routes } from '@ved/core/contract';
import type { PluginContext, RouteHandlers, ServerPlugin } from '@ved/core/server';

/** A plugin with the given members that otherwise does nothing. */
export function plugin(id: string, parts: Partial<ServerPlugin> = {}): ServerPlugin {
  return { id, required: true, start: async () => ({ stop: async () => undefined }), ...parts };
}

/** A plugin that serves routes. */
export function serving<R extends Routes>(routes: R, handlers: RouteHandlers<R>, before?: (context: PluginContext) => void): ServerPlugin {
  return plugin('sample', {
    start: async (context) => {
      before?.(context);
      context.router.implement(routes, handlers);
      return { stop: async () => undefined };
    },
  });
}

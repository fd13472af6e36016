/** Puts the workspace together and starts it: the application, core's plugins, and the plugins of the page's list. */
import '../style.ts';
import { settingsSchemas } from '../settings/settings-schemas.ts';
import type { BootData } from './boot.ts';
import { corePlugins } from './core-plugins.ts';
import { VedApp } from './ved-app.ts';
import type { VedPlugin } from './ved-plugin.ts';

/** Resolves once the layout is restored and the workspace can be used. */
export async function startWorkspace(boot: BootData, plugins: readonly VedPlugin[]): Promise<VedApp> {
  const app = new VedApp(boot.version);
  const own = corePlugins(boot, settingsSchemas(plugins));
  app.registerPlugins(withTheirNeeds([...own, ...plugins]));
  await app.start({ bubblingKeydown: true });
  await app.restored;
  // For tests and measurements; nothing in the workspace reads it.
  document.body.dataset.workspace = 'ready';
  return app;
}

/** Without those that require what no other provides, as plugins can be left out. */
function withTheirNeeds(plugins: readonly VedPlugin[]): VedPlugin[] {
  const provided = new Set(plugins.flatMap(({ provides }) => provides ?? []));
  const kept = plugins.filter(({ id, requires = [] }) => {
    const missing = requires.filter((token) => !provided.has(token));
    if (missing.length > 0) console.info(`${id} is left out: nothing provides ${missing.map(({ name }) => name).join(', ')}.`);
    return missing.length === 0;
  });
  return kept.length === plugins.length ? kept : withTheirNeeds(kept);
}

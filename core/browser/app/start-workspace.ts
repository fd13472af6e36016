/** Assembles and starts the workspace: the application, core's plugins, and the page's plugins. */
import '../style.ts';
import { loadForeignPlugins, type PluginProblem, withoutConflicts } from '../plugins/foreign-plugins.ts';
import { settingsSchemas } from '../settings/settings-schemas.ts';
import type { BootData } from './boot.ts';
import { corePlugins } from './core-plugins.ts';
import { VedApp } from './ved-app.ts';
import type { VedPlugin } from './ved-plugin.ts';

/** Resolves once the layout is restored and the workspace can be used. Problems of third-party plugins are shown to the user. */
export async function startWorkspace(boot: BootData, plugins: readonly VedPlugin[]): Promise<VedApp> {
  const problems: PluginProblem[] = [];
  const modules = boot.plugins.flatMap(({ id, module, style }) => (module === null ? [] : [{ id, module, style }]));
  const foreign = await loadForeignPlugins(modules, problems);
  const app = new VedApp(boot.version);
  const schemas = settingsSchemas([...plugins, ...withoutConflicts(plugins, foreign, [])]);
  const own = [...corePlugins(boot, schemas, problems), ...plugins];
  app.registerPlugins(withMetRequirements([...own, ...withoutConflicts(own, foreign, problems)], modules.length > 0 ? problems : null));
  await app.start({ bubblingKeydown: true });
  await app.restored;
  // For tests and measurements; nothing in the workspace reads it.
  document.body.dataset.workspace = 'ready';
  return app;
}

/** Drops plugins that require what no other provides, since plugins can be disabled. */
function withMetRequirements(plugins: readonly VedPlugin[], problems: PluginProblem[] | null): VedPlugin[] {
  const provided = new Set(plugins.flatMap(({ provides }) => provides ?? []));
  const kept = plugins.filter(({ id, requires = [] }) => {
    const missing = requires.filter((token) => !provided.has(token)).map(({ name }) => name);
    if (missing.length === 0) return true;
    // For ved's own plugins a log line is enough: somebody disabled what they need.
    if (id.startsWith('@ved/')) console.info(`${id} is not started: nothing provides ${missing.join(', ')}.`);
    else problems?.push({ id, reason: `it requires ${missing.join(', ')}, which no plugin in the page provides` });
    return false;
  });
  return kept.length === plugins.length ? kept : withMetRequirements(kept, problems);
}

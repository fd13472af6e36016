/** The part of the page that is loaded once a user is signed in. */
import { type BootData, startWorkspace } from '@ved/core/browser';
import { browserPlugins } from './plugins.ts';

export function prepare(path: string): void {
  for (const plugin of [...browserPlugins.values()].flat()) plugin.prepare?.(path);
}

export async function open(boot: BootData): Promise<void> {
  await startWorkspace(
    boot,
    boot.plugins.flatMap(({ id }) => browserPlugins.get(id) ?? []),
  );
}

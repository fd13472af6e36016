/** The browser halves of ved's own plugins, by plugin id. */
import { catalogPlugins } from '@ved/catalog/browser';
import type { VedPlugin } from '@ved/core/browser';
import { editorPlugins } from '@ved/editor/browser';
import { llmPlugins } from '@ved/llm/browser';
import { runnerPlugins } from '@ved/runner/browser';
import { versionsPlugins } from '@ved/versions/browser';

export const browserPlugins: ReadonlyMap<string, readonly VedPlugin[]> = new Map([
  ['catalog', catalogPlugins],
  ['editor', editorPlugins],
  ['runner', runnerPlugins],
  ['llm', llmPlugins],
  ['versions', versionsPlugins],
]);

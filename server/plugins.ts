/** The server's plugins: values in one list. The host knows none of them by name. */
import { catalogPlugin } from '@ved/catalog/server';
import type { ServerPlugin } from '@ved/core/server';
import { editorPlugin } from '@ved/editor/server';
import { gitPlugin } from '@ved/git/server';
import { llmPlugin } from '@ved/llm/server';
import { runnerPlugin } from '@ved/runner/server';

/** Has a half in the page only. */
const versionsPlugin: ServerPlugin = { id: 'versions', required: false, browser: true };

export const serverPlugins: readonly ServerPlugin[] = [gitPlugin, catalogPlugin, editorPlugin, runnerPlugin, llmPlugin, versionsPlugin];

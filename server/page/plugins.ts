/** The workspace's plugins: values in one list. The host knows none of them by name. */
import { catalogPlugins } from '@ved/catalog/browser';
import { editorPlugins } from '@ved/editor/browser';
import { llmPlugins } from '@ved/llm/browser';
import { runnerPlugins } from '@ved/runner/browser';
import { versionsPlugins } from '@ved/versions/browser';

export const browserPlugins = [...catalogPlugins, ...editorPlugins, ...runnerPlugins, ...llmPlugins, ...versionsPlugins];

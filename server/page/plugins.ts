/** The workspace's plugins: values in one list. The host knows none of them by name. */
import { catalogPlugins } from '@ved/catalog/browser';
import { editorPlugins } from '@ved/editor/browser';
import { gitPlugins } from '@ved/git/browser';
import { llmPlugins } from '@ved/llm/browser';
import { runnerPlugins } from '@ved/runner/browser';

export const browserPlugins = [...catalogPlugins, ...editorPlugins, ...runnerPlugins, ...gitPlugins, ...llmPlugins];

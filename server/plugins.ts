/** The list of the server's plugins. The host knows none of them by name. */
import * as lumino from '@lumino/coreutils';
import * as catalogContract from '@ved/catalog/contract';
import { catalogPlugin } from '@ved/catalog/server';
import * as coreContract from '@ved/core/contract';
import type { HostModules, ServerPlugin } from '@ved/core/server';
import * as coreServer from '@ved/core/server';
import * as editorContract from '@ved/editor/contract';
import { editorPlugin } from '@ved/editor/server';
import * as gitContract from '@ved/git/contract';
import { gitPlugin } from '@ved/git/server';
import * as llmContract from '@ved/llm/contract';
import { llmPlugin } from '@ved/llm/server';
import * as runnerContract from '@ved/runner/contract';
import { runnerPlugin } from '@ved/runner/server';
import * as versionsContract from '@ved/versions/contract';
import * as zod from 'zod';

/** Has only a browser half. */
const versionsPlugin: ServerPlugin = { id: 'versions', required: false, browser: true };

export const serverPlugins: readonly ServerPlugin[] = [gitPlugin, catalogPlugin, editorPlugin, runnerPlugin, llmPlugin, versionsPlugin];

/** What third-party plugins may import; they get the server's own instances. */
export const hostModules: HostModules = {
  '@ved/core/contract': coreContract,
  '@ved/core/server': coreServer,
  '@ved/git/contract': gitContract,
  '@ved/catalog/contract': catalogContract,
  '@ved/editor/contract': editorContract,
  '@ved/runner/contract': runnerContract,
  '@ved/llm/contract': llmContract,
  '@ved/versions/contract': versionsContract,
  zod,
  '@lumino/coreutils': lumino,
};

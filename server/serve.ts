/** Composes the server from its plugins, except for the parts that start ahead of it. */
import { join } from 'node:path';
import { settingsHelp } from '@ved/core/server';
import { hostModules, serverPlugins } from './plugins.ts';
import { findInstallation } from './root.ts';
import { runServer } from './run-server.ts';

const { dir, version } = findInstallation();

export const help = (): string => `ved ${version}

Usage: npm start [-- --help]

Settings, all optional, are variables of the environment [default]:
${settingsHelp(serverPlugins)}
`;

export const serve = (): Promise<void> =>
  runServer({ plugins: serverPlugins, hostModules, env: process.env, page: join(dir, 'build', 'page'), version });

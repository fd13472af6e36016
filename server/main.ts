/** Starts ved: one process, from the environment. Composition only. */
import { join } from 'node:path';
import { settingsHelp } from '@ved/core/server';
import { serverPlugins } from './plugins.ts';
import { findInstallation } from './root.ts';
import { runServer } from './run-server.ts';

const { dir, version } = findInstallation();
const help = `ved ${version}

Usage: npm start [-- --help]

Settings, all optional, are variables of the environment [default]:
${settingsHelp(serverPlugins)}
`;

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) process.stdout.write(help);
else await runServer({ plugins: serverPlugins, env: process.env, page: join(dir, 'build', 'page'), version });

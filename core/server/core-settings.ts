/** Core's own settings. Plugins declare theirs. */
import { delimiter, resolve } from 'node:path';
import { z } from 'zod';
import { defineSettings } from './settings.ts';

/** A boolean environment variable. */
const Flag = z
  .enum(['0', '1', 'true', 'false'], 'must be 1 or 0')
  .default('0')
  .transform((text) => text === '1' || text === 'true');

export const coreSettings = defineSettings({
  port: {
    variable: 'PORT',
    schema: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65535, 'must be a number from 0 to 65535')
      .default(8000),
    description: 'The port to listen on; 0 picks a free one',
    defaultText: '8000',
  },
  host: {
    variable: 'HOST',
    schema: z.string().min(1).default('127.0.0.1'),
    description: 'The address to listen on; anything but loopback exposes ved to the network',
    defaultText: '127.0.0.1',
  },
  dataDir: {
    variable: 'VED_DATA_DIR',
    schema: z.string().min(1).default('./data'),
    description: 'The folder in which ved stores all its data',
    defaultText: './data',
  },
  developedPlugins: {
    variable: 'VED_DEV_PLUGINS',
    schema: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(delimiter)
          .filter((path) => path !== '')
          .map((path) => resolve(path)),
      ),
    description: `Folders of plugins in development, separated by ${delimiter} and reloaded on every save (npm run plugin:dev)`,
    defaultText: 'none',
  },
  sessionSecret: {
    variable: 'SESSION_SECRET',
    schema: z.string().min(16, 'must have at least 16 characters').optional(),
    description: 'Signs the session cookies',
    defaultText: 'generated once and stored in the data folder',
    secret: true,
  },
  logLevel: {
    variable: 'VED_LOG_LEVEL',
    schema: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'must be trace, debug, info, warn, error, fatal or silent')
      .default('info'),
    description: 'The log level; the log goes to stderr',
    defaultText: 'info',
  },
  trustProxy: {
    variable: 'VED_TRUST_PROXY',
    schema: Flag,
    description: 'Set to 1 behind one reverse proxy that sets X-Forwarded-For, -Host and -Proto',
    defaultText: '0',
  },
});

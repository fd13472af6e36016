/** The runner's settings. All optional; a bad value is refused at the start with the text given here. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineSettings, type SettingsOf } from '@ved/core/server';
import { z } from 'zod';
import { FILE_LIMITS } from '../contract/files.ts';
import { IMAGE_NAME, parseInterpreterMap } from './interpreters/interpreter-map.ts';

const MIB = 1024 * 1024;

/** A whole number between two bounds, said in one line when it is not. */
function wholeNumber(minimum: number, maximum: number, unit: string) {
  const message = `must be a whole number of ${unit} from ${minimum} to ${maximum}`;
  return z.coerce.number(message).int(message).min(minimum, message).max(maximum, message);
}

function namesHost(address: string): boolean {
  return /^(unix|npipe):/.test(address) || (URL.canParse(address) && new URL(address).hostname !== '');
}

export const runnerSettings = defineSettings({
  runner: {
    variable: 'VED_RUNNER',
    // The prefix keeps a misspelt `docker` from being taken for the engine of a plugin.
    schema: z
      .string()
      .regex(/^(auto|docker|pyodide|plugin:[a-z][a-z0-9-]*)$/, 'must be auto, docker, pyodide or plugin:<id of an engine>')
      .default('auto'),
    description: 'Engine that runs scripts: auto takes Docker when it can, else Pyodide; plugin:<id> takes one that a plugin brings',
  },
  dockerHost: {
    variable: 'DOCKER_HOST',
    schema: z
      .string()
      .regex(
        /^(unix|npipe|tcp|http|https|ssh):\/\/\S+$/,
        'must be an address such as unix:///var/run/docker.sock, tcp://host:2376 or ssh://me@host',
      )
      .refine(namesHost, 'must name a host, and a port only as a number')
      // Else the host would be cut off within the password, and what is left of that be shown.
      .regex(/^(?!(tcp|https?):\/\/[^/?#]*[/?#].*@)/, 'must have the characters / ? # of a name or password percent-encoded')
      .regex(/^(?!ssh:\/\/[^/@]*:[^/@]*@)/, 'must hold no password: ssh uses keys')
      .optional(),
    description:
      'Where the Docker engine answers; an ssh:// address is reached by the program ssh, with its configuration, keys and known hosts',
    defaultText: 'the local socket',
    // A refusal quotes none of it: somebody may have put a password in.
    secret: true,
  },
  image: {
    variable: 'VED_RUNNER_IMAGE',
    schema: z.string().regex(IMAGE_NAME, 'must be the name of an image, such as python:3.14-slim').default('python:3.14-slim'),
    description: 'Image of the containers that scripts run in, where VED_INTERPRETERS names none',
  },
  interpreters: {
    variable: 'VED_INTERPRETERS',
    schema: z
      .string()
      .transform((text, context) => {
        try {
          return parseInterpreterMap(text);
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message });
          return z.NEVER;
        }
      })
      .optional(),
    description: 'Interpreters that runs on Docker may choose, as NAME=IMAGE,NAME=IMAGE; the first is the default',
    defaultText: 'the one of VED_RUNNER_IMAGE',
  },
  packagesIndex: {
    variable: 'VED_PACKAGES_INDEX',
    schema: z
      .url({ protocol: /^https?$/, error: 'must be the address of a package index, such as https://packages.example/simple' })
      .optional(),
    description: 'Index from which packages are installed that scripts on Docker ask for; may hold a name and a password',
    defaultText: "pip's own",
    // It may hold a password.
    secret: true,
  },
  packagesNetwork: {
    variable: 'VED_PACKAGES_NETWORK',
    schema: z
      .string()
      .regex(/^[a-z0-9][\w.-]*$/i, 'must be the name of a network of Docker, such as bridge')
      .default('bridge'),
    description: 'Network of Docker over which the index is reached, as host for one on its own machine; none installs no packages',
  },
  pyodidePackages: {
    variable: 'VED_PYODIDE_PACKAGES',
    schema: z
      .string()
      .refine((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false, 'must be a folder that there is')
      .transform((path) => resolve(path))
      .optional(),
    description:
      "Folder with Pyodide's packages, as a release of Pyodide brings them, for scripts on the embedded engine that ask for some",
    defaultText: 'none',
  },
  timeoutMs: {
    variable: 'VED_RUN_TIMEOUT_MS',
    schema: wholeNumber(100, 24 * 60 * 60 * 1000, 'milliseconds').default(30_000),
    description: 'Longest time that a run may take, in milliseconds',
  },
  memoryBytes: {
    variable: 'VED_RUN_MEMORY_BYTES',
    schema: wholeNumber(32 * MIB, 1024 * 1024 * MIB, 'bytes').default(256 * MIB),
    description: 'Memory that a run may take, in bytes',
  },
  cpus: {
    variable: 'VED_RUN_CPUS',
    schema: z.coerce.number('must be a number').min(0.05, 'must be at least 0.05').max(256, 'must be at most 256').default(0.5),
    description: 'Processors that a run may use; a fraction is a share of one',
  },
  concurrency: {
    variable: 'VED_RUN_CONCURRENCY',
    schema: wholeNumber(1, 256, 'runs')
      .optional()
      .transform((value) => value ?? availableParallelism()),
    description: 'Runs that go on at once',
    defaultText: 'the number of processors',
  },
  poolSize: {
    variable: 'VED_POOL_SIZE',
    schema: wholeNumber(0, 64, 'places').default(4),
    description: 'Containers or interpreters kept warm for the next runs',
  },
  isolation: {
    variable: 'VED_RUN_ISOLATION',
    schema: z.enum(['run', 'lane'], 'must be run or lane').default('run'),
    description: 'run: a container for each run; lane: runs of one pass or one person may share one that proves itself clean between them',
  },
  retention: {
    variable: 'VED_RUN_RETENTION',
    schema: wholeNumber(1, 1_000_000, 'runs').default(200),
    description: 'Runs kept for each script, newest first; the last successful one and the last full pass are kept besides',
  },
  filesBytes: {
    variable: 'VED_RUN_FILES_BYTES',
    // No less than one run may leave, so that the newest always has its own.
    schema: wholeNumber(FILE_LIMITS.bytes, 1024 * 1024 * MIB, 'bytes').default(2048 * MIB),
    description:
      "Bytes of files from /tmp/out that are kept of all runs together; those of the oldest runs go first, but for each script's last success and the last full pass",
  },
});

export type RunnerSettings = SettingsOf<typeof runnerSettings>;

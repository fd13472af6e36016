/** The runner's settings. All optional; the server refuses to start with an invalid value, with the messages below. */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineSettings, type SettingsOf } from '@ved/core/server';
import { z } from 'zod';
import { FILE_LIMITS } from '../contract/files.ts';
import { IMAGE_NAME, parseInterpreterMap } from './interpreters/interpreter-map.ts';

const MIB = 1024 * 1024;

/** A whole number between two bounds, with one message for all violations. */
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
    // With the prefix, a misspelt `docker` is not mistaken for a plugin's engine.
    schema: z
      .string()
      .regex(/^(auto|docker|pyodide|plugin:[a-z][a-z0-9-]*)$/, 'must be auto, docker, pyodide or plugin:<engine id>')
      .default('auto'),
    description: "Engine that runs scripts: auto uses Docker if available, else Pyodide; plugin:<id> uses a plugin's engine",
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
      // Otherwise the host would start within the password, and the rest of it would be shown.
      .regex(/^(?!(tcp|https?):\/\/[^/?#]*[/?#].*@)/, 'must have the characters / ? # of a name or password percent-encoded')
      .regex(/^(?!ssh:\/\/[^/@]*:[^/@]*@)/, 'must not contain a password: ssh uses keys')
      .optional(),
    description: 'Address of the Docker engine; for ssh:// the ssh program is used, with its configuration, keys and known hosts',
    defaultText: 'the local socket',
    // Never quoted in errors: someone may have put a password in it.
    secret: true,
  },
  image: {
    variable: 'VED_RUNNER_IMAGE',
    schema: z.string().regex(IMAGE_NAME, 'must be the name of an image, such as python:3.14-slim').default('python:3.14-slim'),
    description: 'Image of the containers that scripts run in, unless VED_INTERPRETERS is set',
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
    description: 'Interpreters for runs on Docker, as NAME=IMAGE,NAME=IMAGE; the first is the default',
    defaultText: 'the one of VED_RUNNER_IMAGE',
  },
  packagesIndex: {
    variable: 'VED_PACKAGES_INDEX',
    schema: z
      .url({ protocol: /^https?$/, error: 'must be the address of a package index, such as https://packages.example/simple' })
      .optional(),
    description: 'Package index for the dependencies of scripts on Docker; may contain a user name and password',
    defaultText: "pip's own",
    // It may contain a password.
    secret: true,
  },
  packagesNetwork: {
    variable: 'VED_PACKAGES_NETWORK',
    schema: z
      .string()
      .regex(/^[a-z0-9][\w.-]*$/i, 'must be the name of a Docker network, such as bridge')
      .default('bridge'),
    description: "Docker network used to reach the package index: host for an index on Docker's own machine, none to install no packages",
  },
  pyodidePackages: {
    variable: 'VED_PYODIDE_PACKAGES',
    schema: z
      .string()
      .refine((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false, 'must be an existing folder')
      .transform((path) => resolve(path))
      .optional(),
    description: 'Folder with the packages of a Pyodide release, for scripts on the embedded engine that declare dependencies',
    defaultText: 'none',
  },
  timeoutMs: {
    variable: 'VED_RUN_TIMEOUT_MS',
    schema: wholeNumber(100, 24 * 60 * 60 * 1000, 'milliseconds').default(30_000),
    description: 'Time limit of a run, in milliseconds',
  },
  memoryBytes: {
    variable: 'VED_RUN_MEMORY_BYTES',
    schema: wholeNumber(32 * MIB, 1024 * 1024 * MIB, 'bytes').default(256 * MIB),
    description: 'Memory limit of a run, in bytes',
  },
  cpus: {
    variable: 'VED_RUN_CPUS',
    schema: z.coerce.number('must be a number').min(0.05, 'must be at least 0.05').max(256, 'must be at most 256').default(0.5),
    description: 'Processors that a run may use; may be a fraction',
  },
  concurrency: {
    variable: 'VED_RUN_CONCURRENCY',
    schema: wholeNumber(1, 256, 'runs')
      .optional()
      .transform((value) => value ?? availableParallelism()),
    description: 'Runs in parallel',
    defaultText: 'the number of processors',
  },
  poolSize: {
    variable: 'VED_POOL_SIZE',
    schema: wholeNumber(0, 64, 'sandboxes').default(4),
    description: 'Containers or interpreter processes booted ahead for the next runs',
  },
  isolation: {
    variable: 'VED_RUN_ISOLATION',
    schema: z.enum(['run', 'lane'], 'must be run or lane').default('run'),
    description:
      'run: a new container for each run; lane: runs of one pass or person may reuse a container after verifying that it is clean',
  },
  retention: {
    variable: 'VED_RUN_RETENTION',
    schema: wholeNumber(1, 1_000_000, 'runs').default(200),
    description: 'Runs kept per script, newest first; the last successful run and the last full pass are always kept',
  },
  filesBytes: {
    variable: 'VED_RUN_FILES_BYTES',
    // At least what one run may leave, so that the newest run keeps its files.
    schema: wholeNumber(FILE_LIMITS.bytes, 1024 * 1024 * MIB, 'bytes').default(2048 * MIB),
    description:
      "Bytes of files from /tmp/out kept for all runs together; the oldest are removed first, except those of each script's last success and of the last full pass",
  },
});

export type RunnerSettings = SettingsOf<typeof runnerSettings>;

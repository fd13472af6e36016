/** Reads where the Docker engine is, as the docker command does, and says for a person what is in the way of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { DockerOptions } from 'dockerode';
import { parseSshAddress } from './ssh-address.ts';
import { OPEN_PATIENCE_MS, SshFailed, SshTunnel, TunnelAgent } from './ssh-tunnel.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface DockerConnection {
  readonly client: Docker;
  /** An engine that takes longer to say that it is there is not one to run scripts on. The way to it may have to be opened first. */
  readonly patienceMs: number;
  /** Ends what the connection needed. Nothing may be asked of the client afterwards. */
  close(): Promise<void>;
}

const ANSWER_PATIENCE_MS = 5000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'tcp:': 2375, 'http:': 2375, 'https:': 2376 };

/** A client of the engine at any address that `DOCKER_HOST` may have. Nothing is connected to until it is asked for something. */
export async function connectDocker(dockerHost: string | undefined, env: Environment): Promise<DockerConnection> {
  const { default: Client } = await import('dockerode');
  if (!dockerHost?.startsWith('ssh://')) {
    const client = new Client(connectionOptions(dockerHost, env));
    return { client, patienceMs: ANSWER_PATIENCE_MS, close: async () => undefined };
  }
  const tunnel = new SshTunnel(parseSshAddress(dockerHost));
  const agent = new TunnelAgent(tunnel);
  const close = async (): Promise<void> => {
    agent.destroy();
    await tunnel.close();
  };
  // The host is for HTTP's own header; its types do not know the agent.
  const options: DockerOptions & { readonly agent: TunnelAgent } = { protocol: 'http', host: 'docker', port: 80, agent };
  return { client: new Client(options), patienceMs: OPEN_PATIENCE_MS + ANSWER_PATIENCE_MS, close };
}

/** Resolves when the engine answers. What it does not answer in time is given up with its connection, so that none is kept for an engine that hangs. */
export async function pingDocker({ client, patienceMs }: DockerConnection): Promise<void> {
  // Its types do not know the options.
  const ping: (options: { readonly abortSignal: AbortSignal }) => Promise<unknown> = client.ping.bind(client);
  await ping({ abortSignal: AbortSignal.timeout(patienceMs) });
}

/**
 * Options of dockerode for an address such as `unix:///var/run/docker.sock` or `tcp://host:2376`; those by ssh need more than options.
 * Without one, dockerode looks where the machine has it. TLS follows `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`.
 */
export function connectionOptions(dockerHost: string | undefined, env: Environment): DockerOptions {
  if (!dockerHost) return {};
  if (dockerHost.startsWith('unix://') || dockerHost.startsWith('npipe://')) {
    return { socketPath: dockerHost.slice(dockerHost.indexOf('://') + 3) };
  }
  const url = new URL(dockerHost);
  const port = Number(url.port) || DEFAULT_PORTS[url.protocol];
  const secure = url.protocol === 'https:' || port === 2376 || Boolean(env.DOCKER_TLS_VERIFY);
  return { protocol: secure ? 'https' : 'http', host: url.hostname, port, ...(secure ? certificates(env.DOCKER_CERT_PATH) : {}) };
}

function certificates(folder: string | undefined): DockerOptions {
  if (!folder) return {};
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOENT: 'there is no such socket',
  EACCES: 'this user may not use it',
  ENOTFOUND: 'there is no such host',
  ETIMEDOUT: 'it does not answer',
  ABORT_ERR: 'it does not answer',
  ECONNRESET: 'it ended the connection',
};

/** A sentence for a person about what a call of the Docker engine came to. */
export function describeDockerError(error: unknown, dockerHost: string | undefined): string {
  const { code, json, message } = error as { code?: string; json?: { message?: string }; message?: string };
  const where = withoutCredentials(dockerHost) ?? 'the local socket';
  if (error instanceof SshFailed) return `No Docker engine at ${where}: ${message}.`;
  if (code && UNREACHABLE[code]) return `No Docker engine at ${where}: ${UNREACHABLE[code]}.`;
  return `The Docker engine at ${where} refused: ${json?.message ?? message ?? String(error)}`;
}

/** The address of the engine as it may be shown and logged. */
function withoutCredentials(dockerHost: string | undefined): string | undefined {
  return dockerHost?.replace(/^((?:tcp|https?):\/\/)[^/]*@/i, '$1');
}

/** The HTTP status with which the Docker engine refused; null for other errors. */
export function statusOf(error: unknown): number | null {
  return (error as { statusCode?: number }).statusCode ?? null;
}

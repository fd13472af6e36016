/** Resolves the address of the Docker engine like the docker command, and explains connection errors to people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { DockerOptions } from 'dockerode';
import { parseSshAddress } from './ssh-address.ts';
import { OPEN_PATIENCE_MS, SshFailed, SshTunnel, TunnelAgent } from './ssh-tunnel.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface DockerConnection {
  readonly client: Docker;
  /** An engine that takes longer to respond counts as unavailable. Includes the time to open a tunnel. */
  readonly patienceMs: number;
  /** Releases resources. The client must not be used afterwards. */
  close(): Promise<void>;
}

const ANSWER_PATIENCE_MS = 5000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'tcp:': 2375, 'http:': 2375, 'https:': 2376 };

/** A client for any `DOCKER_HOST` address. Connects on first use. */
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
  // The host is for the HTTP header; dockerode's types lack the agent.
  const options: DockerOptions & { readonly agent: TunnelAgent } = { protocol: 'http', host: 'docker', port: 80, agent };
  return { client: new Client(options), patienceMs: OPEN_PATIENCE_MS + ANSWER_PATIENCE_MS, close };
}

/** Resolves when the engine responds. On a timeout the connection is closed too, so that a hanging engine does not accumulate connections. */
export async function pingDocker({ client, patienceMs }: DockerConnection): Promise<void> {
  // dockerode's types lack the options.
  const ping: (options: { readonly abortSignal: AbortSignal }) => Promise<unknown> = client.ping.bind(client);
  await ping({ abortSignal: AbortSignal.timeout(patienceMs) });
}

/**
 * dockerode's options for an address such as `unix:///var/run/docker.sock` or `tcp://host:2376`, but not ssh.
 * Without an address, dockerode uses the local default. TLS follows `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`.
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
  ECONNREFUSED: 'connection refused',
  ENOENT: 'the socket does not exist',
  EACCES: 'permission denied',
  ENOTFOUND: 'unknown host',
  ETIMEDOUT: 'no response',
  ABORT_ERR: 'no response',
  ECONNRESET: 'the connection was closed',
};

/** A sentence for people about a failed call of the Docker engine. */
export function describeDockerError(error: unknown, dockerHost: string | undefined): string {
  const { code, json, message } = error as { code?: string; json?: { message?: string }; message?: string };
  const where = withoutCredentials(dockerHost) ?? 'the local socket';
  if (error instanceof SshFailed) return `No Docker engine at ${where}: ${message}.`;
  if (code && UNREACHABLE[code]) return `No Docker engine at ${where}: ${UNREACHABLE[code]}.`;
  return `The Docker engine at ${where} refused: ${json?.message ?? message ?? String(error)}`;
}

/** The engine's address, safe to show and log. */
function withoutCredentials(dockerHost: string | undefined): string | undefined {
  return dockerHost?.replace(/^((?:tcp|https?):\/\/)[^/]*@/i, '$1');
}

/** The HTTP status of the Docker engine's error; null for other errors. */
export function statusOf(error: unknown): number | null {
  return (error as { statusCode?: number }).statusCode ?? null;
}

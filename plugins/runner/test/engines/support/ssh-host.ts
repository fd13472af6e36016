/**
 * A host that is reached over ssh: an sshd on loopback that accepts one key, and
 * an `ssh` first on the PATH with the test's configuration, known hosts and agent.
 * All of it is in one folder, which `stop` removes.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Door, startDoor } from '../../../../../test/support/door.ts';
import { isProcess } from './until.ts';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync);

export interface SshHost {
  /** For `DOCKER_HOST`, with the account that runs the test. */
  readonly url: string;
  /** The proxy in front of sshd; shutting it simulates a host that disappears. */
  readonly door: Door;
  /** The environment variables that this process and its children need. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of the running `ssh` processes that were started. */
  clients(): number[];
  /** The existing folders for sockets of ssh connections. */
  temporary(): string[];
  /** Removes these folders. */
  empty(): void;
  /** Sets the hosts that ssh knows: this one, this one with another key, or none. */
  know(what: 'host' | 'impostor' | 'nobody'): void;
  /** Makes sshd accept only the agent's key, or only another one. */
  admit(whom: 'agent' | 'stranger'): void;
  /** Makes ssh connect through this command; null connects directly. */
  goThrough(proxyCommand: string | null): void;
  stop(): Promise<void>;
}

/** Skips the suite without OpenSSH, unless everything is required. */
export function requireSshd(test: Mocha.Context): void {
  if (SSHD) return;
  if (process.env.VED_TEST_REQUIRE_ALL) throw new Error('sshd is required: install openssh-server');
  console.log('      skipped: there is no sshd on this machine');
  test.skip();
}

/** `extra` are additional lines for its sshd_config. */
export async function startSshHost(...extra: string[]): Promise<SshHost> {
  const folder = mkdtempSync(join(tmpdir(), 'ved-sshd-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['bin', 'home', 'tmp']) mkdirSync(at(name));
  // The packaged OpenSSH requires this folder, which is empty.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  for (const key of ['host', 'impostor', 'agent', 'stranger']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', at(key)]);
  }
  const behind = await freePort();
  const door = await startDoor({ host: '127.0.0.1', port: behind });
  const lines = (...all: string[]): string => `${all.join('\n')}\n`;
  const own = ['Port', 'ListenAddress', 'HostKey', 'AuthorizedKeysFile', 'PidFile'];
  const values = [behind, '127.0.0.1', at('host'), at('authorized'), 'none'];
  writeFileSync(
    at('sshd_config'),
    lines(
      ...own.map((name, i) => `${name} ${values[i]}`),
      ...['UsePAM no', 'StrictModes no', 'PasswordAuthentication no'],
      // Avoids the start-up files of this account's shell, which may take very long.
      `SetEnv HOME=${at('home')}`,
      ...extra,
    ),
  );
  const common = [`UserKnownHostsFile ${at('known')}`, 'GlobalKnownHostsFile none', 'IdentityFile none'];
  const goThrough = (command: string | null): void =>
    writeFileSync(at('ssh_config'), lines(...common, ...(command === null ? [] : [`ProxyCommand ${command}`])));
  goThrough(null);
  const ssh = execFileSync('sh', ['-c', 'command -v ssh']).toString().trim();
  writeFileSync(at('bin/ssh'), lines('#!/bin/sh', `echo $$ >> ${at('clients')}`, `exec ${ssh} -F ${at('ssh_config')} "$@"`), {
    mode: 0o755,
  });
  const know = (key: 'host' | 'impostor' | 'nobody'): void =>
    writeFileSync(at('known'), key === 'nobody' ? '' : `[127.0.0.1]:${door.port} ${readFileSync(at(`${key}.pub`), 'utf8')}`);
  const admit = (key: 'agent' | 'stranger'): void => writeFileSync(at('authorized'), readFileSync(at(`${key}.pub`)));
  know('host');
  admit('agent');
  const sshd = spawn(SSHD!, ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilSaid(sshd, sshd.stderr!, 'listening');
  const agent = spawn('ssh-agent', ['-D', '-a', at('agent.sock')], { stdio: ['ignore', 'pipe', 'ignore'] });
  await untilSaid(agent, agent.stdout!, 'SSH_AUTH_SOCK');
  const env = { PATH: [at('bin'), process.env.PATH].join(delimiter), SSH_AUTH_SOCK: at('agent.sock'), TMPDIR: at('tmp') };
  execFileSync('ssh-add', ['-q', at('agent')], { env: { ...process.env, ...env }, stdio: 'pipe' });
  const temporary = (): string[] => readdirSync(at('tmp')).filter((name) => name.startsWith('ved-ssh-'));
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${door.port}`,
    door,
    env,
    clients: () => (existsSync(at('clients')) ? readFileSync(at('clients'), 'utf8').trim().split('\n').map(Number).filter(isProcess) : []),
    temporary,
    empty: () => {
      for (const name of temporary()) rmSync(join(at('tmp'), name), { recursive: true });
    },
    know,
    admit,
    goThrough,
    stop: async () => {
      await door.shut();
      await Promise.all([sshd, agent].map(end));
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilSaid(child: ChildProcess, stream: NodeJS.ReadableStream, word: string): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    said.push(line);
    if (line.includes(word)) return void stream.resume();
  }
  throw new Error(`${child.spawnfile} did not start: ${said.join(' ')}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

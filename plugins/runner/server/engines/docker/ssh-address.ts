/** Where a Docker engine behind ssh is, and what `ssh` is told to get there. */

export interface SshAddress {
  /** Null leaves it to ssh and its configuration. */
  readonly user: string | null;
  /** A name or an address, or what ~/.ssh/config calls it. */
  readonly host: string;
  readonly port: string | null;
  /** Path of the engine's socket on that machine. */
  readonly socket: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
/** A connection that died without a word is known to be dead after three of these. */
const ALIVE_SECONDS = 10;

/** Takes `ssh://[user@]host[:port][/path/of/the/socket]` apart, as the docker command does. */
export function parseSshAddress(dockerHost: string): SshAddress {
  const { username, hostname, port, pathname } = new URL(dockerHost);
  return {
    user: decodeURIComponent(username) || null,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port || null,
    socket: pathname.length > 1 ? decodeURIComponent(pathname) : DEFAULT_SOCKET,
  };
}

/**
 * Arguments of OpenSSH's `ssh` that forward connections to the socket `local` to the engine's. Keys, known hosts, jump hosts and
 * the rest are as its configuration has them; nothing is asked, and a host key that is not known is refused. `cat` at the far
 * end says what we say: that is how we know that the way is open, and how it ends when this process does.
 */
export function sshArguments({ user, host, port, socket }: SshAddress, local: string): string[] {
  const options = {
    BatchMode: 'yes',
    // A connection of our own, which no other command of this user shares, and whose end is ours.
    ControlPath: 'none',
    RemoteCommand: 'none',
    // What went wrong is told on this level.
    LogLevel: 'INFO',
    ServerAliveInterval: ALIVE_SECONDS,
    ServerAliveCountMax: 3,
    StreamLocalBindMask: '0177',
  };
  return [
    ...['-T', '-a', '-x'],
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...['-L', `${local}:${socket}`],
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', port]),
    ...['--', host, 'cat'],
  ];
}

/** How a person would go there by hand. */
function byHand({ user, host, port }: SshAddress): string {
  return `ssh ${port === null ? '' : `-p ${port} `}${user === null ? '' : `${user}@`}${host}`;
}

/** Whose answer is waited for on the way to the engine. */
export type SshStage = 'host' | 'shell' | 'engine';

/** Says for a person who did not answer in time. The end of a sentence that has begun with the address. */
export function explainSilence(stage: SshStage, address: SshAddress): string {
  const silence: Readonly<Record<SshStage, string>> = {
    host: 'it does not answer',
    shell: `it lets this account in, but starts no command for it. See what its shell waits for: ${byHand(address)} true`,
    engine: `what listens on its ${address.socket} does not answer`,
  };
  return silence[stage];
}

/** Says for a person why `ssh` did not get there, of what it wrote on stderr. The end of a sentence that has begun with the address. */
export function explainSsh(said: string, address: SshAddress): string {
  const { host, socket } = address;
  const reasons: readonly (readonly [RegExp, string])[] = [
    [
      /REMOTE HOST IDENTIFICATION HAS CHANGED/,
      'its host key is not the one that ssh knows. Somebody may be in between; ' +
        `if the key was changed on purpose, forget the old one with ssh-keygen -R and confirm the new one with ${byHand(address)}`,
    ],
    [/Host key verification failed/, `ssh does not know its host key. Confirm it once, as the user that runs ved: ${byHand(address)}`],
    [/Permission denied/, `it takes none of the keys that ssh offers. ${byHand(address)} must work without a password`],
    [/Could not resolve hostname/, `there is no host ${host}`],
    [/Connection refused/, 'nothing answers there'],
    [/timed out|No route to host|Network is unreachable/, 'it does not answer'],
    [
      // sshd says no more than that.
      /open failed: /,
      `there is no way to its ${socket}: the engine does not run, this account may not use it, ` +
        'or its sshd forwards to no socket (AllowStreamLocalForwarding)',
    ],
  ];
  const known = reasons.find(([pattern]) => pattern.test(said))?.[1];
  return known ?? (said.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') || 'ssh ended without a word');
}

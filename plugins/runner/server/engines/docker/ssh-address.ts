/** The address of a Docker engine behind ssh, and the arguments for `ssh`. */

export interface SshAddress {
  /** Null to leave it to ssh's configuration. */
  readonly user: string | null;
  /** A host name, an address, or an alias in ~/.ssh/config. */
  readonly host: string;
  readonly port: string | null;
  /** Path of the engine's socket on that machine. */
  readonly socket: string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
/** A dead connection is detected after three of these. */
const ALIVE_SECONDS = 10;

/** Parses `ssh://[user@]host[:port][/path/of/the/socket]` like the docker command. */
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
 * Arguments for OpenSSH's `ssh` to forward connections from the socket `local` to the engine's. Keys, known hosts, jump hosts
 * and so on come from its configuration; it never prompts, and refuses unknown host keys. `cat` on the remote side echoes our
 * input: that shows when the tunnel is open, and ends it when this process ends.
 */
export function sshArguments({ user, host, port, socket }: SshAddress, local: string): string[] {
  const options = {
    BatchMode: 'yes',
    // A separate connection, not shared with other commands of this user, so that we can end it.
    ControlPath: 'none',
    RemoteCommand: 'none',
    // Needed for error messages.
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

/** The command with which a person would connect by hand. */
function byHand({ user, host, port }: SshAddress): string {
  return `ssh ${port === null ? '' : `-p ${port} `}${user === null ? '' : `${user}@`}${host}`;
}

/** The part of the connection that has not responded yet. */
export type SshStage = 'host' | 'shell' | 'engine';

/** Explains to people what timed out. The end of a sentence that starts with the address. */
export function explainSilence(stage: SshStage, address: SshAddress): string {
  const silence: Readonly<Record<SshStage, string>> = {
    host: 'no response from the host',
    shell: `the host accepts this account, but does not run commands for it. To see what its shell is waiting for, run: ${byHand(address)} true`,
    engine: `no response from its socket ${address.socket}`,
  };
  return silence[stage];
}

/** Explains to people why `ssh` failed, from its stderr. The end of a sentence that starts with the address. */
export function explainSsh(said: string, address: SshAddress): string {
  const { host, socket } = address;
  const reasons: readonly (readonly [RegExp, string])[] = [
    [
      /REMOTE HOST IDENTIFICATION HAS CHANGED/,
      'its host key differs from the one that ssh knows. Someone may be intercepting the connection; ' +
        `if the key was changed on purpose, remove the old one with ssh-keygen -R and confirm the new one with ${byHand(address)}`,
    ],
    [/Host key verification failed/, `its host key is unknown. Confirm it once, as the user that runs ved: ${byHand(address)}`],
    [/Permission denied/, `it accepts none of the keys that ssh offers. ${byHand(address)} must work without a password`],
    [/Could not resolve hostname/, `unknown host ${host}`],
    [/Connection refused/, 'connection refused'],
    [/timed out|No route to host|Network is unreachable/, 'no response'],
    [
      // sshd gives no further details.
      /open failed: /,
      `its socket ${socket} cannot be reached: the engine is not running, this account may not use it, ` +
        'or its sshd does not allow socket forwarding (AllowStreamLocalForwarding)',
    ],
  ];
  const known = reasons.find(([pattern]) => pattern.test(said))?.[1];
  return known ?? (said.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') || 'ssh ended without a message');
}

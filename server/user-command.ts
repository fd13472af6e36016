/** `npm run user`: manages users from the command line, on the machine that has the data folder. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { InvalidInput, Role } from '@ved/core/contract';
import type { UserStore } from '@ved/core/server';

export const USER_HELP = `Usage: npm run user -- COMMAND

  list                             list all users with their roles
  add NAME [--role viewer|editor]  add a user, as a viewer by default
  role NAME --role viewer|editor   change a user's role, from their next request on
  password NAME                    set a new password, and end the user's sessions

The password is read from standard input if something is piped in;
otherwise a random one is generated and printed once.
`;

export interface UserCommandIo {
  /** The password from stdin; null when there was none. */
  readPassword(): Promise<string | null>;
  print(line: string): void;
}

type Command = (users: UserStore, name: string, role: Role | undefined, io: UserCommandIo) => Promise<void>;

const commands: Readonly<Record<string, Command>> = {
  list: async (users, _name, _role, io) => {
    for (const { username, roles } of await users.list()) io.print(`${username}\t${roles.includes('editor') ? 'editor' : 'viewer'}`);
  },
  add: async (users, name, role = 'viewer', io) => {
    const password = await choosePassword(io);
    await users.add(name, password.text, role);
    io.print(`${name} may sign in as ${role}${password.shown}`);
  },
  role: async (users, name, role, io) => {
    if (!role) throw new InvalidInput('user/usage', 'Specify the role: --role viewer or --role editor.');
    await users.setRole(name, role);
    io.print(`${name} is now ${role}`);
  },
  password: async (users, name, _role, io) => {
    const password = await choosePassword(io);
    await users.setPassword(name, password.text);
    io.print(`${name} has a new password${password.shown}`);
  },
};

/** Runs one command. Throws InvalidInput for bad arguments, and what the user store throws. */
export async function runUserCommand(args: readonly string[], users: UserStore, io: UserCommandIo): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: { role: { type: 'string' } } });
  const [name = '', username = '', ...surplus] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command || surplus.length > 0) throw new InvalidInput('user/usage', `Unknown command.\n\n${USER_HELP}`);
  if (name !== 'list' && username === '') throw new InvalidInput('user/usage', `Specify the user: npm run user -- ${name} NAME`);
  const role = Role.optional().safeParse(values.role);
  if (!role.success) throw new InvalidInput('user/usage', `Unknown role ${values.role}. Use viewer or editor.`);
  await command(users, username, role.data, io);
}

async function choosePassword(io: UserCommandIo): Promise<{ text: string; shown: string }> {
  const given = await io.readPassword();
  if (given !== null) return { text: given, shown: '' };
  const text = randomBytes(12).toString('base64url');
  return { text, shown: `; the password is ${text}` };
}

/** The entry point of `npm run user`. */
import { text } from 'node:stream/consumers';
import { openAccounts } from '@ved/core/server';
import { runUserCommand, USER_HELP } from './user-command.ts';

const args = process.argv.slice(2);

if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
  process.stdout.write(USER_HELP);
} else {
  try {
    const accounts = await openAccounts(process.env, (file) =>
      process.stderr.write(`The database was migrated; ${file} in the data folder has it as it was.\n`),
    );
    try {
      await runUserCommand(args, accounts.users, {
        // Empty input, as in a container without a terminal, is not a password.
        readPassword: async () => (process.stdin.isTTY ? null : (await text(process.stdin)).replace(/\r?\n$/, '') || null),
        print: (line) => process.stdout.write(`${line}\n`),
      });
    } finally {
      await accounts.close();
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

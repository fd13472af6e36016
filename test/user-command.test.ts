import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, openAccounts } from '@ved/core/server';
import { expect } from 'chai';
import { runUserCommand } from '../server/user-command.ts';
import { startServer } from './support/server.ts';

describe('the user command', () => {
  let dataDir: string;
  let accounts: Accounts;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ved-users-'));
    accounts = await openAccounts({ VED_DATA_DIR: dataDir }, () => undefined);
  });
  afterEach(async () => {
    await accounts.close();
    await rm(dataDir, { recursive: true });
  });

  const run = async (line: string, piped: string | null = null) => {
    const printed: string[] = [];
    await runUserCommand(line.split(' '), accounts.users, { readPassword: async () => piped, print: (text) => printed.push(text) });
    return printed;
  };
  const refusal = (line: string, piped: string | null = null) =>
    run(line, piped).then(
      () => 'it was not refused',
      (error: Error) => error.message,
    );

  it('creates users who can sign in, with the given or the printed password', async () => {
    expect(await run('add ann --role editor', 'a long secret')).to.deep.equal(['ann may sign in as editor']);
    const [line = ''] = await run('add bob');
    const [, made = ''] = /the password is (\S{16})$/.exec(line) ?? [];
    expect(await run('list')).to.deep.equal(['ann\teditor', 'bob\tviewer']);
    const server = await startServer({ plugins: [], dataDir });
    await server.signIn('ann', 'a long secret');
    await server.signIn('bob', made);
    // A server with its own users does not get those with published passwords.
    expect((await server.agent().post('/api/auth/login', { username: 'ed1', password: '1editor' })).status).to.equal(401);
    await server.stop();
  });

  it('changes roles and passwords while the server runs', async () => {
    await run('add ann', 'a long secret');
    const server = await startServer({ plugins: [], dataDir });
    const ann = await server.signIn('ann', 'a long secret');
    await run('role ann --role editor');
    expect((await ann.get('/api/auth/me')).body.roles).to.deep.equal(['viewer', 'editor']);
    await run('password ann', 'another secret');
    expect((await ann.get('/api/auth/me')).status).to.equal(401);
    await server.signIn('ann', 'another secret');
    await server.stop();
  });

  it('reports what is wrong with a command', async () => {
    expect(await refusal('ad ann')).to.contain('Unknown command.');
    expect(await refusal('constructor ann')).to.contain('Unknown command.');
    expect(await refusal('add')).to.contain('npm run user -- add NAME');
    expect(await refusal('role ann')).to.contain('--role viewer or --role editor');
    expect(await refusal('add ann --role boss')).to.contain('Unknown role boss');
    expect(await refusal('add prod')).to.contain('reserved');
    expect(await refusal('add ann', 'short')).to.contain('at least 8');
    expect(await refusal('password nobody')).to.contain('no user named nobody');
  });
});

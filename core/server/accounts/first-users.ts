/** The two users that a new data folder begins with. */
import type { Knex } from 'knex';
import { hashPassword, verifyPassword } from './password.ts';
import { UserStore } from './users.ts';

/** Known to everyone who reads the README: for trying ved on one's own machine. */
const FIRST_USERS = [
  { username: 'ed1', password: '1editor', role: 'editor' },
  { username: 'mo1', password: '2viewer', role: 'viewer' },
] as const;

/** Makes the first users when there are none at all. */
export async function makeFirstUsers(db: Knex): Promise<void> {
  const [{ count } = { count: 0 }] = await db('core_users').count({ count: '*' });
  if (Number(count) > 0) return;
  const hashes = await Promise.all(FIRST_USERS.map((user) => hashPassword(user.password)));
  const created_at = new Date().toISOString();
  await db('core_users').insert(
    FIRST_USERS.map(({ username, role }, index) => ({
      username,
      password_hash: hashes[index],
      is_editor: role === 'editor' ? 1 : 0,
      created_at,
    })),
  );
}

/** Names of the first users whose password is still the published one. */
export async function usersWithPublishedPassword(db: Knex): Promise<string[]> {
  const users = new UserStore(db);
  const names: string[] = [];
  for (const { username, password } of FIRST_USERS) {
    const user = await users.find(username);
    if (user && (await verifyPassword(password, user.passwordHash))) names.push(username);
  }
  return names;
}

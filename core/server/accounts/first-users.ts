/** The two first users of a new data folder. */
import type { Role } from '@ved/core/contract';
import type { Knex } from 'knex';
import { hashPassword, verifyPassword } from './password.ts';
import type { UserStore } from './users.ts';

/** Published in the README, to try ved on one's own machine; refused from anywhere else. */
const FIRST_USERS = [
  { username: 'ed1', password: '1editor', role: 'editor' },
  { username: 'mo1', password: '2viewer', role: 'viewer' },
] as const;

/** Creates the first users when there are no users. */
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

/** Whether this is a first user's name with its published password. */
export function isPublishedPassword(username: string, password: string): boolean {
  return FIRST_USERS.some((user) => user.username === username && user.password === password);
}

/** The first users whose password is still the published one. */
export class UnchangedFirstUsers {
  /** Cached by hash, since deriving a key takes about 60 ms. */
  private readonly published = new Map<string, boolean>();

  constructor(private readonly users: UserStore) {}

  async list(): Promise<{ username: string; password: string; role: Role }[]> {
    const unchanged = [];
    for (const first of FIRST_USERS) {
      const user = await this.users.find(first.username);
      if (user && (await this.isPublished(first.password, user.passwordHash))) unchanged.push({ ...first });
    }
    return unchanged;
  }

  private async isPublished(password: string, hash: string): Promise<boolean> {
    const known = this.published.get(hash);
    if (known !== undefined) return known;
    const published = await verifyPassword(password, hash);
    // Two users have two hashes; more only come with password changes.
    if (this.published.size >= 100) this.published.clear();
    this.published.set(hash, published);
    return published;
  }
}

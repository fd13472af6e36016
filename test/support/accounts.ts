/** Accounts whose passwords are hashed at almost no cost, as tests sign in hundreds of times. */
import { randomBytes, scryptSync } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '@ved/core/server';

/** A row of `core_users`. */
export function userRow(username: string, password: string, role: 'editor' | 'viewer') {
  return { username, password_hash: cheapHash(password), is_editor: role === 'editor' ? 1 : 0, created_at: new Date().toISOString() };
}

/** Adds an editor to a data folder whose server may be running. Does nothing if the name is taken. */
export async function addEditorTo(dataDir: string, username: string, password: string): Promise<void> {
  const db = openDatabase(join(dataDir, 'ved.sqlite'));
  try {
    await db('core_users')
      .insert(userRow(username, password, 'editor'))
      .onConflict('username')
      .ignore();
  } finally {
    await db.destroy();
  }
}

/** In the format of `core/server/accounts/password.ts`. */
function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 });
  const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=4,r=8,p=1$${encode(salt)}$${encode(key)}`;
}

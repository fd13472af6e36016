/** The users and their roles. A new password ends every session that started with the old one. */
import { Conflict, InvalidInput, NotFound, type Role } from '@ved/core/contract';
import type { Knex } from 'knex';
import { AccountStamp } from './account-stamp.ts';
import { hashPassword } from './password.ts';

export interface User {
  readonly id: number;
  readonly username: string;
  readonly roles: readonly Role[];
}

/** A user with the password hash; never leaves this folder. */
export interface UserWithCredential extends User {
  readonly passwordHash: string;
  readonly passwordVersion: number;
}

interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly password_hash: string;
  readonly password_version: number;
  readonly is_editor: number;
  readonly created_at: string;
}

/** A name is also a branch name, so it must be valid in git and not be reserved there. */
const USERNAME = /^[a-z][a-z0-9_-]{0,31}$/;
const RESERVED_NAMES: ReadonlySet<string> = new Set(['prod', 'head', 'main', 'master', 'origin']);

/** The shortest password that a person may choose; the first users' published ones are shorter. */
const PASSWORD_MIN_LENGTH = 8;

export class UserStore {
  private readonly stamp: AccountStamp;

  constructor(private readonly db: Knex) {
    this.stamp = new AccountStamp(db);
  }

  async list(): Promise<User[]> {
    return (await this.rows().orderBy('username')).map(toUser);
  }

  async find(username: string): Promise<UserWithCredential | null> {
    const row = await this.rows().where({ username }).first();
    return row ? { ...toUser(row), passwordHash: row.password_hash, passwordVersion: row.password_version } : null;
  }

  /** Adds a user. Throws InvalidInput for an invalid name or password, Conflict for a name that is taken. */
  async add(username: string, password: string, role: Role): Promise<User> {
    checkUsername(username);
    checkPassword(password);
    const password_hash = await hashPassword(password);
    const row = { username, password_hash, is_editor: role === 'editor' ? 1 : 0, created_at: new Date().toISOString() };
    const added = await this.rows().insert(row).onConflict('username').ignore().returning('*');
    const [user] = added;
    if (!user) throw new Conflict('auth/name-taken', `There is already a user named ${username}.`);
    return toUser(user);
  }

  /** Makes a user a viewer or an editor, effective from the next request. Throws NotFound. */
  async setRole(username: string, role: Role): Promise<void> {
    const changed = await this.rows()
      .where({ username })
      .update({ is_editor: role === 'editor' ? 1 : 0 });
    if (changed === 0) throw unknownUser(username);
    this.stamp.advance();
  }

  /** Sets a new password, which ends the user's sessions everywhere. Throws NotFound, InvalidInput. */
  async setPassword(username: string, password: string): Promise<void> {
    if (!(await this.writePassword({ username }, password))) throw unknownUser(username);
  }

  /** The same if the current password is still the given one, so that of two concurrent changes the second fails. Throws Conflict, InvalidInput. */
  async replacePassword(username: string, passwordVersion: number, password: string): Promise<void> {
    if (await this.writePassword({ username, password_version: passwordVersion }, password)) return;
    throw new Conflict('auth/password-changed', 'Your password was changed elsewhere at the same time. Sign in again.');
  }

  private async writePassword(of: { username: string; password_version?: number }, password: string): Promise<boolean> {
    checkPassword(password);
    const password_hash = await hashPassword(password);
    const changed = await this.rows()
      .where(of)
      .update({ password_hash, password_version: this.db.raw('password_version + 1') as unknown as number });
    if (changed > 0) this.stamp.advance();
    return changed > 0;
  }

  private rows(): Knex.QueryBuilder<UserRow, UserRow[]> {
    return this.db<UserRow>('core_users') as unknown as Knex.QueryBuilder<UserRow, UserRow[]>;
  }
}

/** The roles of a user: an editor is also a viewer. */
export function rolesOf(isEditor: boolean): Role[] {
  return isEditor ? ['viewer', 'editor'] : ['viewer'];
}

function toUser(row: UserRow): User {
  return { id: row.id, username: row.username, roles: rolesOf(row.is_editor === 1) };
}

function checkUsername(username: string): void {
  if (!USERNAME.test(username)) {
    throw new InvalidInput(
      'auth/bad-name',
      'A name must start with a lower-case letter and have at most 32 lower-case letters, digits, _ and -.',
    );
  }
  if (RESERVED_NAMES.has(username)) throw new InvalidInput('auth/bad-name', `The name ${username} is reserved.`);
}

function checkPassword(password: string): void {
  if (!password.isWellFormed())
    throw new InvalidInput('auth/bad-password', 'The password contains half a character (a lone surrogate). Remove it.');
  if (password.length < PASSWORD_MIN_LENGTH) {
    throw new InvalidInput('auth/bad-password', `A password must have at least ${PASSWORD_MIN_LENGTH} characters.`);
  }
}

function unknownUser(username: string): NotFound {
  return new NotFound('auth/unknown-user', `There is no user named ${username}.`);
}

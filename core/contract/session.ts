/** Who is signed in, and the routes to sign in and out. */
import { z } from 'zod';
import { defineRoutes } from './routes.ts';

export const Role = z.enum(['viewer', 'editor']);
export type Role = z.infer<typeof Role>;

export const Session = z.object({ username: z.string(), roles: z.array(Role) });
export type Session = z.infer<typeof Session>;

export const Credentials = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});

export const sessionRoutes = defineRoutes({
  login: {
    method: 'POST',
    path: '/api/auth/login',
    access: 'public',
    summary: 'Sign in; every sign-in creates a new session id',
    body: Credentials,
    bodyLimitBytes: 16 * 1024,
    response: Session,
    problems: ['auth/wrong-credentials', 'auth/published-password', 'auth/throttled'],
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    access: 'public',
    summary: 'Sign out',
    response: z.object({ ok: z.literal(true) }),
  },
  firstUsers: {
    method: 'GET',
    path: '/api/auth/first-users',
    access: 'public',
    summary: "The first users whose passwords are still the published ones; empty unless requested from the server's own machine",
    response: z.array(z.object({ username: z.string(), password: z.string(), role: Role })),
  },
  changePassword: {
    method: 'POST',
    path: '/api/auth/password',
    access: 'any',
    summary: "Change one's own password; other sessions end, this one continues under a new id",
    body: z.object({ current_password: z.string().min(1).max(1000), new_password: z.string().min(1).max(1000) }),
    bodyLimitBytes: 16 * 1024,
    response: z.object({ ok: z.literal(true) }),
    problems: ['auth/wrong-password', 'auth/bad-password', 'auth/same-password', 'auth/password-changed', 'auth/throttled'],
  },
  me: { method: 'GET', path: '/api/auth/me', access: 'any', summary: 'Who is signed in', response: Session },
});

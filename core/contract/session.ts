/** Who is signed in, and the routes to become so. */
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
    summary: 'Sign in; the session id is new after every sign-in',
    body: Credentials,
    bodyLimitBytes: 16 * 1024,
    response: Session,
    problems: ['auth/wrong-credentials', 'auth/throttled'],
  },
  logout: {
    method: 'POST',
    path: '/api/auth/logout',
    access: 'public',
    summary: 'Sign out',
    response: z.object({ ok: z.literal(true) }),
  },
  me: { method: 'GET', path: '/api/auth/me', access: 'any', summary: 'Who is signed in', response: Session },
});

/** Sign in, sign out, who am I. */
import type { sessionRoutes } from '@ved/core/contract';
import type { RouteHandlers } from '../router.ts';
import { beginSession, endSession, sessionOf } from './authentication.ts';
import type { SignIn } from './sign-in.ts';

export function sessionHandlers(signIn: SignIn): RouteHandlers<typeof sessionRoutes> {
  return {
    login: async ({ body, ctx }) => {
      const account = await signIn.check(body.username, body.password, ctx.ip);
      await beginSession(ctx, account);
      return sessionOf(account);
    },
    logout: ({ ctx }) => {
      endSession(ctx);
      return { ok: true };
    },
    me: ({ session }) => session,
  };
}

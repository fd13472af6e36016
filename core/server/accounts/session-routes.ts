/** Signing in and out, the current session, and changing one's own password. */
import type { sessionRoutes } from '@ved/core/contract';
import type { RouteHandlers } from '../router.ts';
import { beginSession, endSession, renewSession, sessionOf } from './authentication.ts';
import type { UnchangedFirstUsers } from './first-users.ts';
import { type SignIn, visitorOf } from './sign-in.ts';

export function sessionHandlers(signIn: SignIn, firstUsers: UnchangedFirstUsers): RouteHandlers<typeof sessionRoutes> {
  return {
    login: async ({ body, ctx }) => {
      const account = await signIn.check(body.username, body.password, visitorOf(ctx));
      await beginSession(ctx, account);
      return sessionOf(account);
    },
    logout: ({ ctx }) => {
      endSession(ctx);
      return { ok: true };
    },
    me: ({ session }) => session,
    firstUsers: ({ ctx }) => (visitorOf(ctx).isLocal ? firstUsers.list() : []),
    changePassword: async ({ session, body, ctx }) => {
      const account = await signIn.changePassword(session.username, body.current_password, body.new_password, visitorOf(ctx));
      await renewSession(ctx, account);
      return { ok: true };
    },
  };
}

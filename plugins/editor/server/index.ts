/** The editor's server half: who has which script open. */
import type { ServerPlugin } from '@ved/core/server';
import { presenceChanged, presenceRoutes } from '@ved/editor/contract';
import { PresenceBoard } from './presence-board.ts';

/** Pages announce themselves every 20 s; two announcements may be lost. */
const SILENCE_LIMIT_MS = 45_000;
/** Pages report typing every 2 s; two reports may be lost. */
const TYPING_LIMIT_MS = 6_000;

export const editorPlugin: ServerPlugin = {
  id: 'editor',
  required: false,
  browser: true,
  start: async ({ router, events }) => {
    const board = new PresenceBoard({
      silenceLimitMs: SILENCE_LIMIT_MS,
      typingLimitMs: TYPING_LIMIT_MS,
      onChange: (present) => events.publish(presenceChanged, { present }),
    });
    router.implement(presenceRoutes, {
      listPresence: () => board.list(),
      announcePresence: ({ session, params, body }) => {
        board.announce(session.username, params.page, body.open);
        return { ok: true } as const;
      },
    });
    return { stop: async () => board.close() };
  },
};

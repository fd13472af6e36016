/** Who has which script open. Pages announce it while they are open; the server forgets a page shortly after it stops. */
import { defineEvent, defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

export const Presence = z.object({
  username: z.string(),
  script_id: z.number().int(),
  /** Whether this person has unsaved changes. */
  dirty: z.boolean(),
  /** Whether this person is typing in it right now. */
  typing: z.boolean(),
});
export type Presence = z.infer<typeof Presence>;

export const presenceRoutes = defineRoutes({
  listPresence: {
    method: 'GET',
    path: '/api/editor/presence',
    access: 'viewer',
    summary: 'Who has which script open',
    response: z.array(Presence),
  },
  announcePresence: {
    method: 'PUT',
    path: '/api/editor/presence/:page',
    access: 'viewer',
    summary:
      'What one page of a person has open now. Sent on change and every 20 s, forgotten after 45 s without a request. Typing is sent every 2 s and forgotten after 6 s.',
    params: z.object({ page: z.string().regex(/^[\w-]{8,64}$/) }),
    body: z.object({
      open: z.array(z.object({ script_id: z.number().int().positive(), dirty: z.boolean(), typing: z.boolean().optional() })).max(200),
    }),
    bodyLimitBytes: 64 * 1024,
    response: z.object({ ok: z.literal(true) }),
    problems: ['editor/too-many-pages', 'editor/too-many-open'],
  },
});

/** Live event: someone opened, closed or started to change a script. */
export const presenceChanged = defineEvent('editor/presence-changed', z.object({ present: z.array(Presence) }), { latestOnly: true });

/** What both halves speak: which scripts ran slower than they use to. */
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

export const slowRoutes = defineRoutes({
  listSlow: {
    method: 'GET',
    path: '/api/slow/scripts',
    access: 'viewer',
    summary: 'Scripts whose last run took more than twice the median of the runs before',
    response: z.array(z.object({ script_id: z.number().int(), last_ms: z.number(), usual_ms: z.number() })),
  },
});

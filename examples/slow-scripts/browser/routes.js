/** The route, which both halves use: lists the scripts that ran slower than usual. */
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

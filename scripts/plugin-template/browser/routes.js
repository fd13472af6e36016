/** What both halves speak. It is here because of this plugin only the folder of the half in the page is served. */
import { defineRoutes } from '@ved/core/contract';
import { z } from 'zod';

const Greeting = z.object({ id: z.number().int(), text: z.string(), said_by: z.string() });

export const routes = defineRoutes({
  listGreetings: {
    method: 'GET',
    path: '/api/__id__/greetings',
    access: 'viewer',
    summary: 'All greetings, the oldest first',
    response: z.array(Greeting),
  },
  addGreeting: {
    method: 'POST',
    path: '/api/__id__/greetings',
    access: 'editor',
    summary: 'Adds a greeting; returns all of them',
    body: z.object({ text: z.string().min(1).max(200) }),
    response: z.array(Greeting),
  },
});

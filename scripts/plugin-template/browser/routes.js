/** The routes, which both halves use. They are in this folder because it is the only one of the plugin that is served to the page. */
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

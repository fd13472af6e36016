/** Live events of the assistant. */
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';

/** An interaction was written to the log, or its outcome was. Prompts and answers are fetched, not sent along. */
export const interactionLogged = defineEvent('llm/interaction-logged', z.object({ id: z.number().int(), by: z.string() }));

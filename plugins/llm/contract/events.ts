/** Live events of the assistant. */
import { defineEvent } from '@ved/core/contract';
import { z } from 'zod';

/** An interaction or its outcome was written to the log. The event has no prompt or answer; fetch them. */
export const interactionLogged = defineEvent('llm/interaction-logged', z.object({ id: z.number().int(), by: z.string() }));

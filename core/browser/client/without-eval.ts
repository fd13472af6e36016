/**
 * Tells zod not to compile schemas, before the first one is created: it would try
 * `Function`, which the page's content security policy blocks and reports.
 * Imported first by every entry point of the page.
 */
import { config } from 'zod';

config({ jitless: true });

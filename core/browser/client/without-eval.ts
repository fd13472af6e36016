/**
 * Tells zod not to compile schemas, before the first one is made: it would try
 * `Function`, which the page's content security policy forbids and reports.
 * Imported first wherever the page begins.
 */
import { config } from 'zod';

config({ jitless: true });

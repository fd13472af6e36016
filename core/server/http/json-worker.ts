/** The thread that parses long JSON. */
import { serveWork } from '../thread/serve-work.ts';
import { JSON_WORK } from './json-work.ts';

serveWork(JSON_WORK);

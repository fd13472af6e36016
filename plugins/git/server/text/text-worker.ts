/** The worker thread that compares and merges large texts. */
import { serveWork } from '@ved/core/server/thread';
import { TEXT_WORK } from './text-work.ts';

serveWork(TEXT_WORK);

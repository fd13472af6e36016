/** The thread in which large texts are compared. */
import { serveWork } from '@ved/core/server/thread';
import { TEXT_WORK } from './text-work.ts';

serveWork(TEXT_WORK);

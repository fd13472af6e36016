/** Makes failed expectations print their full values, and failed properties their reason, so that the log of a remote run is enough. */
import { config } from 'chai';
import { configureGlobal } from 'fast-check';

config.truncateThreshold = 0;
configureGlobal({ includeErrorInReport: true });

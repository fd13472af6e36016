/** Has a failed expectation print its values whole, a failed property its reason: what a log of another machine does not say cannot be asked afterwards. */
import { config } from 'chai';
import { configureGlobal } from 'fast-check';

config.truncateThreshold = 0;
configureGlobal({ includeErrorInReport: true });

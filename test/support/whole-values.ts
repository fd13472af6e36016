/** Has a failed expectation print its values whole: what a log of another machine does not say cannot be asked afterwards. */
import { config } from 'chai';

config.truncateThreshold = 0;

/**
 * Mocha's `spec`, followed by one plain line: `N passed, N failed, N skipped`. With
 * VED_TEST_REQUIRE_ALL a skipped test fails the run. VED_TEST_SHORT is set when
 * the exhaustive tests are left out.
 */
const { Spec } = require('mocha').reporters;

class ClosingLine extends Spec {
  skipped = [];

  constructor(runner, options) {
    super(runner, options);
    runner.on('pending', (test) => this.skipped.push(test.fullTitle()));
  }

  done(failures, exit) {
    const { passes } = this.stats;
    const refused = process.env.VED_TEST_REQUIRE_ALL ? this.skipped : [];
    for (const title of refused) console.log(`skipped although VED_TEST_REQUIRE_ALL is set: ${title}`);
    if (process.env.VED_TEST_SHORT) console.log('The exhaustive tests were left out; npm test -- --all runs them too.');
    console.log(`${passes} passed, ${failures + refused.length} failed, ${this.skipped.length - refused.length} skipped`);
    exit(failures + refused.length);
  }
}

module.exports = ClosingLine;

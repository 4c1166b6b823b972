// Order of the test files for mutation testing only: the tests end with the first that fails (environment.mjs), so
// the quick ones come first, and those that try very many or very large values last. Jest would begin with the slowest.

/** @typedef {{ path: string }} Test */

const SLOW = /properties|summary/;

export default class QuickFirst {
  /** @param {readonly Test[]} tests */
  sort(tests) {
    /** @param {Test} test */
    const rank = ({ path }) => Number(SLOW.test(path));
    return tests.toSorted((left, right) => rank(left) - rank(right) || (left.path < right.path ? -1 : 1));
  }

  /** @param {readonly Test[]} tests */
  shard(tests) {
    return tests;
  }

  /** @param {readonly Test[]} tests */
  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // Nothing is learned from a mutant.
  }
}

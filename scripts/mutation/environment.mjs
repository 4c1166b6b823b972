// Jest environment for mutation testing only: the first failing test kills a mutant, the tests after it are skipped,
// also those of further files. Jest itself cannot do that when it is called by a program (jestjs/jest#11766).
import { TestEnvironment } from 'jest-environment-node';

/** Stryker's name for the variable that says which mutant is switched on. */
const ACTIVE_MUTANT = '__STRYKER_ACTIVE_MUTANT__';

/** The mutant that a test has already killed; kept from file to file, for this module is loaded once. @type {string | undefined} */
let killed;

export default class UntilFirstFailure extends TestEnvironment {
  /** @param {{ name: string, test?: { mode?: string } }} event */
  handleTestEvent({ name, test }) {
    const mutant = process.env[ACTIVE_MUTANT];
    if (mutant === undefined) return;
    if (name === 'test_fn_failure') killed = mutant;
    if (name === 'test_start' && test !== undefined && killed === mutant) test.mode = 'skip';
  }
}

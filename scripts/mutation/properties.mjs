// Jest set-up for mutation testing only: properties try fewer values, the same for every mutant, and do not
// search for the smallest counterexample; a mutant is dead with the first.
import fc from 'fast-check';

fc.configureGlobal({ numRuns: 30, seed: 20_260_101, endOnFailure: true });

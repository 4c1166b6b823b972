// Flags that lean on each other in the target environment: parents, cycles, and what breaks where a treatment goes away.
import { describe, test } from '@jest/globals';
import { ON_OFF, rule, split } from '../../emulator/seed-parts.ts';
import { addNeighbour, all, CHANGE_REQUESTS, expectChecks, type CheckScenario } from './checks.ts';
import type { Stage } from './stage.ts';

/** A rule that asks another flag, in either form of `depends`. */
const asks = (splitName: string, ...treatments: readonly string[]) =>
  rule([{ type: 'IN_SPLIT', depends: { splitName, treatments } }], { on: 100 });
const asksFor = (splitName: string, treatment: string) =>
  rule([{ type: 'IN_SPLIT', depends: { splitName, treatment } }], { on: 100 });

const neighbour =
  (name: string, members: Parameters<typeof addNeighbour>[2] = {}) =>
  (stage: Stage): void =>
    addNeighbour(stage, name, members);

const PARENTS: readonly CheckScenario[] = [
  {
    name: 'a parent without a definition in the target environment stops the run',
    source: { rules: [asksFor('payments', 'on')] },
    arrange: neighbour('payments', { environments: ['Staging', 'Production'] }),
    findings: ['error parent-missing'],
    looks: ['definition of payments', CHANGE_REQUESTS],
    words: ['`payments`, which has no definition in QA'],
  },
  {
    name: 'a parent that lacks the treatments named stops the run, whichever way they are named',
    source: { rules: [asksFor('payments', 'v2'), asks('payments', 'on', 'v3')] },
    arrange: neighbour('payments'),
    findings: ['error parent-missing', 'error parent-missing'],
    looks: ['definition of payments', CHANGE_REQUESTS],
    words: ['`v2`', '`v3`', 'there are `on`, `off`'],
  },
  {
    name: 'a live parent that has the treatments named passes, and is read once',
    source: { rules: [asksFor('payments', 'on'), asks('payments', 'on', 'off')] },
    arrange: neighbour('payments'),
    looks: ['definition of payments', CHANGE_REQUESTS],
  },
  {
    name: 'a parent that cannot be read is a warning and never a claim that it is missing',
    source: { rules: [asksFor('payments', 'on')] },
    arrange: (stage) => {
      addNeighbour(stage, 'payments');
      stage.emulator.fault({
        path: '/payments/',
        answer: { status: 403, body: { code: 403, message: 'no' } },
      });
    },
    findings: ['warning parent-missing'],
    looks: ['definition of payments', CHANGE_REQUESTS],
    words: ['Could not be verified'],
  },
  {
    name: 'a killed parent is a warning',
    source: { rules: [asks('payments', 'on')] },
    arrange: neighbour('payments', { killed: true }),
    findings: ['warning parent-killed'],
    looks: ['definition of payments', CHANGE_REQUESTS],
    words: ['killed in QA', '`off`'],
  },
  {
    name: 'a parent that is killed in another environment is none',
    source: { rules: [asks('payments', 'on')] },
    arrange: (stage) => {
      addNeighbour(stage, 'payments', { environments: ['Staging', 'QA'] });
      stage.edit({ killed: true }, 'Staging', 'payments');
    },
    looks: ['definition of payments', CHANGE_REQUESTS],
  },
];

const CYCLES: readonly CheckScenario[] = [
  {
    name: 'two flags that would ask each other stop the run',
    source: { rules: [asks('payments', 'on')] },
    arrange: neighbour('payments', { rules: [asksFor('checkout', 'on')] }),
    findings: ['error dependency-cycle'],
    looks: ['definition of payments', CHANGE_REQUESTS],
    words: ['`checkout` → `payments` → `checkout`'],
  },
  {
    name: 'a cycle by way of a third flag stops the run',
    source: { rules: [asks('payments', 'on')] },
    arrange: all(
      neighbour('ledger', { rules: [asks('checkout', 'on')] }),
      neighbour('payments', { rules: [asks('ledger', 'on')] }),
    ),
    findings: ['error dependency-cycle'],
    looks: ['definition of payments', 'definition of ledger', CHANGE_REQUESTS],
    words: ['`checkout` → `payments` → `ledger` → `checkout`'],
  },
  {
    name: 'a flag that would ask itself stops the run',
    source: { rules: [asks('checkout', 'on')] },
    findings: ['error dependency-cycle'],
    words: ['`checkout` → `checkout`'],
  },
  {
    name: 'a chain of three flags that ends passes, and so does a cycle in another environment',
    source: { rules: [asks('payments', 'on')] },
    arrange: (stage) => {
      addNeighbour(stage, 'ledger', { environments: ['Staging', 'QA'] });
      addNeighbour(stage, 'payments', { rules: [asks('ledger', 'on')] });
      stage.edit({ rules: [asks('checkout', 'on')] }, 'Staging', 'ledger');
    },
    looks: ['definition of payments', 'definition of ledger', CHANGE_REQUESTS],
  },
  {
    name: 'a cycle of other flags is not of this run',
    source: { rules: [asks('payments', 'on')] },
    arrange: all(
      neighbour('ledger', { rules: [asks('payments', 'on')] }),
      neighbour('payments', { rules: [asks('ledger', 'on')] }),
    ),
    looks: ['definition of payments', 'definition of ledger', CHANGE_REQUESTS],
  },
  {
    name: 'a chain that cannot be read to its end is a warning',
    source: { rules: [asks('payments', 'on')] },
    arrange: (stage) => {
      addNeighbour(stage, 'ledger');
      addNeighbour(stage, 'payments', { rules: [asks('ledger', 'on')] });
      stage.emulator.fault({ path: '/ledger/', answer: { status: 401, body: '' } });
    },
    findings: ['warning dependency-cycle'],
    looks: ['definition of payments', 'definition of ledger', CHANGE_REQUESTS],
  },
];

/** A third treatment, which the source does not have any more. */
const WITH_BETA = {
  treatments: [...ON_OFF, { name: 'beta' }],
  rules: [rule([{ type: 'ALL_KEYS' }], { beta: 100 })],
};

/** 118 flags between `checkout` and the one that asks. */
const many = (stage: Stage): void => {
  for (let index = 0; index < 118; index += 1) addNeighbour(stage, `a${index}`);
};

const DEPENDENTS: readonly CheckScenario[] = [
  {
    name: 'a treatment that goes away but is asked for by other flags stops the run, and names them',
    target: WITH_BETA,
    arrange: all(
      neighbour('basket', { rules: [asks('checkout', 'beta')] }),
      neighbour('receipts', { rules: [asksFor('checkout', 'beta')] }),
      neighbour('search', { rules: [asks('checkout', 'on')] }),
    ),
    findings: ['error dependent-breaks'],
    looks: ['definitions', CHANGE_REQUESTS],
    words: ['`basket`, `receipts`'],
  },
  {
    name: 'a treatment that goes away and is asked for by nobody there passes',
    target: WITH_BETA,
    arrange: (stage) => {
      addNeighbour(stage, 'basket', { environments: ['Staging', 'QA'], rules: [asks('checkout', 'on')] });
      stage.edit({ rules: [asks('checkout', 'beta')] }, 'Staging', 'basket');
    },
    looks: ['definitions', CHANGE_REQUESTS],
  },
  {
    name: 'a treatment that stays may be asked for, and nothing is listed',
    arrange: neighbour('basket', { rules: [asks('checkout', 'on', 'off')] }),
  },
  {
    name: 'the last of 120 definitions is found with three requests',
    target: WITH_BETA,
    arrange: all(many, neighbour('zoo', { rules: [asks('checkout', 'beta')] })),
    findings: ['error dependent-breaks'],
    looks: ['definitions', 'definitions from 50', 'definitions from 100', CHANGE_REQUESTS],
    words: ['`zoo`'],
  },
  {
    name: 'definitions that cannot be listed are a warning and never a claim that something breaks',
    target: WITH_BETA,
    arrange: (stage) =>
      stage.emulator.fault({
        path: /splits\/ws\/[^/]*\/environments/,
        answer: { status: 403, body: { code: 403, message: 'no' } },
      }),
    findings: ['warning dependent-breaks'],
    looks: ['definitions', CHANGE_REQUESTS],
    words: ['Could not be verified'],
  },
  {
    name: 'a parent is taken from the list of definitions where there is one',
    source: { rules: [asks('payments', 'on')] },
    target: WITH_BETA,
    arrange: neighbour('payments', { killed: true, defaultRule: split({ on: 100 }) }),
    findings: ['warning parent-killed'],
    looks: ['definitions', CHANGE_REQUESTS],
  },
];

describe('parents', () => {
  test.each(PARENTS)('$name', expectChecks);
});

describe('cycles', () => {
  test.each(CYCLES)('$name', expectChecks);
});

describe('dependents', () => {
  test.each(DEPENDENTS)('$name', expectChecks);
});

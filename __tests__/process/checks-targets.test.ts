// What the result is, what the write would cost, when it shows, and which way it goes.
import { describe, test } from '@jest/globals';
import { ON_OFF, oneOf, rule, split } from '../../emulator/seed-parts.ts';
import { addEnvironment, MADE_AT } from '../../emulator/world.ts';
import { BASE, CHANGE_REQUESTS, expectChecks, type CheckScenario } from './checks.ts';

const STRUCTURE: readonly CheckScenario[] = [
  {
    name: 'a result that does not hold together stops the run, with all that is wrong',
    source: {
      treatments: [{ name: 'on', keys: ['user-1'] }, { name: 'on' }],
      defaultTreatment: 'gone',
      baselineTreatment: 'gone',
      rules: [rule([oneOf('plan', 'pro')], { on: 50, off: 40 })],
      defaultRule: split({ on: 90 }),
    },
    findings: Array.from({ length: 6 }, () => 'error structure'),
    looks: ['definitions', CHANGE_REQUESTS],
  },
  {
    name: 'a section that names what another section left out takes away stops the run',
    source: {
      treatments: [{ name: 'on' }, { name: 'off' }, { name: 'v2' }],
      rules: [rule([oneOf('plan', 'pro')], { v2: 100 })],
    },
    inputs: { exclude: 'treatments' },
    findings: ['error structure'],
    words: ['rule 1', '`v2`'],
  },
  {
    name: 'the same section with the treatments it names passes',
    source: {
      treatments: [{ name: 'on' }, { name: 'off' }, { name: 'v2' }],
      rules: [rule([oneOf('plan', 'pro')], { v2: 100 })],
    },
  },
  {
    name: 'individual targets without a treatment to stand under stop the run',
    source: { treatments: [...ON_OFF, { name: 'v2', keys: ['user-1', 'user-2'] }] },
    inputs: { exclude: 'treatments' },
    findings: ['error structure'],
    words: ['2 individual targets'],
  },
  {
    name: 'of more than ten findings the error tells ten and the summary all',
    source: { rules: Array.from({ length: 12 }, () => rule([oneOf('plan', 'pro')], { on: 30, off: 40 })) },
    findings: Array.from({ length: 12 }, () => 'error structure'),
    words: ['2 more are in the summary'],
  },
];

const KEYS = ['user-1', 'user-2', 'user-3', 'user-4', 'user-5', 'user-6', 'user-7'];

const TARGETS: readonly CheckScenario[] = [
  {
    name: 'individual targets that get lost are a warning, with their number and the first of them',
    target: {
      treatments: [
        { name: 'on', keys: KEYS },
        { name: 'off', keys: ['user-8'] },
      ],
    },
    findings: ['warning targets-lost', 'warning targets-lost'],
    words: ['7 individual targets', '1 individual target '],
  },
  {
    name: 'individual targets that get lost are not named where targets are hidden',
    target: { treatments: [{ name: 'on', keys: KEYS }, { name: 'off' }] },
    inputs: { 'show-targets': 'false' },
    findings: ['warning targets-lost'],
  },
  {
    name: 'individual targets that move to another treatment are not lost',
    source: { treatments: [{ name: 'on' }, { name: 'off', keys: KEYS }] },
    target: { treatments: [{ name: 'on', keys: KEYS }, { name: 'off' }] },
  },
  {
    name: 'individual targets go with their treatment even where they are not copied',
    target: { treatments: [...ON_OFF, { name: 'v2', keys: ['user-1'] }] },
    inputs: { exclude: 'individual-targets' },
    findings: ['warning targets-lost'],
    looks: ['definitions', CHANGE_REQUESTS],
  },
  {
    name: 'a killed target is a warning',
    target: { killed: true },
    findings: ['warning killed-target'],
    words: ['everyone gets the default treatment `off`', 'when the flag is restored'],
  },
  {
    name: 'a killed target whose default treatment changes is told so, since that acts at once',
    source: { defaultTreatment: 'on' },
    target: { killed: true },
    findings: ['warning killed-target'],
    words: ['changes at once from `off` to `on` for all users'],
  },
  {
    name: 'a live target with another default treatment is no killed one',
    source: { defaultTreatment: 'on' },
  },
];

const TO_PRODUCTION = { 'target-environment': 'Production' };

const HOUR = 3_600_000;

const PRODUCTION: readonly CheckScenario[] = [
  {
    name: 'a source that has seen no traffic is a warning on the way to production',
    source: { lastTrafficReceivedAt: null },
    inputs: TO_PRODUCTION,
    findings: ['warning into-production-from-nowhere'],
    words: ['has seen no traffic.'],
  },
  {
    name: 'a source changed in the last hour is a warning on the way to production',
    source: { lastUpdateTime: Date.now() - HOUR / 2 },
    inputs: TO_PRODUCTION,
    findings: ['warning into-production-from-nowhere'],
    words: ['was changed in the last hour'],
  },
  {
    name: 'a source without traffic that was just changed is told as both in one warning',
    source: { lastUpdateTime: Date.now() - HOUR / 2, lastTrafficReceivedAt: null },
    inputs: TO_PRODUCTION,
    findings: ['warning into-production-from-nowhere'],
    words: ['has seen no traffic and was changed in the last hour'],
  },
  {
    name: 'a source with traffic that was changed two hours ago passes on the way to production',
    source: { lastUpdateTime: Date.now() - 2 * HOUR },
    inputs: TO_PRODUCTION,
  },
  {
    name: 'a source from nowhere is nothing to tell on the way to an environment that is not production',
    source: { lastUpdateTime: Date.now(), lastTrafficReceivedAt: null },
  },
  {
    name: 'a copy from production to an environment that is not is a warning',
    inputs: { 'source-environment': 'Production' },
    target: { defaultRule: split({ on: 100 }) },
    findings: ['warning from-production'],
    words: ['Production is a production environment and QA is not'],
  },
  {
    name: 'a definition in production that is newer than the source is a warning',
    target: { lastUpdateTime: MADE_AT + 2 * HOUR },
    inputs: TO_PRODUCTION,
    findings: ['warning from-production'],
    words: ['2025-06-15 17:06 UTC', '2025-06-15 15:06 UTC'],
  },
  {
    name: 'a definition in production that is older than the source passes',
    source: { lastUpdateTime: MADE_AT + 2 * HOUR },
    target: { lastUpdateTime: MADE_AT },
    inputs: TO_PRODUCTION,
  },
  {
    name: 'a copy from one production environment to another is no step back',
    arrange: (stage) => {
      addEnvironment(stage.workspace(), { name: 'Production EU', production: true });
      stage
        .environment('Production EU')
        .definitions.set('checkout', { ...BASE, name: 'checkout', lastUpdateTime: MADE_AT });
    },
    inputs: { 'source-environment': 'Production', 'target-environment': 'Production EU' },
  },
];

describe('the structure of the result', () => {
  test.each(STRUCTURE)('$name', expectChecks);
});

describe('what the write costs, and when it shows', () => {
  test.each(TARGETS)('$name', expectChecks);
});

describe('production', () => {
  test.each(PRODUCTION)('$name', expectChecks);
});

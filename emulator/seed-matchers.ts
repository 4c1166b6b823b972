// A definition with every kind of condition, individual targets of every kind and dynamic configuration.
import type { JsonObject } from '../src/json.ts';
import { not, rule } from './seed-parts.ts';

const text = (type: string, ...strings: readonly string[]) => ({ type, attribute: 'email', strings });
const tags = (type: string) => ({ type, attribute: 'tags', strings: ['pilot', 'reseller'] });
const seats = (type: string, number: number) => ({ type, attribute: 'seats', number });
const signedUp = (type: string) => ({ type, attribute: 'signedUpAt', date: 1_735_689_600_000 });
const version = (type: string) => ({ type, attribute: 'appVersion', string: '4.2.0-rc.1' });

const some = (...matchers: readonly JsonObject[]) => rule(matchers, { on: 60, off: 40 });

/** Types and values as docs.split.io/reference/matcher documents them; IN_SPLIT in both forms its `depends` is seen in. */
export const everyMatcher = {
  treatments: [
    {
      name: 'on',
      description: 'With configuration',
      keys: ['user-1042', 'acct-contoso'],
      segments: ['employees'],
      largeSegments: ['newsletter_2024'],
      ruleBasedSegments: ['active_this_month'],
      configurations: '{"colour":"green","limits":{"perDay":100}}',
    },
    { name: 'off', description: '', keys: ['user-0007'], configurations: '{"":""}' },
    { name: 'preview', description: 'Unused in rules' },
  ],
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  trafficAllocation: 48,
  rules: [
    some({ type: 'IN_SEGMENT', string: 'employees' }, not({ type: 'IN_SEGMENT', string: 'churn_risk' })),
    some(
      { type: 'IN_SPLIT', depends: { splitName: 'clients', treatments: ['v2', 'v1'] } },
      not({ type: 'IN_SPLIT', depends: { splitName: 'payments_gateway', treatment: 'off' } }),
    ),
    some(
      { type: 'IN_LIST_STRING', strings: ['user-1042', 'user-2210'] },
      text('STARTS_WITH_STRING', 'qa-'),
      not(text('ENDS_WITH_STRING', '@example.com', '@example.org')),
      text('CONTAINS_STRING', '+beta'),
      { type: 'MATCHES_STRING', attribute: 'email', string: '^[a-z]+\\.[a-z]+@' },
    ),
    some(tags('EQUAL_SET'), not(tags('ANY_OF_SET')), tags('ALL_OF_SET'), tags('PART_OF_SET')),
    some(
      { type: 'BOOLEAN', attribute: 'trial', bool: false },
      not({ type: 'BOOLEAN', attribute: 'paid', bool: true }),
    ),
    some(
      seats('EQUAL_NUMBER', 0),
      seats('LESS_THAN_OR_EQUAL_NUMBER', -1),
      not(seats('GREATER_THAN_OR_EQUAL_NUMBER', 25)),
      { type: 'BETWEEN_NUMBER', attribute: 'seats', between: { from: 5, to: 50 } },
    ),
    some(signedUp('ON_DATE'), not(signedUp('ON_OR_AFTER_DATE')), signedUp('ON_OR_BEFORE_DATE'), {
      type: 'BETWEEN_DATE',
      attribute: 'signedUpAt',
      between: { from: 1_704_067_200_000, to: 1_735_689_600_000 },
    }),
    some(
      version('EQUAL_TO_SEMVER'),
      version('GREATER_THAN_OR_EQUAL_TO_SEMVER'),
      not(version('LESS_THAN_OR_EQUAL_TO_SEMVER')),
      { type: 'BETWEEN_SEMVER', attribute: 'appVersion', between: { from: '4.0.0', to: '4.9.9' } },
      { type: 'IN_LIST_SEMVER', attribute: 'appVersion', strings: ['4.1.0', '4.1.1'] },
    ),
    some(
      { type: 'IN_LARGE_SEGMENT', string: 'newsletter_2024' },
      not({ type: 'IN_RULE_BASED_SEGMENT', string: 'active_this_month' }),
    ),
    some({ type: 'ALL_KEYS' }),
  ],
  defaultRule: [
    { treatment: 'on', size: 30 },
    { treatment: 'off', size: 70 },
  ],
};

// Least privilege: the smallest key that plans and that writes, and what one that is smaller still gets.
import { describe, test } from '@jest/globals';
import { addBare, ALL, BOTH, EDITOR, PLAIN, play, VIEWER, type Case } from './keys.ts';

const PLAN = { mode: 'plan' };

const PLANS: readonly Case[] = [
  {
    name: 'by ids, of a flag that names no segment, takes a viewer of flags in both environments',
    grant: [VIEWER, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    status: 'planned',
    golden: true,
  },
  {
    name: 'by ids takes no more where two keys share the environments',
    grant: [VIEWER, 'ENVIRONMENT', 'Staging'],
    sourceGrant: [VIEWER, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    status: 'planned',
  },
  {
    name: 'by a workspace id and names of environments takes the same viewer',
    grant: [VIEWER, 'ENVIRONMENT', ...BOTH],
    naming: 'a workspace id and names of environments',
    inputs: { ...PLAN, ...PLAIN },
    status: 'planned',
  },
  {
    name: 'of a flag that names segments warns a viewer of flags that they could not be verified',
    grant: [VIEWER, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAN,
    status: 'planned',
    unverified: ['segment-missing'],
    golden: true,
  },
  {
    name: 'of a flag that names segments is whole where roles for flags may list them',
    grant: [VIEWER, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAN,
    switches: { flagRolesListSegments: true },
    status: 'planned',
  },
  {
    name: 'of a flag that names segments is whole with every role',
    grant: [ALL, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAN,
    status: 'planned',
  },
  {
    name: 'of a flag that names segments is whole with every role in the target and a viewer of the source',
    grant: [ALL, 'ENVIRONMENT', 'Staging'],
    sourceGrant: [VIEWER, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: PLAN,
    status: 'planned',
  },
  {
    name: 'by ids fails with a viewer of segments',
    grant: ['API_SEGMENT_VIEWER', 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    status: 'failed',
    reason: 'permission',
  },
  {
    name: 'by ids fails with a viewer of the target alone',
    grant: [VIEWER, 'ENVIRONMENT', 'Staging'],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    status: 'failed',
    reason: 'not-found',
    golden: true,
  },
  {
    name: 'by ids fails with a viewer of the target alone where other environments are unauthorized',
    grant: [VIEWER, 'ENVIRONMENT', 'Staging'],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    switches: { outOfScope: 401 },
    status: 'failed',
    reason: 'authentication',
  },
  {
    name: 'by ids fails with a viewer of the source alone, though a missing definition would look the same',
    grant: [VIEWER, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: { ...PLAN, ...PLAIN },
    status: 'failed',
    reason: 'not-found',
    golden: true,
  },
  {
    name: 'by names takes every role in both environments',
    grant: [ALL, 'ENVIRONMENT', ...BOTH],
    naming: 'names',
    inputs: PLAN,
    status: 'planned',
  },
  {
    name: 'by names takes one key that may list: an admin for the target finds the workspace but reads no definition',
    grant: ['API_ADMIN', 'GLOBAL'],
    sourceGrant: [VIEWER, 'GLOBAL'],
    naming: 'names',
    inputs: { ...PLAN, ...PLAIN },
    status: 'failed',
    reason: 'permission',
  },
  {
    name: 'by names fails with a viewer, however wide its scope',
    grant: [VIEWER, 'GLOBAL'],
    naming: 'names',
    inputs: { ...PLAN, ...PLAIN },
    status: 'failed',
    reason: 'not-found',
    golden: true,
  },
];

const APPLIES: readonly Case[] = [
  {
    name: 'by ids takes an editor of flags in both environments',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAIN,
    status: 'applied',
  },
  {
    name: 'by ids takes an editor in the target and a viewer of the source',
    grant: [EDITOR, 'ENVIRONMENT', 'Staging'],
    sourceGrant: [VIEWER, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: { ...PLAIN, 'kill-state': 'copy' },
    status: 'applied',
  },
  {
    name: 'by a workspace id and names of environments takes the same editor',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'a workspace id and names of environments',
    inputs: PLAIN,
    status: 'applied',
    golden: true,
  },
  {
    name: 'of a flag that names segments goes on with a warning',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    status: 'applied',
    unverified: ['segment-missing'],
  },
  {
    name: 'of a new definition takes the same editor',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: { flags: 'new_onboarding', exclude: 'rules' },
    status: 'applied',
    unverified: ['segment-missing'],
  },
  {
    name: 'of a new definition by names of environments takes the same editor',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'a workspace id and names of environments',
    inputs: { flags: 'bare' },
    arrange: addBare,
    status: 'applied',
  },
  {
    name: 'of a new definition under another name warns an editor of environments that the flag could not be verified',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: { ...PLAIN, 'target-flag': 'bare' },
    arrange: addBare,
    status: 'applied',
    unverified: ['flag-missing'],
  },
  {
    name: 'of a new definition under another name is whole with an editor of the workspace',
    grant: [EDITOR, 'WORKSPACE', 'Default'],
    naming: 'ids',
    inputs: { ...PLAIN, 'target-flag': 'bare' },
    arrange: addBare,
    status: 'applied',
  },
  {
    name: 'by names takes every role in both environments',
    grant: [ALL, 'ENVIRONMENT', ...BOTH],
    naming: 'names',
    status: 'applied',
  },
  {
    name: 'by names fails with an editor, however wide its scope',
    grant: [EDITOR, 'GLOBAL'],
    naming: 'names',
    inputs: PLAIN,
    status: 'failed',
    reason: 'not-found',
  },
  {
    name: 'by ids fails with a viewer, and nothing is written',
    grant: [VIEWER, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAIN,
    status: 'failed',
    reason: 'permission',
    golden: true,
  },
  {
    name: 'fails with an editor of the source alone, and nothing is written',
    grant: [EDITOR, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: PLAIN,
    status: 'failed',
    reason: 'not-found',
    golden: true,
  },
];

describe('a plan', () => {
  test.each(PLANS)('$name', play);
});

describe('a run that writes', () => {
  test.each(APPLIES)('$name', play);
});

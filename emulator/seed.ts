// A world that looks like a product team's account: what the demo shows, and what most tests start from.
import { everyMatcher } from './seed-matchers.ts';
import { inSegment, oneOf, ON_OFF, rule, SEGMENTS, split } from './seed-parts.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type World,
} from './world.ts';

/** Production has what Staging tried out two weeks ago; Staging has gone on since. The vendor's own example of a copy. */
const clientsInProduction = {
  treatments: [
    {
      name: 'v2',
      description: 'New client directory',
      keys: ['user-1042', 'user-2210', 'user-3377'],
      segments: ['employees'],
      configurations: '{"pageSize":50,"columns":["name","plan","owner"]}',
    },
    {
      name: 'v1',
      description: 'Client list of 2023',
      keys: ['user-0007'],
      configurations: '{"pageSize":20}',
    },
    { name: 'off', description: '' },
  ],
  defaultTreatment: 'off',
  baselineTreatment: 'v1',
  trafficAllocation: 80,
  rules: [
    rule([inSegment('beta_accounts')], { v2: 100 }),
    rule([oneOf('plan', 'enterprise', 'business')], { v2: 50, v1: 50 }),
    rule(
      [
        oneOf('country', 'DE', 'FR', 'NL'),
        { type: 'GREATER_THAN_OR_EQUAL_NUMBER', attribute: 'seats', number: 25 },
      ],
      { v2: 25, v1: 75 },
    ),
    rule([{ type: 'GREATER_THAN_OR_EQUAL_TO_SEMVER', attribute: 'appVersion', string: '4.2.0' }], {
      v2: 100,
    }),
  ],
  defaultRule: split({ v2: 20, v1: 80 }),
};

const clientsInStaging = {
  treatments: [
    {
      name: 'v2',
      description: 'New client directory',
      keys: ['user-1042', 'qa-automation-1'],
      segments: ['employees'],
      configurations: '{"pageSize":100,"columns":["name","plan","owner"]}',
    },
    { name: 'v1', description: 'Client list of 2023', configurations: '{"pageSize":20}' },
    { name: 'off', description: '' },
  ],
  defaultTreatment: 'off',
  baselineTreatment: 'v1',
  trafficAllocation: 100,
  rules: [
    rule(
      [
        oneOf('country', 'DE', 'FR', 'NL'),
        { type: 'GREATER_THAN_OR_EQUAL_NUMBER', attribute: 'seats', number: 25 },
      ],
      { v2: 25, v1: 75 },
    ),
    rule([inSegment('beta_accounts')], { v2: 100 }),
    rule([oneOf('plan', 'enterprise')], { v2: 50, v1: 50 }),
  ],
  defaultRule: split({ v2: 50, v1: 50 }),
};

export { bigWorld } from './big-world.ts';

function addDefaultWorkspace(world: World): void {
  const workspace = addWorkspace(world, { name: 'Default', trafficTypes: ['user', 'account'] });
  const production = addEnvironment(workspace, { name: 'Production', production: true });
  const others = ['Staging', 'QA', 'Dev'].map((name) => addEnvironment(workspace, { name }));
  for (const environment of [production, ...others]) {
    for (const segment of SEGMENTS) addSegment(workspace, environment, segment);
    addSegment(workspace, environment, {
      name: 'newsletter_2024',
      kind: 'large',
      description: 'Everyone on the list in 2024',
    });
    addSegment(workspace, environment, { name: 'active_this_month', kind: 'rule-based' });
  }
  // The one segment a copy to Staging would miss.
  addSegment(workspace, production, { name: 'partners_emea', keys: ['acct-adatum'] });

  const at = (flag: string, environment: string) => ({ workspace: 'Default', environment, flag });
  addFlag(workspace, {
    name: 'clients',
    description: 'Client directory',
    tags: ['crm'],
    rolloutStatus: 'Ramping',
  });
  setDefinition(world, at('clients', 'Production'), clientsInProduction);
  setDefinition(world, at('clients', 'Staging'), clientsInStaging);
  setDefinition(world, at('clients', 'QA'), {
    ...clientsInProduction,
    rules: clientsInProduction.rules.slice(0, 3),
  });

  addFlag(workspace, {
    name: 'payments_gateway',
    description: 'Which gateway takes cards',
    tags: ['payments'],
  });
  const gateway = { treatments: ON_OFF, defaultTreatment: 'off', baselineTreatment: 'off' };
  setDefinition(world, at('payments_gateway', 'Production'), { ...gateway, defaultRule: split({ on: 100 }) });
  setDefinition(world, at('payments_gateway', 'Staging'), {
    ...gateway,
    killed: true,
    defaultRule: split({ on: 50, off: 50 }),
  });

  addFlag(workspace, {
    name: 'targeting_showcase',
    description: 'One rule for every kind of condition',
    tags: ['internal'],
  });
  setDefinition(world, at('targeting_showcase', 'Production'), everyMatcher);
  setDefinition(world, at('targeting_showcase', 'Staging'), {
    ...everyMatcher,
    rules: everyMatcher.rules.slice(0, 4),
  });

  addFlag(workspace, {
    name: 'new_onboarding',
    description: 'Guided set-up',
    tags: ['growth'],
    rolloutStatus: 'Experimenting',
  });
  setDefinition(world, at('new_onboarding', 'Production'), {
    treatments: ON_OFF,
    defaultTreatment: 'off',
    baselineTreatment: 'off',
    rules: [rule([inSegment('employees')], { on: 100 })],
    defaultRule: split({ on: 10, off: 90 }),
  });

  addFlag(workspace, { name: 'partner_portal', description: 'Portal for resellers', tags: ['crm'] });
  const portal = { treatments: ON_OFF, defaultTreatment: 'off', defaultRule: split({ off: 100 }) };
  setDefinition(world, at('partner_portal', 'Production'), {
    ...portal,
    rules: [rule([inSegment('partners_emea')], { on: 100 })],
  });
  setDefinition(world, at('partner_portal', 'Staging'), portal);

  addFlag(workspace, { name: 'dark_mode', rolloutStatus: '100% Released' });
  for (const environment of ['Production', 'Staging', 'QA', 'Dev']) {
    setDefinition(world, at('dark_mode', environment), {
      treatments: ON_OFF,
      defaultTreatment: 'on',
      defaultRule: split({ on: 100 }),
    });
  }
}

function addMobileWorkspace(world: World): void {
  const workspace = addWorkspace(world, { name: 'Mobile', requiresTitleAndComments: true });
  addEnvironment(workspace, { name: 'Production', production: true, approvalsRequired: true });
  addEnvironment(workspace, { name: 'Staging' });
  addFlag(workspace, { name: 'push_reminders', tags: ['engagement'] });
  const reminders = { treatments: ON_OFF, defaultTreatment: 'off', baselineTreatment: 'off' };
  const at = (environment: string) => ({ workspace: 'Mobile', environment, flag: 'push_reminders' });
  setDefinition(world, at('Staging'), { ...reminders, defaultRule: split({ on: 100 }) });
  setDefinition(world, at('Production'), { ...reminders, defaultRule: split({ on: 5, off: 95 }) });
}

/**
 * Workspace `Default` with Production, Staging, QA and Dev, where `clients` is worth copying from Production
 * to Staging; workspace `Mobile`, which asks for title and comment and whose Production asks for approvals.
 */
export function seededWorld(): World {
  const world = emptyWorld();
  addDefaultWorkspace(world);
  addMobileWorkspace(world);
  return world;
}

import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import type { ItemResult, Status } from '../../src/plan/outcome.ts';
import type { RunReport } from '../../src/report/report.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { headlineOf } from '../../src/report/headline.ts';
import { minimal, onlyItem, place, planOf, production, reportOf, resultOf, staging } from './samples.ts';

const failure = { reason: 'network', message: 'No answer.', help: 'docs/x.md#network' } as const;
const withTargets = (...keys: string[]) => minimal({ treatments: [{ name: 'on', keys }, { name: 'off' }] });

describe('A run that wrote', () => {
  test('says what it updated', () => {
    expect(headlineOf(reportOf())).toBe(
      'Updated clients: Production → Staging; 5 sections changed, removes 14 individual targets, adds 4.',
    );
  });

  test('says what it created, and what was served before', () => {
    expect(headlineOf(reportOf(planOf({ before: undefined }), { ending: { outcome: 'created' } }))).toBe(
      'Created clients: Production → Staging; SDKs in Staging returned control before, 7 sections changed, adds 5 individual targets.',
    );
  });

  test.each([
    [[], ['a'], '1 section changed, adds 1 individual target'],
    [['a'], [], '1 section changed, removes 1 individual target'],
    [['a', 'b'], ['c'], '1 section changed, removes 2 individual targets, adds 1'],
  ])('counts individual targets from %j to %j', (before, after, words) => {
    const plan = planOf({ sourceDefinition: withTargets(...after), before: withTargets(...before) });
    expect(headlineOf(reportOf(plan))).toBe(`Updated clients: Production → Staging; ${words}.`);
  });

  test.each([
    [true, false, 'copy', 'flag killed'],
    [false, true, 'copy', 'flag restored'],
    [true, true, 'keep', '1 section changed, the flag stays killed'],
  ] as const)('names the kill state: from source %s, target %s, %s', (source, target, killState, words) => {
    const trafficAllocation = killState === 'keep' ? 50 : 100;
    const plan = planOf(
      {
        sourceDefinition: minimal({ killed: source, trafficAllocation }),
        before: minimal({ killed: target }),
      },
      { killState },
    );
    expect(headlineOf(reportOf(plan))).toBe(`Updated clients: Production → Staging; ${words}.`);
  });

  test('does not speak of a kill state that was not requested', () => {
    const read = (killed: boolean) => ({
      sourceDefinition: minimal({ killed, trafficAllocation: 5 }),
      before: minimal({ killed: !killed }),
    });
    const headline = (killed: boolean, ending: Partial<ItemResult>) =>
      headlineOf(reportOf(planOf(read(killed), { killState: 'copy' }), { ending }));
    expect(headline(true, {})).toBe('Updated clients: Production → Staging; 1 section changed, flag killed.');
    expect(headline(true, { notRequested: 'kill' })).toBe(
      'Updated clients: Production → Staging; 1 section changed.',
    );
    expect(headline(false, { notRequested: 'restore' })).toBe(
      'Updated clients: Production → Staging; 1 section changed.',
    );
  });

  test('names both flags and both workspaces where they differ', () => {
    const target = place('Staging', { flag: 'clients-v2', workspace: { id: 'm', name: 'Mobile' } });
    const plan = planOf({ sourceDefinition: minimal({ trafficAllocation: 1 }), before: minimal(), target });
    expect(headlineOf(reportOf(plan))).toBe(
      'Updated clients as clients-v2: Default/Production → Mobile/Staging; 1 section changed.',
    );
  });
});

describe('A run that did not write', () => {
  test('says what it would do', () => {
    const ending = { outcome: 'would-update', written: 'no' } as const;
    expect(headlineOf(reportOf(planOf(), { status: 'planned', ending }))).toBe(
      'Would update clients: Production → Staging; 5 sections to change, removes 14 individual targets, adds 4.',
    );
    expect(
      headlineOf(
        reportOf(planOf({ before: undefined }), { status: 'planned', ending: { outcome: 'would-create' } }),
      ),
    ).toBe(
      'Would create clients: Production → Staging; SDKs in Staging return control today, 7 sections to change, adds 5 individual targets.',
    );
    const kill = planOf(
      { sourceDefinition: minimal({ killed: true }), before: minimal() },
      { killState: 'copy' },
    );
    expect(headlineOf(reportOf(kill, { status: 'planned', ending }))).toBe(
      'Would update clients: Production → Staging; flag to kill.',
    );
  });

  test('says what waits for approval', () => {
    const ending = { outcome: 'pending-approval', written: 'no' } as const;
    const small = { sourceDefinition: minimal({ trafficAllocation: 1 }) };
    expect(
      headlineOf(reportOf(planOf({ ...small, before: minimal() }), { status: 'pending-approval', ending })),
    ).toBe('Waiting for approval to update clients: Production → Staging; 1 section to change.');
    expect(
      headlineOf(reportOf(planOf({ ...small, before: undefined }), { status: 'pending-approval', ending })),
    ).toBe(
      'Waiting for approval to create clients: Production → Staging; SDKs in Staging return control today, 5 sections to change.',
    );
  });

  test('says that there is nothing to do, and where that holds', () => {
    const same = { sourceDefinition: staging(), before: staging() };
    const unchanged = { status: 'unchanged', ending: { outcome: 'unchanged', written: 'no' } } as const;
    expect(headlineOf(reportOf(planOf(same), unchanged))).toBe(
      'Nothing to do: clients in Staging already equals Production.',
    );
    expect(headlineOf(reportOf(planOf(same, { sections: SECTIONS.slice(1) }), unchanged))).toBe(
      'Nothing to do: clients in Staging already equals Production in the copied sections.',
    );
    const killed = { ...same, sourceDefinition: { ...staging(), killed: true } };
    expect(headlineOf(reportOf(planOf(killed), unchanged))).toBe(
      'Nothing to do: clients in Staging already equals Production; Staging is live while Production is killed.',
    );
    const { baselineTreatment: _baseline, trafficAllocation: _allocation, ...without } = staging();
    expect(headlineOf(reportOf(planOf({ ...same, sourceDefinition: without }), unchanged))).toBe(
      'Nothing to do: clients in Staging already equals Production; Staging keeps a traffic allocation of its own, Staging keeps a baseline treatment of its own.',
    );
    const target = place('Staging', { flag: 'clients-v2', workspace: { id: 'm', name: 'Mobile' } });
    expect(headlineOf(reportOf(planOf({ ...same, target }), unchanged))).toBe(
      'Nothing to do: clients-v2 in Staging of Mobile already equals clients in Production of Default.',
    );
    expect(headlineOf({ ...reportOf(planOf(same), unchanged), plan: undefined })).toBe(
      'Nothing to do: clients in Staging already equals Production.',
    );
  });

  test('says how many checks failed', () => {
    const broken = minimal({ defaultTreatment: 'gone', defaultRule: [{ treatment: 'off', size: 50 }] });
    const ending = { outcome: 'refused', written: 'no' } as const;
    const [finding] = onlyItem(planOf({ sourceDefinition: broken })).findings;
    if (finding === undefined) throw new Error('There is no finding.');
    const plan = planOf({ sourceDefinition: broken });
    expect(headlineOf(reportOf(plan, { status: 'refused', ending }))).toBe(
      'Refused: clients: Production → Staging; 2 checks failed, nothing was written.',
    );
    const warned = { ...onlyItem(plan), findings: [finding, { ...finding, severity: 'warning' as const }] };
    expect(headlineOf(reportOf(plan, { status: 'refused', results: [resultOf(warned, ending)] }))).toBe(
      'Refused: clients: Production → Staging; 1 check failed, nothing was written.',
    );
  });

  test('counts the checks on the plan as a whole, too', () => {
    const broken = minimal({ defaultTreatment: 'gone' });
    const ending = { outcome: 'refused', written: 'no' } as const;
    const refused = (sourceDefinition: Definition) =>
      reportOf(planOf({ sourceDefinition }, { maxChanges: 0 }), { status: 'refused', ending });
    expect(headlineOf(refused(minimal()))).toBe(
      'Refused: clients: Production → Staging; 1 check failed, nothing was written.',
    );
    expect(headlineOf(refused(broken))).toBe(
      'Refused: clients: Production → Staging; 2 checks failed, nothing was written.',
    );
    expect(headlineOf({ ...refused(broken), plan: undefined })).toBe(
      'Refused: clients: Production → Staging; 1 check failed, nothing was written.',
    );
  });
});

describe('A run that failed', () => {
  const none: Partial<RunReport> = { status: 'failed', failure, results: [] };

  test('works before there is a plan, and before there are inputs', () => {
    expect(headlineOf({ ...reportOf(), ...none, plan: undefined })).toBe(
      'Failed (network): clients: Production → Staging; nothing was written.',
    );
    expect(headlineOf({ ...reportOf(), ...none, plan: undefined, request: undefined })).toBe(
      'Failed (network): nothing was written.',
    );
    expect(headlineOf({ ...reportOf(), ...none, failure: undefined, request: undefined })).toBe(
      'Failed: nothing was written.',
    );
  });

  test.each([
    ['failed', 'no', 'failed', 'Failed (network): clients: Production → Staging; nothing was written.'],
    [
      'failed',
      'no',
      'restored',
      'Failed (network): clients: Production → Staging; what was written has been put back.',
    ],
    [
      'partial',
      'yes',
      'failed',
      'Failed (network) after writing began: clients: Production → Staging; the target was written.',
    ],
    [
      'partial',
      'unknown',
      'failed',
      'Failed (network) after writing began: clients: Production → Staging; the target may have been written.',
    ],
  ] as const)('%s, written %s, %s', (status, written, outcome, headline) => {
    expect(headlineOf(reportOf(planOf(), { status, failure, ending: { written, outcome } }))).toBe(headline);
  });

  test('says what differs where that is the failure', () => {
    const run = reportOf(planOf(), {
      status: 'failed',
      failure: { reason: 'changes-found', message: 'x', help: 'docs/x.md#network' },
      ending: { outcome: 'would-update', written: 'no' },
    });
    expect(headlineOf(run)).toBe(
      'Failed (changes-found): clients: Production → Staging; 5 sections to change, removes 14 individual targets, adds 4; nothing was written.',
    );
  });
});

describe('A run over several items', () => {
  const item = onlyItem(planOf());
  const results = [
    resultOf(item),
    resultOf(item, { outcome: 'not-attempted', written: 'no' }),
    resultOf(item, { outcome: 'not-attempted', written: 'no' }),
  ];

  test.each<[Status, string]>([
    ['applied', 'Applied: 3 items, 1 updated, 2 not attempted.'],
    ['planned', 'Planned: 3 items, 1 updated, 2 not attempted.'],
    ['pending-approval', 'Waiting for approval: 3 items, 1 updated, 2 not attempted.'],
    ['unchanged', 'Nothing to do: 3 items already equal to the source.'],
    ['refused', 'Refused: 3 items, 1 updated, 2 not attempted; 0 checks failed, nothing was written.'],
    ['failed', 'Failed: 3 items, 1 updated, 2 not attempted; nothing was written.'],
    ['partial', 'Failed after writing began: 3 items, 1 updated, 2 not attempted; the target was written.'],
  ])('%s has counts', (status, headline) => {
    expect(headlineOf(reportOf(planOf(), { status, results }))).toBe(headline);
  });

  test('that are none has a headline too', () => {
    expect(headlineOf(reportOf(planOf(), { results: [] }))).toBe('Applied: 0 items.');
    expect(headlineOf(reportOf(planOf(), { status: 'unchanged', results: [] }))).toBe(
      'Nothing to do: 0 items already equal to the source.',
    );
  });
});

test('Long names are abbreviated, and the headline stays below 500 characters', () => {
  const long = (letter: string) => letter.repeat(300);
  const named = (letter: string) => ({ id: letter, name: long(letter) });
  const plan = planOf({
    source: { workspace: named('a'), environment: named('b'), flag: long('c') },
    target: { workspace: named('d'), environment: named('e'), flag: long('f') },
    sourceDefinition: production(),
    before: undefined,
  });
  const headline = headlineOf(
    reportOf(plan, { ending: { outcome: 'would-create' }, status: 'pending-approval' }),
  );
  expect(headline).toContain(`${'c'.repeat(47)}… as ${'f'.repeat(47)}…: ${'a'.repeat(47)}…/`);
  expect(headline.length).toBeLessThan(500);
});

describe('The headline of a rollback', () => {
  const item = onlyItem(planOf());
  const rollback = (results: readonly ItemResult[], members: Partial<RunReport> = {}): string =>
    headlineOf({ ...reportOf(planOf(), { mode: 'rollback', status: 'rolled-back', ...members }), results });
  const done = resultOf(item, { outcome: 'restored', written: 'yes' });

  test('names flag and environment, and what changed', () => {
    expect(rollback([done])).toMatch(
      /^Rolled back clients in Staging; 5 sections changed, removes 14 individual targets/u,
    );
  });

  test('says that a definition is removed', () => {
    const removed = resultOf({ ...item, removes: true }, { outcome: 'restored', written: 'yes' });

    expect(rollback([removed])).toBe('Rolled back clients in Staging; its definition removed.');
    expect(
      rollback([{ ...removed, outcome: 'pending-approval', written: 'no' }], { status: 'pending-approval' }),
    ).toContain('its definition to be removed');
  });

  test('counts several', () => {
    expect(rollback([done, done])).toBe('Rolled back: 2 items, 2 restored.');
    expect(rollback([])).toBe('Rolled back: 0 items.');
  });

  test('says that there is nothing to undo', () => {
    expect(rollback([], { status: 'unchanged' })).toBe('Nothing to do: nothing of that run is left to undo.');
  });

  test('names what failed', () => {
    const failure = { reason: 'permission', message: 'No.', help: 'x' } as const;

    expect(rollback([{ ...done, outcome: 'failed', written: 'no' }], { status: 'failed', failure })).toBe(
      'Failed (permission): clients in Staging; nothing was written.',
    );
  });
});

// The plan file's content, written out once.
import { expect, test } from '@jest/globals';
import { parseJson, toJson } from '../../src/json.ts';
import { PLAN_FILE_VERSION, planFilePieces, type Progress } from '../../src/plan/plan-file.ts';
import type { Item, Plan } from '../../src/plan/plan.ts';
import { definition, json, treatment } from '../definition/samples.ts';
import { place, planFor, reading, wish } from './samples.ts';

const fileOf = (plan: Plan, progress: ReadonlyMap<Item, Progress> = new Map()) => {
  const run = { apiUrl: 'https://api.example.com', runUrl: 'https://github.example.com/run/1' };
  return parseJson([...planFilePieces({ version: '1.2.3', mode: 'apply', plan, ...run }, progress)].join(''));
};

const AT_STAGING = {
  workspace: { id: 'w1', name: 'Default' },
  environment: { id: 'staging', name: 'Staging' },
  flag: 'clients',
};

const AT_PRODUCTION = { ...AT_STAGING, environment: { id: 'production', name: 'Production' } };

test('it says what was read, what is meant, and how far each item got', () => {
  const sourceDefinition = definition({ defaultTreatment: 'on', killed: true });
  const plan = planFor([reading({ sourceDefinition })], wish({ killState: 'copy' }));
  const [item] = plan.items;
  const readBack = definition({ defaultTreatment: 'on', id: 'new' });
  const progress: Progress = { state: 'confirmed', outcome: 'updated', written: 'yes', readBack };

  expect(fileOf(plan, new Map(item ? [[item, progress]] : []))).toEqual({
    format: 1,
    tool: 'promote-split-flags 1.2.3',
    mode: 'apply',
    apiUrl: 'https://api.example.com',
    runUrl: 'https://github.example.com/run/1',
    fingerprint: plan.fingerprint,
    copied: wish().sections,
    killState: 'copy',
    findings: [],
    items: [
      {
        source: AT_STAGING,
        target: AT_PRODUCTION,
        changed: ['default-treatment', 'kill-state'],
        killChange: 'kill',
        findings: [],
        progress: {
          ...{ state: 'confirmed', outcome: 'updated', written: 'yes', readBack },
          changeRequestId: null,
        },
        sourceDefinition,
        before: definition(),
        result: { ...definition(), defaultTreatment: 'on', killed: true, rules: [] },
      },
    ],
  });
  expect(PLAN_FILE_VERSION).toBe(1);
});

test('it says null for what is not there: a definition, a kill change, an outcome', () => {
  const plan = planFor(
    [reading({ before: undefined, source: place('Dev') })],
    wish({ createMissing: false, sections: ['rules'] }),
  );

  expect(fileOf(plan)).toMatchObject({
    copied: ['rules'],
    items: [
      {
        source: { environment: { id: 'dev', name: 'Dev' } },
        killChange: null,
        before: null,
        findings: [
          {
            code: 'definition-missing',
            severity: 'error',
            place: 'target',
            message: expect.any(String),
            fix: expect.any(String),
          },
        ],
        progress: { state: 'planned', outcome: null, written: null, changeRequestId: null, readBack: null },
      },
    ],
  });
});

test("it keeps each item's own progress, in the order of the plan", () => {
  const plan = planFor([reading(), reading({ target: place('Canary') })], wish());
  const [, second] = plan.items;

  expect(fileOf(plan, new Map(second ? [[second, { state: 'started' } as const]] : []))).toMatchObject({
    items: [
      { target: AT_PRODUCTION, progress: { state: 'planned' } },
      { target: { environment: { name: 'Canary' } }, progress: { state: 'started' } },
    ],
  });
});

test('it names the change request that asks for an item', () => {
  const plan = planFor([reading()]);
  const [item] = plan.items;
  const progress: Progress = { state: 'requested', outcome: 'pending-approval', changeRequestId: 'cr-1' };

  expect(fileOf(plan, new Map(item ? [[item, progress]] : []))).toMatchObject({
    items: [{ progress: { ...progress, written: null, readBack: null } }],
  });
});

test('it has the findings on the plan as a whole, and on each item with the targets they name', () => {
  const before = definition({ treatments: [treatment('on', { keys: ['ada'] }), treatment('off')] });
  const plan = planFor([reading({ before })], wish({ maxChanges: 0 }));

  expect(fileOf(plan)).toMatchObject({
    findings: [{ code: 'too-many-changes', severity: 'error', place: 'plan' }],
    items: [{ findings: [{ code: 'targets-lost', place: 'treatment `on`', targets: ['ada'] }] }],
  });
});

test('its text has every definition as a JSON value, numbers to the byte', () => {
  const before = definition({ trafficAllocation: json('50.0'), xbig: json('9007199254740993') });
  const text = toJson(fileOf(planFor([reading({ before })], wish())));

  expect(text).toContain(`"before":${toJson(before)}`);
  expect(text).toContain('"trafficAllocation":50.0,"xbig":9007199254740993');
});

// The plan: one item a reading, with its result, what changes, and what the checks found.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SECTIONS } from '../../src/definition/sections.ts';
import { fingerprintOf } from '../../src/plan/fingerprint.ts';
import type { Definition } from '../../src/definition/definition.ts';
import { draftOf, makePlan, type Reading, type Wish } from '../../src/plan/make-plan.ts';
import { differs, isPlanRefused, isRefused, type Draft, type Plan } from '../../src/plan/plan.ts';
import { NO_SURROUNDINGS, type Surroundings } from '../../src/plan/surroundings.ts';
import {
  definition as anyDefinition,
  definitionPair,
  respelledDefinition,
} from '../definition/arbitrary-meaning.ts';
import { buckets, definition, inList, inSegment, inSplit, rule, treatment } from '../definition/samples.ts';
import { NOW, UNKNOWN, changeRequest, itemOf, neighbours, place, planFor, reading, wish } from './samples.ts';

describe('an item', () => {
  test('carries what was read, what is meant, what changes and how', () => {
    const sourceDefinition = definition({ rules: [rule(inList('plan', 'pro'))], defaultTreatment: 'on' });
    const before = definition({ flagSets: [1] });
    const read = reading({ sourceDefinition, before });

    expect(planFor([read], wish()).items).toEqual([
      {
        ...read,
        result: { ...before, killed: false, defaultTreatment: 'on', rules: [rule(inList('plan', 'pro'))] },
        largestShift: 100,
        mostMoved: expect.objectContaining({ moved: 10_000 }),
        reshuffle: false,
        killChange: undefined,
        changed: ['default-treatment', 'rules'],
        differences: [
          { kind: 'value-changed', section: 'default-treatment', before: 'off', after: 'on' },
          { kind: 'rule-added', at: 0, rule: rule(inList('plan', 'pro')) },
        ],
        openRequest: undefined,
        findings: [],
      },
    ]);
  });

  test('that changes nothing does not differ', () => {
    expect(differs(itemOf(definition(), definition({ rules: [], killed: false })))).toBe(false);
    expect(differs(itemOf(definition({ defaultTreatment: 'on' }), definition()))).toBe(true);
  });

  test('copies the sections that are wanted only', () => {
    const source = definition({ defaultTreatment: 'on', defaultRule: buckets({ on: 100 }) });

    expect(itemOf(source, definition(), { sections: ['default-rule'] }).changed).toEqual(['default-rule']);
  });

  test("without a definition before creates one under the target flag's name", () => {
    const read = reading({ before: undefined, target: place('Production', { flag: 'other' }) });
    const [item] = planFor([read], wish()).items;

    expect(item).toMatchObject({
      before: undefined,
      result: { name: 'other', killed: false },
      killChange: undefined,
    });
    expect(item?.changed).toEqual(['treatments', 'default-treatment', 'default-rule']);
  });

  test('is refused when a check finds an error', () => {
    const unsound = itemOf(
      definition({ treatments: [treatment('off'), treatment('off')] }),
      definition({ treatments: [treatment('off')] }),
    );

    expect(unsound.findings).toMatchObject([{ code: 'structure' }]);
    expect(isRefused(unsound)).toBe(true);
    expect(isRefused(itemOf(definition(), definition()))).toBe(false);
  });

  test('is not refused for a warning', () => {
    const warned = itemOf(definition({ defaultTreatment: 'on' }), definition({ killed: true }));

    expect(warned.findings).toMatchObject([{ code: 'killed-target', severity: 'warning' }]);
    expect(isRefused(warned)).toBe(false);
  });

  test('that changes nothing is found to be unsound, and nothing else', () => {
    const unsound = definition({
      treatments: [treatment('off')],
      rules: [rule(inSegment('qa'), { off: 100 })],
    });
    const around = new Map([
      ['production', { ...NO_SURROUNDINGS, changeRequests: { known: [changeRequest()] } }],
    ]);
    const plan = (before: Definition) =>
      planFor([reading({ sourceDefinition: unsound, before })], wish(), { around }).items[0];

    expect(plan(unsound)).toMatchObject({ findings: [{ code: 'structure' }], openRequest: undefined });
    expect(plan(definition())?.findings.map(({ code }) => code)).toEqual([
      'change-pending',
      'structure',
      'segment-missing',
      'dependent-breaks',
    ]);
  });

  test('is checked against the environment, and the wishes, of the run', () => {
    const read = reading({ before: undefined, target: place('Live') });

    expect(planFor([read], wish({ createMissing: false })).items[0]?.findings).toMatchObject([
      {
        code: 'definition-missing',
        message: 'The flag has no definition in Live, and `create-missing` is `false`.',
      },
    ]);
    expect(planFor([read], wish()).items[0]?.findings).toEqual([]);
  });

  test('is checked for targets that its sections leave without a treatment', () => {
    const source = definition({
      treatments: [treatment('on', { keys: ['b'] }), treatment('off'), treatment('beta', { keys: ['a'] })],
    });

    expect(itemOf(source, definition(), { sections: ['individual-targets'] }).findings).toMatchObject([
      { code: 'structure', place: 'individual targets' },
    ]);
    expect(itemOf(source, definition(), { sections: ['treatments', 'individual-targets'] }).findings).toEqual(
      [],
    );
  });
});

describe('what an item is checked against', () => {
  const sourceDefinition = definition({ rules: [rule(inSplit('parent', 'on'))] });
  const read = (members: Partial<Reading> = {}) => reading({ sourceDefinition, ...members });
  const codesOf = (plan: Plan) => plan.items.map(({ findings }) => findings.map(({ code }) => code));

  test('is its own target environment', () => {
    const around = new Map([
      ['production', { ...NO_SURROUNDINGS, neighbours: neighbours({ parent: undefined }) }],
      ['canary', { ...NO_SURROUNDINGS, neighbours: neighbours({ parent: definition() }) }],
    ]);
    const plan = planFor([read(), read({ target: place('Canary') })], wish(), { around });

    expect(codesOf(plan)).toEqual([['parent-missing'], []]);
  });

  test('is what this run means to have there, and not elsewhere', () => {
    const parent = { flag: 'parent' };
    const created = (environment: string) =>
      reading({ source: place('Staging', parent), target: place(environment, parent), before: undefined });

    expect(codesOf(planFor([read(), created('Production')]))).toEqual([[], []]);
    expect(planFor([read(), created('Canary')]).items[0]?.findings).toMatchObject([
      { code: 'parent-missing', severity: 'warning' },
    ]);
  });

  test('is the time of the run', () => {
    const target = place('Production', { environment: { id: 'p', name: 'Production', production: true } });
    const changed = definition({ lastTrafficReceivedAt: 1, lastUpdateTime: NOW, defaultTreatment: 'on' });
    const plan = (now: number) => planFor([reading({ sourceDefinition: changed, target })], wish(), { now });

    expect(codesOf(plan(NOW))).toEqual([['into-production-from-nowhere']]);
    expect(codesOf(plan(NOW + 3_600_000))).toEqual([[]]);
  });

  test('weighs what the user wants it to', () => {
    const target = place('Production');
    const before = definition({ killed: true });
    const around = new Map([
      ['production', { ...NO_SURROUNDINGS, neighbours: neighbours({ parent: undefined }) }],
    ]);
    const severities = (wanted: Partial<Wish>) =>
      planFor([read({ target, before })], wish(wanted), { around }).items[0]?.findings.map(
        ({ code, severity }) => `${code} ${severity}`,
      );

    expect(severities({})).toEqual(['parent-missing error', 'killed-target warning']);
    expect(severities({ ignoreChecks: ['parent-missing'], failOn: ['killed-target'] })).toEqual([
      'parent-missing warning',
      'killed-target error',
    ]);
  });
});

describe('an open change request', () => {
  const sourceDefinition = definition({ defaultTreatment: 'on' });
  const { result } = itemOf(sourceDefinition, definition());
  const ours = changeRequest({ id: 'ours', proposal: result });
  const other = changeRequest({ id: 'other', proposal: definition() });
  const planned = (changeRequests: Surroundings['changeRequests'], wanted: Partial<Wish> = {}) =>
    planFor([reading({ sourceDefinition })], wish(wanted), {
      around: new Map([['production', { ...NO_SURROUNDINGS, changeRequests }]]),
    }).items[0];

  test('that asks for exactly this result is ours, and no finding', () => {
    expect(planned({ known: [other, ours] })).toMatchObject({
      openRequest: ours,
      findings: [{ code: 'change-pending', message: expect.stringContaining('`other`') }],
    });
    expect(planned({ known: [ours] })?.findings).toEqual([]);
  });

  test('that asks for something else is a finding', () => {
    expect(planned({ known: [other] })).toMatchObject({
      openRequest: undefined,
      findings: [{ code: 'change-pending' }],
    });
  });

  test('is never ours where change requests are not the way to write', () => {
    expect(planned({ known: [ours] }, { onApprovalRequired: 'fail' })).toMatchObject({
      openRequest: undefined,
      findings: [{ code: 'change-pending', severity: 'error' }],
    });
  });

  test('is none where they could not be read', () => {
    expect(planned(UNKNOWN)).toMatchObject({
      openRequest: undefined,
      findings: [{ code: 'change-pending', severity: 'warning' }],
    });
  });
});

describe('a change of kill state', () => {
  test.each([
    ['keep', true, false, undefined],
    ['keep', false, true, undefined],
    ['copy', true, false, 'kill'],
    ['copy', false, true, 'restore'],
    ['copy', true, true, undefined],
    ['copy', false, false, undefined],
    ['copy', true, null, 'kill'],
    ['copy', null, false, undefined],
    ['copy', null, true, 'restore'],
  ] as const)('with %s: source %s, target %s is %s', (killState, from, to, killChange) => {
    const item = itemOf(definition({ killed: from }), definition({ killed: to }), { killState });

    expect(item.killChange).toBe(killChange);
    expect(item.changed).toEqual(killChange ? ['kill-state'] : []);
  });

  test("of a new definition is a kill only where the source's state is wanted", () => {
    expect(itemOf(definition({ killed: true }), undefined, { killState: 'copy' }).killChange).toBe('kill');
    expect(itemOf(definition({ killed: true }), undefined).killChange).toBeUndefined();
  });

  test('comes after the sections', () => {
    const item = itemOf(definition({ killed: true, defaultTreatment: 'on' }), definition(), {
      killState: 'copy',
    });

    expect(item.changed).toEqual(['default-treatment', 'kill-state']);
  });
});

describe('a plan', () => {
  test('has one item a reading, in their order, the copied sections and a fingerprint', () => {
    const [first, second] = [reading(), reading({ target: place('Canary') })];
    const plan = planFor([first, second], wish({ sections: ['rules'] }));

    expect(plan.items.map(({ target }) => target)).toEqual([first.target, second.target]);
    expect(plan.copied).toEqual(['rules']);
    expect(plan.fingerprint).toBe(fingerprintOf(plan.items));
  });

  test('with more changes than the user expects is refused as a whole, but not where it writes nothing', () => {
    const readings = [
      reading({ before: undefined }),
      reading({ target: place('Canary'), before: undefined }),
    ];
    const findingsOf = (wanted: Partial<Wish>) =>
      planFor(readings, wish({ maxChanges: 1, ...wanted })).findings;

    expect(findingsOf({})).toMatchObject([{ code: 'too-many-changes', severity: 'error' }]);
    expect(findingsOf({ maxChanges: 2 })).toEqual([]);
    expect(findingsOf({ mode: 'plan' })).toMatchObject([{ severity: 'warning' }]);
    expect(findingsOf({ mode: 'plan', failOn: ['too-many-changes'] })).toMatchObject([{ severity: 'error' }]);
    expect(findingsOf({ ignoreChecks: ['too-many-changes'] })).toMatchObject([{ severity: 'warning' }]);
  });

  test('is refused for one of its items, or as a whole', () => {
    const sound = planFor([reading()]);
    const refused = planFor([reading(), reading({ before: undefined })], wish({ createMissing: false }));

    expect(isPlanRefused(sound)).toBe(false);
    expect(isPlanRefused(refused)).toBe(true);
    expect(isPlanRefused(planFor([reading({ before: undefined })], wish({ maxChanges: 0 })))).toBe(true);
    expect(
      isPlanRefused(planFor([reading({ before: undefined })], wish({ maxChanges: 0, mode: 'plan' }))),
    ).toBe(false);
  });

  test('of nothing is empty', () => {
    expect(planFor([], wish()).items).toEqual([]);
  });

  test('of equal definitions changes nothing', () => {
    fc.assert(
      fc.property(
        anyDefinition(),
        fc.subarray([...SECTIONS]),
        fc.constantFrom('keep', 'copy'),
        (value, sections, killState) => {
          const [item] = planFor(
            [reading({ sourceDefinition: respelledDefinition(value), before: value })],
            wish({ sections, killState }),
          ).items;

          expect(item?.changed).toEqual([]);
          expect(item?.differences).toEqual([]);
        },
      ),
    );
  });

  test('names as changed only what it copies, and what goes with it', () => {
    fc.assert(
      fc.property(definitionPair(), fc.subarray([...SECTIONS]), ([from, to], sections) => {
        // Targets of a lost treatment go with it.
        const allowed = [...sections, ...(sections.includes('treatments') ? ['individual-targets'] : [])];

        expect(itemOf(from, to, { sections }).changed.filter((part) => !allowed.includes(part))).toEqual([]);
      }),
    );
  });
});

describe('a plan to undo something', () => {
  const read = reading({ sourceDefinition: definition({ trafficAllocation: 5 }) });

  test('may change as much as it has to', () => {
    expect(planFor([read], wish({ mode: 'rollback', maxChanges: 0 })).findings).toEqual([]);
    expect(planFor([read], wish({ maxChanges: 0 })).findings).toHaveLength(1);
  });

  test('has another fingerprint where a definition is removed, and that of an approved plan where there is one', () => {
    const draft = draftOf(read, wish());
    const made = (drafts: readonly Draft[], fingerprint?: string) =>
      makePlan(drafts, wish(), { around: new Map(), now: NOW, fingerprint }).fingerprint;

    expect(made([{ ...draft, removes: true }])).not.toBe(made([draft]));
    expect(made([draft], 'approved')).toBe('approved');
  });
});

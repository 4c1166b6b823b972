// The plan: one item a reading, with its result, what changes, and what the checks found.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SECTIONS } from '../../src/definition/sections.ts';
import { fingerprintOf } from '../../src/plan/fingerprint.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { differs, isRefused } from '../../src/plan/plan.ts';
import {
  definition as anyDefinition,
  definitionPair,
  respelledDefinition,
} from '../definition/arbitrary-meaning.ts';
import { buckets, definition, inList, rule, treatment } from '../definition/samples.ts';
import { itemOf, place, reading, wish } from './samples.ts';

describe('an item', () => {
  test('carries what was read, what is meant, what changes and how', () => {
    const sourceDefinition = definition({ rules: [rule(inList('plan', 'pro'))], defaultTreatment: 'on' });
    const before = definition({ flagSets: [1] });
    const read = reading({ sourceDefinition, before });

    expect(makePlan([read], wish()).items).toEqual([
      {
        ...read,
        result: { ...before, killed: false, defaultTreatment: 'on', rules: [rule(inList('plan', 'pro'))] },
        killChange: undefined,
        changed: ['default-treatment', 'rules'],
        differences: [
          { kind: 'value-changed', section: 'default-treatment', before: 'off', after: 'on' },
          { kind: 'rule-added', at: 0, rule: rule(inList('plan', 'pro')) },
        ],
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
    const [item] = makePlan([read], wish()).items;

    expect(item).toMatchObject({
      before: undefined,
      result: { name: 'other', killed: false },
      killChange: undefined,
    });
    expect(item?.changed).toEqual(['treatments', 'default-treatment', 'default-rule']);
  });

  test('is refused when a check finds an error', () => {
    const unsound = itemOf(definition({ treatments: [treatment('off')] }), definition());

    expect(unsound.findings).toMatchObject([{ code: 'structure' }]);
    expect(isRefused(unsound)).toBe(true);
    expect(isRefused(itemOf(definition(), definition()))).toBe(false);
  });

  test('is not refused for a warning', () => {
    const [finding] = itemOf(definition({ treatments: [treatment('off')] }), definition()).findings;
    const item = itemOf(definition(), definition());

    expect(finding).toBeDefined();
    expect(isRefused({ ...item, findings: finding ? [{ ...finding, severity: 'warning' }] : [] })).toBe(
      false,
    );
    expect(
      isRefused({ ...item, findings: finding ? [{ ...finding, severity: 'warning' }, finding] : [] }),
    ).toBe(true);
  });

  test('is checked against the environment, and the wishes, of the run', () => {
    const read = reading({ before: undefined, target: place('Live') });

    expect(makePlan([read], wish({ createMissing: false })).items[0]?.findings).toMatchObject([
      {
        code: 'definition-missing',
        message: 'The flag has no definition in Live, and `create-missing` is `false`.',
      },
    ]);
    expect(makePlan([read], wish()).items[0]?.findings).toEqual([]);
  });

  test('is checked for targets that its sections leave without a treatment', () => {
    const source = definition({
      treatments: [treatment('on'), treatment('off'), treatment('beta', { keys: ['a'] })],
    });

    expect(itemOf(source, definition(), { sections: ['individual-targets'] }).findings).toHaveLength(1);
    expect(itemOf(source, definition(), { sections: ['treatments', 'individual-targets'] }).findings).toEqual(
      [],
    );
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
    const plan = makePlan([first, second], wish({ sections: ['rules'] }));

    expect(plan.items.map(({ target }) => target)).toEqual([first.target, second.target]);
    expect(plan.copied).toEqual(['rules']);
    expect(plan.fingerprint).toBe(fingerprintOf(plan.items));
  });

  test('of nothing is empty', () => {
    expect(makePlan([], wish()).items).toEqual([]);
  });

  test('of equal definitions changes nothing', () => {
    fc.assert(
      fc.property(
        anyDefinition(),
        fc.subarray([...SECTIONS]),
        fc.constantFrom('keep', 'copy'),
        (value, sections, killState) => {
          const [item] = makePlan(
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

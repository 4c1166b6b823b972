// What a read-back says about a write: taken, not taken, or something else moved.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import { SECTIONS, type Section } from '../../src/definition/sections.ts';
import { toJson, type Json, type JsonObject } from '../../src/json.ts';
import type { Item } from '../../src/plan/plan.ts';
import { isSame, verify } from '../../src/plan/verification.ts';
import { definition as anyDefinition, respelledDefinition } from '../definition/arbitrary-meaning.ts';
import {
  buckets,
  definition,
  inList,
  json,
  matcher,
  rule,
  treatment,
  without,
} from '../definition/samples.ts';
import { itemOf } from './samples.ts';

const source = definition({
  treatments: [treatment('on', { keys: ['a'] }), treatment('off')],
  defaultTreatment: 'on',
  baselineTreatment: 'on',
  trafficAllocation: 100,
  rules: [rule(inList('plan', 'pro'))],
  defaultRule: buckets({ on: 100 }),
});
const before = definition({ id: 'i', name: 'clients', trafficAllocation: 50, flagSets: [{ id: 'fs' }] });

/** The verification of what was found after the write of `item`, all sections copied and the target live. */
const verified = (
  found: Definition,
  {
    item = itemOf(source, before),
    copied = SECTIONS,
    killed = false,
  }: { item?: Item; copied?: readonly Section[]; killed?: boolean } = {},
) => verify(found, { item, copied, killed });

/** What the write meant, with some members otherwise. */
const found = (members: JsonObject = {}): Definition =>
  definition({ ...itemOf(source, before).result, ...members });

const clean = {
  ...{ asMeant: true, killStateDiffers: false, differing: [], residual: [] },
  ...{ elsewhere: [], warnings: [] },
};

describe('a write that took', () => {
  test('is as meant', () => {
    expect(verified(found())).toEqual(clean);
  });

  test('is as meant where no rules were meant and the server shows none at all', () => {
    const item = itemOf(definition({ rules: null }), before);

    expect(verified(parseDefinition(without(item.result, 'rules')), { item })).toMatchObject({
      asMeant: true,
      elsewhere: [],
      warnings: [],
    });
  });

  test('is as meant in another spelling, with another id and other times', () => {
    expect(
      verified(
        found({
          id: 'j',
          lastUpdateTime: 5,
          changeNumber: 6,
          openChangeRequestId: 'c',
          rules: respelledDefinition(source).rules ?? [],
        }),
      ),
    ).toMatchObject({ asMeant: true, differing: [], residual: [] });
  });

  test.each<[string, JsonObject]>([
    ['environment', { environment: { id: 'e' } }],
    ['trafficType', { trafficType: { id: 't' } }],
    ['name', { name: 'other' }],
    ['lastTrafficReceivedAt', { lastTrafficReceivedAt: 1 }],
  ])('is no matter of %s', (_member, members) => {
    expect(verified(found(members))).toEqual(clean);
  });

  test('is as meant when it is what was meant, whatever that is', () => {
    fc.assert(
      fc.property(anyDefinition(), anyDefinition(), (from, to) => {
        const item = itemOf(from, to);

        expect(
          verify(parseDefinition(json(toJson(item.result))), {
            item,
            copied: SECTIONS,
            killed: item.result.killed === true,
          }),
        ).toEqual(clean);
      }),
    );
  });
});

describe('a difference in a copied section', () => {
  test.each<[Section, JsonObject]>([
    ['treatments', { treatments: [treatment('off'), treatment('on', { keys: ['a'] })] }],
    ['treatments', { treatments: [treatment('on', { keys: ['a'] }), treatment('off'), treatment('new')] }],
    ['treatments', { treatments: [treatment('on', { keys: ['a'] })] }],
    ['treatments', { treatments: [treatment('on', { keys: ['a'], description: 'x' }), treatment('off')] }],
    [
      'treatments',
      { treatments: [treatment('on', { keys: ['a'], configurations: '{}' }), treatment('off')] },
    ],
    ['individual-targets', { treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off')] }],
    [
      'individual-targets',
      { treatments: [treatment('on', { keys: ['a'], segments: ['b'] }), treatment('off')] },
    ],
    [
      'individual-targets',
      { treatments: [treatment('on', { keys: ['a'], largeSegments: ['b'] }), treatment('off')] },
    ],
    [
      'individual-targets',
      { treatments: [treatment('on', { keys: ['a'], ruleBasedSegments: ['b'] }), treatment('off')] },
    ],
    ['default-treatment', { defaultTreatment: 'off' }],
    ['baseline-treatment', { baselineTreatment: null }],
    ['traffic-allocation', { trafficAllocation: 50 }],
    ['rules', { rules: [] }],
    ['rules', { rules: [rule(inList('plan', 'pro')), rule(inList('plan', 'x'))] }],
    ['rules', { rules: [rule(inList('plan', 'pro'), { off: 100 })] }],
    ['default-rule', { defaultRule: buckets({ off: 100 }) }],
  ])('in %s refutes the write (%#)', (section, members) => {
    const verification = verified(found(members));

    expect(verification).toMatchObject({
      asMeant: false,
      killStateDiffers: false,
      differing: [section],
      elsewhere: [],
      warnings: [],
    });
    expect(verification.residual).toHaveLength(1);
  });

  test('is told from what is there to what was meant', () => {
    expect(verified(found({ trafficAllocation: 50, rules: [] })).residual).toEqual([
      { kind: 'value-changed', section: 'traffic-allocation', before: 50, after: 100 },
      { kind: 'rule-added', at: 0, rule: rule(inList('plan', 'pro')) },
    ]);
  });

  test('of rules that changed their place refutes the write', () => {
    const item = itemOf(definition({ rules: [rule(inList('a', 'b')), rule(inList('c', 'd'))] }), before);
    const swapped = definition({ ...item.result, rules: item.result.rules?.toReversed() ?? [] });

    expect(verified(swapped, { item })).toMatchObject({ asMeant: false, residual: [{ kind: 'rule-moved' }] });
  });

  test.each<[string, JsonObject]>([
    ['negate', { negate: true }],
    ['attribute', { attribute: 'plan' }],
    ['string', { string: 'x' }],
    ['strings', { strings: ['x'] }],
    ['bool', { bool: false }],
    ['number', { number: 1 }],
    ['date', { date: 1 }],
    ['between', { between: { from: 1, to: 2 } }],
    ['depends', { depends: { splitName: 'f', treatments: ['on'] } }],
  ])("by a documented member %s that nobody wrote is no addition of the server's", (_member, members) => {
    const item = itemOf(definition({ rules: [rule(matcher('X'))] }), definition());

    expect(
      verified(definition({ ...item.result, rules: [rule(matcher('X', members))] }), { item }),
    ).toMatchObject({ asMeant: false, differing: ['rules'] });
  });

  test('by another combiner is one', () => {
    const item = itemOf(definition({ rules: [{ ...rule([]), condition: { matchers: [] } }] }), definition());
    const combined = definition({
      ...item.result,
      rules: [{ ...rule([]), condition: { combiner: 'OR', matchers: [] } }],
    });

    expect(verified(combined, { item }).asMeant).toBe(false);
  });
});

describe('members the server added', () => {
  const RULE = rule(inList('plan', 'pro'), { on: 100 }, { xid: 7 });

  test.each<[string, JsonObject, string]>([
    ['to the definition', { impressionsDisabled: true }, 'impressionsDisabled'],
    ['to a rule', { rules: [RULE] }, 'xid'],
    [
      'to a condition',
      {
        rules: [{ ...rule([]), condition: { ...rule(inList('plan', 'pro')).condition, xdeep: {} } }].map(
          (changed) => ({ ...changed, buckets: buckets({ on: 100 }) }),
        ),
      },
      'xdeep',
    ],
    ['to a matcher', { rules: [rule({ ...inList('plan', 'pro'), xm: 0 })] }, 'xm'],
    ['to a bucket', { defaultRule: [{ treatment: 'on', size: 100, xb: [1] }] }, 'xb'],
    ['to a treatment', { treatments: [treatment('on', { keys: ['a'], xt: 1 }), treatment('off')] }, 'xt'],
  ])('%s are a warning', (_where, members, name) => {
    expect(verified(found(members))).toEqual({
      ...clean,
      warnings: [`The server added members: \`${name}\`.`],
    });
  });

  test('are each named once, in one warning', () => {
    const members = {
      rules: [{ ...RULE, xb: { xc: 1 } }],
      defaultRule: [{ treatment: 'on', size: 100, xid: 1 }],
      xtop: 1,
      ytop: 2,
    };

    expect(verified(found(members)).warnings).toEqual([
      'The server added members: `xid`, `xb`, `xtop`, `ytop`.',
    ]);
  });

  test('do not hide a difference beside them', () => {
    const verification = verified(found({ rules: [RULE], defaultTreatment: 'off' }));

    expect(verification).toMatchObject({
      asMeant: false,
      differing: ['default-treatment'],
      warnings: ['The server added members: `xid`.'],
    });
  });

  test('that mean nothing at the top are none', () => {
    expect(verified(found({ xtop: null, ytop: [] }))).toEqual(clean);
  });

  test('that are undefined are none', () => {
    expect(verified(found({ rules: [{ ...RULE, xid: undefined }] }))).toEqual(clean);
  });

  test('which the definition had before are kept ones: the write did not take', () => {
    const old = definition({ rules: [RULE] });
    const item = itemOf(source, old);

    expect(verified(definition({ ...item.result, rules: [RULE] }), { item })).toMatchObject({
      asMeant: false,
      differing: ['rules'],
      elsewhere: [],
      warnings: [],
    });
  });

  test('which the write had with another value are differences', () => {
    const item = itemOf(definition({ rules: [RULE] }), before);
    const other = definition({ ...item.result, rules: [{ ...RULE, xid: 8 }] });

    expect(verified(other, { item })).toMatchObject({ asMeant: false, differing: ['rules'] });
  });

  // Every definition has an id, and an environment with id and name: today that makes `id` known at every depth.
  test('are additions where the definition has a member of the same name elsewhere', () => {
    expect(verified(found({ rules: [{ ...rule(inList('plan', 'pro')), id: 'r1' }] }))).toEqual({
      ...clean,
      warnings: ['The server added members: `id`.'],
    });
  });

  test('are additions where every object inherits a member of that name', () => {
    const odd = parseDefinition(json(toJson(found()).replace('{', '{"constructor":1,')));

    expect(verified(odd).warnings).toEqual(['The server added members: `constructor`.']);
  });
});

describe('a difference elsewhere is a warning', () => {
  const elsewhere = (...names: readonly string[]): string =>
    `Not as it was, though this run did not mean to change it: ${names.map((name) => `\`${name}\``).join(', ')}.`;

  test('in a section that was not copied', () => {
    const item = itemOf(source, before, { sections: ['rules'] });
    const moved = definition({ ...item.result, trafficAllocation: 1, defaultTreatment: 'on' });

    expect(verified(moved, { item, copied: ['rules'] })).toEqual({
      ...clean,
      elsewhere: ['default-treatment', 'traffic-allocation'],
      warnings: [elsewhere('default-treatment', 'traffic-allocation')],
    });
  });

  test('beside a copied section that is not as meant', () => {
    const item = itemOf(source, before, { sections: ['rules'] });
    const moved = definition({ ...item.result, rules: [], trafficAllocation: 1 });

    expect(verified(moved, { item, copied: ['rules'] })).toEqual({
      ...clean,
      asMeant: false,
      differing: ['rules'],
      residual: [{ kind: 'rule-added', at: 0, rule: rule(inList('plan', 'pro')) }],
      elsewhere: ['traffic-allocation'],
      warnings: [elsewhere('traffic-allocation')],
    });
  });

  test.each<[string, Json]>([
    ['another value', [{ id: 'other' }]],
    ['nothing', null],
    ['an empty list', []],
  ])('in a member outside the sections: %s', (_what, flagSets) => {
    expect(verified(found({ flagSets }))).toEqual({
      ...clean,
      elsewhere: ['flagSets'],
      warnings: [elsewhere('flagSets')],
    });
  });

  test('in a member outside the sections that is gone', () => {
    expect(verified(definition(without(found(), 'flagSets')))).toEqual({
      ...clean,
      elsewhere: ['flagSets'],
      warnings: [elsewhere('flagSets')],
    });
  });

  test('told before what the server added', () => {
    expect(verified(found({ flagSets: [], xnew: 1 })).warnings).toEqual([
      elsewhere('flagSets'),
      'The server added members: `xnew`.',
    ]);
  });

  test('but not where the definition is new: every section was meant', () => {
    const item = itemOf(source, undefined, { sections: ['rules'] });
    const moved = definition({ ...item.result, trafficAllocation: 1, treatments: source.treatments });

    expect(verified(moved, { item, copied: ['rules'] })).toMatchObject({
      asMeant: false,
      differing: ['individual-targets', 'traffic-allocation'],
      elsewhere: [],
      warnings: [],
    });
  });
});

describe('the kill state', () => {
  test.each([
    [false, false, false],
    [true, true, false],
    [true, false, true],
    [false, true, true],
    [undefined, false, false],
    [null, false, false],
    [undefined, true, true],
  ])('found %s, meant %s: differs %s', (killed, meant, differs) => {
    const state = definition({ ...without(found(), 'killed'), ...(killed === undefined ? {} : { killed }) });

    expect(verified(state, { killed: meant })).toEqual({
      ...clean,
      asMeant: !differs,
      killStateDiffers: differs,
    });
  });
});

describe('whether a definition is still the one that was read', () => {
  const one = definition({ rules: [rule(inList('a', 'b'))], flagSets: [1] });

  test.each<[string, Definition | undefined, Definition | undefined, boolean]>([
    ['the same', one, definition({ ...one }), true],
    ['other bookkeeping', one, definition({ ...one, id: 'x', lastUpdateTime: 1, changeNumber: 2 }), true],
    ['another spelling', one, definition({ ...one, xnothing: [], trafficAllocation: null }), true],
    ['other rules', one, definition({ ...one, rules: [] }), false],
    ['another member outside the sections', one, definition({ ...one, flagSets: [2] }), false],
    ['another kill state', one, definition({ ...one, killed: true }), false],
    ['none, and none before', undefined, undefined, true],
    ['none any more', undefined, one, false],
    ['one that was not there before', one, undefined, false],
  ])('%s', (_what, now, then, same) => {
    expect(isSame(now, then)).toBe(same);
  });
});

// Observes how definitions come back, what a full update makes of what it leaves out, and what is refused.
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts';
import { AUDIT, definitionPath, LEAST, put, putRule, read, ruleOf, WHOLE, type Bench } from './bench.ts';
import { isOk, type Reply } from './connection.ts';
import { decided, noted, refusedBy, unseen, verdict, type Facts } from './fact.ts';
import { entriesOf } from './places.ts';

/** The member of objects at the end of a path, lists walked through. */
function at(value: Json | undefined, ...path: readonly string[]): readonly (Json | undefined)[] {
  const [member, ...rest] = path;
  if (member === undefined) return [value];
  const objects = isJsonObject(value) ? [value] : entriesOf(value);
  return objects.flatMap((object) => at(object[member], ...rest));
}

const holds = (value: Json | undefined, wanted: (value: Json | undefined) => boolean): boolean => {
  if (wanted(value)) return true;
  if (Array.isArray(value)) return value.some((item: Json) => holds(item, wanted));
  return isJsonObject(value) && Object.values(value).some((item) => holds(item, wanted));
};

const MATCHERS = ['rules', 'condition', 'matchers'];
const TARGET_LISTS = ['keys', 'segments', 'largeSegments', 'ruleBasedSegments'];

const plan: JsonObject = { type: 'IN_LIST_STRING', attribute: 'plan', strings: ['probe'] };

/** Nulls, empty lists, `negate: false`. */
export async function* observeShape(bench: Bench): Facts {
  const updated = await put(bench, {
    ...LEAST,
    treatments: [{ name: 'on', keys: [] }, { name: 'off' }],
    rules: [ruleOf({ ...plan, negate: false })],
  });
  const shown = isOk(updated) ? await read(bench) : undefined;
  if (shown === undefined) {
    const because = isOk(updated)
      ? 'the definition could not be read'
      : refusedBy('a plain full update', updated);
    for (const name of ['putStatus', 'nulls', 'emptyArrays', 'negateFalse'] as const)
      yield unseen(name, because);
    return;
  }
  yield decided('putStatus', updated.status);
  const { baselineTreatment, treatments, rules } = shown;
  const isNull = (value: Json | undefined): boolean => value === null;
  yield decided(
    'nulls',
    holds([baselineTreatment ?? 0, treatments ?? 0, rules ?? 0], isNull) || baselineTreatment === null
      ? 'emit'
      : 'omit',
  );
  const lists = TARGET_LISTS.flatMap((member) => at(treatments, member));
  yield decided(
    'emptyArrays',
    lists.some((list) => Array.isArray(list) && list.length === 0) ? 'emit' : 'omit',
  );
  yield decided('negateFalse', at(shown, ...MATCHERS, 'negate').includes(false) ? 'emit' : 'omit');
}

/** Members that no API has. */
export async function* observeUnknownMembers(bench: Bench): Facts {
  const extra = { conformanceProbe: 'kept' };
  const updated = await put(bench, {
    ...LEAST,
    ...extra,
    treatments: [{ name: 'on', ...extra }, { name: 'off' }],
    rules: [ruleOf({ ...plan, ...extra })],
  });
  const shown = isOk(updated) ? await read(bench) : undefined;
  if (shown === undefined) {
    yield decided('unknownMembers', undefined, verdict(updated));
    return;
  }
  const places: Readonly<Record<string, readonly string[]>> = {
    definition: [],
    treatment: ['treatments'],
    matcher: MATCHERS,
  };
  const kept = Object.entries(places)
    .filter(([, path]) => at(shown, ...path, 'conformanceProbe').includes('kept'))
    .map(([place]) => place);
  const position = { 0: 'drop', [Object.keys(places).length]: 'keep' }[kept.length];
  yield decided('unknownMembers', position, `kept on: ${kept.join(', ') || 'none'}`);
}

/** Both forms of `depends`. */
export async function* observeDepends(bench: Bench): Facts {
  const ofForm = async (form: JsonObject): Promise<Reply> =>
    putRule(bench, { type: 'IN_SPLIT', depends: { splitName: bench.parent, ...form } });
  yield noted(
    '`depends.treatments` on write',
    verdict(await ofForm({ treatments: ['on'] })),
    'accepted (200)',
  );
  const single = await ofForm({ treatment: 'on' });
  yield noted('`depends.treatment` on write', verdict(single), 'accepted (200)');
  const [depends] = isOk(single) ? at(await read(bench), ...MATCHERS, 'depends') : [];
  if (!isJsonObject(depends)) {
    yield unseen('dependsForm', '`depends.treatment` was not stored');
    return;
  }
  const forms = ['treatment', 'treatments'].filter((form) => form in depends).join(' and ');
  yield decided(
    'dependsForm',
    { treatment: 'as-sent', treatments: 'treatments' }[forms],
    `sent treatment, got ${forms}`,
  );
}

const kill = async (bench: Bench): Promise<Reply> => bench.ask('PUT', `${definitionPath(bench)}/kill`, AUDIT);

/** What is left of what was set, after an update that does not name it. */
interface Omission {
  readonly name:
    | 'putWithoutTrafficAllocation'
    | 'putWithoutBaselineTreatment'
    | 'putWithoutImpressionsDisabled'
    | 'putWithoutFlagSets'
    | 'putWithoutKilled';
  readonly member: string;
  /** Whether a value is that of somebody who never set it. */
  readonly isUnset: (value: Json | undefined) => boolean;
  readonly unset: string;
}

const isNone = (value: Json | undefined): boolean => value === undefined || value === null;
const isFalse = (value: Json | undefined): boolean => isNone(value) || value === false;
const isEmpty = (value: Json | undefined): boolean =>
  isNone(value) || (Array.isArray(value) && value.length === 0);

const OMISSIONS: readonly Omission[] = [
  {
    name: 'putWithoutTrafficAllocation',
    member: 'trafficAllocation',
    isUnset: (value) => value === 100,
    unset: '100',
  },
  { name: 'putWithoutBaselineTreatment', member: 'baselineTreatment', isUnset: isNone, unset: 'drop' },
  { name: 'putWithoutImpressionsDisabled', member: 'impressionsDisabled', isUnset: isFalse, unset: 'clear' },
  { name: 'putWithoutFlagSets', member: 'flagSets', isUnset: isEmpty, unset: 'clear' },
  { name: 'putWithoutKilled', member: 'killed', isUnset: isFalse, unset: 'unkill' },
];

const textOf = (value: Json | undefined): string => JSON.stringify(value) ?? 'none';

export async function* observeOmissions(bench: Bench): Facts {
  const { flagSet } = bench.options;
  const sets = flagSet === undefined ? {} : { flagSets: [{ id: flagSet, type: 'FlagSet' }] };
  const killed = await kill(bench);
  yield noted('Kill', `${killed.status} ${killed.text}`, '200 true');
  const whole = await put(bench, { ...WHOLE, ...sets, killed: true });
  const full = isOk(whole) ? await read(bench) : undefined;
  if (!isOk(killed) || full === undefined || full['killed'] === undefined) {
    const because = refusedBy(
      isOk(killed) ? 'a full update with every member' : 'the kill',
      isOk(killed) ? whole : killed,
    );
    for (const { name } of OMISSIONS) yield unseen(name, because);
    yield unseen('putUnkills', because);
    return;
  }
  yield decided('putUnkills', full['killed'] === false, `sent killed, got killed ${textOf(full['killed'])}`);
  if (full['killed'] !== true) await kill(bench);
  const least = await put(bench, LEAST);
  const after = isOk(least) ? await read(bench) : undefined;
  for (const { name, member, isUnset, unset } of OMISSIONS) {
    const before = member === 'killed' ? true : full[member];
    const now = after?.[member];
    if (after === undefined) yield unseen(name, refusedBy('an update with four members', least));
    else if (member === 'flagSets' && flagSet === undefined) yield unseen(name, 'no --flag-set was given');
    else if (isUnset(before)) yield unseen(name, `\`${member}\` was sent, but not shown afterwards`);
    else {
      const position = textOf(now) === textOf(before) ? 'keep' : isUnset(now) ? unset : undefined;
      yield decided(name, position, `${textOf(before)} before, ${textOf(now)} after`);
    }
  }
  const restored = await bench.ask('PUT', `${definitionPath(bench)}/restore`, AUDIT);
  yield noted('Restore', `${restored.status} ${restored.text}`, '200 true');
}

/** More than a quota each. */
const OVERSIZED: Readonly<Record<string, JsonObject>> = {
  '1 treatment': { ...LEAST, treatments: [{ name: 'off' }] },
  '501 keys': {
    ...LEAST,
    treatments: [
      { name: 'on', keys: Array.from({ length: 501 }, (_, number) => `probe-${number}`) },
      { name: 'off' },
    ],
  },
  '1 KB of configuration': {
    ...LEAST,
    treatments: [{ name: 'on', configurations: JSON.stringify('x'.repeat(1100)) }, { name: 'off' }],
  },
};

export async function* observeRefusals(bench: Bench): Facts {
  const half = await put(bench, { ...LEAST, defaultRule: [{ treatment: 'off', size: 50 }] });
  yield noted(
    'Buckets that add up to 50',
    verdict(half),
    '400 “Buckets of defaultRule must add up to 100, not 50”',
  );
  const quotas = [];
  for (const [what, definition] of Object.entries(OVERSIZED)) {
    const reply = await put(bench, definition);
    quotas.push({ what, isRefused: reply.status === 400, words: `${what}: ${verdict(reply)}` });
  }
  const refused = new Set(quotas.map(({ isRefused }) => isRefused));
  yield decided(
    'enforceQuotas',
    refused.size === 1 ? [...refused][0] : undefined,
    quotas.map(({ words }) => words).join('; '),
  );
  const segment = await putRule(bench, { type: 'IN_SEGMENT', string: bench.flag });
  yield decided(
    'checkSegments',
    isOk(segment) ? false : segment.status === 400 || undefined,
    verdict(segment),
  );
  const absent = `${bench.flag}_absent`;
  const parent = await putRule(bench, {
    type: 'IN_SPLIT',
    depends: { splitName: absent, treatments: ['on'] },
  });
  yield decided('checkParents', isOk(parent) ? false : parent.status === 400 || undefined, verdict(parent));
}

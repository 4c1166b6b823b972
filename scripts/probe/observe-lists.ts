// Observes what lists make of what they are asked for, and what three kinds of segments look like in them.
import { pathOf } from '../../src/admin-api/reader.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts';
import { putRule, type Bench } from './bench.ts';
import { isOk, type Reply } from './connection.ts';
import { decided, noted, refusedBy, unnoted, unseen, verdict, wordsOf, type Facts } from './fact.ts';
import { entriesOf } from './places.ts';

/** More than a page of flags may have by the documentation. */
const OVER = 51;

export async function* observeLists({ ask, workspace, flag }: Bench): Facts {
  const filtered = await ask('GET', `/workspaces?name=${flag}&nameOp=IS`);
  yield isOk(filtered)
    ? decided('ignoreNameFilter', entriesOf(filtered.body).length > 0)
    : unseen('ignoreNameFilter', refusedBy('the list of workspaces', filtered));
  const over = await ask('GET', `${pathOf('splits', 'ws', workspace.id)}?limit=${OVER}`);
  const limit = isJsonObject(over.body) ? over.body['limit'] : undefined;
  if (over.status === 400) yield decided('overLimit', '400', wordsOf(over));
  else if (!isOk(over)) yield unseen('overLimit', refusedBy('the list of flags', over));
  else {
    const isClamped = typeof limit === 'number' && limit < OVER;
    yield decided(
      'overLimit',
      isClamped ? 'clamp' : undefined,
      `asked for ${OVER}, got limit ${JSON.stringify(limit)}`,
    );
  }
}

type Kind = 'standard' | 'large' | 'rule-based';

const LISTS: Readonly<Record<Kind, string>> = {
  standard: 'segments',
  large: 'large-segments',
  'rule-based': 'rule-based-segments',
};

/** What the emulator shows. */
const ASSUMED: Readonly<Record<Kind, string>> = {
  standard: 'page; name, environment, trafficType, creationTime',
  large: 'bare array; name, environment, trafficType, creationTime',
  'rule-based':
    'bare array; id, workspaceIds, orgId, name, status, trafficTypeId, trafficTypeURN, description, creator, creationTime, views, favorite, tags, canEdit, constraints',
};

const formOf = (body: Json | undefined): string | undefined => {
  if (Array.isArray(body)) return 'array';
  return isJsonObject(body) && Array.isArray(body['objects']) ? 'page' : undefined;
};

function shapeOf(reply: Reply): string {
  const [first] = entriesOf(reply.body);
  const form = { array: 'bare array', page: 'page' }[formOf(reply.body) ?? ''] ?? 'neither page nor array';
  return `${form}; ${first === undefined ? 'empty' : Object.keys(first).join(', ')}`;
}

/** The first segment of a list that a flag of this traffic type may name. */
function usable(reply: Reply, trafficType: string | undefined): string | undefined {
  const found = entriesOf(reply.body).find(({ trafficType: type, trafficTypeId }) => {
    const id = isJsonObject(type) ? type['id'] : trafficTypeId;
    return id === undefined || trafficType === undefined || id === trafficType;
  });
  return typeof found?.['name'] === 'string' ? found['name'] : undefined;
}

/** @param trafficType id of that of the throwaway flag */
export async function* observeSegments(bench: Bench, trafficType: string | undefined): Facts {
  const { ask, workspace, environment } = bench;
  const replies: Partial<Record<Kind, Reply>> = {};
  for (const kind of ['standard', 'large', 'rule-based'] as const) {
    const reply = await ask('GET', pathOf(LISTS[kind], 'ws', workspace.id, 'environments', environment.id));
    const subject = `List of ${kind} segments of an environment`;
    yield isOk(reply)
      ? noted(subject, shapeOf(reply), ASSUMED[kind])
      : unnoted(subject, ASSUMED[kind], refusedBy('the list', reply));
    if (isOk(reply)) replies[kind] = reply;
  }
  const forms = [replies.large, replies['rule-based']].map((reply) => reply && formOf(reply.body));
  const [form, another] = forms;
  yield form === undefined && another === undefined
    ? unseen('otherSegmentLists', 'neither list was shown')
    : decided(
        'otherSegmentLists',
        form === another ? form : undefined,
        `large ${form}, rule-based ${another}`,
      );
  yield* observeSegmentMatchers(bench, {
    large: replies.large && usable(replies.large, trafficType),
    'rule-based': replies['rule-based'] && usable(replies['rule-based'], trafficType),
  });
}

const OWN_TYPES = { large: 'IN_LARGE_SEGMENT', 'rule-based': 'IN_RULE_BASED_SEGMENT' } as const;

/** Rules that name segments which are there: naming one changes nothing about it. */
async function* observeSegmentMatchers(
  bench: Bench,
  segments: Readonly<Record<keyof typeof OWN_TYPES, string | undefined>>,
): Facts {
  const byPlain: Reply[] = [];
  for (const kind of ['large', 'rule-based'] as const) {
    const name = segments[kind];
    const subject = `A rule of type ${OWN_TYPES[kind]}`;
    if (name === undefined) {
      yield unnoted(subject, 'accepted (200)', `there is no ${kind} segment of this traffic type to be seen`);
      continue;
    }
    const own: JsonObject = { type: OWN_TYPES[kind], string: name };
    yield noted(subject, verdict(await putRule(bench, own)), 'accepted (200)');
    byPlain.push(await putRule(bench, { type: 'IN_SEGMENT', string: name }));
  }
  const subject = 'inSegmentCoversAllKinds';
  if (byPlain.length === 0) {
    yield unseen(subject, 'there is no large or rule-based segment of this traffic type to be seen');
  } else if (bench.known.checkSegments !== true) {
    yield unseen(subject, 'the API does not check whether segments are there');
  } else {
    const [first, second = first] = byPlain.map(isOk);
    yield decided(subject, first === second ? first : undefined, byPlain.map(verdict).join('; '));
  }
}

// The routes of segments of three kinds: their lists, and the keys of a standard one.
import type { Json } from '../src/json.ts';
import { findEnvironment, findWorkspace, permit } from './access.ts';
import { byName, Refusal, slice } from './answers.ts';
import { enterWorkspace, paged } from './resource-routes.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';
import { stableId, type Segment, type SegmentKind } from './world.ts';

const MOST = 50;
const KEYS_MOST = 100;

function segmentsOf(
  call: Call,
  kind: SegmentKind,
): { segment: Segment; environment: { id: string; name: string } }[] {
  const workspace = enterWorkspace(call, 'list segments');
  return workspace.environments.flatMap(({ id, name, segments }) =>
    byName(segments.filter((segment) => segment.kind === kind)).map((segment) => ({
      segment,
      environment: { id, name },
    })),
  );
}

/** Segments of a workspace: its environments' segments, each name once. */
function segmentsInWorkspace(call: Call, kind: SegmentKind): readonly Json[] {
  const distinct = new Map(segmentsOf(call, kind).map(({ segment }) => [segment.name, segment]));
  return byName(distinct.values()).map(({ name, description, trafficType, creationTime }) => ({
    name,
    description,
    trafficType: { ...trafficType },
    creationTime,
    tags: null,
  }));
}

const environmentOf = (call: Call) =>
  findEnvironment(call, findWorkspace(call, call.param('workspace')), call.param('environment'));

/** Segments of one environment, which have no id there. */
function segmentsInEnvironment(call: Call, kind: SegmentKind): readonly Json[] {
  const { id } = environmentOf(call);
  return segmentsOf(call, kind)
    .filter(({ environment }) => environment.id === id)
    .map(({ segment: { name, trafficType, creationTime }, environment }) => ({
      name,
      environment,
      trafficType: { ...trafficType },
      creationTime,
    }));
}

/** Rule-based segments as seen live in bare lists: not the documented members, above all no environment and no `trafficType`. */
function ruleBasedSegments(call: Call, isListed: (environmentId: string) => boolean): readonly Json[] {
  const workspace = enterWorkspace(call, 'list segments');
  const found = segmentsOf(call, 'rule-based').filter(({ environment }) => isListed(environment.id));
  const distinct = new Map(found.map(({ segment }) => [segment.name, segment]));
  return byName(distinct.values()).map(({ name, description, trafficType, creationTime }) => ({
    id: stableId(workspace.id, 'rule-based segment', name),
    workspaceIds: [workspace.id],
    orgId: call.world.organizationId,
    name,
    status: 'ACTIVE',
    trafficTypeId: trafficType.id,
    trafficTypeURN: null,
    description,
    creator: { type: 'User', id: stableId(call.world.organizationId, 'creator') },
    creationTime,
    views: null,
    favorite: null,
    tags: null,
    canEdit: null,
    constraints: null,
  }));
}

const asIs = (item: Json): Json => item;
const segmentPage = (call: Call, items: readonly Json[]): Answer =>
  paged(call, items, { maximum: MOST, show: asIs });

const otherSegments = (path: string, kind: SegmentKind): readonly Route[] => [
  {
    method: 'GET',
    url: `/${path}/ws/:workspace`,
    handle: (call) =>
      ok(kind === 'rule-based' ? ruleBasedSegments(call, () => true) : segmentsInWorkspace(call, kind)),
  },
  {
    method: 'GET',
    url: `/${path}/ws/:workspace/environments/:environment`,
    handle: (call) => {
      if (call.switches.otherSegmentLists === 'page')
        return segmentPage(call, segmentsInEnvironment(call, kind));
      if (kind !== 'rule-based') return ok(segmentsInEnvironment(call, kind));
      const { id } = environmentOf(call);
      return ok(ruleBasedSegments(call, (environmentId) => environmentId === id));
    },
  },
];

function segmentKeys(call: Call): Answer {
  const id = call.param('environment');
  const workspace = call.world.workspaces.find(({ environments }) =>
    environments.some((known) => known.id === id),
  );
  if (workspace === undefined) throw new Refusal(404, `Could not find environment ${id}`);
  const environment = findEnvironment(call, workspace, id);
  permit(call, 'read keys of segments');
  const name = call.param('segment');
  const segment = environment.segments.find((known) => known.name === name && known.kind === 'standard');
  if (segment === undefined) throw new Refusal(404, `Could not find segment ${name}`);
  const part = slice(segment.keys, {
    query: call.query,
    maximum: KEYS_MOST,
    overLimit: call.switches.overLimit,
  });
  return ok({
    keys: part.items.map((key) => ({ key })),
    count: part.total,
    offset: part.offset,
    limit: part.limit,
  });
}

export const segmentRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/segments/ws/:workspace',
    handle: (call) => segmentPage(call, segmentsInWorkspace(call, 'standard')),
  },
  {
    method: 'GET',
    url: '/segments/ws/:workspace/environments/:environment',
    handle: (call) => segmentPage(call, segmentsInEnvironment(call, 'standard')),
  },
  ...otherSegments('rule-based-segments', 'rule-based'),
  ...otherSegments('large-segments', 'large'),
  { method: 'GET', url: '/segments/:environment/:segment/keys', handle: segmentKeys },
];

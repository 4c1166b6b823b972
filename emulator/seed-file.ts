// A world from a file of the user's: workspaces, environments, segments, flags, definitions as the API shows them, keys.
import * as z from 'zod';
import { parseJson, type JsonObject } from '../src/json.ts';
import { Refusal } from './answers.ts';
import { checkDefinition } from './grammar.ts';
import { switchesWith, type Switches } from './switches.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type Workspace,
  type World,
} from './world.ts';

const text = z.string().min(1);
const yesOrNo = z.exactOptional(z.boolean());

const bucket = z.looseObject({ treatment: z.string(), size: z.number() });
const rule = z.looseObject({
  condition: z.looseObject({ matchers: z.array(z.looseObject({ type: z.string() })) }),
  buckets: z.array(bucket),
});
/** As a GET shows it; members that are not named here are taken as they are. */
const definition = z.looseObject({
  name: text,
  trafficType: z.looseObject({ name: text }).optional(),
  treatments: z.array(z.looseObject({ name: z.string() })),
  defaultTreatment: z.string(),
  rules: z.array(rule).nullish(),
  defaultRule: z.array(bucket),
});

const environment = z.strictObject({
  name: text,
  id: z.exactOptional(text),
  production: yesOrNo,
  approvalsRequired: yesOrNo,
  approversRestricted: yesOrNo,
  allowKills: yesOrNo,
  segments: z
    .array(
      z.strictObject({
        name: text,
        kind: z.exactOptional(z.enum(['standard', 'large', 'rule-based'])),
        description: z.exactOptional(z.string()),
        keys: z.exactOptional(z.array(z.string())),
        trafficType: z.exactOptional(text),
      }),
    )
    .default([]),
  definitions: z.array(definition).default([]),
});

const workspace = z.strictObject({
  name: text,
  id: z.exactOptional(text),
  requiresTitleAndComments: yesOrNo,
  organizationIdentifier: z.exactOptional(text),
  projectIdentifier: z.exactOptional(text),
  trafficTypes: z.array(text).default(['user']),
  flags: z
    .array(
      z.strictObject({
        name: text,
        description: z.exactOptional(z.string().nullable()),
        tags: z.exactOptional(z.array(z.string())),
        trafficType: z.exactOptional(text),
        rolloutStatus: z.exactOptional(text),
      }),
    )
    .default([]),
  environments: z.array(environment).min(1),
});

const token = z.strictObject({
  key: text,
  name: z.exactOptional(text),
  role: z.enum([
    'API_ALL_GRANTED',
    'API_APIKEY',
    'API_ADMIN',
    'API_WORKSPACE_ADMIN',
    'API_FEATURE_FLAG_VIEWER',
    'API_FEATURE_FLAG_EDITOR',
    'API_SEGMENT_VIEWER',
    'API_SEGMENT_EDITOR',
  ]),
  scope: z.enum(['GLOBAL', 'WORKSPACE', 'ENVIRONMENT']),
  ids: z.exactOptional(z.array(text)),
});

const seed = z.strictObject({ workspaces: z.array(workspace).min(1), tokens: z.array(token).default([]) });

/** What a definition in a file says of where it was; here it is somewhere else. */
const ELSEWHERE = ['environment', 'trafficType', 'openChangeRequestId'];

function addTo(
  world: World,
  { environments, flags, trafficTypes, ...given }: z.infer<typeof workspace>,
): void {
  const definitions = environments.flatMap((environment) => environment.definitions);
  const typeOf = (flag: string): string =>
    definitions.find(({ name }) => name === flag)?.trafficType?.name ?? trafficTypes[0] ?? 'user';
  const named = new Set(flags.map(({ name }) => name));
  const unnamed = new Set(definitions.map(({ name }) => name).filter((name) => !named.has(name)));
  const all = [...flags, ...[...unnamed].map((name) => ({ name }))].map((flag) => ({
    trafficType: typeOf(flag.name),
    ...flag,
  }));
  const types = [...new Set([...trafficTypes, ...all.map(({ trafficType }) => trafficType)])];
  const added = addWorkspace(world, { ...given, trafficTypes: types });
  for (const flag of all) addFlag(added, flag);
  for (const { segments, definitions: here, ...place } of environments) {
    const { id } = addEnvironment(added, place);
    const target = added.environments.at(-1);
    for (const segment of segments)
      if (target) addSegment(added, target, { trafficType: types[0] ?? 'user', ...segment });
    for (const entry of here) {
      const members = Object.entries(entry).filter(([member]) => !ELSEWHERE.includes(member));
      setDefinition(
        world,
        { workspace: added.id, environment: id, flag: entry.name },
        Object.fromEntries(members) as JsonObject,
      );
    }
  }
}

/** What the API would refuse of the definitions of a workspace. */
function problemsOf({ environments, flags }: Workspace, switches: Switches): readonly string[] {
  return environments.flatMap((environment) =>
    [...environment.definitions].flatMap(([name, stored]) => {
      const flag = flags.get(name);
      try {
        if (flag !== undefined) checkDefinition(stored, { environment, flag }, switches);
        return [];
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return [`${name} in ${environment.name}: ${error.message}`];
      }
    }),
  );
}

/**
 * The world that a seed file's text describes.
 * @param switches what the definitions in it are checked by; default the defaults
 * @throws Error with every problem, when it is not JSON, not a seed, or has definitions that the API would refuse
 */
export function worldOf(json: string, switches: Partial<Switches> = {}): World {
  const parsed = seed.safeParse(parseJson(json));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const world = emptyWorld();
  for (const entry of parsed.data.workspaces) addTo(world, entry);
  world.tokens.push(...parsed.data.tokens);
  const problems = world.workspaces.flatMap((added) => problemsOf(added, switchesWith(switches)));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return world;
}

// What all observations work with: who asks, where, and the two throwaway flags.
import { pathOf } from '../../src/admin-api/reader.ts';
import { isJsonObject, type JsonObject } from '../../src/json.ts';
import type { Switches } from '../../emulator/switches.ts';
import { isOk, type Ask, type Reply } from './connection.ts';
import type { Leftovers } from './leftovers.ts';
import type { ProbeOptions } from './options.ts';
import type { Named, Places } from './places.ts';

export interface Bench extends Omit<Places, 'facts'> {
  readonly options: ProbeOptions;
  readonly ask: Ask;
  readonly viewer: Ask | undefined;
  readonly environmentKey: Ask | undefined;
  /** Asks with a key that nobody has. */
  readonly stranger: Ask;
  /** Names that nobody can guess, and nobody has. */
  readonly flag: string;
  readonly parent: string;
  readonly leftovers: Leftovers;
  /** What has been found out so far. */
  readonly known: Partial<Switches>;
}

/** What every write says of itself. */
export const AUDIT = {
  title: 'Conformance probe',
  comment: 'A throwaway flag, which is removed in a minute',
};

/** The same for DELETE, which takes it in the query. */
export const AUDIT_QUERY = `?${new URLSearchParams(AUDIT).toString()}`;

/** A definition of the four members that the vendor's script sends, and nothing else. */
export const LEAST = {
  treatments: [{ name: 'on' }, { name: 'off' }],
  defaultTreatment: 'off',
  rules: [],
  defaultRule: [{ treatment: 'off', size: 100 }],
};

/** The same with everything that may be set. */
export const WHOLE = {
  ...LEAST,
  baselineTreatment: 'on',
  trafficAllocation: 37,
  impressionsDisabled: true,
  killed: false,
};

export const ruleOf = (matcher: JsonObject): JsonObject => ({
  condition: { combiner: 'AND', matchers: [matcher] },
  buckets: LEAST.defaultRule,
});

export const flagPath = ({ workspace }: Bench, flag: string): string =>
  pathOf('splits', 'ws', workspace.id, flag);

export const definitionPath = (
  bench: Bench,
  flag = bench.flag,
  environment: Named = bench.environment,
): string => flagPath(bench, flag) + pathOf('environments', environment.id);

/** A full update of the throwaway flag. */
export const put = async (bench: Bench, definition: JsonObject): Promise<Reply> =>
  bench.ask('PUT', definitionPath(bench), { ...definition, ...AUDIT });

/** A full update of the throwaway flag with one rule. */
export const putRule = async (bench: Bench, matcher: JsonObject): Promise<Reply> =>
  put(bench, { ...LEAST, rules: [ruleOf(matcher)] });

/** What a GET shows of the throwaway flag; `undefined` where it shows none. */
export async function read(bench: Bench): Promise<JsonObject | undefined> {
  const reply = await bench.ask('GET', definitionPath(bench));
  return isOk(reply) && isJsonObject(reply.body) ? reply.body : undefined;
}

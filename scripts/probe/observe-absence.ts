// Creates the throwaway flags and their definitions, and observes what is said before and after.
import { pathOf } from '../../src/admin-api/reader.ts';
import { isJsonObject, type JsonObject } from '../../src/json.ts';
import { AUDIT, AUDIT_QUERY, definitionPath, flagPath, LEAST, type Bench } from './bench.ts';
import { isOk } from './connection.ts';
import { decided, noted, refusedBy, verdict, wordsOf, type Fact } from './fact.ts';

/** @returns the flag as the API shows it @throws Error where it is not created */
async function createFlag(bench: Bench, flag: string): Promise<{ shown: JsonObject; status: number }> {
  const { ask, workspace, options, leftovers } = bench;
  const path = flagPath(bench, flag);
  leftovers.expect({
    name: `Flag ${flag} of workspace ${workspace.name}`,
    byHand: `delete it in the web console, or send DELETE ${options.apiUrl}${path}`,
    remove: async (again) => again('DELETE', path),
  });
  const body = { name: flag, description: AUDIT.comment };
  const reply = await ask(
    'POST',
    pathOf('splits', 'ws', workspace.id, 'trafficTypes', options.trafficType),
    body,
  );
  if (!isOk(reply)) {
    throw new Error(
      `${refusedBy(`The creation of flag ${flag}`, reply)}. It takes a key with role API_FEATURE_FLAG_EDITOR or ` +
        `API_ALL_GRANTED, and scope workspace; and a traffic type ${options.trafficType} (--traffic-type).`,
    );
  }
  return { shown: isJsonObject(reply.body) ? reply.body : {}, status: reply.status };
}

/** Says beforehand that a definition may have to be removed. */
function expectDefinition(bench: Bench, flag: string): void {
  const path = definitionPath(bench, flag);
  bench.leftovers.expect({
    name: `The definition of flag ${flag} in ${bench.environment.name}`,
    byHand: `remove it in the web console, or send DELETE ${bench.options.apiUrl}${path}`,
    remove: async (again) => again('DELETE', path + AUDIT_QUERY),
  });
}

/** @returns the status of the answer @throws Error where it is not created */
async function createDefinition(bench: Bench, flag: string): Promise<number> {
  const reply = await bench.ask('POST', definitionPath(bench, flag), { ...LEAST, ...AUDIT });
  if (isOk(reply)) return reply.status;
  throw new Error(`${refusedBy(`The creation of a definition in ${bench.environment.name}`, reply)}.`);
}

/** Both flags are there afterwards, and defined. @returns id of their traffic type, where it is shown */
export async function* observeAbsence(bench: Bench): AsyncGenerator<Fact, string | undefined> {
  const { ask, stranger, flag, parent } = bench;
  const assumed = 'Could not find splitmetadata <flag>';
  yield noted(
    'A key that nobody has',
    verdict(await stranger('GET', '/workspaces')),
    '401 “Invalid or missing API key”',
  );
  yield noted(
    'GET of a flag that is not there',
    wordsOf(await ask('GET', flagPath(bench, flag))),
    `404 “${assumed}”`,
  );
  await createFlag(bench, parent);
  const { shown, status } = await createFlag(bench, flag);
  const missing = await ask('GET', definitionPath(bench));
  yield noted('GET of a definition that is not there', wordsOf(missing), '404, own text');

  for (const name of [parent, flag]) expectDefinition(bench, name);
  const early = await ask('PUT', definitionPath(bench), { ...LEAST, ...AUDIT });
  yield decided('putCreates', isOk(early), verdict(early));
  if (isOk(early)) await ask('DELETE', definitionPath(bench) + AUDIT_QUERY);
  await createDefinition(bench, parent);
  const created = await createDefinition(bench, flag);
  yield decided('createStatus', created, `flag ${status}, definition ${created}`);
  const second = await ask('POST', definitionPath(bench), { ...LEAST, ...AUDIT });
  yield noted('POST of a definition that is there', verdict(second), '409, own text');
  const { trafficType } = shown;
  const id = isJsonObject(trafficType) ? trafficType['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

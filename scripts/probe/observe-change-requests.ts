// Observes what a change request needs, and what holds while it is open. Those that were filed are withdrawn.
import { pathOf } from '../../src/admin-api/reader.ts';
import { isJsonObject, type JsonObject } from '../../src/json.ts';
import { AUDIT, definitionPath, LEAST, put, read, type Bench } from './bench.ts';
import { isOk, type Ask, type Reply } from './connection.ts';
import { decided, noted, refusedBy, unnoted, unseen, verdict, type Fact, type Facts } from './fact.ts';
import type { Named } from './places.ts';

/** Of a change request that was filed: its id, where the answer shows one. */
interface Filed {
  readonly reply: Reply;
  readonly id: string | undefined;
}

const WITHDRAWAL = { status: 'WITHDRAWN', comment: AUDIT.comment };

/** Withdraws whatever is open for the throwaway flag in an environment. */
async function withdrawOpen(bench: Bench, environment: Named, ask: Ask): Promise<Reply | undefined> {
  const query = new URLSearchParams({ environmentId: environment.id, status: 'REQUESTED', limit: '100' });
  const list = await ask('GET', `/changeRequests?${query.toString()}`);
  const data = isJsonObject(list.body) ? list.body['data'] : undefined;
  let last: Reply | undefined;
  for (const request of Array.isArray(data) ? data : []) {
    const { id, split } = isJsonObject(request) ? request : {};
    if (!isJsonObject(split) || split['name'] !== bench.flag || typeof id !== 'string') continue;
    last = await ask('PUT', pathOf('changeRequests', id), WITHDRAWAL);
    if (!isOk(last)) return last;
  }
  return last ?? (isOk(list) ? undefined : list);
}

async function file(bench: Bench, environment: Named, extra: JsonObject): Promise<Filed> {
  const body = {
    split: { name: bench.flag, ...LEAST, baselineTreatment: 'off', trafficAllocation: 50 },
    operationType: 'UPDATE',
    ...AUDIT,
    approvers: [],
    ...extra,
  };
  const path = pathOf('changeRequests', 'ws', bench.workspace.id, 'environments', environment.id);
  const reply = await bench.ask('POST', path, body);
  const id = isOk(reply) && isJsonObject(reply.body) ? reply.body['id'] : undefined;
  return { reply, id: typeof id === 'string' ? id : undefined };
}

function expectRequest(bench: Bench, environment: Named): void {
  bench.leftovers.expect({
    name: `A change request for flag ${bench.flag} in ${environment.name}`,
    byHand: 'withdraw it in the web console',
    remove: async (again) => withdrawOpen(bench, environment, again),
  });
}

/** The first rollout status of the workspace, as a member of a change request. */
async function rolloutStatus({ ask, workspace }: Bench): Promise<JsonObject> {
  const { body } = await ask('GET', `/rolloutStatuses?wsId=${encodeURIComponent(workspace.id)}`);
  const [first] = Array.isArray(body) ? body : [];
  return isJsonObject(first) ? { rolloutStatus: { id: first['id'] } } : {};
}

/** Files one, without a rollout status if it goes. @returns what it needed, and how it ended */
async function* fileOne(
  bench: Bench,
  environment: Named,
  extra: JsonObject,
): AsyncGenerator<Fact, Filed & { readonly extra: JsonObject }> {
  expectRequest(bench, environment);
  const plain = await file(bench, environment, extra);
  const subject = 'changeRequestNeedsRolloutStatus';
  if (isOk(plain.reply)) {
    yield decided(subject, false, verdict(plain.reply));
    return { ...plain, extra };
  }
  const more = { ...extra, ...(await rolloutStatus(bench)) };
  const told = plain.reply.status === 400 ? await file(bench, environment, more) : plain;
  yield isOk(told.reply)
    ? decided(subject, true, `without: ${verdict(plain.reply)}; with: ${verdict(told.reply)}`)
    : unseen(subject, refusedBy(`a change request in ${environment.name}`, told.reply));
  return { ...told, extra: more };
}

/** Whether a direct write was let through, or locked out, or refused as it was before. */
const lockOf = (reply: Reply, before?: Reply): 'refuse' | 'allow' | undefined => {
  if (reply.status === 423) return 'refuse';
  return isOk(reply) || reply.status === before?.status ? 'allow' : undefined;
};

/** In the environment itself, where the flag has a definition. @returns whether one could be filed */
async function* observeHere(bench: Bench): AsyncGenerator<Fact, boolean> {
  const { reply, id, extra } = yield* fileOne(bench, bench.environment, {});
  if (!isOk(reply)) return false;
  const shown = isJsonObject(reply.body) ? Object.keys(reply.body).join(', ') : 'no object';
  yield noted(
    'Members of a change request',
    shown,
    'split, segment, id, status, title, comment, workspace, approvers, operationType, comments, rolloutStatus, rolloutStatusTimestamp',
  );
  const definition = await read(bench);
  const open = definition?.['openChangeRequestId'];
  yield definition === undefined
    ? unseen('openChangeRequestIdOnGet', 'the definition could not be read')
    : decided(
        'openChangeRequestIdOnGet',
        typeof open === 'string',
        open === id && id !== undefined
          ? 'shown, the id of the request'
          : `shown: ${JSON.stringify(open) ?? 'no'}`,
      );
  const direct = await put(bench, { ...LEAST, trafficAllocation: 99 });
  yield decided('openChangeRequest', lockOf(direct), verdict(direct));
  const second = await file(bench, bench.environment, extra);
  yield noted(
    'A second change request',
    verdict(second.reply),
    '423 “Something was wrong: A pending change request with id:… for this object already exists”',
  );
  const withdrawn = await withdrawOpen(bench, bench.environment, bench.ask);
  yield noted(
    'Withdrawing it',
    withdrawn === undefined ? 'it was not in the list' : verdict(withdrawn),
    'accepted (200)',
  );
  return true;
}

/** Where approvals are required: the flag cannot get a definition there but by a request. */
async function* observeApprovals(bench: Bench, approvals: Named, isKnown: boolean): Facts {
  const path = definitionPath(bench, bench.flag, approvals);
  bench.leftovers.expect({
    name: `The definition of flag ${bench.flag} in ${approvals.name}`,
    byHand: 'remove it in the web console',
    remove: async (again) => again('DELETE', `${path}?${new URLSearchParams(AUDIT).toString()}`),
  });
  const direct = async (): Promise<Reply> => bench.ask('POST', path, { ...LEAST, ...AUDIT });
  const before = await direct();
  yield noted(
    'A write where approvals are required',
    verdict(before),
    '403 “Approvals are required. orgId=… envId=…”',
  );
  if (isOk(before)) return;
  const filing = fileOne(bench, approvals, { operationType: 'CREATE' });
  let step = await filing.next();
  for (; step.done !== true; step = await filing.next()) if (!isKnown) yield step.value;
  const { reply } = step.value;
  yield noted('A change request where approvals are required', verdict(reply), 'accepted (200)');
  if (!isOk(reply)) return;
  const open = await direct();
  yield noted(
    'A write there while a change request is open',
    verdict(open),
    '423 “Something was wrong: A pending change request with id:… for this object already exists”',
  );
  if (!isKnown) yield decided('openChangeRequest', lockOf(open, before), verdict(open));
}

export async function* observeChangeRequests(bench: Bench): Facts {
  const isKnown = yield* observeHere(bench);
  if (bench.approvals !== undefined) yield* observeApprovals(bench, bench.approvals, isKnown);
  else
    yield unnoted(
      'A write where approvals are required',
      '403 “Approvals are required. …”',
      'no --approvals-environment was given',
    );
}

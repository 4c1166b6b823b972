// Observes what keys may do that are limited to a role or an environment, and what is in the headers.
import { pathOf } from '../../src/admin-api/reader.ts';
import { AUDIT, definitionPath, LEAST, type Bench } from './bench.ts';
import { isOk } from './connection.ts';
import { decided, noted, refusedBy, unnoted, unseen, verdict, wordsOf, type Facts } from './fact.ts';

const VIEWER_WRITES = 'A write with a key that may only read flags';
const VIEWER_ASSUMED = '403 “A key with role API_FEATURE_FLAG_VIEWER may not write definitions”';

async function* observeViewer(bench: Bench): Facts {
  const { viewer, workspace, environment } = bench;
  if (viewer === undefined) {
    yield unnoted(VIEWER_WRITES, VIEWER_ASSUMED, 'no --viewer-key-env was given');
    yield unseen('flagRolesListSegments', 'no --viewer-key-env was given');
    return;
  }
  const write = await viewer('PUT', definitionPath(bench), { ...LEAST, ...AUDIT });
  yield noted(VIEWER_WRITES, verdict(write), VIEWER_ASSUMED);
  const list = await viewer('GET', pathOf('segments', 'ws', workspace.id, 'environments', environment.id));
  const isDenied = list.status === 401 || list.status === 403;
  if (isOk(write)) yield unseen('flagRolesListSegments', 'that key may write too, so it has another role');
  else
    yield decided('flagRolesListSegments', isOk(list) ? true : isDenied ? false : undefined, verdict(list));
}

async function* observeEnvironmentKey(bench: Bench): Facts {
  const { environmentKey: ask, workspace, environment, other } = bench;
  if (ask === undefined) {
    for (const name of ['outOfScope', 'environmentKeysSeeChangeRequests'] as const)
      yield unseen(name, 'no --environment-key-env was given');
    return;
  }
  if (other === undefined) yield unseen('outOfScope', 'no other environment is known');
  else {
    const list = await ask(
      'GET',
      `${pathOf('splits', 'ws', workspace.id, 'environments', other.id)}?limit=1`,
    );
    yield isOk(list)
      ? unseen('outOfScope', 'that key sees other environments too')
      : decided('outOfScope', list.status, wordsOf(list));
  }
  const requests = await ask('GET', `/changeRequests?environmentId=${encodeURIComponent(environment.id)}`);
  const sees = isOk(requests) ? true : requests.status === 401 ? false : undefined;
  yield decided('environmentKeysSeeChangeRequests', sees, verdict(requests));
}

async function* observeHeaders({ ask, ...bench }: Bench): Facts {
  const reply = await ask('GET', definitionPath({ ask, ...bench }));
  if (!isOk(reply)) {
    yield unnoted('Headers of a GET', 'no ETag', refusedBy('the GET', reply));
    return;
  }
  const { etag } = reply.headers;
  yield noted('ETag of a GET', etag === undefined ? 'none' : 'there is one', 'none');
  const limits = Object.entries(reply.headers).filter(([name]) => /ratelimit|retry-after/.test(name));
  const words = limits.map(([name, value]) => `${name}: ${value}`).join(', ');
  yield noted('Headers about the rate limit on an ordinary answer', words || 'none', 'none');
}

export async function* observeKeys(bench: Bench): Facts {
  yield* observeViewer(bench);
  yield* observeEnvironmentKey(bench);
  yield* observeHeaders(bench);
}

/** Last of all: an archived flag may be beyond removal. */
export async function* observeArchive(bench: Bench): Facts {
  const subject = 'A full update of an archived flag';
  const assumed = 'flags cannot be archived on the emulator';
  if (!bench.options.archive) {
    yield unnoted(subject, assumed, '--archive was not given');
    return;
  }
  const path = pathOf('splits', 'ws', bench.workspace.id, bench.flag);
  const archived = await bench.ask('POST', `${path}/archive`, AUDIT);
  if (!isOk(archived)) {
    yield unnoted(subject, assumed, refusedBy('archiving', archived));
    return;
  }
  yield noted(
    subject,
    verdict(await bench.ask('PUT', definitionPath(bench), { ...LEAST, ...AUDIT })),
    assumed,
  );
  yield noted(
    'Taking a flag out of the archive',
    verdict(await bench.ask('POST', `${path}/unarchive`, AUDIT)),
    assumed,
  );
}

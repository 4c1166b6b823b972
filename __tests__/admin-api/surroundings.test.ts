// The client's lists of segments, definitions and change requests: paging, shapes, and lists that cannot be trusted.
import { describe, expect, test } from '@jest/globals';
import { openChangeRequest } from '../../emulator/change-requests.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { addFlag, addSegment, setDefinition, siteAt } from '../../emulator/world.ts';
import { failureOf, withClient } from './with-client.ts';

const at = (flag: string, environment = 'Staging') => ({ workspace: 'Default', environment, flag });

const queries = ({ requests }: Emulator): readonly string[] =>
  requests.map(({ path }) => path.split('?')[1] ?? '').toSorted();

function addSegments({ world }: Emulator, amount: number, kind: 'standard' | 'large' | 'rule-based'): void {
  const { workspace, environment } = siteAt(world, at('clients'));
  environment.segments.length = 0;
  for (let number = 0; number < amount; number += 1)
    addSegment(workspace, environment, { name: `s${number}`, kind });
}

const names = (amount: number): readonly string[] =>
  Array.from({ length: amount }, (_, number) => `s${number}`).toSorted();

const namesOf = (found: readonly { readonly name: string }[]): readonly string[] =>
  found.map(({ name }) => name).toSorted();

describe('segments', () => {
  test('of the standard kind come in pages of 50', () =>
    withClient(async ({ api }, emulator, place) => {
      addSegments(emulator, 120, 'standard');
      expect(namesOf(await api.segments(place, 'standard'))).toEqual(names(120));
      expect(queries(emulator)).toEqual(['limit=50&offset=0', 'limit=50&offset=100', 'limit=50&offset=50']);
    }));

  test.each(['array', 'page'] as const)('of other kinds may be listed as %s', (otherSegmentLists) =>
    withClient(
      async ({ api }, emulator, place) => {
        for (const kind of ['large', 'rule-based'] as const) {
          addSegments(emulator, 60, kind);
          expect(namesOf(await api.segments(place, kind))).toEqual(names(60));
        }
      },
      { switches: { otherSegmentLists } },
    ),
  );

  test('say their traffic type in whatever form the list has it', () =>
    withClient(async ({ api }, emulator, place) => {
      const body = [
        { name: 'a', trafficType: { id: '1', name: 'user' } },
        { name: 'b', trafficTypeId: '2', trafficType: null },
        { name: 'c' },
        { name: 'd', trafficType: { id: null, name: null }, trafficTypeId: null },
      ];
      emulator.fault({ answer: { status: 200, body } });
      expect((await api.segments(place, 'large')).map(({ trafficType }) => trafficType)).toEqual([
        { id: '1', name: 'user' },
        { id: '2', name: undefined },
        { id: undefined, name: undefined },
        { id: undefined, name: undefined },
      ]);
    }));

  test('are not known where the list holds fewer than it claims', () =>
    withClient(async ({ api }, emulator, place) => {
      addSegments(emulator, 60, 'standard');
      const empty = { status: 200, body: { objects: [], totalCount: 60 } };
      emulator.fault({ path: /offset=50/, answer: empty });
      expect(await failureOf(api.segments(place, 'standard'))).toMatchObject({
        reason: 'api-error',
        message:
          'Could not list the standard segments of Staging: the API says that there are 60, but lists only 50.',
      });
    }));

  test('of a list that claims no total, in pages shorter than asked for, are read to the end', () =>
    withClient(async ({ api }, emulator, place) => {
      const page = (from: number, amount: number) => ({
        status: 200,
        body: {
          limit: 20,
          objects: Array.from({ length: amount }, (_, number) => ({ name: `s${from + number}` })),
        },
      });
      emulator.fault({ path: /offset=0/, answer: page(0, 20) });
      emulator.fault({ path: /offset=20/, answer: page(20, 7) });
      expect(namesOf(await api.segments(place, 'standard'))).toEqual(names(27));
    }));

  test('of a list that claims no total are read until a page is not full', () =>
    withClient(async ({ api }, emulator, place) => {
      const page = (from: number, amount: number) => ({
        status: 200,
        body: { objects: Array.from({ length: amount }, (_, number) => ({ name: `s${from + number}` })) },
      });
      emulator.fault({ path: /offset=0/, answer: page(0, 50) });
      emulator.fault({ path: /offset=50/, answer: page(50, 50) });
      emulator.fault({ path: /offset=100/, answer: page(100, 3) });
      expect(namesOf(await api.segments(place, 'standard'))).toEqual(names(103));
    }));
});

describe('definitions of an environment', () => {
  test('are given one by one, and only what is made of them is kept', () =>
    withClient(async ({ api }, emulator, place) => {
      const { workspace } = siteAt(emulator.world, at('clients'));
      for (let number = 0; number < 70; number += 1) {
        addFlag(workspace, { name: `more${number}` });
        setDefinition(emulator.world, at(`more${number}`), {
          treatments: [{ name: 'on' }, { name: 'off' }],
          defaultTreatment: 'off',
          defaultRule: [{ treatment: 'off', size: 100 }],
        });
      }
      const found = await api.definitions(place, (flag, { treatments }) => `${flag} ${treatments.length}`);
      expect(found).toHaveLength(siteAt(emulator.world, at('clients')).environment.definitions.size);
      expect(found).toContain('more69 2');
      expect(emulator.requests).toHaveLength(2);
    }));

  test('that are none fail the list', () =>
    withClient(async ({ api }, emulator, place) => {
      emulator.fault({ answer: { status: 200, body: { objects: [{ name: 'a' }], totalCount: 1 } } });
      const { reason, message } = await failureOf(api.definitions(place, (flag) => flag));
      expect(reason).toBe('api-error');
      expect(message).toContain('Could not list the definitions in Staging: the API');
    }));
});

describe('open change requests', () => {
  test('are those that were asked for, page by page', () =>
    withClient(async ({ api }, emulator, place) => {
      const { workspace, environment } = siteAt(emulator.world, at('clients'));
      for (let number = 0; number < 130; number += 1) {
        addFlag(workspace, { name: `more${number}` });
        openChangeRequest(emulator.world, at(`more${number}`), {});
      }
      openChangeRequest(emulator.world, at('clients', 'QA'), {});
      const found = await api.openChangeRequests({ ...place, environment });
      expect(new Set(found.map(({ flag }) => flag)).size).toBe(130);
      expect(emulator.requests).toHaveLength(2);
      expect(emulator.requests[0]?.path).toContain(
        `/changeRequests?environmentId=${environment.id}&status=REQUESTED&limit=100`,
      );
    }));

  test('of a list whose marker leads nowhere end', () =>
    withClient(async ({ api }, emulator, place) => {
      emulator.fault({ answer: { status: 200, body: { data: [], nextMarker: 'again' } } });
      expect(await api.openChangeRequests(place)).toEqual([]);
      expect(emulator.requests).toHaveLength(1);
      const entry = { id: '1', status: 'REQUESTED' };
      emulator.fault({ times: 2, answer: { status: 200, body: { data: [entry], nextMarker: 'again' } } });
      expect(await api.openChangeRequests(place)).toHaveLength(1);
      expect(emulator.requests).toHaveLength(3);
    }));

  test('are not hidden by entries that are none', () =>
    withClient(async ({ api }, emulator, place) => {
      const data = [null, 7, { id: {}, status: 'X' }, { id: 5, status: 'REQUESTED', split: 'clients' }];
      emulator.fault({ answer: { status: 200, body: { data, nextMarker: null } } });
      expect(await api.openChangeRequests(place)).toMatchObject([{ id: '5', flag: undefined }]);
    }));

  test('are told with what the answer says of them, and no more', () =>
    withClient(async ({ api }, emulator) => {
      const answers = [
        { id: '1', status: 'REQUESTED' },
        {
          id: '2',
          status: 'REQUESTED',
          operationType: 'UPDATE',
          title: 'T',
          split: { name: 'clients', x: 1 },
          environment: { name: 'QA' },
          comments: [
            { comment: 'later', user: 'bo', role: 'APPROVER', timestamp: 2 },
            { comment: 'first', user: 'ada', role: 'SUBMITTER', timestamp: 1 },
          ],
          approvers: ['a@example.com', { name: 'Team' }, { email: 'b@example.com', name: 'B' }, 7, null],
        },
        { id: '3', status: 'X', comments: [{ user: 'ada' }], approvers: 'all', split: null, title: null },
        { id: '4', status: 'X', comments: 'none' },
      ];
      const found = [];
      for (const body of answers) {
        emulator.fault({ answer: { status: 200, body } });
        found.push(await api.changeRequest('x/y'));
      }
      const nothing = {
        ...{
          flag: undefined,
          operation: undefined,
          title: undefined,
          submitter: undefined,
          since: undefined,
        },
        ...{ approvers: [], proposal: {}, decided: undefined, environment: undefined },
      };
      expect(found).toEqual([
        { ...nothing, id: '1', status: 'REQUESTED' },
        {
          ...{ id: '2', status: 'REQUESTED', flag: 'clients', operation: 'UPDATE', title: 'T' },
          ...{ submitter: 'ada', since: 1, approvers: ['a@example.com', 'Team', 'b@example.com'] },
          decided: { user: 'bo', comment: 'later' },
          environment: 'QA',
          proposal: { name: 'clients', x: 1 },
        },
        { ...nothing, id: '3', status: 'X', submitter: 'ada' },
        { ...nothing, id: '4', status: 'X' },
      ]);
      expect(emulator.requests[0]?.path).toMatch(/\/changeRequests\/x%2Fy$/);
    }));
});

test('no more than eight requests are under way at the same time', () =>
  withClient(
    async ({ api }, emulator, place) => {
      addSegments(emulator, 1000, 'standard');
      let [now, most] = [0, 0];
      const watched = emulator.requests;
      await api.segments(place, 'standard');
      const moments = watched
        .flatMap(({ at: start }) => [
          { time: start, step: 1 },
          // A little less than the latency, since timers may be early.
          { time: start + 15, step: -1 },
        ])
        .toSorted((left, right) => left.time - right.time);
      for (const { step } of moments) {
        now += step;
        most = Math.max(most, now);
      }
      expect(watched).toHaveLength(20);
      expect(most).toBeLessThanOrEqual(8);
      expect(most).toBeGreaterThan(1);
    },
    { latencyMs: 20 },
  ));

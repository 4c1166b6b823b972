// The way through an approval, over HTTP with a clock that does not wait: filing in doubt, polling, and how it ends.
import { describe, expect, test } from '@jest/globals';
import { decideChangeRequest } from '../../emulator/change-requests.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { addFlag, editDefinition, getDefinition, setDefinition, siteAt } from '../../emulator/world.ts';
import { parseDefinition } from '../../src/definition/definition.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { createItemRun } from '../../src/execute/item-run.ts';
import { parseInputs } from '../../src/inputs.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../src/json.ts';
import { draftOf, makePlan } from '../../src/plan/make-plan.ts';
import { readForCopy } from '../../src/reading/definitions.ts';
import { createClient, play, type Client, type Remembered } from '../in-process.ts';

const AT = { workspace: 'Mobile', environment: 'Production', flag: 'push_reminders' };

interface Ended extends Remembered {
  readonly pauses: readonly number[];
  readonly result: JsonObject;
}

/** A run into an environment that requires approvals. */
async function promoteTo(
  emulator: Emulator,
  inputs: Readonly<Record<string, string>> = {},
  onStart: (client: Client) => void = () => undefined,
): Promise<Ended> {
  let pauses: readonly number[] = [];
  const ended = await play({
    apiUrl: emulator.apiUrl,
    inputs: {
      workspace: 'Mobile',
      flags: 'push_reminders',
      'source-environment': 'Staging',
      'target-environment': 'Production',
      ...inputs,
    },
    onStart(client) {
      pauses = client.pauses;
      onStart(client);
    },
  });
  const results = parseJson(ended.outputs['results'] ?? '');
  const first = Array.isArray(results) ? (results as readonly Json[])[0] : undefined;
  return { ...ended, pauses, result: isJsonObject(first) ? first : {} };
}

async function withEmulator(run: (emulator: Emulator) => Promise<void>): Promise<void> {
  const emulator = await startEmulator();
  try {
    await run(emulator);
  } finally {
    await emulator.close();
  }
}

const pair = ([name = '', value = '']: readonly string[]): [string, string] => [name, value];

const POLL = { method: 'GET', path: '/changeRequests/' };
const POST = { method: 'POST', path: '/changeRequests/' };

describe('waiting for a decision', () => {
  test('looks again after pauses that grow from 2 to 30 seconds, and not beyond its time', () =>
    withEmulator(async (emulator) => {
      const { pauses, outputs, failure, result } = await promoteTo(emulator, { 'wait-for-approval': '2' });
      expect(pauses).toEqual([2000, 3000, 4500, 6750, 10_125, 15_187.5, 22_781.25, 30_000, 25_656.25]);
      expect(outputs).toMatchObject({
        ...{ status: 'failed', 'in-effect': 'false', changed: 'true' },
        'failure-reason': 'approval-timeout',
        'change-request-ids': JSON.stringify([result['changeRequestId']]),
      });
      expect(result).toMatchObject({ outcome: 'pending-approval', reason: 'approval-timeout' });
      expect(failure?.message).toContain(
        'was not decided within 2 minutes (its status is REQUESTED). It stays open',
      );
      expect(emulator.world.changeRequests).toMatchObject([{ status: 'REQUESTED' }]);
    }));

  test.each([
    ['an answer of 500', { answer: { status: 500, body: '' } }],
    ['no answer', { reset: true }],
  ])('goes on after %s', (_what, fault) =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POLL, ...fault, times: 6 });
      emulator.fault({ ...POLL, after: 1, decides: 'APPROVED' });
      const { outputs } = await promoteTo(emulator, { 'wait-for-approval': '5' });
      expect(outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
    }),
  );

  test('that sees nothing to the end does not say that nobody decided', () =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POLL, times: 999, decides: 'APPROVED', answer: { status: 500, body: '' } });
      const { failure, outputs, result } = await promoteTo(emulator, { 'wait-for-approval': '0.1' });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'api-error' });
      expect(result).toMatchObject({ outcome: 'pending-approval', reason: 'api-error' });
      expect(failure?.message).toContain('was decided could not be read: Could not read change request');
    }));

  test('does not try one look again and again, beyond its time', () =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POLL, times: 999, answer: { status: 500, body: '' } });
      const { pauses } = await promoteTo(emulator, { 'wait-for-approval': '0.1' });
      expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBe(6000);
      expect(emulator.requests.filter(({ path }) => /changeRequests\/[^/]+$/.test(path))).toHaveLength(3);
    }));

  test('ends where the key may not look, and the request stays', () =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POLL, answer: { status: 403, body: '' } });
      const { result, outputs } = await promoteTo(emulator, { 'wait-for-approval': '5' });
      expect(outputs['failure-reason']).toBe('permission');
      expect(result).toMatchObject({ outcome: 'pending-approval', reason: 'permission' });
    }));

  test('ends when the job is cancelled, and the request stays', () =>
    withEmulator(async (emulator) => {
      const { result, outputs, failure } = await promoteTo(
        emulator,
        { 'wait-for-approval': '5' },
        ({ cancel }) =>
          emulator.fault({
            ...POLL,
            after: 1,
            answer: { status: 500, body: '' },
            then: () => cancel.abort(),
          }),
      );
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'cancelled' });
      expect(result).toMatchObject({ outcome: 'pending-approval' });
      expect(failure?.message).toContain('cancelled');
    }));

  test('does not take place where the request is published at once', () =>
    withEmulator(async (emulator) => {
      const source = getDefinition(emulator.world, { ...AT, environment: 'Staging' });
      emulator.fault({
        ...POST,
        then: (world) => editDefinition(world, AT, { defaultRule: source?.['defaultRule'] }),
        answer: { status: 200, body: { id: 'cr-1', status: 'PUBLISHED', split: { name: AT.flag } } },
      });
      const { result, outputs, pauses, summary } = await promoteTo(emulator);
      expect(outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(result).toMatchObject({ outcome: 'updated', changeRequestId: 'cr-1' });
      expect(pauses).toEqual([]);
      expect(summary).toContain('was approved and published');
    }));

  test('kills a target again that the published request made live', () =>
    withEmulator(async (emulator) => {
      editDefinition(emulator.world, AT, { killed: true });
      siteAt(emulator.world, AT).environment.allowKills = true;
      emulator.switches.putUnkills = true;
      emulator.fault({ ...POLL, decides: 'APPROVED' });
      const { outputs } = await promoteTo(emulator, { 'wait-for-approval': '1' });
      expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'verification-failed' });
      expect(getDefinition(emulator.world, AT)?.['killed']).toBe(true);
    }));
});

describe('filing', () => {
  test('is settled by the list where no answer came', () =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POST, applied: true, reset: true });
      const { result, outputs } = await promoteTo(emulator);
      expect(outputs['status']).toBe('pending-approval');
      expect(result['changeRequestId']).toBe(emulator.world.changeRequests[0]?.id);
      expect(emulator.world.changeRequests).toHaveLength(1);
    }));

  test('is not known where the list fails as well', () =>
    withEmulator(async (emulator) => {
      emulator.fault({
        ...POST,
        applied: true,
        reset: true,
        then: () =>
          emulator.fault({
            method: 'GET',
            path: '/changeRequests?',
            times: 99,
            answer: { status: 403, body: '' },
          }),
      });
      const { result, outputs, failure, planFiles } = await promoteTo(emulator);
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'network' });
      expect(failure?.message).toContain('Whether the change request was filed is not known');
      expect(result['outcome']).toBe('failed');
      expect(planFiles.at(-1)).toMatchObject({ items: [{ progress: { state: 'started' } }] });
    }));

  test.each([
    ['no body', ''],
    ['a body that names no request', { split: null }],
  ])('with an answer of %s is found in the list', (_what, body) =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POST, applied: true, answer: { status: 200, body } });
      const { result } = await promoteTo(emulator);
      expect(result['changeRequestId']).toBe(emulator.world.changeRequests[0]?.id);
    }),
  );

  test('with an answer that names no request, and none in the list, fails', () =>
    withEmulator(async (emulator) => {
      emulator.fault({ ...POST, answer: { status: 200, body: {} } });
      const { failure, outputs } = await promoteTo(emulator);
      expect(outputs['failure-reason']).toBe('api-error');
      expect(failure?.message).toContain('was accepted, but the API does not say which it is');
    }));

  test('goes on without a rollout status that the key may not read', () =>
    withEmulator(async (emulator) => {
      emulator.fault({
        method: 'GET',
        path: /\/splits\/ws\/[^/]+\/push_reminders$/,
        answer: { status: 403, body: '' },
      });
      const { outputs } = await promoteTo(emulator);
      expect(outputs['status']).toBe('pending-approval');
      const [sent] = emulator.requests.filter(({ method }) => method === 'POST');
      expect(sent?.rawBody).not.toContain('rolloutStatus');
    }));

  test('names the approvers that the API names', () =>
    withEmulator(async (emulator) => {
      const { notices, summary } = await promoteTo(emulator, {
        approvers: 'ada@example.com, bo@example.com',
      });
      expect(notices).toHaveLength(1);
      expect(notices[0]).toContain('Ask `ada@example.com`, `bo@example.com` to decide it.');
      expect(summary).toContain('`bo@example.com`');
    }));

  test('says what to do where the environment itself names the approvers', () =>
    withEmulator(async (emulator) => {
      siteAt(emulator.world, AT).environment.approversRestricted = true;
      const { failure } = await promoteTo(emulator, { approvers: 'ada@example.com' });
      expect(failure?.message).toContain('`approvers` must be empty');
    }));

  test('asks for the kill state where nothing else changes', () =>
    withEmulator(async (emulator) => {
      const source = { ...AT, environment: 'Staging' };
      await promoteTo(emulator);
      const [first] = emulator.world.changeRequests;
      if (first) decideChangeRequest(emulator.world, first.id, 'APPROVED');
      editDefinition(emulator.world, source, { killed: true });
      emulator.fault({ ...POLL, decides: 'APPROVED' });
      const inputs = { 'kill-state': 'copy', 'wait-for-approval': '1' };
      const { outputs } = await promoteTo(emulator, inputs);
      expect(outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(emulator.world.changeRequests[1]).toMatchObject({ operationType: 'KILL', status: 'PUBLISHED' });
      expect(getDefinition(emulator.world, AT)?.['killed']).toBe(true);
    }));

  test('leaves the kill state out beside a changed definition, says so, and is not in effect', () =>
    withEmulator(async (emulator) => {
      editDefinition(emulator.world, { ...AT, environment: 'Staging' }, { killed: true });
      emulator.fault({ ...POLL, decides: 'APPROVED' });
      const { outputs, warnings, summary } = await promoteTo(emulator, {
        'kill-state': 'copy',
        'wait-for-approval': '1',
      });
      expect(outputs).toMatchObject({ status: 'applied', 'in-effect': 'false' });
      expect(warnings.join()).toContain('That the flag is to be killed in Production was not requested');
      expect(summary).toContain('was not requested');
      expect(getDefinition(emulator.world, AT)?.['killed']).toBe(false);
    }));

  test('follows a kill that the environment lets pass', () =>
    withEmulator(async (emulator) => {
      siteAt(emulator.world, AT).environment.allowKills = true;
      editDefinition(emulator.world, { ...AT, environment: 'Staging' }, { killed: true });
      const { outputs, result } = await promoteTo(emulator, { 'kill-state': 'copy' });
      expect(outputs).toMatchObject({ status: 'pending-approval', 'in-effect': 'false' });
      expect(result['outcome']).toBe('pending-approval');
      expect(getDefinition(emulator.world, AT)?.['killed']).toBe(true);
      expect(emulator.world.changeRequests).toMatchObject([{ operationType: 'UPDATE' }]);
    }));
});

test('once an environment asked for approval, its other items do not try without', () =>
  withEmulator(async (emulator) => {
    const { workspace } = siteAt(emulator.world, AT);
    const flags = ['push_reminders', 'second'];
    addFlag(workspace, { name: 'second' });
    const source = getDefinition(emulator.world, { ...AT, environment: 'Staging' });
    const definition = parseDefinition({ ...source, name: 'second' });
    setDefinition(emulator.world, { ...AT, environment: 'Staging', flag: 'second' }, definition);
    const { api, connect, clock, cancel, close } = createClient(emulator.apiUrl);
    const { inputs } = parseInputs(
      new Map([
        ...[
          ['api-key', 'k'],
          ['flags', 'push_reminders'],
          ['workspace', 'Mobile'],
        ].map(pair),
        ...[
          ['source-environment', 'Staging'],
          ['target-environment', 'Production'],
        ].map(pair),
      ]),
    );
    const approvalsRequired = new Set<string>();
    try {
      for (const flag of flags) {
        const { readings } = await readForCopy({ ...inputs, flags: [flag] }, connect());
        const drafts = readings.map((read) => draftOf(read, inputs));
        const { items } = makePlan(drafts, inputs, { around: new Map(), now: 0 });
        const [item] = items;
        if (item === undefined) throw new Error('There is no item.');
        const run = createItemRun(item, {
          ...inputs,
          ...{ api, clock, approvalsRequired, copied: SECTIONS, cancelled: cancel.signal },
          audit: { title: 't', comment: 'c' },
          record: () => Promise.resolve(),
          say: () => undefined,
          look: () => Promise.reject(new Error('It is fresh.')),
        });
        await run.write();
        await run.decide();
        expect(run.result.outcome).toBe('pending-approval');
      }
    } finally {
      await close();
    }
    const writes = emulator.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'PUT 403',
      'POST 200',
      'POST 200',
    ]);
    expect(emulator.world.changeRequests).toMatchObject([
      { operationType: 'UPDATE' },
      { operationType: 'CREATE' },
    ]);
  }));

// What a run does when the server, the network or the job itself misbehaves.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { split } from '../../emulator/seed-parts.ts';
import { getDefinition } from '../../emulator/world.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { expectFailure } from './endings.ts';
import { withProxy } from './proxy.ts';
import { errorsOf, onStage, planFileOf, resultOf, type Stage } from './stage.ts';

/** The read-back: the target is read once before the write. */
const readBack = ({ idOf }: Stage) => ({
  method: 'GET',
  path: `/clients/environments/${idOf('Staging')}`,
  after: 1,
});

const puts = ({ emulator }: Stage): number =>
  emulator.requests.filter(({ method }) => method === 'PUT').length;

describe('reads', () => {
  test.each([
    ['a bare 500', { answer: { status: 500, body: '' } }],
    [
      'a 500 of the database',
      { answer: { status: 500, body: { code: 500, message: 'E11000 duplicate key error' } } },
    ],
    ['a 503 of a gateway', { answer: { status: 503, body: '<html><body>Unavailable</body></html>' } }],
    ['a reset', { reset: true }],
    ['a cut-off body', { cutBody: true }],
  ])('are tried again after %s', (_what, fault) =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({ method: 'GET', path: '/clients/', ...fault });
      const ended = await run();
      expect(ended.outputs['status']).toBe('applied');
      expect(emulator.requests).toHaveLength(9);
      expect(ended.summary).toContain('9 requests, 1 retry');
    }),
  );

  test('are tried again after a time-out', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({ method: 'GET', path: '/environments/ws', hang: true });
      const ended = await run({ 'request-timeout-seconds': '0.4' });
      expect(ended.outputs['status']).toBe('applied');
    }));

  test('fail as network when nothing answers in time', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({ path: '/workspaces', hang: true, times: 9 });
      const words = expectFailure(
        await run({ 'request-timeout-seconds': '0.3', 'max-retries': '1' }),
        'network',
        'failed',
      );
      expect(words).toContain('Could not list workspaces: no answer came within 0.3 seconds.');
      expect(emulator.requests).toHaveLength(2);
    }));

  test('fail as api-error when 500 does not end, with the words of the API', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({
        path: '/workspaces',
        times: 9,
        answer: { status: 500, body: { message: 'out of order', transactionId: '22f0rxo8uno' } },
      });
      const words = expectFailure(await run({ 'max-retries': '0' }), 'api-error', 'failed');
      expect(words).toContain('the API answered 500. It said: out of order (transactionId 22f0rxo8uno).');
      expect(emulator.requests).toHaveLength(1);
    }));

  test.each([
    ['nothing', ''],
    ['HTML', '<html><head><title>Login</title></head></html>'],
    ['a number', '42'],
    ['null', 'null'],
    ['a definition without treatments', '{"name":"clients"}'],
    ['treatments that are none', '{"treatments":[1],"defaultTreatment":"on","defaultRule":[]}'],
  ])('fail as api-error when a success holds %s', (_what, body) =>
    onStage(async (stage) => {
      stage.emulator.fault({ path: '/clients/', times: 9, answer: { status: 200, body } });
      const words = expectFailure(await stage.run({ 'max-retries': '0' }), 'api-error', 'failed');
      expect(words).toMatch(/the API's answer is not what its documentation says|not complete JSON/);
      expect(stage.writes()).toEqual([]);
    }),
  );

  test('wait the larger of the two resets after a 429', () =>
    onStage(async ({ emulator, run }) => {
      const headers = {
        'X-RateLimit-Reset-Seconds-Org': '1',
        'X-RateLimit-Reset-Seconds-IP': '0',
        'Retry-After': '60',
      };
      emulator.fault({ path: '/workspaces', answer: { status: 429, headers, body: '' } });
      const ended = await run({ mode: 'plan' });
      expect(ended.exitCode).toBe(0);
      const [first, second] = emulator.requests;
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
    }));

  test('fail as rate-limited when 429 does not end', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({ path: '/workspaces', times: 9, answer: { status: 429, body: '' } });
      expectFailure(await run({ 'max-retries': '1' }), 'rate-limited', 'failed');
      expect(emulator.requests).toHaveLength(2);
    }));

  test('do not wait for hours because a header says so', () =>
    onStage(async ({ emulator, run }) => {
      const headers = { 'X-RateLimit-Reset-Seconds-Org': '86400' };
      emulator.fault({ path: '/workspaces', answer: { status: 429, headers, body: '' } });
      expectFailure(await run(), 'rate-limited', 'failed');
    }));

  test('do not follow a redirect', () =>
    onStage((elsewhere) =>
      onStage(async ({ emulator, run }) => {
        emulator.fault({ path: '/workspaces', redirect: `${elsewhere.emulator.apiUrl}/workspaces` });
        const words = expectFailure(await run(), 'api-error', 'failed');
        expect(words).toContain('which is not followed, since the key would go along');
        expect(elsewhere.emulator.requests).toEqual([]);
      }),
    ));
});

describe('a write whose outcome is unknown', () => {
  test.each([
    ['an error', { answer: { status: 500, body: '' } }],
    ['a reset', { reset: true }],
    ['no answer', { hang: true }],
  ])('is not sent again after %s when the read shows that it happened', (_what, fault) =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', applied: true, ...fault });
      const ended = await stage.run({ 'request-timeout-seconds': '0.5' });
      expect(ended.outputs['status']).toBe('applied');
      expect(puts(stage)).toBe(1);
    }),
  );

  test.each([
    ['an error', { answer: { status: 502, body: '' } }],
    ['a reset', { reset: true }],
    ['no answer', { hang: true }],
  ])('is sent again after %s when the read shows that it did not happen', (_what, fault) =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', ...fault });
      const ended = await stage.run({ 'request-timeout-seconds': '0.5' });
      expect(ended.outputs['status']).toBe('applied');
      const kinds = stage.sinceFirstWrite().map(({ method }) => method);
      expect(kinds).toEqual(['PUT', 'GET', 'PUT', 'GET']);
    }),
  );

  test.each([
    ['a redirect', { answer: { status: 303, body: '' } }],
    ['a refusal that waits', { answer: { status: 500, body: '' } }],
  ])('after %s is settled by a read, and counts as written when it was', (_what, fault) =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', applied: true, ...fault });
      expect((await stage.run({ 'max-retries': '0' })).outputs['status']).toBe('applied');
      expect(puts(stage)).toBe(1);
    }),
  );

  test.each(['kill', 'restore'])(
    'of a %s is target-changed when somebody edited the definition meanwhile',
    (verb) =>
      onStage(async (stage) => {
        stage.edit({ killed: verb === 'kill' }, 'Production');
        stage.edit({ killed: verb === 'restore' });
        stage.emulator.fault({
          method: 'PUT',
          path: `/${verb}`,
          applied: true,
          answer: { status: 500, body: '' },
          then: () => stage.edit({ trafficAllocation: 7 }),
        });
        expectFailure(await stage.run({ 'kill-state': 'copy' }), 'target-changed', 'partial');
        expect(stage.stored()?.['trafficAllocation']).toBe(7);
      }),
  );

  test('that had to wait for the rate limit looks again, and does not write over an edit', () =>
    onStage(async (stage) => {
      const headers = { 'X-RateLimit-Reset-Seconds-Org': '6' };
      stage.emulator.fault({
        method: 'PUT',
        answer: { status: 429, headers, body: '' },
        then: () => stage.edit({ trafficAllocation: 7 }),
      });
      const words = expectFailure(await stage.run(), 'target-changed', 'failed');
      expect(words).toContain('Nothing was written.');
      expect(stage.stored()?.['trafficAllocation']).toBe(7);
    }));

  test('is settled by a read even without retries', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', applied: true, answer: { status: 500, body: '' } });
      expect((await stage.run({ 'max-retries': '0' })).outputs['status']).toBe('applied');
      expect(puts(stage)).toBe(1);
    }));

  test('fails, with nothing written, when it never happens', () =>
    onStage(async (stage) => {
      const before = stage.stored();
      stage.emulator.fault({ method: 'PUT', times: 9, answer: { status: 500, body: '' } });
      const words = expectFailure(await stage.run({ 'max-retries': '1' }), 'api-error', 'failed');
      expect(words).toContain('Nothing was written.');
      expect(puts(stage)).toBe(2);
      expect(stage.stored()).toEqual(before);
    }));

  test('is target-changed when the read finds neither the old nor the new', () =>
    onStage(async (stage) => {
      stage.emulator.fault({
        method: 'PUT',
        answer: { status: 500, body: '' },
        then: () => stage.edit({ trafficAllocation: 7 }),
      });
      const words = expectFailure(await stage.run(), 'target-changed', 'partial');
      expect(words).toContain('Someone changed flag `clients` in Staging since it was read');
      expect(puts(stage)).toBe(1);
      expect(stage.stored()?.['trafficAllocation']).toBe(7);
    }));

  test('is said to be unknown when the read fails too', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', reset: true });
      stage.emulator.fault({ ...readBack(stage), times: 9, answer: { status: 500, body: '' } });
      const ended = await stage.run({ 'max-retries': '0' });
      const words = expectFailure(ended, 'network', 'partial');
      expect(words).toContain('Whether the write took effect is not known');
      expect(planFileOf(ended)).toMatchObject({
        items: [{ progress: { state: 'started', written: 'unknown' } }],
      });
    }));

  test('of a creation is settled likewise', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'POST', applied: true, reset: true });
      const ended = await stage.run({ flags: 'new_onboarding' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.writes()).toHaveLength(1);
    }));

  test('that took effect late shows when the second attempt is refused', () =>
    onStage(async (stage) => {
      // The first POST hangs and lands only after the read that looked for it: the second meets it with 409.
      stage.emulator.fault({ method: 'POST', reset: true });
      stage.emulator.fault({
        method: 'POST',
        applied: true,
        answer: { status: 409, body: { code: 409, message: 'exists' } },
      });
      const ended = await stage.run({ flags: 'new_onboarding' });
      expect(ended.outputs['status']).toBe('applied');
    }));

  test('of a kill is settled likewise', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Production');
      stage.emulator.fault({ method: 'PUT', path: '/kill', applied: true, reset: true });
      const ended = await stage.run({ 'kill-state': 'copy' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.writes().map((write) => write.split('/')[0])).toEqual(['PUT kill', 'PUT environments']);
    }));
});

describe('answers to a write', () => {
  test.each([
    [403, { code: 403, message: 'Forbidden' }, 'permission'],
    [401, { code: 401, message: 'no' }, 'authentication'],
    [404, { code: 404, message: 'Could not find environment' }, 'target-changed'],
    [303, '', 'api-error'],
    [409, { code: 409, message: 'denied by governance policy' }, 'policy-denied'],
    [409, { code: 409, message: 'busy' }, 'api-error'],
    [
      423,
      {
        code: 423,
        message: 'Something was wrong',
        details: 'A pending change request with id:cr-1 for this object already exists',
      },
      'pending-change',
    ],
    [
      499,
      {
        code: 499,
        message: 'policy denied',
        details: { details: [{ details: [{ denyMessages: ['no default rule above 50 %'] }] }] },
      },
      'policy-denied',
    ],
    [400, '', 'api-error'],
    [402, 'Payment Required', 'api-error'],
  ])('%i %j ends as %s and is not tried again', (status, body, reason) =>
    onStage(async (stage) => {
      const before = stage.stored();
      stage.emulator.fault({ method: 'PUT', answer: { status, body } });
      const words = expectFailure(await stage.run(), reason, 'failed');
      expect(puts(stage)).toBe(1);
      expect(stage.stored()).toEqual(before);
      const text = JSON.stringify(body);
      for (const quote of ['cr-1', 'no default rule above 50 %', 'Payment Required']) {
        if (text.includes(quote)) expect(words).toContain(quote.replaceAll('%', '%25'));
      }
    }),
  );

  test('409 to a creation, since someone else was first, is target-changed', () =>
    onStage(async (stage) => {
      stage.emulator.fault({
        method: 'POST',
        answer: { status: 409, body: { code: 409, message: 'exists already' } },
      });
      expectFailure(await stage.run({ flags: 'new_onboarding' }), 'target-changed', 'failed');
    }));
});

describe('the read-back', () => {
  test('kills a killed target again at once when the write made it live, and fails', () =>
    onStage(
      async (stage) => {
        const ended = await stage.run({ flags: 'payments_gateway' });
        const words = expectFailure(ended, 'verification-failed', 'partial');
        expect(words).toContain('The write made the killed target live; it was killed again at once.');
        const kinds = stage
          .sinceFirstWrite()
          .map(({ method, path }) => `${method} ${path.split('/').at(-1) === 'kill' ? 'kill' : ''}`);
        expect(kinds).toEqual(['PUT ', 'PUT kill', 'GET ']);
        expect(stage.stored('Staging', 'payments_gateway')?.['killed']).toBe(true);
      },
      { switches: { putUnkills: true } },
    ));

  test('warns of what moved elsewhere and of members the server added', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({
        method: 'PUT',
        mutate: (stored) => ({ ...stored, trafficAllocation: 3, shardHint: 'b' }),
      });
      const ended = await run({ include: 'default-rule' });
      expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(ended.stdout).toContain(
        '::warning::Not as it was, though this run did not mean to change it: `traffic-allocation`.%0A| The server added members: `shardHint`.',
      );
      expect(ended.stdout.match(/^::warning::/gm)).toHaveLength(1);
      expect(ended.summary).toContain('shardHint');
    }));

  test('is content with members the server adds to treatments, rules and buckets, whatever their names', () =>
    onStage(async ({ emulator, run }) => {
      const marked = (list: unknown): Json =>
        Array.isArray(list)
          ? list.map((element: JsonObject) => ({ ...element, id: 'x', lastUpdateTime: 5 }))
          : null;
      emulator.fault({
        method: 'PUT',
        mutate: (stored) => ({
          ...stored,
          treatments: marked(stored['treatments']),
          rules: marked(stored['rules']),
          defaultRule: marked(stored['defaultRule']),
        }),
      });
      const ended = await run();
      expect(ended.outputs['status']).toBe('applied');
      expect(ended.stdout).toContain('::warning::The server added members: `id`, `lastUpdateTime`.');
    }));

  test('fails when a server drops members it does not know', () =>
    onStage(
      async (stage) => {
        stage.edit({ defaultRule: [{ treatment: 'v2', size: 100, future: 1 }] }, 'Production');
        const ended = await stage.run();
        expectFailure(ended, 'verification-failed', 'partial');
        expect(resultOf(ended)).toMatchObject({ outcome: 'failed', reason: 'verification-failed' });
      },
      { switches: { unknownMembers: 'drop' } },
    ));

  test('that cannot be read leaves the item failed and says that it was written', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ ...readBack(stage), times: 9, answer: { status: 500, body: '' } });
      const words = expectFailure(await stage.run({ 'max-retries': '0' }), 'api-error', 'partial');
      expect(words).toContain('The target was changed; the plan file holds its old definition.');
    }));

  test('of a definition that is gone says so', () =>
    onStage(async (stage) => {
      stage.emulator.fault({
        ...readBack(stage),
        then: ({ workspaces }) =>
          workspaces[0]?.environments.find(({ name }) => name === 'Staging')?.definitions.clear(),
      });
      const words = expectFailure(await stage.run(), 'verification-failed', 'partial');
      expect(words).toContain('has no definition');
    }));

  test.each([
    ['putStatus', 201],
    ['putStatus', 204],
    ['createStatus', 201],
    ['dependsForm', 'treatments'],
    ['emptyArrays', 'emit'],
    ['nulls', 'emit'],
    ['negateFalse', 'emit'],
    ['putWithoutKilled', 'keep'],
    ['overLimit', '400'],
  ])('succeeds with the server switch %s at %s', (name, position) =>
    onStage(
      async ({ run }) => {
        for (const flags of ['targeting_showcase', 'new_onboarding', 'payments_gateway']) {
          expect((await run({ flags })).outputs['status']).toBe('applied');
          expect((await run({ flags })).outputs['status']).toBe('unchanged');
        }
      },
      { switches: { [name]: position } },
    ),
  );
});

describe('the kill state', () => {
  test('alone is copied without a write of the definition', () =>
    onStage(async (stage) => {
      await stage.run();
      stage.edit({ killed: true }, 'Production');
      stage.emulator.forget();
      const ended = await stage.run({ 'kill-state': 'copy' });
      expect(ended.outputs['status']).toBe('applied');
      expect(resultOf(ended)['sections']).toEqual(['kill-state']);
      expect(stage.writes()).toEqual(['PUT kill']);
      stage.edit({ killed: false }, 'Production');
      stage.emulator.forget();
      expect((await stage.run({ 'kill-state': 'copy' })).outputs['status']).toBe('applied');
      expect(stage.writes()).toEqual(['PUT restore']);
      expect(stage.stored()?.['killed']).toBe(false);
    }));

  test('of a source is not copied to a new definition unless asked for', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Production', 'new_onboarding');
      await stage.run({ flags: 'new_onboarding' });
      expect(stage.stored('Staging', 'new_onboarding')?.['killed']).toBe(false);
    }));

  test('of a source is copied to a new definition when asked for, even where the API creates it live', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Production', 'new_onboarding');
      stage.emulator.fault({ method: 'POST', mutate: (stored) => ({ ...stored, killed: false }) });
      const ended = await stage.run({ flags: 'new_onboarding', 'kill-state': 'copy' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.stored('Staging', 'new_onboarding')?.['killed']).toBe(true);
    }));

  test('stays as it is when the definition changes', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Production');
      await stage.run();
      expect(stage.stored()?.['killed']).toBe(false);
    }));

  test('changed, but not the definition, is told as partial', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Production');
      stage.emulator.fault({ method: 'PUT', after: 1, answer: { status: 403, body: { message: 'no' } } });
      const words = expectFailure(await stage.run({ 'kill-state': 'copy' }), 'permission', 'partial');
      expect(words).toContain('The target was changed');
      expect(stage.stored()?.['killed']).toBe(true);
    }));
});

describe('the plan file', () => {
  test('is on disk, whole and private, before the first write', () =>
    onStage(async (stage) => {
      const directory = mkdtempSync(join(tmpdir(), 'plan-file-'));
      let seen: readonly string[] = [];
      stage.emulator.fault({ method: 'PUT', then: () => (seen = readdirSync(directory)) });
      const before = stage.stored();
      const ended = await stage.run({}, { env: { RUNNER_TEMP: directory } });
      expect(seen).toHaveLength(1);
      const path = ended.outputs['plan-file'] ?? '';
      expect(path).toMatch(/\.json$/);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(planFileOf(ended)).toMatchObject({
        fingerprint: ended.outputs['fingerprint'],
        items: [{ before, progress: { state: 'confirmed', outcome: 'updated', readBack: stage.stored() } }],
      });
    }));

  test('that cannot be written stops the run before the first write', () =>
    onStage(async (stage) => {
      const ended = await stage.run({}, { env: { RUNNER_TEMP: '/nonexistent/folder' } });
      expect(expectFailure(ended, 'invalid-input', 'failed')).toContain('RUNNER_TEMP');
      expect(stage.writes()).toEqual([]);
    }));
});

describe('the runner', () => {
  test.each([undefined, '', '/nonexistent/summary'])(
    'may have no summary file (%s): the log says so and nothing fails',
    (path) =>
      onStage(async ({ run }) => {
        const ended = await run({}, { env: { GITHUB_STEP_SUMMARY: path } });
        expect(ended.exitCode).toBe(0);
        expect(ended.stdout).toContain('There is no job summary here');
        expect(existsSync(ended.outputs['summary-file'] ?? '')).toBe(true);
      }),
  );

  test('may say nothing about itself', () =>
    onStage(async ({ run, emulator }) => {
      const env = Object.fromEntries(
        ['ACTOR', 'SHA', 'REPOSITORY', 'RUN_ID', 'SERVER_URL'].map((name) => [`GITHUB_${name}`, undefined]),
      );
      expect((await run({}, { env })).exitCode).toBe(0);
      expect(emulator.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({
        comment: expect.stringContaining('Promoted by unknown at commit unknown, run unknown, plan '),
      });
    }));

  test('gets warnings about inputs that this Action does not have', () =>
    onStage(async ({ run }) => {
      const ended = await run({ colour: 'blue' });
      expect(ended.exitCode).toBe(0);
      expect(ended.stdout).toContain('::warning::This Action has no input `colour`; ignored.');
    }));

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'cancels with %s while reading: nothing is written, everything is told',
    (signal) =>
      onStage(async (stage) => {
        stage.emulator.fault({ method: 'GET', path: '/clients/', times: 2, hang: true, then: () => stop() });
        let stop = (): void => undefined;
        const ended = await stage.run({}, { onStart: (child) => (stop = () => child.kill(signal)) });
        expectFailure(ended, 'cancelled', 'failed');
        expect(stage.writes()).toEqual([]);
        // Far below the 30 seconds that a request may take.
        expect(ended.milliseconds).toBeLessThan(15_000);
      }),
  );

  test('cancels during a write: lets it end, and tells what was written', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', delayMs: 300, then: () => stop() });
      let stop = (): void => undefined;
      const ended = await stage.run({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.stored()?.['trafficAllocation']).toBe(80);
    }));

  test('cancels during a write that hangs: gives up after three seconds, outcome unknown', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ method: 'PUT', hang: true, then: () => stop() });
      let stop = (): void => undefined;
      const ended = await stage.run({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
      const words = expectFailure(ended, 'cancelled', 'partial');
      expect(words).toContain('Whether the write took effect is not known');
      expect(planFileOf(ended)).toMatchObject({
        items: [{ progress: { state: 'started', written: 'unknown', outcome: 'failed' } }],
      });
      // Far below the 30 seconds that a request may take.
      expect(ended.milliseconds).toBeLessThan(15_000);
    }));
});

describe('the ending', () => {
  test('does not wait for requests that nobody needs any more', () =>
    onStage(async (stage) => {
      stage.emulator.fault({ path: '/clients/', answer: { status: 401, body: '' } });
      stage.emulator.fault({
        path: '/clients/',
        answer: { status: 429, headers: { 'Retry-After': '200' }, body: '' },
      });
      const ended = await stage.run();
      expectFailure(ended, 'authentication', 'failed');
      expect(ended.milliseconds).toBeLessThan(100_000);
    }));

  test.each(['applied', 'failed'])('whose outputs cannot be written fails with one annotation: %s', (end) =>
    onStage(async (stage) => {
      const flags = end === 'applied' ? 'clients' : 'gone';
      const ended = await stage.run({ flags }, { env: { GITHUB_OUTPUT: '/nonexistent/output' } });
      expect(ended.exitCode).toBe(1);
      expect(errorsOf(ended)).toHaveLength(1);
      expect(errorsOf(ended)[0]).toMatch(end === 'applied' ? /#invalid-input$/ : /#not-found$/);
      expect(ended.stdout).toContain('The outputs of this step could not be written');
      expect(ended.stderr).toBe('');
    }),
  );

  test('in red is never in effect, even where nothing differs', () =>
    onStage(async ({ run }) => {
      const ended = await run({ flags: 'dark_mode', 'expected-fingerprint': 'a'.repeat(64) });
      expectFailure(ended, 'plan-stale', 'failed');
    }));
});

describe('the network', () => {
  test('refused: says so, and what to check', () =>
    onStage(async ({ run }) => {
      const ended = await run({ 'api-url': 'http://127.0.0.1:9', 'max-retries': '0' });
      expect(expectFailure(ended, 'network', 'failed')).toContain('the connection was refused');
    }));

  test.each(['http_proxy', 'HTTP_PROXY'])('goes through the proxy that %s names', (variable) =>
    onStage(({ run, emulator }) =>
      withProxy(async (proxy, asked) => {
        expect((await run({}, { env: { [variable]: proxy } })).outputs['status']).toBe('applied');
        expect(new Set(asked)).toEqual(new Set([new URL(emulator.origin).host]));
      }),
    ),
  );

  test('goes past the proxy where no_proxy says so', () =>
    onStage(({ run }) =>
      withProxy(async (proxy, asked) => {
        expect((await run({}, { env: { http_proxy: proxy, no_proxy: '127.0.0.1' } })).outputs['status']).toBe(
          'applied',
        );
        expect(asked).toEqual([]);
      }),
    ));

  test.each(['http://127.0.0.1:9', 'nonsense'])('through the unusable proxy %s fails', (proxy) =>
    onStage(async ({ run, emulator }) => {
      const ended = await run({ 'max-retries': '0' }, { env: { http_proxy: proxy } });
      expectFailure(ended, 'network', 'failed');
      expect(emulator.requests).toEqual([]);
    }),
  );
});

test('the approved fingerprint lets the write through, in any case and whatever the run', () =>
  onStage(async (stage) => {
    const plan = await stage.run({ mode: 'plan' });
    expect(
      getDefinition(stage.emulator.world, { workspace: 'Default', environment: 'Staging', flag: 'clients' }),
    ).toMatchObject({ trafficAllocation: 100 });
    const fingerprint = (plan.outputs['fingerprint'] ?? '').toUpperCase();
    expect((await stage.run({ 'expected-fingerprint': fingerprint })).outputs['status']).toBe('applied');
    stage.edit({ defaultRule: split({ v1: 100 }) }, 'Production');
    expectFailure(await stage.run({ 'expected-fingerprint': fingerprint }), 'plan-stale', 'failed');
  }));

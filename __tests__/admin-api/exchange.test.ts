// A write that may have to wait: until when it may be sent, and what a look at its target is good for.
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Place } from '../../src/plan/plan.ts';
import { failureOf, settledBy, withClient } from './with-client.ts';

const killOf = ({ workspace, environment, flag }: Place) => ({
  method: 'PUT' as const,
  path: `/splits/ws/${workspace.id}/${flag}/environments/${environment.id}/kill`,
  body: '{"title":"t","comment":"c"}',
  purpose: 'kill flag `clients` in Staging',
});

const refusal = { status: 429, headers: { 'X-RateLimit-Reset-Seconds-Org': '6' }, body: '' };

const writesAt = ({ requests }: Emulator): number => requests.filter(({ method }) => method === 'PUT').length;

const noLook = (): Promise<never> => Promise.reject(new Error('Nothing is in doubt.'));

describe('a write that has to wait for the rate limit', () => {
  test('past its latest moment is late at once, and not sent', () =>
    withClient(async ({ api, exchange, clock, pauses }, emulator, place) => {
      emulator.fault({ method: 'GET', answer: refusal });
      // Read once, whatever the answer.
      expect((await failureOf(api.changeRequest('1'))).reason).toBe('rate-limited');
      const ended = await exchange.write(killOf(place), noLook, clock.now() + 5999);
      expect(ended).toEqual({ late: true, written: 'no' });
      expect(pauses).toEqual([]);
      expect(writesAt(emulator)).toBe(0);
    }));

  test('until its latest moment is sent then', () =>
    withClient(async ({ api, exchange, clock, pauses }, emulator, place) => {
      emulator.fault({ method: 'GET', answer: refusal });
      expect((await failureOf(api.changeRequest('1'))).reason).toBe('rate-limited');
      const ended = await exchange.write(killOf(place), noLook, clock.now() + 6000);
      expect(ended).toMatchObject({ written: 'yes' });
      expect(pauses).toEqual([6000]);
      expect(writesAt(emulator)).toBe(1);
    }));

  test('because it was refused itself is late, and was not carried out', () =>
    withClient(async ({ exchange, clock, pauses }, emulator, place) => {
      emulator.fault({ method: 'PUT', answer: refusal });
      const ended = await exchange.write(killOf(place), noLook, clock.now() + 5000);
      expect(ended).toEqual({ late: true, written: 'no' });
      expect(pauses).toEqual([]);
      expect(writesAt(emulator)).toBe(1);
    }));

  test('waits as long as it takes where it has no latest moment', () =>
    withClient(async ({ exchange, pauses }, emulator, place) => {
      emulator.fault({ method: 'PUT', answer: refusal });
      expect(await exchange.write(killOf(place), noLook)).toMatchObject({ written: 'yes' });
      expect(pauses).toEqual([6000]);
    }));
});

describe('after a look at the target of a write in doubt', () => {
  const lost = { status: 503, body: '' };

  test('the write is sent, though its latest moment passed before', () =>
    withClient(async ({ exchange, clock, pauses }, emulator, place) => {
      emulator.fault({ method: 'PUT', answer: lost });
      const ended = await exchange.write(killOf(place), () => Promise.resolve('no'), clock.now());
      expect(ended).toMatchObject({ written: 'yes' });
      expect(pauses).toEqual([375]);
    }));

  test.each([
    [5, { written: 'yes' }, 3],
    [6, { late: true, written: 'no' }, 2],
  ])('it may be sent for five seconds: a wait of %d', (seconds, expected, writes) =>
    withClient(async ({ exchange }, emulator, place) => {
      const headers = { 'X-RateLimit-Reset-Seconds-Org': String(seconds) };
      emulator.fault({ method: 'PUT', answer: lost });
      emulator.fault({ method: 'PUT', answer: { ...refusal, headers } });
      const ended = await exchange.write(killOf(place), () => Promise.resolve('no'));
      expect(ended).toMatchObject(expected);
      expect(writesAt(emulator)).toBe(writes);
    }),
  );

  test('a write that is late fails as one that the rate limit kept back', () =>
    withClient(async ({ api }, emulator, place) => {
      emulator.fault({ method: 'PUT', answer: lost });
      emulator.fault({ method: 'PUT', answer: refusal });
      const answer = await api.kill(
        place,
        { title: 't', comment: 'c' },
        settledBy(() => Promise.resolve('no')),
      );
      expect(answer).toMatchObject({ written: 'no', failure: { reason: 'rate-limited' } });
    }));
});

// Lines that tell how far long work has got.
import { expect, test } from '@jest/globals';
import { createProgress } from '../src/progress.ts';

function watched() {
  const lines: string[] = [];
  const traffic = { requests: 0, waitedMilliseconds: 0 };
  let time = 0;
  const progress = createProgress({
    clock: { now: () => time, sleep: () => Promise.resolve() },
    say: (line) => void lines.push(line),
    traffic,
  });
  return { lines, traffic, progress, pass: (milliseconds: number) => void (time += milliseconds) };
}

test('short work tells nothing', () => {
  const { lines, progress, pass } = watched();
  progress.begin('Writing', 3);
  for (let item = 0; item < 3; item += 1) {
    pass(1600);
    progress.done();
  }
  expect(lines).toEqual([]);
});

test('long work tells what is done, how fast, how long it waited, and what is left', () => {
  const { lines, traffic, progress, pass } = watched();
  progress.begin('Writing', 8);
  for (let item = 0; item < 8; item += 1) {
    pass(2000);
    traffic.requests += 3;
    traffic.waitedMilliseconds += 500;
    progress.done();
  }
  expect(lines).toEqual([
    'Writing: 3 of 8 items, 1.5 requests a second, 2 s spent waiting for the rate limit, about 10 s left.',
    'Writing: 6 of 8 items, 1.5 requests a second, 3 s spent waiting for the rate limit, about 4 s left.',
  ]);
});

test('a stage without items is told by its requests, as far as they are known', () => {
  const { lines, traffic, progress, pass } = watched();
  progress.begin('Reading');
  traffic.requests = 2;
  pass(5000);
  progress.tick();
  progress.expect(80);
  traffic.requests = 20;
  pass(4999);
  progress.tick();
  pass(1);
  progress.tick();
  expect(lines).toEqual([
    'Reading: 2 of 2 requests, 0.4 requests a second.',
    'Reading: 20 of 80 requests, 2.0 requests a second, about 30 s left.',
  ]);
});

test('a stage that has just begun has nothing to tell', () => {
  const { lines, progress, pass } = watched();
  pass(9000);
  progress.begin('Reading back');
  progress.tick();
  expect(lines).toEqual([]);
});

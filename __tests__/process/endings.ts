// How a run ends, whatever ended it: what every failure has in common.
import { expect } from '@jest/globals';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { errorsOf } from './stage.ts';

const OUTPUT_NAMES = [
  'change-request-ids',
  'changed',
  'failure-reason',
  'fingerprint',
  'headline',
  'in-effect',
  'plan-file',
  'results',
  'status',
  'summary-file',
];

/**
 * Every ending sets every output, writes the summary, and fails the step with one annotation.
 * @returns that annotation
 */
export function expectFailure(ended: ActionRun, reason: string, status: string): string {
  expect(ended.outputs).toMatchObject({ 'failure-reason': reason, status, 'in-effect': 'false' });
  expect(Object.keys(ended.outputs).toSorted()).toEqual(OUTPUT_NAMES);
  expect(ended.exitCode).toBe(1);
  expect(ended.summary).toContain(reason);
  const errors = errorsOf(ended);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(new RegExp(`docs/troubleshooting\\.md#${reason}$`));
  const log = ended.stdout.split('\n').filter((line) => !line.startsWith('::debug::'));
  expect(log.join('\n') + ended.stderr).not.toMatch(/undefined|\[object|unknown error/i);
  return errors[0] ?? '';
}

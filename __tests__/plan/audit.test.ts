// Titles and comments for the audit log.
import { expect, test } from '@jest/globals';
import { auditOf } from '../../src/plan/audit.ts';
import type { Item } from '../../src/plan/plan.ts';
import { place, planFor, reading, wish } from './samples.ts';

const RUN = { actor: 'ada', sha: 'abc', runUrl: 'https://example.com/1', fingerprint: 'f1' };

/** An item that lands on flag `theirs`. */
const itemTo = (flag: string, environment = 'Production'): Item => {
  const [item] = planFor([reading({ target: place(environment, { flag }) })], wish()).items;
  if (item === undefined) throw new Error('A plan has one item a reading.');
  return item;
};

test.each([
  ['Promote {flag} from {source} to {target}', 'Promote theirs from Staging to Production'],
  ['{actor} {run-url} {sha} {fingerprint}', 'ada https://example.com/1 abc f1'],
  ['{flag}{flag}', 'theirstheirs'],
  ['{Flag} { flag } {} {flag', '{Flag} { flag } {} {flag'],
  ['{unknown} {constructor} {to-string}', '{unknown} {constructor} {to-string}'],
  ['{{flag}}', '{theirs}'],
  ['', ''],
])('%j becomes %j, as title and as comment', (template, filled) => {
  const item = itemTo('theirs');

  expect(auditOf(item, { title: template, comment: 'C' }, RUN)).toEqual({ title: filled, comment: 'C' });
  expect(auditOf(item, { title: 'T', comment: template }, RUN)).toEqual({ title: 'T', comment: filled });
});

test('a value with braces or dollar signs in it stays text', () => {
  const item = itemTo('{target} $& $1', '{flag}');

  expect(auditOf(item, { title: '{flag} {target}', comment: '{actor}' }, { ...RUN, actor: '{sha}' })).toEqual(
    {
      title: '{target} $& $1 {flag}',
      comment: '{sha}',
    },
  );
});

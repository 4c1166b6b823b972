// What somebody else changed.
import { expect, test } from '@jest/globals';
import { conflictTable, movedWords } from '../../src/report/moved.ts';
import { minimal, place, rule, inList } from './samples.ts';

const sides = { source: place('Production'), target: place('Staging') };

test.each([
  [
    minimal(),
    minimal({ trafficAllocation: 5 }),
    'target clients in Staging: traffic allocation: 100 % → 5 %',
  ],
  [minimal(), minimal({ killed: true }), 'target clients in Staging: kill state: live → killed'],
  [minimal(), minimal({ xother: 1 }), 'target clients in Staging: something outside of the sections changed'],
  [minimal(), undefined, 'target clients in Staging: it has no definition any more'],
  [undefined, minimal(), 'target clients in Staging: it has a definition by now'],
])('a target that moved is told with what changed', (was, is, words) => {
  expect(movedWords({ ...sides, moved: [{ side: 'target', was, is }] })).toEqual([words]);
});

test('several changes of a source are told together, and nothing where nothing moved', () => {
  const is = minimal({ trafficAllocation: 5, rules: [rule(inList('plan', 'pro'))] });

  expect(movedWords({ ...sides, moved: [{ side: 'source', was: minimal(), is }] })).toEqual([
    'source clients in Production: traffic allocation: 100 % → 5 %; rules: 1 added',
  ]);
  expect(movedWords(sides)).toEqual([]);
});

test('a conflict is a table of three states, in which names are inert', () => {
  const conflict = {
    sections: ['traffic-allocation'] as const,
    old: undefined,
    ours: minimal({ trafficAllocation: 50 }),
    theirs: minimal({ trafficAllocation: 5 }),
  };
  const [head, , row, ...others] = conflictTable(conflict, 'St|aging').split('\n');

  expect(head).toBe('| Changed since | Before the run | What the run left | St&#124;aging now |');
  expect(row).toMatch(/^\| traffic allocation \| no definition \| .*50.* \| .*5.* \|$/u);
  expect(others).toEqual([]);
});

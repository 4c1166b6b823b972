// What is said of a change request: whom to ask for what, and what it could not ask for.
import { describe, expect, test } from '@jest/globals';
import type { ItemResult, Outcome } from '../../src/plan/outcome.ts';
import { approvalWords, notRequestedWords } from '../../src/report/approval.ts';
import { headlineOf } from '../../src/report/headline.ts';
import { logOf } from '../../src/report/log.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { proseNodes, rendered } from './render.ts';
import { changeRequest, minimal, numbered, onlyItem, place, planOf, reportOf, resultOf } from './samples.ts';

const plan = planOf({ sourceDefinition: minimal({ trafficAllocation: 5 }), before: minimal() });

/** An item that waits for approval, unless told otherwise. */
const waiting = (members: Partial<ItemResult> = {}): Partial<ItemResult> => ({
  ...{ outcome: 'pending-approval', written: 'no', request: changeRequest() },
  ...members,
});

const wordsOf = (members: Partial<ItemResult>) => approvalWords(resultOf(onlyItem(plan), members));

const ASKS =
  'Change request `cr-1` "Promote clients" for `clients` in Staging waits for approval, and asks for exactly what is shown here.';

describe('What is said of a change request', () => {
  test.each([
    [[], 'those who may approve changes in Staging'],
    [['ada@example.com'], '`ada@example.com`'],
    [['ada@example.com', 'Release managers'], '`ada@example.com`, `Release managers`'],
    [
      numbered('approver', 1, 12),
      `${numbered('approver', 1, 10)
        .map((name) => `\`${name}\``)
        .join(', ')} and 2 more`,
    ],
  ])('with approvers %j is whom to ask', (approvers, who) => {
    expect(wordsOf(waiting({ request: changeRequest({ approvers }) }))).toBe(
      `${ASKS} Ask ${who} to decide it.`,
    );
  });

  test.each([[undefined], ['']])('with title %j leaves the title out', (title) => {
    expect(wordsOf(waiting({ request: changeRequest({ title }) }))).toMatch(
      /^Change request `cr-1` for `clients` in Staging waits/u,
    );
  });

  test.each([
    ['Use `on`', "Use 'on'"],
    ['a'.repeat(101), `${'a'.repeat(100)}…`],
  ])('with title %j has no more of it than fits a sentence', (title, shown) => {
    expect(wordsOf(waiting({ request: changeRequest({ title }) }))).toContain(`\`cr-1\` "${shown}" for`);
  });

  test('is that it was published where it was', () => {
    const request = changeRequest({ status: 'PUBLISHED' });
    expect(wordsOf({ outcome: 'updated', request })).toBe(
      'Change request `cr-1` "Promote clients" for `clients` in Staging was approved and published.',
    );
    expect(wordsOf({ outcome: 'created', request })).toMatch(/was approved and published\.$/u);
  });

  test.each<[Outcome]>([['would-update'], ['not-attempted'], ['refused']])(
    'is that it waits where one was found and the item is %s',
    (outcome) => {
      expect(wordsOf(waiting({ outcome }))).toContain('waits for approval');
    },
  );

  test('is nothing where the item failed, for the failure says it, or where there is none', () => {
    expect(wordsOf(waiting({ outcome: 'failed' }))).toBeUndefined();
    expect(wordsOf({ outcome: 'updated' })).toBeUndefined();
    expect(wordsOf({ outcome: 'pending-approval' })).toBeUndefined();
  });

  test('names the flag of the target', () => {
    const item = onlyItem(planOf({ target: place('Staging', { flag: 'theirs' }) }));
    expect(approvalWords(resultOf(item, waiting()))).toContain(' for `theirs` in Staging waits');
  });
});

describe('What could not be requested', () => {
  test.each([
    ['kill', 'killed'],
    ['restore', 'restored'],
  ] as const)('is told of a %s, with what to do', (notRequested, word) => {
    expect(notRequestedWords(resultOf(onlyItem(plan), waiting({ notRequested })))).toBe(
      `That the flag is to be ${word} in Staging was not requested: a flag takes one change request at a time. Run again when this one is published.`,
    );
  });

  test('is told as what is left to do where the rest was published', () => {
    expect(notRequestedWords(resultOf(onlyItem(plan), { notRequested: 'kill' }))).toMatch(
      /one change request at a time\. Run again to do that\.$/u,
    );
  });

  test('is nothing where all of it was', () => {
    expect(notRequestedWords(resultOf(onlyItem(plan), waiting()))).toBeUndefined();
  });
});

describe('The summary', () => {
  const APPROVAL = `⏳ ${ASKS} Ask those who may approve changes in Staging to decide it.`;
  const linesOf = (ending: Partial<ItemResult>) =>
    summaryOf(reportOf(plan, { status: 'pending-approval', ending })).split('\n');

  test('of an item that waits begins with whom to ask', () => {
    expect(linesOf(waiting()).slice(6, 8)).toEqual([APPROVAL, '']);
  });

  test('adds what was not requested, as a paragraph of its own', () => {
    expect(linesOf(waiting({ notRequested: 'kill' })).slice(6, 9)).toEqual([
      APPROVAL,
      '',
      '⚠️ That the flag is to be killed in Staging was not requested: a flag takes one change request at a time. Run again when this one is published.',
    ]);
  });

  test('tells what was not requested of an item that was published, too', () => {
    const request = changeRequest({ status: 'PUBLISHED' });
    const lines = linesOf({ request, notRequested: 'restore' });
    expect(lines[6]).toMatch(/^✅ Change request .* was approved and published\.$/u);
    expect(lines[8]).toMatch(/^⚠️ That the flag is to be restored in Staging was not requested/u);
  });

  test('leaves the kill state to what is said of the request', () => {
    const killing = planOf(
      { sourceDefinition: minimal({ killed: true, trafficAllocation: 5 }), before: minimal() },
      { killState: 'copy' },
    );
    const markdown = summaryOf(reportOf(killing, { ending: waiting({ notRequested: 'kill' }) }));
    expect(markdown).not.toContain('**Not killed in Staging');
    expect(markdown).not.toContain('**Killed in Staging');
    expect(markdown).not.toContain('**Would be killed in Staging');
    expect(markdown.split('\n').filter((line) => line.startsWith('⚠️'))).toHaveLength(1);
  });

  test('shows no kill state in the tables that was not requested', () => {
    const read = (from: boolean) => ({
      sourceDefinition: minimal({ killed: from, trafficAllocation: 5 }),
      before: minimal({ killed: !from }),
    });
    const rowsOf = (from: boolean, ending: Partial<ItemResult>) =>
      summaryOf(reportOf(planOf(read(from), { killState: 'copy' }), { ending }))
        .split('\n')
        .filter((line) => line.startsWith('| kill state | ') && line.split('|').length === 5);
    expect(rowsOf(true, waiting())).toEqual(['| kill state | live | killed |']);
    expect(rowsOf(true, waiting({ notRequested: 'kill' }))).toEqual([]);
    expect(rowsOf(false, waiting({ notRequested: 'restore' }))).toEqual([]);
  });

  test('of an item without a change request says nothing of one', () => {
    expect(summaryOf(reportOf(plan))).not.toContain('⏳');
  });
});

describe('A flag that was killed before its definition could be written', () => {
  const killing = planOf(
    { sourceDefinition: minimal({ killed: true, trafficAllocation: 5 }), before: minimal() },
    { killState: 'copy' },
  );

  test.each([
    ['pending-approval', 'waits for approval'],
    ['failed', 'was not written'],
  ] as const)('is told, where it is %s', (outcome, words) => {
    const ending = { outcome, written: 'yes', killStateAlone: true } as const;
    expect(summaryOf(reportOf(killing, { ending }))).toContain(
      `\n\n⚠️ **Killed in Staging at once;** the definition ${words}.\n\n`,
    );
  });

  test('is in the headline', () => {
    const headline = (members: Partial<ItemResult>) =>
      headlineOf(reportOf(killing, { status: 'pending-approval', ending: waiting(members) }));
    const START = 'Waiting for approval to update clients: Production → Staging; 1 section to change,';
    expect(headline({ written: 'yes', killStateAlone: true })).toBe(`${START} flag killed at once.`);
    expect(headline({})).toBe(`${START} flag to kill.`);
  });
});

describe('The log', () => {
  test('says whom to ask, and warns of what was not requested', () => {
    const ending = waiting({ notRequested: 'kill', warnings: ['w'] });
    expect(logOf(reportOf(plan, { status: 'pending-approval', ending })).slice(2, 5)).toEqual([
      `approval: ${ASKS} Ask those who may approve changes in Staging to decide it.`,
      'warning: That the flag is to be killed in Staging was not requested: a flag takes one change request at a time. Run again when this one is published.',
      'warning: w',
    ]);
  });

  test('says nothing of approval where there is none', () => {
    expect(logOf(reportOf(plan)).join('\n')).not.toContain('approval');
  });
});

describe('Text of others in a change request', () => {
  const hostile = changeRequest({
    id: 'cr`1\n::error::x',
    title: '</details><script>alert(1)</script> @octocat #12 `x` ##[error]x\n::error::x',
    approvers: ['[x](https://evil.example) `a`', '@octocat\n::error::x'],
  });
  const run = reportOf(plan, { status: 'pending-approval', ending: waiting({ request: hostile }) });

  test('is shown in the summary, and does nothing in it', () => {
    const markdown = summaryOf(run);
    const { elements, text } = rendered(markdown);
    expect(elements).not.toContain('script');
    expect(elements).not.toContain('a');
    expect(text).toContain('</details><script>alert(1)</script> @octocat #12');
    expect(proseNodes(markdown).filter((node) => /@octocat|#12/u.test(node))).toEqual([]);
  });

  test('begins no line of the log or the summary', () => {
    for (const line of [...logOf(run), ...summaryOf(run).split('\n')]) {
      expect(line).not.toMatch(/^\s*::|##\[/u);
    }
  });

  test('cannot end the code that its id and approvers stand in', () => {
    expect(approvalWords(resultOf(onlyItem(plan), waiting({ request: hostile })))).toMatch(
      /^Change request `cr'1\n::error::x` .* Ask `\[x\]\(https:\/\/evil\.example\) 'a'`, `@octocat\n::error::x` to decide it\.$/su,
    );
  });
});

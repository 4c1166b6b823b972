import { describe, expect, test } from '@jest/globals';
import { differencesOf } from '../../src/definition/difference.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import type { Json } from '../../src/json.ts';
import type { ItemResult, Outcome, Status } from '../../src/plan/outcome.ts';
import type { Item } from '../../src/plan/plan.ts';
import { overviewTables } from '../../src/report/overview.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { rendered } from './render.ts';
import { inList, minimal, numbered, onlyItem, planOf, reportOf, resultOf, rule, staging } from './samples.ts';

const planned: Partial<ItemResult> = { outcome: 'would-update', written: 'no' };
const unchanged: Partial<ItemResult> = { outcome: 'unchanged', written: 'no' };

/** The lines from the first that begins with `start` to the next empty one. */
function paragraph(markdown: string, start: string): readonly string[] {
  const lines = markdown.split('\n');
  const first = lines.findIndex((line) => line.startsWith(start));
  return first < 0 ? [] : lines.slice(first, lines.indexOf('', first));
}

const between = (before: Record<string, Json>, after: Record<string, Json>) =>
  planOf({ before: minimal(before), sourceDefinition: minimal(after) });

describe('The summary of a run that wrote', () => {
  const markdown = summaryOf(reportOf());

  test('begins with the verdict', () => {
    expect(markdown.split('\n').slice(0, 4)).toEqual([
      '## ✅ Promoted',
      '',
      '**Updated clients: Production → Staging; 5 sections changed, removes 14 individual targets, adds 4.**',
      '',
    ]);
  });

  test('has a table of the sections that change and a line for those that do not', () => {
    expect(paragraph(markdown, '| Section')).toEqual([
      '| Section | Before (Staging) | After |',
      '| --- | --- | --- |',
      '| treatments | `on`, `off`<br>`on` configurations: `{"color":"red","limits":{"perDay":9007199254740993}}` | `on`, `off`, `beta`<br>`on` configurations: `{"color":"green","limits":{"perDay":9007199254740993}}` |',
      '| individual targets | `on`: 15 keys | `on`: 4 keys<br>`off`: 1 segment<br>**14 removed, 4 added** |',
      '| traffic allocation | ██████████&nbsp;100&nbsp;% | ████████░░&nbsp;80&nbsp;% |',
      '| rules | 3 rules | 3 rules<br>**1 added, 1 removed, 1 moved, percentages of rule 2 changed** |',
      '| default rule | ██████████&nbsp;`off`&nbsp;100&nbsp;% | ██████░░░░&nbsp;`on`&nbsp;60&nbsp;%<br>████░░░░░░&nbsp;`off`&nbsp;40&nbsp;% |',
    ]);
    expect(markdown).toContain('\n\nUnchanged: default treatment, baseline treatment.\n\n');
  });

  test('has the rules as sentences, in the order in which they are asked', () => {
    expect(paragraph(markdown, '| Rule')).toEqual([
      '| Rule | Who | Before (Staging) | After |',
      '| --- | --- | --- | --- |',
      '| Rule 1: added | `plan` is in [`pro`, `team`] and not in segment `qa` | – | ██████████&nbsp;`on`&nbsp;100&nbsp;% |',
      '| Old rule 2: removed | user key starts with `test-` | ██████████&nbsp;`on`&nbsp;100&nbsp;% | – |',
      '| Rule 2, was rule 3: percentages changed | `since` is between 2024-01-01 and 2024-02-01 | █░░░░░░░░░&nbsp;`on`&nbsp;10&nbsp;%<br>█████████░&nbsp;`off`&nbsp;90&nbsp;% | ███░░░░░░░&nbsp;`on`&nbsp;25&nbsp;%<br>████████░░&nbsp;`off`&nbsp;75&nbsp;% |',
      '| Rule 3: moved from position 1 to 3 | flag `accounts` serves `on` | ██████████&nbsp;`on`&nbsp;100&nbsp;% | ██████████&nbsp;`on`&nbsp;100&nbsp;% |',
    ]);
  });

  test('names the individual targets that come and go', () => {
    expect(paragraph(markdown, '- `on`')).toEqual([
      `- \`on\`, 15 keys → 4: removes 14: ${numbered('tester', 1, 14)
        .toSorted()
        .map((name) => `\`${name}\``)
        .join(', ')}; adds 3: \`ada\`, \`cleo\`, \`dan\``,
      '- `off`, 0 segments → 1: adds 1: `staff`',
    ]);
    expect(markdown).toContain('\n\n#### Individual targets\n\n- `on`');
  });

  test('says what is not promoted, with what the target has', () => {
    expect(paragraph(markdown, '| Not promoted')).toEqual([
      '| Not promoted | Staging keeps |',
      '| --- | --- |',
      '| kill state | live |',
      '| flag sets | `fs-1` |',
      '| impressions | disabled |',
      '| other members | `owner` `"team-a"` |',
      '| tags, rollout status | not read |',
    ]);
  });

  test('folds the text diffs', () => {
    expect(markdown).toContain(
      '<details>\n<summary>Text diff of the definition</summary>\n\n```diff\n@@ -1,7 +1,7 @@ treatments\n {\n',
    );
    expect(markdown).toContain('\n-    "color": "red"\n+    "color": "green"\n');
    expect(markdown).toContain(
      '<summary>Text diff of individual targets</summary>\n\n```diff\n@@ keys of "on": 14 removed, 3 added, 1 kept @@\n-"tester-1"\n-"tester-10"\n',
    );
    expect(markdown).toContain(
      '\n+"ada"\n+"cleo"\n+"dan"\n@@ segments of "off": 0 removed, 1 added, 0 kept @@\n+"staff"\n```\n\n</details>\n',
    );
  });

  test('ends with the traces', () => {
    const { fingerprint } = planOf();
    expect(markdown.split('\n').slice(-5)).toEqual([
      '---',
      '',
      `fingerprint \`${fingerprint}\` · 7 requests, 1 retry, 1.2 s · plan file \`plan-1.json\` · audit trail: the history of the flag in Split`,
      '',
      '',
    ]);
  });

  test('puts rules before names and names before diffs', () => {
    const places = [
      '| Section',
      '#### Rules',
      '#### Individual',
      '| Not promoted',
      'Text diff of the',
      'Text diff of ind',
    ];
    const found = places.map((start) => markdown.indexOf(start));
    expect(found).toEqual(found.toSorted((left, right) => left - right));
    expect(found[0]).toBeGreaterThan(0);
  });
});

describe('The summary of a plan', () => {
  const plan = planOf();

  test('says how long applying it takes', () => {
    const estimate = {
      requests: 30,
      milliseconds: 10_000,
      limit: { requests: 20, milliseconds: 10_000 },
      reserve: 0.25,
    };
    const markdown = summaryOf(
      reportOf(plan, { mode: 'plan', status: 'planned', ending: planned, estimate }),
    );
    expect(markdown).toContain(
      '\n\nApplying takes about 30 requests, 10 s, where the API lets 20 requests pass',
    );
    expect(markdown).toContain('left to others.\n\nTo apply exactly this, run again with\n');
  });

  test('ends with how to apply it', () => {
    const markdown = summaryOf(reportOf(plan, { mode: 'plan', status: 'planned', ending: planned }));
    expect(markdown).toContain('## 📝 Plan: nothing is written yet\n');
    expect(markdown).toContain('| Section | Before (Staging) | Would be |');
    expect(markdown).toContain(
      `\n\nTo apply exactly this, run again with\n\n\`\`\`yaml\nmode: apply\nexpected-fingerprint: ${plan.fingerprint}\n\`\`\`\n\n---\n\n`,
    );
    expect(markdown).toContain('audit trail: no entry, nothing was written');
  });

  test.each([
    ['changes are found', { reason: 'changes-found', message: 'm', help: 'docs/x.md#network' }, plan, true],
    ['checks fail', { reason: 'checks-failed', message: 'm', help: 'docs/x.md#network' }, plan, false],
    ['nothing differs', undefined, planOf({ sourceDefinition: staging() }), false],
  ] as const)('says so or not when %s', (_, failure, made, shown) => {
    const run = reportOf(made, { mode: 'plan', status: 'planned', failure, ending: planned });
    expect(summaryOf(run).includes('expected-fingerprint')).toBe(shown);
  });

  test('of a run that applies says nothing of it', () => {
    expect(summaryOf(reportOf())).not.toContain('expected-fingerprint');
  });
});

test.each<[Status, string]>([
  ['applied', '## ✅ Promoted'],
  ['planned', '## 📝 Plan: nothing is written yet'],
  ['unchanged', '## ✅ Nothing to do'],
  ['pending-approval', '## ⏳ Waiting for approval'],
  ['refused', '## ❌ Refused: nothing was written'],
  ['failed', '## ❌ Failed: nothing is left written'],
  ['partial', '## ⚠️ Failed after writing began'],
])('Status %s is the heading %s', (status, heading) => {
  expect(summaryOf(reportOf(planOf(), { status })).split('\n')[0]).toBe(heading);
});

describe('The summary of a red run', () => {
  const failure = {
    reason: 'network',
    message: 'No answer for flag `clients`.',
    help: 'docs/x.md#network',
  } as const;

  test('is the headline and the failure where there is no plan', () => {
    const run = {
      ...reportOf(),
      plan: undefined,
      results: [],
      status: 'failed' as const,
      failure,
      planFile: undefined,
    };
    expect(summaryOf(run)).toBe(
      `${[
        '## ❌ Failed: nothing is left written',
        '**Failed (network): clients: Production → Staging; nothing was written.**',
        'Reason `network`: No answer for flag `clients`. See `docs/x.md#network`.',
        '---',
        '7 requests, 1 retry, 1.2 s · audit trail: no entry, nothing was written',
      ].join('\n\n')}\n\n`,
    );
  });

  test('links to what to do where the page has a URL', () => {
    const help = 'https://github.com/o/a/blob/v1/docs/troubleshooting.md#network';
    expect(summaryOf(reportOf(planOf(), { status: 'failed', failure: { ...failure, help } }))).toContain(
      'Reason `network`: No answer for flag `clients`. See [what to do](https://github.com/o/a/blob/v1/docs/troubleshooting.md#network).',
    );
  });

  test('has findings and warnings with what to do', () => {
    const plan = planOf({ sourceDefinition: minimal({ defaultTreatment: 'gone' }), before: minimal() });
    const item = onlyItem(plan);
    const [finding] = item.findings;
    if (finding === undefined) throw new Error('There is no finding.');
    const warning = { ...finding, severity: 'warning' as const, message: 'Odd `x`.', fix: 'Look.' };
    const results = [
      resultOf(
        { ...item, findings: [finding, warning] },
        { outcome: 'refused', written: 'no', warnings: ['The `y` is new.'] },
      ),
    ];
    expect(paragraph(summaryOf(reportOf(plan, { status: 'refused', results })), '- ')).toEqual([
      '- ❌ error `structure`, default treatment: It names treatment `gone`, which the result does not have. Copy the sections that belong together, or correct the definition in the source environment.',
      '- ⚠️ warning `structure`, default treatment: Odd `x`. Look.',
      '- ⚠️ warning: The `y` is new.',
    ]);
  });

  test('folds findings that are too many', () => {
    const warnings = numbered('w', 1, 22);
    const plan = between({}, { trafficAllocation: 1 });
    const markdown = summaryOf(reportOf(plan, { ending: { warnings } }));
    expect(paragraph(markdown, '- ⚠️')).toHaveLength(20);
    expect(markdown).toContain(
      '<details>\n<summary>2 more findings</summary>\n\n- ⚠️ warning: w-21\n- ⚠️ warning: w-22\n\n</details>\n',
    );
    expect(summaryOf(reportOf(plan, { ending: { warnings: warnings.slice(2) } }))).not.toContain(
      'more finding',
    );
  });

  test('tells the message of an item only where the failure does not', () => {
    const of = (message: string, given: typeof failure | undefined) =>
      summaryOf(
        reportOf(planOf(), { status: 'partial', failure: given, ending: { outcome: 'failed', message } }),
      );
    expect(of('No answer for flag `clients`.', failure)).not.toContain('❌ failed');
    expect(of('Something else.', failure)).toContain('\n- ❌ failed: Something else.\n');
    expect(of('Something else.', undefined)).toContain('\n- ❌ failed: Something else.\n');
    expect(of('Something else.', failure)).toContain('| Section | Before (Staging) | Meant |');
  });

  test('shows what the read-back lacks', () => {
    const plan = planOf();
    const item = onlyItem(plan);
    const readBack = { ...item.result, killed: true, trafficAllocation: 33 };
    const residual = differencesOf(readBack, item.result);
    const markdown = summaryOf(
      reportOf(plan, { status: 'partial', ending: { outcome: 'failed', readBack, residual } }),
    );
    expect(markdown).toContain(
      `${[
        '### What the read-back lacks',
        '| Section | Read back | Meant |\n| --- | --- | --- |\n| traffic allocation | ███░░░░░░░&nbsp;33&nbsp;% | ████████░░&nbsp;80&nbsp;% |\n| kill state | killed | live |',
        '### What was meant',
        '| Who (the first that fits) | Before (Staging) | Meant | Change |',
      ].join('\n\n')}\n`,
    );
    expect(summaryOf(reportOf(plan, { ending: { readBack } }))).not.toContain('read-back');
    expect(summaryOf(reportOf(plan, { ending: { residual } }))).not.toContain('read-back');
    const live = { ...readBack, killed: false };
    expect(summaryOf(reportOf(plan, { ending: { readBack: live, residual } }))).not.toContain(
      '| kill state | killed',
    );
    expect(summaryOf(reportOf(plan, { ending: { readBack: live, residual: [] } }))).not.toContain(
      'read-back',
    );
  });
});

describe('The summary of an item', () => {
  test('that equals its source is short', () => {
    const plan = planOf({ sourceDefinition: staging() });
    expect(summaryOf(reportOf(plan, { status: 'unchanged', ending: unchanged }))).toBe(
      `${[
        '## ✅ Nothing to do',
        '**Nothing to do: clients in Staging already equals Production.**',
        '---',
        `fingerprint \`${plan.fingerprint}\` · 7 requests, 1 retry, 1.2 s · plan file \`plan-1.json\` · audit trail: no entry, nothing was written`,
      ].join('\n\n')}\n\n`,
    );
  });

  test.each([
    ['created', 'returned `control` until now'],
    ['would-create', 'return `control` today'],
  ] as const)('that is %s says what SDKs got', (outcome, words) => {
    const markdown = summaryOf(reportOf(planOf({ before: undefined }), { ending: { outcome } }));
    expect(markdown).toContain(`\n\n**No definition in Staging before:** SDKs there ${words}.\n\n`);
    expect(markdown).toContain('| default treatment | no definition | `off` |');
    expect(markdown).toContain('| rules | no definition | 3 rules<br>**3 added** |');
    expect(paragraph(markdown, '| Not promoted')).toEqual([
      '| Not promoted | Staging starts with |',
      '| --- | --- |',
      '| kill state | live |',
      '| flag sets | none |',
      '| impressions | not stated |',
      '| tags, rollout status | not read |',
    ]);
    expect(markdown).not.toContain('Unchanged:');
    expect(markdown).toContain('- `on`, 0 keys → 4: adds 4: `ada`, `bob`, `cleo`, `dan`');
  });

  describe('with a kill state says what that means, and only what was done', () => {
    const LATER = 'the targeting below takes effect only when the flag is restored.';
    const notesOf = (
      wish: Parameters<typeof planOf>[1],
      reading: Parameters<typeof planOf>[0],
      outcome: Outcome,
    ) =>
      summaryOf(reportOf(planOf(reading, wish), { ending: { outcome } }))
        .split('\n')
        .filter((line) => line.startsWith('⚠️'));
    const killed = { before: minimal({ killed: true }) };
    const copy = { killState: 'copy' } as const;
    const kill = { sourceDefinition: minimal({ killed: true, trafficAllocation: 5 }), before: minimal() };

    test.each<[string, Parameters<typeof planOf>[1], Parameters<typeof planOf>[0], Outcome, string[]]>([
      ['live and live', {}, {}, 'updated', []],
      ['killed, kept, which is a finding', {}, killed, 'updated', []],
      [
        'restored',
        copy,
        killed,
        'updated',
        ['**Restored in Staging:** the targeting below takes effect at once.'],
      ],
      [
        'restore planned',
        copy,
        killed,
        'would-update',
        ['**Would be restored in Staging:** the targeting below takes effect at once.'],
      ],
      [
        'restore failed',
        copy,
        killed,
        'failed',
        ['**Not restored in Staging as meant,** or not known to be.'],
      ],
      [
        'kill',
        copy,
        kill,
        'updated',
        [`**Killed in Staging:** everyone gets the default treatment \`off\`; ${LATER}`],
      ],
      [
        'kill planned',
        copy,
        kill,
        'would-update',
        [`**Would be killed in Staging:** everyone would get the default treatment \`off\`; ${LATER}`],
      ],
      ['kill refused', copy, kill, 'refused', ['**Not killed in Staging as meant,** or not known to be.']],
    ])('%s', (_what, wish, reading, outcome, notes) => {
      expect(notesOf(wish, reading, outcome)).toEqual(notes.map((note) => `⚠️ ${note}`));
    });

    test('killed before a creation', () => {
      const created = { ...kill, before: undefined };
      expect(notesOf(copy, created, 'would-create')).toEqual([
        `⚠️ **Would be killed in Staging:** everyone would get the default treatment \`off\`; ${LATER}`,
      ]);
    });

    test('in the table too', () => {
      const request = {
        flag: 'clients',
        source: 'Production',
        target: 'Staging',
        killState: 'copy',
      } as const;
      expect(summaryOf(reportOf(planOf(killed)))).toContain('| kill state | killed |');
      const copied = summaryOf(reportOf(planOf(killed, copy), { request }));
      expect(copied).toContain('\n| kill state | killed | live |\n');
      expect(copied).not.toContain('| kill state | live |');
    });
  });

  test('says so where a condition changes beyond what its sentence shows', () => {
    const listed = (last: string) =>
      minimal({ rules: [rule(inList('plan', ...numbered('p', 1, 30), last))] });
    expect(
      summaryOf(reportOf(planOf({ before: listed('good'), sourceDefinition: listed('evil') }))),
    ).toContain('<br>(what changed is not in this sentence; see the text diff) |');
  });

  test('shows configurations as text where only their text changes', () => {
    const configured = (configurations: string) =>
      minimal({ treatments: [{ name: 'on', configurations }, { name: 'off' }] });
    const both = (before: string, after: string) =>
      summaryOf(reportOf(planOf({ before: configured(before), sourceDefinition: configured(after) })));
    const spaced = both('{"a":1}', '{"a": 1}');
    expect(spaced).toContain('-  "configurations": "{\\"a\\":1}"\n+  "configurations": "{\\"a\\": 1}"');
    const long = `{"text":"${'x'.repeat(90)}"`;
    expect(both(`${long}}`, `${long} }`)).toContain(
      '| `on`, `off`<br>`on` configurations: `…xxxxxxxxxxxxxxxxxxx"}` |',
    );
    expect(both(`${long}}`, `${long} }`)).toContain('configurations: `…xxxxxxxxxxxxxxxxxxx" }` |');
    expect(both(long, `${long}}`)).toContain('configurations: `…xxxxxxxxxxxxxxxxxxx"}` |');
    expect(both('{"a":1}', '{"a":2}')).toContain('-    "a": 1\n+    "a": 2');
  });

  test('says of excluded targets that those of a treatment that goes away go with it', () => {
    const sections = SECTIONS.filter((section) => section !== 'individual-targets');
    const before = minimal({
      treatments: [{ name: 'on', keys: ['a'] }, { name: 'off' }, { name: 'old', keys: ['b'] }],
    });
    const markdown = summaryOf(reportOf(planOf({ before, sourceDefinition: minimal() }, { sections })));
    expect(markdown).toContain(
      '| individual targets (excluded) | `on`: 1 key<br>the others go with their treatments |',
    );
  });

  test('with sections left out shows what the target keeps', () => {
    const sections = SECTIONS.filter((section) => section !== 'rules' && section !== 'individual-targets');
    const markdown = summaryOf(reportOf(planOf({}, { sections })));
    expect(paragraph(markdown, '| Not promoted').slice(2, 5)).toEqual([
      '| individual targets (excluded) | `on`: 15 keys |',
      '| rules (excluded) | 3 rules |',
      '| kill state | live |',
    ]);
    expect(markdown).toContain('Unchanged: default treatment, baseline treatment.');
    const created = summaryOf(reportOf(planOf({ before: undefined }, { sections })));
    expect(paragraph(created, '| Not promoted').slice(2, 4)).toEqual([
      '| individual targets (excluded) | none |',
      '| kill state | live |',
    ]);
  });

  test('without a request is taken to keep its kill state', () => {
    expect(summaryOf(reportOf(planOf(), { request: undefined }))).toContain('| kill state | live |');
  });

  test.each<[Record<string, Json>, string]>([
    [{ flagSets: [] }, '| flag sets | none |'],
    [{ flagSets: 'x' }, '| flag sets | none |'],
    [
      { flagSets: [{ id: 'i', name: 'web' }, 'plain', { type: 'T' }] },
      '| flag sets | `web`, `plain`, `{"type":"T"}` |',
    ],
    [{ flagSets: numbered('s', 1, 22) }, '`s-20` and 2 more |'],
    [{ impressionsDisabled: false }, '| impressions | enabled |'],
    [{ impressionsDisabled: 'x' }, '| impressions | `"x"` |'],
    [{ owner: null, tags: ['a'] }, '| other members | `tags` `["a"]` |'],
  ])('whose target has %j keeps it', (members, row) => {
    expect(summaryOf(reportOf(between(members, { trafficAllocation: 1 })))).toContain(row);
  });

  test('that changes in every section has a row for each', () => {
    const markdown = summaryOf(
      reportOf(
        between(
          { baselineTreatment: null, trafficAllocation: null },
          {
            treatments: [
              { name: 'off', description: 'now', x: 1 },
              { name: 'on', largeSegments: ['l'], ruleBasedSegments: ['r'] },
            ],
            defaultTreatment: 'on',
            rules: [rule(inList('a', 'b'))],
          },
        ),
      ),
    );
    expect(paragraph(markdown, '| Section').slice(2)).toEqual([
      '| treatments | `on`, `off`<br>`off` description: none<br>`off` x: none | `off`, `on`<br>`off` description: `now`<br>`off` x: `1` |',
      '| individual targets | none | `on`: 1 large segment, 1 rule-based segment<br>**2 added** |',
      '| default treatment | `off` | `on` |',
      '| baseline treatment | none | `off` |',
      '| traffic allocation | not set | ██████████&nbsp;100&nbsp;% |',
      '| rules | none | 1 rule<br>**1 added** |',
    ]);
    expect(markdown).toContain(
      '@@ large segments of "on": 0 removed, 1 added, 0 kept @@\n+"l"\n@@ rule-based segments of "on"',
    );
  });

  test('with very many treatments counts what a cell does not hold', () => {
    const treatments = numbered('t', 1, 30).map((name) => ({ name, keys: [name] }));
    const row = paragraph(summaryOf(reportOf(between({}, { treatments }))), '| individual targets')[0];
    expect(row).toContain('`t-20`: 1 key<br>and 10 more<br>**30 added** |');
  });

  test('whose only change is a rule has no list of targets and no fold of rules', () => {
    const markdown = summaryOf(
      reportOf(
        between(
          { rules: [rule(inList('a', 'b'))] },
          { rules: [{ ...rule(inList('a', 'c'), { off: 100 }), x: 1 }] },
        ),
      ),
    );
    expect(paragraph(markdown, '| Rule').slice(2)).toEqual([
      '| Rule 1: condition changed, percentages changed, other members changed | before: `a` is in [`b`]<br>after: `a` is in [`c`] | ██████████&nbsp;`on`&nbsp;100&nbsp;% | ██████████&nbsp;`off`&nbsp;100&nbsp;% |',
    ]);
    expect(markdown).not.toContain('#### Individual targets');
    expect(markdown).not.toContain('Text diff of individual targets');
    expect(markdown).not.toContain('more changed rule');
  });

  test('shows a rule that moved and changed in one row', () => {
    const [first, second, third] = [inList('a', 'x'), inList('b', 'x'), inList('c', 'x')];
    const markdown = summaryOf(
      reportOf(
        between(
          { rules: [rule(first), rule(second), rule(third)] },
          { rules: [rule(third, { off: 100 }), rule(first), rule(second)] },
        ),
      ),
    );
    expect(paragraph(markdown, '| Rule').slice(2)).toEqual([
      '| Rule 1: moved from position 3 to 1, percentages changed | `c` is in [`x`] | ██████████&nbsp;`on`&nbsp;100&nbsp;% | ██████████&nbsp;`off`&nbsp;100&nbsp;% |',
    ]);
  });

  test('folds rules that are too many, and shows the rest of the names in the diff alone', () => {
    const many = {
      treatments: [{ name: 'on', keys: numbered('k', 1, 25) }, { name: 'off' }],
      rules: numbered('r', 10, 31).map((name) => rule(inList(name, 'x'))),
    };
    const markdown = summaryOf(reportOf(between({}, many)));
    expect(paragraph(markdown, '| Rule')).toHaveLength(22);
    expect(markdown).toContain(
      '<summary>2 more changed rules</summary>\n\n| Rule | Who | Before (Staging) | After |\n| --- | --- | --- | --- |\n| Rule 21: added | `r-30` is in [`x`] |',
    );
    expect(paragraph(markdown, '- `on`')[0]).toMatch(/`k-4` and 5 more$/u);
    expect(markdown).toContain('\n+"k-9"\n```');
  });

  test('whose text is the same has no text diff', () => {
    const keys = (name: string) => ({ treatments: [{ name: 'on', keys: [name] }, { name: 'off' }] });
    expect(summaryOf(reportOf(between(keys('a'), keys('b'))))).not.toContain('Text diff of the definition');
  });
});

test('Individual targets are counts only where they are not to be shown', () => {
  const markdown = summaryOf(reportOf(planOf(), { showTargets: false }));
  expect(paragraph(markdown, '- `on`')).toEqual([
    '- `on`, 15 keys → 4: removes 14; adds 3',
    '- `off`, 0 segments → 1: adds 1',
  ]);
  for (const name of ['tester', 'ada', 'cleo', 'dan', 'staff']) expect(markdown).not.toContain(`${name}"`);
  expect(markdown).not.toContain('Text diff of individual targets');
});

describe('A very large summary', () => {
  const big = (prefix: string) =>
    minimal({
      treatments: [{ name: 'on', keys: numbered(`${prefix}-user`, 1, 30_000) }, { name: 'off' }],
      rules: numbered(prefix, 1, 800).map((name) => rule(inList(name, ...numbered(name, 1, 9)))),
    });
  const run = reportOf(planOf({ sourceDefinition: big('a'), before: big('b') }));

  test('keeps its bound, and says what it left out', () => {
    const markdown = summaryOf(run);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1_000_000);
    expect(markdown).toContain(
      '\n\n**Left out because the summary would be too large:** text diff, text diff of individual targets. The plan file has everything: `/tmp/runner/plan-1.json`.\n\n',
    );
  });

  test.each([
    [700_000, 'text diff, text diff of individual targets'],
    [9_000, 'rules, text diff, text diff of individual targets, who changes'],
    [4_000, 'rules, text diff, text diff of individual targets, who changes'],
    [
      1_200,
      'names of individual targets, rules, sections, text diff, text diff of individual targets, who changes',
    ],
    [
      900,
      'findings, names of individual targets, rules, sections, text diff, text diff of individual targets, who changes',
    ],
  ])('of at most %d bytes leaves out %s', (budget, words) => {
    const markdown = summaryOf(run, { budget });
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(budget);
    expect(markdown).toContain(`too large:** ${words}. The plan file`);
    expect(rendered(markdown).elements.slice(0, 2)).toEqual(['h2', 'p']);
  });
});

describe('The summary of an undo', () => {
  const item = onlyItem(planOf());
  const rolledBack = (ending: Partial<ItemResult>, members: Partial<Item> = {}) =>
    summaryOf({
      ...reportOf(planOf(), { mode: 'rollback', status: 'rolled-back' }),
      results: [resultOf({ ...item, ...members }, { outcome: 'restored', written: 'yes', ...ending })],
    });

  test('shows what is there now, and nothing of what a promotion leaves out', () => {
    expect(rolledBack({})).toContain('## ↩️ Rolled back\n');
    expect(rolledBack({})).toContain('| Section | Before (Staging) | After |');
    expect(rolledBack({})).not.toContain('Not promoted');
  });

  test('says what the removal of a definition means', () => {
    expect(rolledBack({}, { removes: true })).toContain(
      '**Removed from Staging:** SDKs there return `control` again.',
    );
    expect(rolledBack({ outcome: 'failed', written: 'no' }, { removes: true })).toContain(
      '**To be removed from Staging:** SDKs there would return `control` again.',
    );
  });

  test('says of several items which definitions are removed', () => {
    const results = [
      resultOf({ ...item, removes: true }, { outcome: 'restored', written: 'yes' }),
      resultOf(item, { outcome: 'restored', written: 'yes' }),
    ];

    expect(overviewTables(results, 500).join()).toContain(
      '| clients | Staging | ↩️ restored | ████████░░&nbsp;80&nbsp;% | all, removed |',
    );
  });

  test('shows three ways what was changed since', () => {
    const conflict = { sections: ['rules'] as const, old: staging(), ours: staging(), theirs: undefined };

    expect(rolledBack({ outcome: 'refused', written: 'no' }, { conflict, changed: [] })).toContain(
      '| Changed since | Before the run | What the run left | Staging now |',
    );
  });

  test('is one command after a promotion, and shows what moved where a plan is stale', () => {
    const undo = 'gh workflow run rollback.yml --repo o/r -f run-id=7';

    expect(summaryOf(reportOf(planOf(), { undo }))).toContain(`To undo this:\n\n\`\`\`sh\n${undo}\n\`\`\`\n`);
    const moved = [{ side: 'target' as const, was: staging(), is: undefined }];
    expect(rolledBack({}, { moved })).toContain('- target clients in Staging: it has no definition any more');
  });

  test('has no times where the API gives none, or none that a calendar has', () => {
    const times = (lastUpdateTime: Json) =>
      summaryOf(
        reportOf(
          planOf({
            sourceDefinition: minimal({ lastUpdateTime }),
            before: minimal({ trafficAllocation: 5 }),
          }),
          {
            ...{ mode: 'plan', status: 'planned', ending: planned },
          },
        ),
      );

    expect(times(1_750_000_000_000)).toContain('Last changed: Production 2025-06-15 15:06 UTC.');
    expect(times('yesterday')).not.toContain('Last changed');
    expect(times(1e18)).not.toContain('Last changed');
  });
});

import { describe, expect, test } from '@jest/globals';
import { OUTPUT_NAMES, outputsOf } from '../../src/report/outputs.ts';
import { changeRequest, onlyItem, place, planOf, reportOf, resultOf, staging } from './samples.ts';

const files = { planFile: '/tmp/plan.json', summaryFile: '/tmp/summary.md' };

describe('Outputs', () => {
  test('are all set after a run that wrote', () => {
    const plan = planOf({ target: place('Staging', { flag: 'clients-v2' }) });
    expect(outputsOf(reportOf(plan), files)).toEqual({
      status: 'applied',
      headline:
        'Updated clients as clients-v2: Production → Staging; 5 sections changed, removes 14 individual targets, adds 4.',
      changed: 'true',
      'in-effect': 'true',
      'failure-reason': '',
      results:
        '[{"flag":"clients","targetFlag":"clients-v2","environment":"Staging","outcome":"updated","sections":["treatments","individual-targets","traffic-allocation","rules","default-rule"],"largestShift":80,"reshuffle":false,"changeRequestId":null,"reason":null,"message":null}]',
      fingerprint: plan.fingerprint,
      'plan-file': '/tmp/plan.json',
      'summary-file': '/tmp/summary.md',
      'change-request-ids': '[]',
    });
  });

  test('are all set before there is a plan', () => {
    const report = {
      ...reportOf(),
      plan: undefined,
      results: [],
      status: 'failed' as const,
      failure: { reason: 'network' as const, message: 'No answer.', help: 'docs/x.md#network' },
    };
    const outputs = outputsOf(report, { planFile: '', summaryFile: '' });
    expect(Object.keys(outputs)).toEqual([...OUTPUT_NAMES]);
    expect(outputs).toMatchObject({
      ...{
        changed: 'false',
        'in-effect': 'false',
        'failure-reason': 'network',
        results: '[]',
        fingerprint: '',
      },
      ...{ 'plan-file': '', 'summary-file': '', 'change-request-ids': '[]' },
    });
  });

  test('list only items that differ or did not succeed', () => {
    const same = onlyItem(planOf({ sourceDefinition: staging() }));
    const results = [
      resultOf(same, { outcome: 'unchanged' }),
      resultOf(same, { outcome: 'failed', reason: 'network', message: 'a\nb' }),
    ];
    const outputs = outputsOf(reportOf(planOf(), { results }), files);
    expect(outputs.changed).toBe('false');
    expect(JSON.parse(outputs.results)).toEqual([
      {
        ...{
          flag: 'clients',
          targetFlag: 'clients',
          environment: 'Staging',
          outcome: 'failed',
          sections: [],
        },
        ...{ largestShift: 0, reshuffle: false },
        ...{ changeRequestId: null, reason: 'network', message: 'a\\u000ab' },
      },
    ]);
  });

  test('have no largest shift for a definition that was created', () => {
    const plan = planOf({ before: undefined });
    const { results } = outputsOf(reportOf(plan, { ending: { outcome: 'created' } }), files);
    expect(JSON.parse(results)).toEqual([expect.objectContaining({ largestShift: null, reshuffle: false })]);
  });

  test('name the change request of each item, and all of them once', () => {
    const item = onlyItem(planOf());
    const ending = { outcome: 'pending-approval', written: 'no' } as const;
    const ids = (...given: readonly (string | undefined)[]) => {
      const results = given.map((id) =>
        resultOf(item, { ...ending, ...(id !== undefined && { request: changeRequest({ id }) }) }),
      );
      const outputs = outputsOf(reportOf(planOf(), { results }), files);
      const told = JSON.parse(outputs.results) as readonly { readonly changeRequestId: unknown }[];
      const all: unknown = JSON.parse(outputs['change-request-ids']);
      return [told.map(({ changeRequestId }) => changeRequestId), all];
    };
    expect(ids('a', undefined, 'b', 'a')).toEqual([
      ['a', null, 'b', 'a'],
      ['a', 'b'],
    ]);
    expect(ids()).toEqual([[], []]);
  });

  test.each([
    ['waits for approval', { outcome: 'pending-approval', written: 'no', request: changeRequest() }],
    ['was approved, but its kill state was not requested', { notRequested: 'kill' }],
  ] as const)('say that a target is not in effect where it %s', (_what, ending) => {
    expect(outputsOf(reportOf(planOf(), { ending }), files)).toMatchObject({
      changed: 'true',
      'in-effect': 'false',
      'failure-reason': '',
    });
  });

  test('say that a target is in effect where its change request was published', () => {
    const ending = { request: changeRequest({ status: 'PUBLISHED' }) };
    expect(outputsOf(reportOf(planOf(), { ending }), files)['in-effect']).toBe('true');
  });

  test('stay small, however long and many the messages are', () => {
    const failed = resultOf(onlyItem(planOf()), { outcome: 'failed', message: 'é'.repeat(100_000) });
    const one = outputsOf(reportOf(planOf(), { results: [failed] }), files).results;
    expect(one).toContain(`"${'é'.repeat(999)}…"`);
    const many = outputsOf(
      reportOf(planOf(), { results: Array.from({ length: 1000 }, () => failed) }),
      files,
    ).results;
    expect(many).toContain(`"${'é'.repeat(99)}…"`);
    expect(Buffer.byteLength(many)).toBeLessThan(500_000);
  });
});

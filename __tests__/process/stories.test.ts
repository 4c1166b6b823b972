// What the workflows tell users to do, played with exactly the inputs they pass: plan, approve, apply; and drift.
import { describe, expect, test } from '@jest/globals';
import { split } from '../../emulator/seed-parts.ts';
import { BLOCKS, example, reusable, type Workflow } from '../contract/workflow.ts';
import { addNeighbour, shop } from './checks.ts';
import { expectFailure } from './endings.ts';
import { calling, playGitHubScript, playJob } from './play-workflow.ts';
import { onPullRequest } from './pull-request.ts';
import { onStage, type Stage } from './stage.ts';

type Texts = Readonly<Record<string, string>>;

const inShop = (test: (stage: Stage) => Promise<void>): Promise<void> => onStage(test, { world: shop() });

const OFF = split({ off: 100 });
const ON = split({ on: 100 });

const needing = (outputs: Texts): Texts =>
  Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`needs.plan.outputs.${name}`, value]));

/** What the README's lines pass on, but for the flag. */
const called = BLOCKS.flatMap(({ workflow }) => Object.values(workflow.jobs)).find(({ uses = '' }) =>
  uses.includes('/promote.yml@'),
);

const WAYS: readonly (readonly [string, Workflow, Texts])[] = [
  ['promote.yml', reusable('promote.yml'), { ...called?.with, flags: 'checkout' }],
  ['manual.yml', example('manual.yml'), { flags: 'checkout', source: 'Staging', target: 'Production' }],
];

describe.each(WAYS)('plan, approve, apply with %s', (_file, workflow, inputs) => {
  const { plan, apply } = workflow.jobs;
  const known = calling(workflow, inputs);

  test('shows the plan and writes nothing; then writes just that', () =>
    inShop(async (stage) => {
      const planned = await playJob(stage, plan, known);
      expect(planned.run.outputs).toMatchObject({ status: 'planned', 'in-effect': 'false' });
      expect(planned.run.summary).toContain('checkout');
      expect(stage.writes()).toEqual([]);
      expect(apply?.if).toBe("needs.plan.outputs.changed == 'true'");
      expect(planned.outputs['changed']).toBe('true');

      const applied = await playJob(stage, apply, { ...known, ...needing(planned.outputs) });
      expect(applied.run.outputs).toMatchObject({
        status: 'applied',
        'in-effect': 'true',
        fingerprint: planned.outputs['fingerprint'],
      });
      expect(stage.writes()).toHaveLength(1);
      expect(stage.stored('Production', 'checkout')).toMatchObject({ defaultRule: ON });
    }));

  test('asks nobody to approve where nothing differs', () =>
    inShop(async (stage) => {
      stage.edit({ defaultRule: ON }, 'Production', 'checkout');
      const { outputs, run } = await playJob(stage, plan, known);
      expect(run.outputs).toMatchObject({ status: 'unchanged', 'in-effect': 'true' });
      expect(outputs['changed']).toBe('false');
    }));

  test.each(['Staging', 'Production'])(
    'writes nothing when %s has changed since the approval',
    (environment) =>
      inShop(async (stage) => {
        const planned = await playJob(stage, plan, known);
        stage.edit({ trafficAllocation: 40 }, environment, 'checkout');
        const applied = await playJob(stage, apply, { ...known, ...needing(planned.outputs) });
        expectFailure(applied.run, 'plan-stale', 'failed');
        expect(stage.writes()).toEqual([]);
      }),
  );

  test('writes nothing when the fingerprint got lost on the way', () =>
    inShop(async (stage) => {
      const lost = { changed: 'true', fingerprint: '' };
      const applied = await playJob(stage, apply, { ...known, ...needing(lost) });
      expectFailure(applied.run, 'invalid-input', 'failed');
      expect(stage.writes()).toEqual([]);
    }));
});

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly user: { readonly login: string };
  readonly pull_request?: object;
}

interface Change {
  readonly issue_number: number;
  readonly title?: string;
  readonly body?: string;
  readonly state?: string;
}

/** As much of a repository's issues as the script asks for. */
function issueTracker(issues: Issue[]) {
  const calls: string[] = [];
  const listForRepo = () => undefined;
  const api = {
    listForRepo,
    create: ({ title = '', body = '' }: { readonly title?: string; readonly body?: string }) => {
      calls.push('create');
      const user = { login: 'github-actions[bot]' };
      issues.push({ number: issues.length + 1, title, body, state: 'open', user });
    },
    update: ({ issue_number: at, ...members }: Change) => {
      calls.push(`update ${at}`);
      const { title, body, state } = members;
      const found = issues.find(({ number }) => number === at);
      Object.assign(found ?? {}, { ...(title && { title }), ...(body && { body }), ...(state && { state }) });
    },
    createComment: ({ issue_number: at }: Change) => {
      calls.push(`comment ${at}`);
    },
  };
  const github = {
    rest: { issues: api },
    paginate: (list: unknown, { state }: { readonly state: string }) =>
      list === listForRepo ? issues.filter((each) => each.state === state) : [],
  };
  return { github, calls };
}

describe('drift.yml', () => {
  const { drift, issue } = example('drift.yml').jobs;
  const context = {
    serverUrl: 'https://github.com',
    runId: 7,
    repo: { owner: 'shop', repo: 'flags' },
  };
  const known = calling(example('drift.yml'), {});

  const look = async (stage: Stage, tracker: ReturnType<typeof issueTracker>) => {
    const checked = await playJob(stage, drift, known);
    const { changed, status } = checked.outputs;
    const isTold = changed === 'true' || status === 'unchanged';
    if (isTold) {
      const outputs = Object.entries(checked.outputs).map(([name, value]) => [
        `needs.drift.outputs.${name}`,
        value,
      ]);
      const needs = Object.fromEntries(outputs) as Texts;
      await playGitHubScript(issue?.steps?.[0], tracker.github, context, needs);
    }
    return { ...checked, isTold };
  };

  /** The flags that the workflow looks at, the same in both environments. */
  const inClients = (test: (stage: Stage) => Promise<void>): Promise<void> =>
    inShop(async (stage) => {
      expect(drift?.steps?.[0]?.with?.['flags']).toBe('clients, search_*');
      for (const flag of ['clients', 'search_a'])
        addNeighbour(stage, flag, { environments: ['Staging', 'Production'], trafficAllocation: 100 });
      await test(stage);
    });

  test('knows when GitHub runs the job that writes the issue', () => {
    expect(issue?.if).toBe(
      "${{ !cancelled() && (needs.drift.outputs.changed == 'true' || needs.drift.outputs.status == 'unchanged') }}",
    );
  });

  test('is red and opens one issue, keeps it up to date, and closes it when nothing differs', () =>
    inClients(async (stage) => {
      const issues: Issue[] = [];
      const tracker = issueTracker(issues);
      expect((await look(stage, tracker)).run.outputs).toMatchObject({ status: 'unchanged' });
      expect(tracker.calls).toEqual([]);

      stage.edit({ trafficAllocation: 33 }, 'Production', 'clients');
      const { run } = await look(stage, tracker);
      expectFailure(run, 'changes-found', 'failed');
      expect(stage.writes()).toEqual([]);
      expect(issues).toHaveLength(1);
      expect(issues[0]?.body).toContain(`    ${run.outputs['headline']}`);
      expect(issues[0]?.body).toContain('\n    clients\n');
      expect(issues[0]?.body).toContain('https://github.com/shop/flags/actions/runs/7');

      stage.edit({ trafficAllocation: 34 }, 'Production', 'search_a');
      await look(stage, tracker);
      expect(issues).toHaveLength(1);
      expect(issues[0]?.body).toContain('\n    clients search_a\n');

      for (const flag of ['clients', 'search_a']) stage.edit({ trafficAllocation: 100 }, 'Production', flag);
      await look(stage, tracker);
      expect(issues[0]).toMatchObject({ state: 'closed' });
      expect(tracker.calls).toEqual(['create', 'update 1', 'comment 1', 'update 1']);
    }));

  test('leaves issues of others alone, whatever they say', () =>
    inClients(async (stage) => {
      const body = '<!-- promote-split-flags: drift from Staging to Production -->';
      const bot = { login: 'github-actions[bot]' };
      const issues: Issue[] = [
        { number: 1, title: 'mine', body, state: 'open', user: { login: 'somebody' } },
        { number: 2, title: 'a pull request', body, state: 'open', user: bot, pull_request: {} },
        { number: 3, title: 'of last year', body, state: 'closed', user: bot },
      ];
      const tracker = issueTracker(issues);
      stage.edit({ trafficAllocation: 33 }, 'Production', 'clients');
      await look(stage, tracker);
      expect(tracker.calls).toEqual(['create']);
    }));

  test('tells nothing of a check that came to no result', () =>
    inClients(async (stage) => {
      stage.emulator.fault({ method: 'GET', times: 10, answer: { status: 401, body: {} } });
      const tracker = issueTracker([]);
      const { run, isTold } = await look(stage, tracker);
      expectFailure(run, 'authentication', 'failed');
      expect(isTold).toBe(false);
    }));
});

test('release.yml promotes, and lets the deployment go only when the flag is in effect', () =>
  onStage(async (stage) => {
    const { promote, deploy } = example('release.yml').jobs;
    const known = { ...calling(example('release.yml'), {}), 'github.event.release.tag_name': 'v1.2.3' };
    stage.edit({ defaultRule: OFF, treatments: stage.stored('Staging')?.['treatments'] ?? [] }, 'Production');
    const { run, outputs } = await playJob(stage, promote, known);
    expect(run.outputs).toMatchObject({ status: 'applied', 'failure-reason': '' });
    expect(outputs['in-effect']).toBe('true');
    expect(deploy?.if).toBe("needs.promote.outputs.in-effect == 'true'");
    expect(stage.emulator.requests.find(({ method }) => method === 'PUT')?.body).toMatchObject({
      title: 'Release v1.2.3, clients from Staging to Production',
    });
  }));

test('preview.yml writes nothing, names no user, and comments on the pull request', () =>
  onPullRequest(async (stage) => {
    const { preview } = example('preview.yml').jobs;
    const known = calling(example('preview.yml'), {});
    const { run } = await playJob(stage, preview, known, { env: stage.variables });
    expect(run.outputs).toMatchObject({ status: 'planned', 'failure-reason': '' });
    expect(stage.writes()).toEqual([]);
    const targets = stage.stored('Staging')?.['treatments'] as readonly {
      readonly keys?: readonly string[];
    }[];
    const keys = targets.flatMap((treatment) => treatment.keys ?? []);
    expect(keys.length).toBeGreaterThan(0);
    expect(stage.bodies()).toHaveLength(1);
    for (const key of keys) expect(run.summary + stage.bodies().join()).not.toContain(key);
  }));

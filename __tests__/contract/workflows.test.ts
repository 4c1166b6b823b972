// The workflows that users call and copy: they parse, actionlint passes them, they use what action.yml has, and
// they are safe to paste.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { inputSchema } from '../../src/input-rules.ts';
import { estimateWords } from '../../src/report/log.ts';
import {
  BLOCKS,
  EXAMPLES,
  FOR_USERS,
  OWN,
  REUSABLE,
  THIS_ACTION,
  calledBy,
  example,
  isThisAction,
  read,
  reusable,
  stepsOf,
  type Job,
  type Source,
  type Step,
  type Workflow,
} from './workflow.ts';

const { inputs: actionInputs, outputs: actionOutputs } = parse(read('action.yml')) as {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
};

test('there are those that were promised', () => {
  const names = (sources: readonly Source[]) => sources.map(({ path }) => path.split('/').at(-1));
  expect(names(REUSABLE)).toEqual(['promote.yml', 'rollback.yml']);
  expect(names(OWN)).toEqual([
    'ci.yml',
    'codeql.yml',
    'dependabot-dist.yml',
    'release.yml',
    'scheduled.yml',
    'scorecard.yml',
  ]);
  expect(names(EXAMPLES)).toEqual([
    'attest.yml',
    'drift.yml',
    'manual.yml',
    'matrix.yml',
    'monorepo.yml',
    'preview.yml',
    'release.yml',
  ]);
  expect(BLOCKS.length).toBeGreaterThanOrEqual(3);
  const others = readdirSync(new URL('../../docs/workflows', import.meta.url)).filter(
    (file) => !file.endsWith('.yml'),
  );
  expect(others).toEqual(['README.md']);
});

describe('actionlint', () => {
  const lint = (folder: string, texts: readonly string[]): string => {
    const files = texts.map((text, at) => {
      const file = join(folder, `${at}.yml`);
      writeFileSync(file, text);
      return file;
    });
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'actionlint.mjs');
    return execFileSync(process.execPath, [script, ...files], { encoding: 'utf8' });
  };
  const inFolder = (act: (folder: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), 'actionlint-'));
    try {
      act(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test('finds nothing in any of them', () => {
    inFolder((folder) => {
      const texts = [...FOR_USERS, ...OWN].map(({ text }) => text);
      expect(lint(folder, texts)).toBe(`${texts.length} workflows, 0 problems\n`);
    });
  });

  test.each([
    ['an output of no step', (text: string) => text.replaceAll('steps.promote.', 'steps.promoted.')],
    ['an input that is not declared', (text: string) => text.replaceAll('inputs.flags', 'inputs.flag')],
    ['a job that is not needed', (text: string) => text.replace('needs: plan', '')],
    ['another unknown key of concurrency', (text: string) => text.replace('queue: max', 'queues: max')],
  ])('would find %s', (_what, broken) => {
    inFolder((folder) => {
      expect(() => lint(folder, [broken(read('.github/workflows/promote.yml'))])).toThrow();
    });
  });
});

/** Every `${{ … }}` and every `if`, which is one without the braces. */
function expressionsOf(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') {
    const inBraces = [...value.matchAll(/\$\{\{(.*?)\}\}/gs)].map(([, expression = '']) => expression);
    return key === 'if' && inBraces.length === 0 ? [value] : inBraces;
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => expressionsOf(member, name));
}

/** `steps.promote.outputs.status` → `['promote', 'status']`. */
const namesIn = (value: unknown, pattern: RegExp): readonly (readonly string[])[] =>
  expressionsOf(value).flatMap((expression) =>
    [...expression.matchAll(pattern)].map((match) => match.slice(1)),
  );

const needsOf = ({ needs = [] }: Job): readonly string[] => (typeof needs === 'string' ? [needs] : needs);

/** Outputs of a step other than the Action, by what it writes to its output file. */
const ownOutputs = ({ run = '' }: Step): readonly string[] =>
  [...run.matchAll(/echo "([\w-]+)=.*>> "\$GITHUB_OUTPUT"/g)].map(([, name = '']) => name);

describe.each(FOR_USERS)('$path', ({ path, text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = stepsOf(workflow);
  const actions = steps.filter(isThisAction);
  const isBlock = path.includes('#');

  test('promotes, with the Action or a reusable workflow as the README has it', () => {
    const called = jobs.filter(([, job]) => calledBy(job) !== undefined);
    expect(actions.length + called.length).toBeGreaterThan(0);
    expect(new Set([THIS_ACTION, ...actions.map(({ uses }) => uses)])).toEqual(new Set([THIS_ACTION]));
    expect(read('README.md')).toContain(`uses: ${THIS_ACTION}\n`);
    expect(jobs.filter(([, { uses }]) => uses !== undefined)).toEqual(called);
  });

  test('gives only inputs that exist, with values that are allowed, and writes the mode out', () => {
    for (const { with: given = {} } of actions) {
      expect(Object.keys(actionInputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      const written = Object.entries(given).filter(
        ([input, value]) => input !== 'mode' && !value.includes('${{'),
      );
      for (const [input, value] of written) {
        // A number or a boolean would reach the Action as text all the same, but reads as something else.
        expect([input, typeof value]).toEqual([input, 'string']);
        const rule = Object.entries(inputSchema.shape).find(([name]) => name === input)?.[1];
        expect([input, rule?.safeParse(value).success ?? true]).toEqual([input, true]);
      }
      expect(Object.keys(given)).toEqual(expect.arrayContaining(['api-key', 'mode']));
      expect(['plan', 'apply', 'rollback', '${{ inputs.mode }}']).toContain(given['mode']);
      const needed =
        given['mode'] === 'rollback' ? ['plan-file'] : ['source-environment', 'target-environment'];
      expect(Object.keys(given)).toEqual(expect.arrayContaining(needed));
      // A fingerprint guards a write; a plan does not take one.
      if (given['mode'] === 'plan') expect(Object.keys(given)).not.toContain('expected-fingerprint');
    }
  });

  test('calls a reusable workflow with inputs and secrets that it declares, and with all that it requires', () => {
    for (const [, job] of jobs.filter(([, { uses }]) => uses !== undefined)) {
      const { inputs = {}, secrets = {} } = reusable(calledBy(job) ?? '').on.workflow_call ?? {};
      for (const [declared, given = {}] of [
        [inputs, job.with],
        [secrets, job.secrets],
      ] as const) {
        expect(Object.keys(declared)).toEqual(expect.arrayContaining(Object.keys(given)));
        const required = Object.keys(declared).filter((name) => declared[name]?.required === true);
        expect(Object.keys(given)).toEqual(expect.arrayContaining(required));
      }
      // GitHub refuses a string for a number, and the other way round.
      for (const [input, value] of Object.entries(job.with ?? {}))
        expect([input, typeof value]).toEqual([input, inputs[input]?.type]);
    }
  });

  test('uses only outputs of steps before it that exist', () => {
    for (const [, job] of jobs) {
      for (const [at, step] of (job.steps ?? []).entries()) {
        const before = (job.steps ?? []).slice(0, at);
        for (const [id, output = ''] of namesIn(step, /steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
          const from = before.find((each) => each.id === id) ?? {};
          expect(isThisAction(from) ? Object.keys(actionOutputs) : ownOutputs(from)).toContain(output);
        }
      }
      for (const [id, output = ''] of namesIn(job.outputs, /steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        const from = (job.steps ?? []).find((each) => each.id === id) ?? {};
        expect(isThisAction(from) ? Object.keys(actionOutputs) : ownOutputs(from)).toContain(output);
      }
    }
    expect(namesIn(workflow, /steps\.([\w-]+)\.(?!outputs\.)/g)).toEqual([]);
  });

  test('uses only outputs of jobs that it needs and that declare them', () => {
    const outputsOf = (job: Job | undefined): readonly string[] =>
      Object.keys(job?.outputs ?? reusable(calledBy(job ?? {}) ?? '').on.workflow_call?.outputs ?? {});
    for (const [, job] of jobs) {
      expect(Object.keys(workflow.jobs)).toEqual(expect.arrayContaining([...needsOf(job)]));
      for (const [id = '', output] of namesIn(job, /needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        expect(needsOf(job)).toContain(id);
        expect(outputsOf(workflow.jobs[id])).toContain(output);
      }
    }
    const told = workflow.on.workflow_call?.outputs;
    for (const [id = '', output] of namesIn(told, /jobs\.([\w-]+)\.outputs\.([\w-]+)/g))
      expect(outputsOf(workflow.jobs[id])).toContain(output);
  });

  test('uses the inputs and secrets that it declares, and all of them', () => {
    const { inputs = {}, secrets } = workflow.on.workflow_call ?? workflow.on.workflow_dispatch ?? {};
    const used = (pattern: RegExp) =>
      [...new Set(namesIn(workflow, pattern).map(([name = '']) => name))].toSorted();
    expect(used(/\binputs\.([\w-]+)/g)).toEqual(Object.keys(inputs).toSorted());
    if (secrets) expect(used(/\bsecrets\.([\w-]+)/g)).toEqual(Object.keys(secrets).toSorted());
  });

  test('grants nothing to all jobs, and to a job only what a comment beside it explains', () => {
    expect(workflow.permissions).toEqual({});
    for (const [, { permissions = {} }] of jobs) {
      for (const [scope, grant] of Object.entries(permissions)) {
        expect(text).toMatch(new RegExp(`^ +${scope}: ${grant} # \\w`, 'm'));
        expect(`${scope}: ${grant}`).toMatch(
          /^(?:actions: read|(?:issues|pull-requests|id-token|attestations): write)$/,
        );
      }
    }
    // A called workflow has no more than its caller grants.
    for (const [, job] of jobs.filter(([, { uses }]) => uses !== undefined)) {
      const called = Object.values(reusable(calledBy(job) ?? '').jobs);
      expect(job.permissions ?? {}).toEqual(
        Object.assign({}, ...called.map(({ permissions = {} }) => permissions)),
      );
    }
    // The job with the key has no token that may write, but to comment on the pull request.
    for (const [, { steps: own = [], permissions = {} }] of jobs) {
      const comments = own.some((step) => step.with?.['comment-on-pull-request'] === 'true');
      const writes = Object.keys(permissions).filter((scope) => permissions[scope] === 'write');
      if (own.some(isThisAction)) expect(writes).toEqual(comments ? ['pull-requests'] : []);
    }
    expect(steps.map(({ uses }) => uses)).not.toContainEqual(expect.stringMatching(/^actions\/checkout@/));
  });

  test('cancels no run, and lets one job at a time write to a target environment', () => {
    const groups = [workflow.concurrency, ...jobs.map(([, { concurrency }]) => concurrency)];
    for (const group of groups.filter((each) => each !== undefined)) {
      expect(group['cancel-in-progress']).toBe(false);
      expect(['single', 'max']).toContain(group.queue ?? 'single');
    }
    for (const [, { concurrency = workflow.concurrency, steps: own = [] }] of jobs) {
      for (const { with: given = {} } of own.filter(isThisAction)) {
        if (given['mode'] === 'plan') continue;
        // GitHub compares the names of groups regardless of case. One group for all that write to a target.
        expect(concurrency?.group.toLowerCase()).toBe(
          `promote-${given['target-environment']?.toLowerCase()}`,
        );
        expect(concurrency?.queue).toBe('max');
      }
    }
    // The same group in both would be a deadlock.
    for (const [, job] of jobs.filter(([, { uses }]) => uses !== undefined)) {
      expect(workflow.concurrency?.group ?? '').not.toMatch(/^promote-/i);
      expect(job.concurrency).toBeUndefined();
    }
    if (!isBlock && workflow.on.workflow_call === undefined)
      expect(groups.some((each) => each !== undefined)).toBe(true);
  });

  test('pins what others made to a commit, and says which version that is', () => {
    for (const [, uses = '', comment = ''] of text.matchAll(/^ +(?:- )?uses: (\S+)(.*)$/gm)) {
      if (uses.startsWith('promote-split-flags/')) continue;
      expect([uses, comment]).toEqual([
        expect.stringMatching(/^actions\/[\w-]+@[0-9a-f]{40}$/),
        expect.stringMatching(/^ # v\d+\.\d+\.\d+$/),
      ]);
    }
  });

  test('ends a job that hangs', () => {
    for (const [, job] of jobs.filter(([, { uses }]) => uses === undefined)) {
      const limit = job['timeout-minutes'];
      if (limit === '${{ inputs.timeout-minutes }}')
        expect(workflow.on.workflow_call?.inputs?.['timeout-minutes']).toMatchObject({ type: 'number' });
      else expect(limit).toBeGreaterThan(0);
    }
  });

  test('keeps the plan file of every write whatever happens, 30 days, under a name of its own', () => {
    for (const [, { steps: own = [], strategy }] of jobs) {
      const keeping = own.filter(({ uses = '' }) => uses.startsWith('actions/upload-artifact@'));
      const written = own.filter((step) => isThisAction(step) && step.with?.['mode'] !== 'plan');
      expect(keeping.length).toBeGreaterThanOrEqual(written.length);
      for (const step of keeping) {
        const output = '${{ steps.promote.outputs.plan-file }}';
        const onDisk = '${{ runner.temp }}/promote-split-flags-*.json';
        expect(step.with?.['retention-days']).toBe(30);
        if (step.if === 'always()') {
          expect(step.with).toMatchObject({ path: onDisk, 'if-no-files-found': 'ignore' });
        } else {
          expect(step.if).toBe("always() && steps.promote.outputs.plan-file != ''");
          expect(step.with?.['path']).toBe(output);
        }
        expect(step.with?.['name']?.includes('${{ matrix.')).toBe(strategy !== undefined);
        if (!isBlock) expect(step.with?.['name']).toContain('${{ github.run_attempt }}');
      }
      if (keeping.length > 0 && !isBlock) expect(text).toMatch(/^# The plan file holds user keys/m);
    }
  });

  test('puts no expression into a script', () => {
    for (const { run = '', with: given = {} } of steps) {
      expect(run).not.toContain('${{');
      expect(given['script'] ?? '').not.toContain('${{');
    }
  });

  test('is not run for forks with secrets, and says what happens there', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    if (!isBlock) expect(text).toMatch(/^# Forks: \w/m);
    if (Object.keys(workflow.on).includes('pull_request')) {
      for (const [, job] of jobs)
        expect(job.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    }
  });
});

describe('promote.yml', () => {
  const { on, jobs }: Workflow = reusable('promote.yml');
  const givenBy = (job: Job | undefined): Readonly<Record<string, string>> =>
    (job?.steps ?? []).find(isThisAction)?.with ?? {};

  test('plans, then applies behind an environment, from the same inputs, just the plan that was shown', () => {
    const { mode: planned, ...plan } = givenBy(jobs['plan']);
    const { mode: applied, 'expected-fingerprint': fingerprint, ...apply } = givenBy(jobs['apply']);
    expect([planned, applied]).toEqual(['plan', 'apply']);
    expect(apply).toEqual(plan);
    expect(fingerprint).toBe("${{ needs.plan.outputs.fingerprint || 'missing' }}");
    expect(jobs['apply']).toMatchObject({ needs: 'plan', environment: '${{ inputs.environment }}' });
    expect(jobs['plan']?.environment).toBeUndefined();
  });

  test('does not take a missing fingerprint for none', () => {
    expect(inputSchema.shape['expected-fingerprint'].safeParse('missing').success).toBe(false);
  });

  test('passes every input of the Action on that its caller may choose', () => {
    const own = [
      ...['api-key', 'source-api-key', 'mode', 'plan-file', 'expected-fingerprint'],
      ...['comment-on-pull-request', 'github-token'],
    ];
    const passed = Object.entries(givenBy(jobs['plan'])).filter(([input]) => !own.includes(input));
    expect(Object.fromEntries(passed)).toEqual(
      Object.fromEntries(
        Object.keys(actionInputs)
          .filter((input) => !own.includes(input))
          .map((input) => [input, `\${{ inputs.${input} }}`]),
      ),
    );
    // The defaults are in action.yml only.
    for (const [input] of passed) expect(on.workflow_call?.inputs?.[input]?.default).toBeUndefined();
  });
});

describe('attest.yml', () => {
  const { promote, attest } = example('attest.yml').jobs;
  const used = (job: Job | undefined, action: string): Step | undefined =>
    job?.steps?.find(({ uses = '' }) => uses.startsWith(`${action}@`));

  test('signs just the plan file that was kept, in a job without the key', () => {
    const kept = used(promote, 'actions/upload-artifact')?.with;
    const got = used(attest, 'actions/download-artifact')?.with;
    expect(got?.['name']).toBe(kept?.['name']);
    expect(used(attest, 'actions/attest')?.with).toEqual({ 'subject-path': `${got?.['path']}/*.json` });
    expect(JSON.stringify(attest)).not.toContain('secrets.');
  });

  test('signs a promotion that failed, too', () => {
    expect(attest?.if).toBe("always() && needs.promote.outputs.plan-file != ''");
  });
});

describe('docs/workflows/README.md', () => {
  const page = read('docs/workflows/README.md');

  test('lists every workflow, as the README does', () => {
    for (const { path } of EXAMPLES) {
      const file = path.split('/').at(-1) ?? '';
      expect(page).toContain(`](${file})`);
      expect(read('README.md')).toContain(`(${path})`);
    }
    for (const { path } of REUSABLE) {
      expect(page).toContain(`](../../${path})`);
      expect(read('README.md')).toContain(`(${path})`);
    }
  });

  test('says what holds for forks and on Enterprise Server', () => {
    expect(page).toMatch(/^## Forks$/m);
    expect(page).toMatch(/^## GitHub Enterprise Server$/m);
  });
});

describe('docs/many.md', () => {
  const page = read('docs/many.md');

  test('shows matrix.yml as it is', () => {
    const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => yaml);
    expect(blocks.filter((yaml) => /^jobs:$/m.test(yaml))).toEqual([read('docs/workflows/matrix.yml')]);
  });

  test('quotes the plan', () => {
    const limit = { requests: 20, milliseconds: 10_000 };
    expect(page).toContain(estimateWords({ requests: 210, milliseconds: 130_000, limit, reserve: 0.25 }));
  });

  test('is linked from the README', () => {
    expect(read('README.md')).toContain('(docs/many.md)');
  });
});

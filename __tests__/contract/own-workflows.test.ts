// The workflows of this repository itself: who may do what in them, what they run, and what stands for a green check.
import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { EXAMPLES, FOR_USERS, OWN, own, read, stepsOf, type Job, type Step } from './workflow.ts';

/** Every grant there is, by workflow and job. A new one is a decision, so it is written down twice. */
const GRANTS = {
  'ci.yml': {
    test: { contents: 'read' },
    dist: { contents: 'read' },
    docs: { contents: 'read' },
    workflows: { contents: 'read' },
    'end-to-end': { contents: 'read' },
    gate: {},
  },
  'codeql.yml': { analyze: { contents: 'read', 'security-events': 'write' } },
  'dependabot-dist.yml': { build: { contents: 'read' }, commit: { contents: 'write', actions: 'write' } },
  'release.yml': {
    build: { contents: 'read' },
    publish: { contents: 'write', 'id-token': 'write', attestations: 'write' },
  },
  'scheduled.yml': { mutation: { contents: 'read' }, audit: { contents: 'read' } },
  'scorecard.yml': { analysis: { contents: 'read', 'security-events': 'write', 'id-token': 'write' } },
};

test('no job is granted more than is written here', () => {
  const granted = OWN.map(({ path, workflow }) => [
    path.split('/').at(-1),
    Object.fromEntries(Object.entries(workflow.jobs).map(([job, { permissions }]) => [job, permissions])),
  ]);
  expect(Object.fromEntries(granted)).toEqual(GRANTS);
});

const nameOf = ({ uses = '' }: Step): string => uses.split('@')[0] ?? '';
const isCheckout = (step: Step): boolean => nameOf(step) === 'actions/checkout';
/** Npm, Node, or an Action in the checkout. */
const runsCode = ({ uses = '', run = '' }: Step): boolean =>
  uses.startsWith('./') || /\b(?:npm|npx|node)\b/.test(run);

describe.each(OWN)('$path', ({ text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = stepsOf(workflow);

  test('grants nothing to all jobs, and says beside each grant what it is for', () => {
    expect(workflow.permissions).toEqual({});
    for (const [, { permissions }] of jobs) {
      for (const [scope, grant] of Object.entries(permissions ?? {}))
        expect(text).toMatch(new RegExp(`^ +${scope}: ${grant} # \\w`, 'm'));
    }
  });

  test('changes this repository only in jobs that run no code of it and of no package', () => {
    for (const [, { permissions = {}, steps: all = [] }] of jobs) {
      if (permissions['contents'] !== 'write' && permissions['actions'] !== 'write') continue;
      expect(all.filter((step) => isCheckout(step) || runsCode(step))).toEqual([]);
    }
  });

  test('leaves no credentials in a checkout', () => {
    for (const step of steps.filter(isCheckout))
      expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('pins what others made to a commit, and says which version that is', () => {
    for (const [, uses = '', comment = ''] of text.matchAll(/^ +(?:- )?uses: (\S+)(.*)$/gm)) {
      if (uses === './') continue;
      expect([uses, comment]).toEqual([
        expect.stringMatching(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/),
        expect.stringMatching(/^ # v\d+\.\d+\.\d+$/),
      ]);
    }
  });

  test('ends a job that hangs, and has no two runs where one will do', () => {
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0);
    expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': expect.any(Boolean) });
  });

  test('puts no expression into a script, and names each job for those who look at checks', () => {
    for (const { run = '', with: given = {} } of steps) {
      expect(run).not.toContain('${{');
      expect(given['script'] ?? '').not.toContain('${{');
    }
    for (const [, job] of jobs) expect(job).toHaveProperty('name');
  });

  test('lends nobody the rights of main, and needs no secret', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
    expect(text).not.toMatch(/\bsecrets\b/);
  });

  test('installs just what the lock files say', () => {
    for (const { run = '' } of steps) expect(run).not.toMatch(/\bnpm (?:i|install|add|exec)\b|\bnpx\b/);
  });
});

test('an action is at one version wherever it is used', () => {
  const pins = [...OWN, ...FOR_USERS].flatMap(({ text }) =>
    [...text.matchAll(/uses: ([\w-]+\/[\w-]+)(?:\/[\w/-]+)?@([0-9a-f]{40} # v\S+)/g)].map(
      ([, action = '', pin = '']) => [action, pin] as const,
    ),
  );
  const known = new Map(pins);
  expect(pins).toEqual(pins.map(([action]) => [action, known.get(action)]));
  expect(known.size).toBeGreaterThan(5);
});

describe('ci.yml', () => {
  const { on, jobs } = own('ci.yml');
  const runs = ({ steps = [] }: Job): string => steps.map(({ run = '' }) => run).join('\n');

  test('checks pull requests and main', () => {
    expect(Object.keys(on)).toEqual(['pull_request', 'push', 'workflow_dispatch']);
    expect(on['push']).toEqual({ branches: ['main'] });
  });

  test('runs everything on each Node that package.json supports', () => {
    const { engines } = JSON.parse(read('package.json')) as { readonly engines: { readonly node: string } };
    const nodes = jobs['test']?.strategy?.matrix['node'] ?? [];
    expect(nodes).toEqual([20, 22, 24]);
    expect(engines.node).toBe(`>=${nodes[0]}`);
    expect(runs(jobs['test'] ?? {})).toContain('npm cit');
  });

  test('looks with git for what `npm run build` and `npm run docs` change, and says which of them to run', () => {
    for (const [job, command] of [
      ['dist', 'npm run build'],
      ['docs', 'npm run docs'],
    ] as const) {
      const script = runs(jobs[job] ?? {});
      expect(script).toContain('git status --porcelain');
      expect(script).toContain(`Run \`${command}\``);
    }
    const keeping = jobs['dist']?.steps?.find((step) => nameOf(step) === 'actions/upload-artifact');
    expect(keeping).toMatchObject({
      if: "failure() && steps.fresh.outcome == 'failure'",
      with: { path: 'dist' },
    });
  });

  test('shows every workflow to actionlint and to zizmor', () => {
    expect(runs(jobs['workflows'] ?? {})).toContain('npm run lint:workflows');
    const zizmor = jobs['workflows']?.steps?.find((step) => nameOf(step) === 'zizmorcore/zizmor-action');
    // All of the repository is what GitHub would run; the examples are not.
    expect(zizmor?.with?.['inputs']?.split(/\s+/)).toEqual(['.', ...EXAMPLES.map(({ path }) => path)]);
    expect(zizmor?.with?.['version']).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('gives the Action only inputs that it has, as text', () => {
    const { inputs } = parse(read('action.yml')) as { readonly inputs: Readonly<Record<string, unknown>> };
    const given = stepsOf(own('ci.yml')).flatMap(({ uses, with: values = {} }) =>
      uses === './' ? Object.entries(values) : [],
    );
    expect(given.length).toBeGreaterThan(20);
    for (const [input, value] of given) {
      expect(Object.keys(inputs)).toContain(input);
      expect([input, typeof value]).toEqual([input, 'string']);
    }
  });

  test('has one job that stands for all others, and runs whatever they came to', () => {
    const { gate, ...others } = jobs;
    expect(gate?.needs).toEqual(Object.keys(others));
    expect(gate?.if).toBe('always()');
    // Each of them always runs, so that one that was skipped is a mistake.
    expect(Object.values(others).filter((job) => job.if !== undefined || job.needs !== undefined)).toEqual(
      [],
    );
  });
});

describe('release.yml', () => {
  const { on, jobs } = own('release.yml');

  test('starts at a tag of a version only', () => {
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  });

  test('publishes behind an environment whose reviewers approve, what the first job built', () => {
    expect(jobs['publish']).toMatchObject({ needs: 'build', environment: 'release' });
    expect(jobs['build']).not.toHaveProperty('environment');
  });

  test('checks and builds before anything else has touched the checkout, then tests', () => {
    const scripts = (jobs['build']?.steps ?? []).map(({ run }) => run).filter((run) => run !== undefined);
    expect(scripts.slice(1)).toEqual(['npm ci', 'node scripts/release.mjs "$GITHUB_REF_NAME"', 'npm test']);
  });

  test('takes nothing from a cache', () => {
    const setup = (jobs['build']?.steps ?? []).filter((step) => nameOf(step) === 'actions/setup-node');
    expect(setup).toEqual([
      expect.objectContaining({ with: { 'node-version': 24, 'package-manager-cache': false } }),
    ]);
  });

  test('attests the bundle twice: where it comes from, and what is in it', () => {
    const attested = (jobs['publish']?.steps ?? []).filter((step) => nameOf(step) === 'actions/attest');
    expect(attested.map(({ with: given }) => given)).toEqual([
      { 'subject-path': 'release/index.js' },
      { 'subject-path': 'release/index.js', 'sbom-path': 'release/sbom.cdx.json' },
    ]);
  });
});

test('mutation score and known vulnerabilities are looked at on a schedule, in every folder with a lock file', () => {
  const { on, jobs } = own('scheduled.yml');
  expect(Object.keys(on)).toContain('schedule');
  const scripts = Object.values(jobs).flatMap(({ steps = [] }) => steps.map(({ run }) => run));
  expect(scripts).toEqual(expect.arrayContaining(['npm run mutation', 'npm audit', 'npm audit signatures']));
  const folders = jobs['audit']?.strategy?.matrix['folder'] ?? [];
  expect(folders).toEqual(['.', 'tools/node24', 'tools/fonts']);
});

describe('dependabot.yml', () => {
  interface Update {
    readonly 'package-ecosystem': string;
    readonly directory?: string;
    readonly directories?: readonly string[];
    readonly cooldown?: { readonly 'default-days': number };
    readonly groups?: Readonly<Record<string, unknown>>;
  }
  const { updates } = parse(read('.github/dependabot.yml')) as { readonly updates: readonly Update[] };
  const foldersOf = (ecosystem: string): readonly string[] =>
    updates
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories = [] }) => [
        ...directories,
        ...(directory === undefined ? [] : [directory]),
      ]);

  test('covers every lock file, and every workflow', () => {
    expect(foldersOf('npm').toSorted()).toEqual(['/', '/tools/fonts', '/tools/node24']);
    for (const folder of foldersOf('npm'))
      expect(existsSync(new URL(`../..${folder}/package-lock.json`, import.meta.url))).toBe(true);
    expect(foldersOf('github-actions')).toEqual(['/', '/docs/workflows']);
  });

  test('waits a week at least, and groups', () => {
    for (const { cooldown, groups } of updates) {
      expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(7);
      expect(Object.keys(groups ?? {})).not.toEqual([]);
    }
  });
});

// The inputs: what is allowed, what it means, and what is said of everything else.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FINDING_CODES } from '../src/plan/finding.ts';
import { SECTIONS } from '../src/definition/sections.ts';
import { Failure, FAILURE_REASONS, asFailure } from '../src/failure.ts';
import { INPUT_DEFAULTS } from '../src/input-rules.ts';
import { parseInputs, type Inputs } from '../src/inputs.ts';

type Given = Readonly<Record<string, string>>;

/** The least that is needed. */
const ENOUGH: Given = {
  'api-key': 'k1',
  flags: 'clients',
  'source-environment': 'Staging',
  'target-environment': 'Production',
};

const parse = (given: Given = {}) => parseInputs(new Map(Object.entries({ ...ENOUGH, ...given })));

const inputsOf = (given: Given = {}): Inputs => parse(given).inputs;

/** The failure of inputs that are not usable. */
function failureOf(given: Given, base: Given = ENOUGH): Failure {
  try {
    parseInputs(new Map(Object.entries({ ...base, ...given })));
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('These inputs are usable.');
}

const messageOf = (given: Given, base?: Given): string => failureOf(given, base).message;

const wrong = (input: string, value: string, allowed: string): string =>
  `\`${input}\` has the value \`${value.replace(/(?<=\/\/)[^/@]*@/u, '***@')}\`; allowed is ${allowed}.`;

describe('defaults', () => {
  test('with the least given, everything else is as documented', () => {
    expect(parse()).toEqual({
      inputs: {
        apiKey: 'k1',
        sourceApiKey: 'k1',
        apiUrl: 'https://api.split.io/internal/api/v2',
        mode: 'apply',
        flags: ['clients'],
        tags: [],
        targetFlag: undefined,
        sourceEnvironment: 'Staging',
        targetEnvironments: ['Production'],
        workspace: 'Default',
        targetWorkspace: undefined,
        sections: SECTIONS,
        killState: 'keep',
        createMissing: true,
        overrides: [],
        maxChanges: 50,
        failOn: [],
        ignoreChecks: [],
        onApprovalRequired: 'request',
        approvers: [],
        waitForApprovalMilliseconds: 0,
        onFailure: 'stop',
        expect: [],
        expectedFingerprint: undefined,
        title: 'Promote {flag} from {source} to {target}',
        comment: 'Promoted by {actor} at commit {sha}, run {run-url}, plan {fingerprint}.',
        commentToken: undefined,
        showTargets: true,
        requestTimeoutMilliseconds: 30_000,
        maxShift: undefined,
        maxRetries: 5,
      },
      warnings: [],
    });
  });

  test('an empty input is not given, and one of spaces is empty', () => {
    const others = Object.keys(INPUT_DEFAULTS).filter((input) => !Object.hasOwn(ENOUGH, input));

    for (const nothing of ['', ' ', '\n\t ']) {
      expect(parse(Object.fromEntries(others.map((input) => [input, nothing])))).toEqual(parse());
    }
  });

  test('an input at its default is not given', () => {
    expect(parse({ ...INPUT_DEFAULTS, ...ENOUGH })).toEqual(parse());
  });

  test('space around a value is not part of it', () => {
    expect(
      parse(Object.fromEntries(Object.entries(ENOUGH).map(([input, value]) => [input, `\n ${value}\t`]))),
    ).toEqual(parse());
  });
});

describe('values', () => {
  test.each<[string, string, keyof Inputs, unknown]>([
    ['mode', 'plan', 'mode', 'plan'],
    ['mode', 'apply', 'mode', 'apply'],
    ['flags', 'my_flag-1', 'flags', ['my_flag-1']],
    ['flags', 'a*, !ab?\nexact', 'flags', ['a*', '!ab?', 'exact']],
    ['tags', 'growth, web', 'tags', ['growth', 'web']],
    ['on-failure', 'continue', 'onFailure', 'continue'],
    ['target-flag', 'other', 'targetFlag', 'other'],
    ['source-environment', 'Pre Prod', 'sourceEnvironment', 'Pre Prod'],
    ['source-environment', '...', 'sourceEnvironment', '...'],
    ['target-environment', '0f1c-11ee', 'targetEnvironments', ['0f1c-11ee']],
    ['target-environment', 'QA, Live\nQA', 'targetEnvironments', ['QA', 'Live']],
    ['target-environment', 'EU/live?', 'targetEnvironments', ['EU/live?']],
    ['source-environment', 'EU, live', 'sourceEnvironment', 'EU, live'],
    ['workspace', 'Web', 'workspace', 'Web'],
    ['workspace', 'Web, mobile', 'workspace', 'Web, mobile'],
    ['target-workspace', 'Web, mobile', 'targetWorkspace', 'Web, mobile'],
    ['flags', '\nclients,\n', 'flags', ['clients']],
    ['flags', 'clients, clients', 'flags', ['clients']],
    ['target-environment', 'Live,\n', 'targetEnvironments', ['Live']],
    ['target-workspace', 'Web', 'targetWorkspace', 'Web'],
    ['source-api-key', 'k2', 'sourceApiKey', 'k2'],
    ['api-key', 'pat.a-B_~!', 'apiKey', 'pat.a-B_~!'],
    ['api-key', 'pat.a', 'sourceApiKey', 'pat.a'],
    ['kill-state', 'copy', 'killState', 'copy'],
    ['create-missing', 'false', 'createMissing', false],
    ['create-missing', 'False', 'createMissing', false],
    ['create-missing', 'FALSE', 'createMissing', false],
    ['create-missing', 'True', 'createMissing', true],
    ['show-targets', 'TRUE', 'showTargets', true],
    ['show-targets', 'false', 'showTargets', false],
    ['expected-fingerprint', 'a1'.repeat(32), 'expectedFingerprint', 'a1'.repeat(32)],
    ['expected-fingerprint', 'A1'.repeat(32), 'expectedFingerprint', 'a1'.repeat(32)],
    ['title', 'T: {flag}', 'title', 'T: {flag}'],
    ['comment', 'two\nlines', 'comment', 'two\nlines'],
    ['request-timeout-seconds', '0.5', 'requestTimeoutMilliseconds', 500],
    ['request-timeout-seconds', '3600', 'requestTimeoutMilliseconds', 3_600_000],
    ['request-timeout-seconds', ' 5 ', 'requestTimeoutMilliseconds', 5000],
    ['max-retries', '0', 'maxRetries', 0],
    ['max-retries', '100', 'maxRetries', 100],
    ['max-retries', ' 5 ', 'maxRetries', 5],
    [
      'api-url',
      'https://app.harness.io/fme/internal/api/v2',
      'apiUrl',
      'https://app.harness.io/fme/internal/api/v2',
    ],
    ['api-url', 'https://x.example/api/', 'apiUrl', 'https://x.example/api'],
    ['api-url', 'https://x.example:8443///', 'apiUrl', 'https://x.example:8443'],
    ['api-url', 'http://localhost:8080/api', 'apiUrl', 'http://localhost:8080/api'],
    ['api-url', 'http://LOCALHOST', 'apiUrl', 'http://LOCALHOST'],
    ['api-url', 'http://127.0.0.1:1', 'apiUrl', 'http://127.0.0.1:1'],
    ['api-url', 'http://127.1.2.3', 'apiUrl', 'http://127.1.2.3'],
    ['api-url', 'http://[::1]:8080/', 'apiUrl', 'http://[::1]:8080'],
  ])('%s: %j', (input, value, member, expected) => {
    expect(inputsOf({ [input]: value })[member]).toEqual(expected);
  });
});

const ENVIRONMENT = 'the name or id of one environment';
const WORKSPACE = 'the name or id of one workspace';
const BOOLEAN = '`true` or `false`';
const SECTION = `any of \`treatments\`, \`individual-targets\`, \`default-treatment\`, \`baseline-treatment\`, \`traffic-allocation\`, \`rules\`, \`default-rule\`, one a line or comma-separated`;
const FLAGS =
  'names of flags, globs with `*` (at most four) and `?`, and exclusions that begin with `!`, one a line or comma-separated';
const ENVIRONMENTS = 'names or ids of environments, one a line or comma-separated';
const SECONDS = 'a number above 0, at most 3600';
const RETRIES = 'a whole number from 0 to 100';
const FINGERPRINT = 'the 64 hexadecimal digits of a `fingerprint` output';
const URL_ALLOWED =
  'an https URL without user name, query and fragment; plain http only to a loopback address';

describe('refused values', () => {
  test.each<[string, string, string]>([
    ['mode', 'undo', '`plan`, `apply` or `rollback`'],
    ['mode', 'Plan', '`plan`, `apply` or `rollback`'],
    ...['a!b', '.', '..', 'a\\b', '*a*a*a*a*b'].map((value): [string, string, string] => [
      'flags',
      value,
      FLAGS,
    ]),
    ...['a*', 'a,b', '..'].map((value): [string, string, string] => [
      'target-flag',
      value,
      'the name of one flag, without globs',
    ]),
    ...['.', '..', 'a\nb'].flatMap((value): [string, string, string][] => [
      ['source-environment', value, ENVIRONMENT],
      ['workspace', value, WORKSPACE],
      ['target-workspace', value, WORKSPACE],
    ]),
    ['target-environment', '.', ENVIRONMENTS],
    ['target-environment', '..', ENVIRONMENTS],
    ['on-failure', 'undo', '`stop`, `continue` or `restore`'],
    ['kill-state', 'Keep', '`keep` or `copy`'],
    ['kill-state', 'killed', '`keep` or `copy`'],
    ...['yes', 'no', '1', '0', 'tRue', 'falsee', 'on'].flatMap((value): [string, string, string][] => [
      ['create-missing', value, BOOLEAN],
      ['show-targets', value, BOOLEAN],
    ]),
    ...['rule', 'Rules', 'kill-state', 'constructor'].flatMap((value): [string, string, string][] => [
      ['include', value, SECTION],
      ['exclude', value, SECTION],
    ]),
    ...[
      '0',
      '0.0',
      '-1',
      '1e3',
      '0x10',
      '5s',
      '3600.1',
      '3601',
      '.5',
      '5.',
      '+5',
      '1,5',
      '5 5',
      'Infinity',
      'NaN',
    ].map((value): [string, string, string] => ['request-timeout-seconds', value, SECONDS]),
    ...['-1', '1e3', '0x10', '5.5', '101', '٥', '--5', '1_0', 'five'].map(
      (value): [string, string, string] => ['max-retries', value, RETRIES],
    ),
    ...['a1', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), `sha256:${'a'.repeat(57)}`].map(
      (value): [string, string, string] => ['expected-fingerprint', value, FINGERPRINT],
    ),
    ...[
      'http://api.split.io',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://1127.0.0.1.example',
      'http://128.0.0.1',
      'http://10.0.0.1',
      'http://[::2]',
      'http://mylocalhost',
      'ftp://api.split.io',
      'file:///etc/passwd',
      'xhttp://localhost',
      'https://ada@x.example',
      'https://:secret@x.example',
      'https://x.example/?a=b',
      'https://x.example/#a',
      'https://',
      'https://x example',
      'api.split.io',
      '/internal/api/v2',
      'javascript:alert(1)',
    ].map((value): [string, string, string] => ['api-url', value, URL_ALLOWED]),
  ])('%s: %j', (input, value, allowed) => {
    expect(failureOf({ [input]: value })).toMatchObject({
      reason: 'invalid-input',
      message: wrong(input, value, allowed),
    });
  });

  // An empty query or fragment is no part of what URL shows, but it is in the text that requests begin with.
  test.each(['https://x.example/?', 'https://x.example/#', 'https://x.ex\nample'])('api-url: %j', (value) => {
    expect(messageOf({ 'api-url': value })).toContain('`api-url`');
  });

  test('a long value is cut', () => {
    expect(messageOf({ mode: 'x'.repeat(120) })).toContain(`\`${'x'.repeat(120)}\``);
    expect(messageOf({ mode: 'x'.repeat(121) })).toContain(`\`${'x'.repeat(120)}…\``);
  });
});

describe('keys', () => {
  test.each(['api-key', 'source-api-key'])('%s is refused without being repeated', (input) => {
    for (const value of ['s3cr3t key', 's3cr3t\nkey', 's3cr3té', 's3cr3t\u0000']) {
      expect(messageOf({ [input]: value })).toBe(
        `\`${input}\` is not usable; allowed is a key of visible ASCII characters, without spaces or line breaks.`,
      );
    }
  });

  test('no message holds a key, whatever else is wrong', () => {
    const message = messageOf({
      'api-key': 's3cr3t',
      'source-api-key': 's3 cr3t',
      'github-token': 'ghs_secret',
      mode: 'x',
      'dry-run': 's3cr3t',
    });

    expect(message).not.toMatch(/s3|ghs_/u);
  });
});

describe('required inputs', () => {
  test.each([
    [
      'api-key',
      'give it a key from a secret; runs for forks and Dependabot get no secrets, so there it is always empty',
    ],
    ['flags', 'name the flags to copy, or give `tags`'],
    ['source-environment', 'name the environment to copy from'],
    ['target-environment', 'name the environment to copy to'],
  ])('%s', (input, fix) => {
    const message = `\`${input}\` is required but empty; ${fix}.`;
    const without = Object.fromEntries(Object.entries(ENOUGH).filter(([name]) => name !== input));

    expect(messageOf({ [input]: '' })).toBe(message);
    expect(messageOf({ [input]: '  ' })).toBe(message);
    expect(messageOf({}, without)).toBe(message);
  });

  test('two keys do not make up for one: the source key alone is not enough', () => {
    expect(messageOf({ 'api-key': '', 'source-api-key': 'k' })).toMatch(/^`api-key` is required but empty/u);
  });
});

test('all problems of all inputs are told in one failure, each once', () => {
  const message = messageOf({
    'api-key': '',
    mode: 'x',
    flags: '*,..',
    include: 'rules, bad, worse',
    exclude: 'bad',
    expect: 'a',
    'dry-run': 'true',
    'max-retries': '5.5',
    'target-environment': 'Staging',
  });

  expect(message.split(/(?<=[.?]) (?=`|There)/u)).toEqual([
    'There is no input `dry-run`; did you mean `mode: plan`?',
    '`api-key` is required but empty; give it a key from a secret; runs for forks and Dependabot get no secrets, so there it is always empty.',
    wrong('mode', 'x', '`plan`, `apply` or `rollback`'),
    wrong('flags', '..', FLAGS),
    wrong('include', 'bad`, `worse', SECTION),
    wrong('exclude', 'bad', SECTION),
    wrong('max-retries', '5.5', RETRIES),
    '`target-environment` names the source itself, `Staging`; name other environments.',
    '`expect` has the line `a` (line 1), but it is not of the form `user-42 -> on`, `{"plan":"pro"} -> on` or `everyone-else -> off 90%`.',
  ]);
});

describe('include and exclude', () => {
  test.each([
    ['', '', SECTIONS],
    ['rules', '', ['rules']],
    ['default-rule,treatments', '', ['treatments', 'default-rule']],
    ['rules\n  default-rule \n\n', '', ['rules', 'default-rule']],
    ['rules, ,rules,', '', ['rules']],
    ['', 'rules', SECTIONS.filter((section) => section !== 'rules')],
    [
      '',
      'individual-targets,rules',
      SECTIONS.filter((section) => section !== 'rules' && section !== 'individual-targets'),
    ],
    ['treatments,rules', 'rules', ['treatments']],
    ['treatments', 'rules', ['treatments']],
    [SECTIONS.join('\n'), '', SECTIONS],
  ])('include %j less exclude %j', (include, exclude, sections) => {
    expect(inputsOf({ include, exclude }).sections).toEqual(sections);
  });

  test.each([
    ['rules', 'rules'],
    ['rules,treatments', 'treatments,rules,default-rule'],
    ['', SECTIONS.join(',')],
  ])('include %j less exclude %j leave nothing', (include, exclude) => {
    expect(messageOf({ include, exclude })).toBe(
      '`include` and `exclude` leave no section to copy; leave one of them out.',
    );
  });

  // Today this is told only when every other input is right.
  test('leave nothing, which is told beside other problems', () => {
    expect(messageOf({ include: 'rules', exclude: 'rules', mode: 'x' })).toContain(
      'leave no section to copy',
    );
  });

  test('may leave nothing but the kill state', () => {
    expect(inputsOf({ exclude: SECTIONS.join(','), 'kill-state': 'copy' }).sections).toEqual([]);
  });

  test('any sections, in any order, come in the order of the documentation', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...SECTIONS], { minLength: 1 }),
        fc.constantFrom(',', '\n', ' , ', ',\n'),
        (sections, separator) => {
          expect(inputsOf({ include: sections.join(separator) }).sections).toEqual(
            SECTIONS.filter((section) => sections.includes(section)),
          );
        },
      ),
    );
  });
});

describe('a target that is its own source', () => {
  const itself = '`target-environment` names the source itself, `Staging`; name other environments.';

  test.each<[string, Given]>([
    ['the same environment', {}],
    ['the same flag by name', { 'target-flag': 'clients' }],
    ['the same workspace by name', { workspace: 'Web', 'target-workspace': 'Web' }],
    ['the default workspace by name', { 'target-workspace': 'Default' }],
  ])('is refused: %s', (_what, given) => {
    expect(messageOf({ 'target-environment': 'Staging', ...given })).toBe(itself);
  });

  test.each<[string, Given]>([
    ['another flag', { 'target-flag': 'other' }],
    ['another workspace', { 'target-workspace': 'Web' }],
    ['another environment', { 'target-environment': 'staging' }],
  ])('is not: %s', (_what, given) => {
    expect(() => parse({ 'target-environment': 'Staging', ...given })).not.toThrow();
  });

  test('is not told of environments that are not given', () => {
    expect(messageOf({ 'source-environment': '', 'target-environment': '' })).not.toContain('itself');
  });
});

describe('which flags', () => {
  test.each([
    ['nothing', { flags: '' }, '`flags` is required but empty; name the flags to copy, or give `tags`.'],
    [
      'exclusions alone',
      { flags: '!a, !b*' },
      '`flags` only takes out; name what to copy as well, or give `tags`.',
    ],
    ...['a, b', 'a*', 'a, !b', '!a, b*'].map((flags): [string, Given, string] => [
      `a target flag for ${flags}`,
      { flags, 'target-flag': 'x' },
      '`target-flag` needs exactly one flag in `flags`, named without a glob.',
    ]),
  ])('cannot be %s', (_what, given, message) => {
    expect(messageOf(given)).toBe(message);
  });

  test.each(['!', '!!a', '!..'])('cannot be left out by %s', (exclusion) => {
    expect(messageOf({ flags: `a, ${exclusion}` })).toBe(wrong('flags', exclusion, FLAGS));
  });

  test.each<[string, Given]>([
    ['tags alone', { flags: '', tags: 'growth' }],
    ['tags with exclusions', { flags: '!a', tags: 'growth' }],
    ['many names, globs and exclusions', { flags: 'a, b*, !bc' }],
  ])('can be %s', (_what, given) => {
    expect(() => parse(given)).not.toThrow();
  });
});

test('a fingerprint to expect needs a run that writes', () => {
  const given = { 'expected-fingerprint': 'a'.repeat(64) };

  expect(messageOf({ ...given, mode: 'plan' })).toBe(
    '`expected-fingerprint` guards a write, but `mode` is `plan`; leave it out or set `mode: apply`.',
  );
  expect(() => parse(given)).not.toThrow();
  expect(() => parse({ mode: 'plan' })).not.toThrow();
});

describe('checks and approvals', () => {
  test('are taken as given', () => {
    expect(
      inputsOf({
        'max-changes': '0',
        'fail-on': 'changes, targets-lost\nkilled-target, structure',
        'ignore-checks': 'segment-missing,too-many-changes',
        'on-approval-required': 'fail',
        approvers: 'a@example.com, b@example.com',
        'wait-for-approval': '0.5',
      }),
    ).toMatchObject({
      maxChanges: 0,
      failOn: ['changes', 'targets-lost', 'killed-target', 'structure'],
      ignoreChecks: ['segment-missing', 'too-many-changes'],
      onApprovalRequired: 'fail',
      approvers: ['a@example.com', 'b@example.com'],
      waitForApprovalMilliseconds: 30_000,
    });
  });

  const quoted = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

  test.each<[string, string, string]>([
    ['fail-on', 'targets', `any of ${quoted(['changes', ...FINDING_CODES])}, one a line or comma-separated`],
    ...['structure', 'change-pending', 'changes', 'targets-lost', 'Segment-missing'].map(
      (value): [string, string, string] => [
        'ignore-checks',
        value,
        'any of `definition-missing`, `flag-missing`, `traffic-type-differs`, `segment-missing`, `parent-missing`, `dependency-cycle`, `dependent-breaks`, `too-many-changes`, `shift-over-limit`, `expectation-failed`, one a line or comma-separated',
      ],
    ),
    ...['-1', '1.5', 'many'].map((value): [string, string, string] => [
      'max-changes',
      value,
      'a whole number of items',
    ]),
    ['on-approval-required', 'Request', '`request` or `fail`'],
    ...['ada', 'a@b@c', 'a b@example.com'].map((value): [string, string, string] => [
      'approvers',
      value,
      'e-mail addresses, one a line or comma-separated',
    ]),
    ...['-1', '50401', '1h'].map((value): [string, string, string] => [
      'wait-for-approval',
      value,
      'a number of minutes, decimals allowed, at most 50400',
    ]),
  ])('%s is not %j', (input, value, allowed) => {
    expect(messageOf({ [input]: value })).toBe(
      `\`${input}\` has the value \`${value}\`; allowed is ${allowed}.`,
    );
  });

  test('cannot both raise and lower the weight of a code', () => {
    expect(messageOf({ 'fail-on': 'segment-missing, changes', 'ignore-checks': 'segment-missing' })).toBe(
      '`fail-on` and `ignore-checks` both name `segment-missing`; name each in one of them only.',
    );
  });
});

describe('limits and expectations', () => {
  test.each([
    ['', undefined],
    ['0', 0],
    ['12.5', 12.5],
    ['100', 100],
  ])('max-shift %j is %s', (value, percent) => {
    expect(parse({ 'max-shift': value }).inputs.maxShift).toBe(percent);
  });

  test.each(['101', '-1', '25%', 'none', '1e1'])('max-shift is not %s', (value) => {
    expect(messageOf({ 'max-shift': value })).toBe(
      `\`max-shift\` has the value \`${value}\`; allowed is a number of percent from 0 to 100.`,
    );
  });

  test('expect is read line by line, commas and all', () => {
    const { expect: lines } = parse({
      expect: ' user-42 -> on \n{"plan":"pro","country":"DE"} -> on\n everyone-else -> off 90%',
    }).inputs;
    expect(lines.map(({ number, text }) => [number, text])).toEqual([
      [1, 'user-42 -> on'],
      [2, '{"plan":"pro","country":"DE"} -> on'],
      [3, 'everyone-else -> off 90%'],
    ]);
  });

  test('every wrong line of expect is told with what is wrong with it', () => {
    expect(messageOf({ expect: 'user-42 on\neveryone-else -> off 101%\n{plan} -> on\nuser-1 -> on' })).toBe(
      [
        '`expect` has the line `user-42 on` (line 1), but it is not of the form `user-42 -> on`, `{"plan":"pro"} -> on` or `everyone-else -> off 90%`.',
        '`expect` has the line `everyone-else -> off 101%` (line 2), but what follows the treatment is not a share such as `90%`, from 0 to 100 with at most two decimals.',
        '`expect` has the line `{plan} -> on` (line 3), but what begins with `{` is not a JSON object of attributes.',
      ].join(' '),
    );
  });

  test('with several flags each line of expect begins with the name of one', () => {
    const lines = 'clients: user-1 -> on\nuser-2 -> on\nother: user-3 -> on';
    expect(messageOf({ flags: 'clients, checkout', expect: lines })).toBe(
      ['user-2 -> on', 'other: user-3 -> on']
        .map(
          (line, at) =>
            `\`expect\` has the line \`${line}\` (line ${at + 2}), but it does not begin with the name of a flag of this run and a colon: \`clients\`, \`checkout\`.`,
        )
        .join(' '),
    );
  });

  test('which flags globs, tags and plan files select is not known yet', () => {
    const lines = { expect: 'user-2 -> on' };
    expect(parse({ flags: 'c*', ...lines }).inputs.expect).toHaveLength(1);
    expect(parse({ flags: 'a, b', tags: 't', ...lines }).inputs.expect).toHaveLength(1);
    const fromFile = { flags: '', 'source-environment': '', 'target-environment': '', 'plan-file': 'p.json' };
    expect(parse({ ...fromFile, ...lines }).inputs.expect).toHaveLength(1);
    expect(messageOf({ ...fromFile, expect: 'user-2' })).toContain('`expect` has the line `user-2` (line 1)');
  });
});

describe('a comment on the pull request', () => {
  const wanted = { 'comment-on-pull-request': 'true' };

  test('has the token, and without a comment nobody has it', () => {
    expect(inputsOf({ ...wanted, 'github-token': 'ghs_1' }).commentToken).toBe('ghs_1');
    expect(inputsOf({ 'github-token': 'ghs_1' }).commentToken).toBeUndefined();
  });

  test.each([{}, { mode: 'rollback', 'plan-file': 'plan.json', flags: '', 'source-environment': '' }])(
    'needs a token: %j',
    (more) => {
      expect(messageOf({ ...wanted, ...more })).toBe(
        '`comment-on-pull-request` needs `github-token`, which is empty; leave `github-token` out, so that it is the token of the job.',
      );
    },
  );

  test('cannot be wanted a little', () => {
    expect(messageOf({ 'comment-on-pull-request': 'yes', 'github-token': 'ghs_1' })).toBe(
      wrong('comment-on-pull-request', 'yes', '`true` or `false`'),
    );
  });

  test('takes no token that no header takes, and does not repeat it', () => {
    expect(messageOf({ ...wanted, 'github-token': 'ghs 1' })).toBe(
      '`github-token` is not usable; allowed is a token of visible ASCII characters, without spaces or line breaks.',
    );
  });
});

describe('inputs this Action does not have', () => {
  test.each([
    ['dry-run', '`mode: plan`'],
    ['dry_run', '`mode: plan`'],
    ['dryrun', '`mode: plan`'],
    ['preview', '`mode: plan`'],
    ['plan', '`mode: plan`'],
    ['apply', '`mode: apply`'],
    ['rollback', '`mode: rollback`'],
    ['flag', '`flags`'],
    ['flgas', '`flags`'],
    ['split', '`flags`'],
    ['splits', '`flags`'],
    ['feature_flag', '`flags`'],
    ['feature-flags', '`flags`'],
    ['exlcude', '`exclude`'],
    ['excludes', '`exclude`'],
    ['includes', '`include`'],
    ['inclde', '`include`'],
    ['exnclude', '`exclude`'],
    ['api-ury', '`api-url`'],
    ['modus', '`mode`'],
    ['api_key', '`api-key`'],
    ['apikey', '`api-key`'],
    ['key', '`api-key`'],
    ['token', '`api-key`'],
    ['admin-api-key', '`api-key`'],
    ['source_environment', '`source-environment`'],
    ['source-environments', '`source-environment`'],
    ['source', '`source-environment`'],
    ['source-env', '`source-environment`'],
    ['from', '`source-environment`'],
    ['target', '`target-environment`'],
    ['target_env', '`target-environment`'],
    ['to', '`target-environment`'],
    ['environment', '`source-environment` and `target-environment`'],
    ['project', '`workspace`'],
    ['workspaces', '`workspace`'],
    ['target-project', '`target-workspace`'],
    ['sections', '`include`'],
    ['kill', '`kill-state`'],
    ['killed', '`kill-state`'],
    ['create', '`create-missing`'],
    ['fingerprint', '`expected-fingerprint`'],
    ['url', '`api-url`'],
    ['base-url', '`api-url`'],
    ['timeout', '`request-timeout-seconds`'],
    ['retries', '`max-retries`'],
    ['mod', '`mode`'],
    ['tag', '`tags`'],
    ['titel', '`title`'],
    ['comments', '`comment`'],
  ])('%s is a slip: %s was meant', (input, meant) => {
    expect(failureOf({ [input]: 'x' })).toMatchObject({
      reason: 'invalid-input',
      message: `There is no input \`${input}\`; did you mean ${meant}?`,
    });
  });

  test.each(['slack-channel', 'constructor', '__proto__', 'tostring', 'mo', 'tgs1', 'hasownproperty'])(
    '%s is a warning',
    (input) => {
      const given = new Map([...Object.entries(ENOUGH), [input, 'x'] as const]);

      expect(parseInputs(given)).toEqual({
        ...parse(),
        warnings: [`This Action has no input \`${input}\`; ignored.`],
      });
    },
  );

  test('are none where they are empty', () => {
    expect(parse({ 'dry-run': '', 'slack-channel': ' ' })).toEqual(parse());
  });

  test('are told in one warning, and a long name is cut', () => {
    expect(parse({ 'slack-channel': 'x', ['y'.repeat(121)]: 'x' }).warnings).toEqual([
      `This Action has no input \`slack-channel\`, \`${'y'.repeat(120)}…\`; ignored.`,
    ]);
  });

  test('are no warning beside a failure, which tells slips only', () => {
    expect(messageOf({ 'slack-channel': 'x', 'dry-run': 'x' })).toBe(
      'There is no input `dry-run`; did you mean `mode: plan`?',
    );
  });
});

describe('a failure', () => {
  test('has a reason, a message for users and the cause', () => {
    const cause = new Error('inner');
    const failure = new Failure('network', 'No answer.', { cause });

    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ name: 'Failure', reason: 'network', message: 'No answer.', cause });
  });

  test('has one of these reasons', () => {
    expect(FAILURE_REASONS).toEqual([
      ...['invalid-input', 'authentication', 'permission', 'not-found', 'checks-failed', 'plan-stale'],
      ...['target-changed', 'pending-change', 'approval-required', 'approval-rejected', 'approval-timeout'],
      ...[
        'policy-denied',
        'rate-limited',
        'network',
        'api-error',
        'verification-failed',
        'changes-found',
        'cancelled',
      ],
    ]);
  });

  test('is anything that is thrown: itself, or a fault of this Action', () => {
    const failure = new Failure('network', 'No answer.');

    expect(asFailure(failure)).toBe(failure);
    for (const [thrown, words] of [
      [new TypeError('x is undefined'), 'x is undefined'],
      ['text', 'text'],
      [undefined, 'undefined'],
      [null, 'null'],
    ] as const) {
      expect(asFailure(thrown)).toMatchObject({
        reason: 'api-error',
        message: `This Action ran into an unexpected error: ${words}. Please report it with the debug log.`,
        cause: thrown,
      });
    }
  });
});

describe('values in messages', () => {
  test('are three at most, and the rest is counted', () => {
    expect(messageOf({ include: 'a,b,c,d,e' })).toContain(
      '`include` has the value `a`, `b`, `c` and 2 more; allowed',
    );
    expect(messageOf({ include: 'a,b,c' })).toContain('`include` has the value `a`, `b`, `c`; allowed');
  });

  test('never show the password of a URL', () => {
    const message = messageOf({ 'api-url': 'https://user:hunter2@x.example/p' });
    expect(message).toContain('`https://***@x.example/p`');
    expect(message).not.toContain('hunter2');
  });
});

describe('a key where it does not belong', () => {
  const key = 'pat.account.0123456789';

  test.each(['source-environment', 'flags', 'comment', 'tags'])(
    'is refused in %s without being shown',
    (input) => {
      const message = messageOf({ 'api-key': key, [input]: `x ${key}` });
      expect(message).toBe(`The key stands in \`${input}\`; take it out there. Its place is \`api-key\`.`);
    },
  );

  test('is refused when it is the key of the source', () => {
    expect(messageOf({ 'source-api-key': key, title: key })).toContain('`title`');
  });

  test('is not looked for where it is as short as a word', () => {
    const named = (name: string) => ({ 'api-key': name, 'target-environment': name });
    expect(inputsOf(named('Target1')).targetEnvironments).toEqual(['Target1']);
    expect(messageOf(named('Target12'))).toContain('The key stands in `target-environment`');
  });
});

describe('slips of whole words', () => {
  test.each([
    ['exclude-sections', '`exclude`'],
    ['include-sections', '`include`'],
    ['plan-only', '`mode: plan`'],
    ['noop', '`mode: plan`'],
    ['source-workspace', '`workspace`'],
    ['workspace-id', '`workspace`'],
    ['project-id', '`workspace`'],
    ['flag-names', '`flags`'],
    ['target-api-key', '`api-key`'],
    ['timeout-seconds', '`request-timeout-seconds`'],
    ['max-retry', '`max-retries`'],
    ['environments', '`source-environment` and `target-environment`'],
    ['fail-on-changes', '`fail-on`'],
  ])('%s is %s', (input, meant) => {
    expect(messageOf({ [input]: 'x' })).toContain(`There is no input \`${input}\`; did you mean ${meant}?`);
  });
});

test.each([
  ['comment-on-pull-request', 'False'],
  ['wait-for-approval', '0.0'],
  ['max-changes', '050'],
])('%s at its default counts as not given, however it is spelled: %s', (input, value) => {
  expect(inputsOf({ [input]: value }).mode).toBe('apply');
});

describe('a plan file', () => {
  const bare = { flags: '', 'source-environment': '', 'target-environment': '' };

  test.each(['apply', 'rollback'])('says what a run of mode %s is about', (mode) => {
    expect(parse({ ...bare, mode, 'plan-file': 'plan.json' }).inputs).toMatchObject({
      mode,
      planFile: 'plan.json',
    });
  });

  test('may be narrowed for a rollback, and gives it a title of its own', () => {
    const { inputs } = parse({
      ...{ ...bare, flags: 'a*', 'target-environment': 'QA', mode: 'rollback', 'plan-file': 'plan.json' },
    });
    expect(inputs).toMatchObject({
      ...{ flags: ['a*'], targetEnvironments: ['QA'] },
      title: 'Roll back {flag} in {target}',
    });
  });

  test.each([
    [{ flags: 'a' }, '`flags` would change the plan that `plan-file` holds; leave it out.'],
    [
      { tags: 'a', exclude: 'rules' },
      '`tags`, `exclude` would change the plan that `plan-file` holds; leave them out.',
    ],
    [{ mode: 'rollback', tags: 'a' }, '`tags` would change the plan that `plan-file` holds; leave it out.'],
    [
      { mode: 'plan' },
      '`plan-file` is applied or rolled back, but `mode` is `plan`; leave it out or set another `mode`.',
    ],
    [
      { 'fail-on': 'targets-lost', 'ignore-checks': 'targets-lost' },
      expect.stringContaining('name each in one of them only.'),
    ],
  ])('is refused with %j', (more, words) => {
    expect(messageOf({ ...bare, 'plan-file': 'plan.json', ...more })).toEqual(
      typeof words === 'string' ? expect.stringContaining(words) : words,
    );
  });

  test('is what a rollback needs', () => {
    expect(messageOf({ ...bare, mode: 'rollback' })).toBe(
      '`mode: rollback` needs `plan-file`: the plan file of the run that is to be undone.',
    );
  });
});

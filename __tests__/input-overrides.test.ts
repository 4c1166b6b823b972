// The input `overrides`: what its YAML means, and what is said of YAML that means nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Failure } from '../src/failure.ts';
import { parseInputs } from '../src/inputs.ts';
import type { ScopedOverride } from '../src/plan/overrides.ts';
import { toJson } from '../src/json.ts';

type Given = Readonly<Record<string, string>>;

const parse = (overrides: string, given: Given = {}): readonly ScopedOverride[] =>
  parseInputs(
    new Map(
      Object.entries({
        ...{ 'api-key': 'k1', flags: 'clients, checkout', 'source-environment': 'Staging' },
        ...{ 'target-environment': 'Production, QA', overrides, ...given },
      }),
    ),
  ).inputs.overrides;

/** The sentences of the failure. */
function problemsOf(overrides: string, given: Given = {}): readonly string[] {
  try {
    parse(overrides, given);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.reason).toBe('invalid-input');
    return error.message.split(/(?<=[.?]) (?=`|And)/u);
  }
  return [];
}

/** What holds for everything. */
const general = (overrides: string): ScopedOverride | undefined => parse(overrides)[0];

const none = { defaultRule: undefined, trafficAllocation: undefined, rules: new Map(), segments: new Map() };

describe('YAML', () => {
  test('sets the default rule, rules by position, the traffic allocation and the names of segments', () => {
    expect(
      parse(`
        default-rule: { on: 10, off: 90 }
        rules:
          2: { on: 33.5, off: 66.5 }
          10:
            off: 100
        traffic-allocation: 50
        segments:
          employees: staff
          beta: beta-production
      `),
    ).toEqual([
      {
        defaultRule: [
          { treatment: 'on', size: 10 },
          { treatment: 'off', size: 90 },
        ],
        rules: new Map([
          [
            2,
            [
              { treatment: 'on', size: 33.5 },
              { treatment: 'off', size: 66.5 },
            ],
          ],
          [10, [{ treatment: 'off', size: 100 }]],
        ]),
        trafficAllocation: 50,
        segments: new Map([
          ['employees', 'staff'],
          ['beta', 'beta-production'],
        ]),
      },
    ]);
  });

  test('is narrowed to environments and flags, each within the other', () => {
    expect(
      parse(`
        traffic-allocation: 1
        environments:
          QA:
            traffic-allocation: 2
            flags: { clients: { traffic-allocation: 3 } }
        flags:
          checkout:
            traffic-allocation: 4
            environments: { Production: { traffic-allocation: 5 } }
      `),
    ).toEqual([
      { ...none, trafficAllocation: 1 },
      { ...none, environment: 'QA', trafficAllocation: 2 },
      { ...none, environment: 'QA', flag: 'clients', trafficAllocation: 3 },
      { ...none, flag: 'checkout', trafficAllocation: 4 },
      { ...none, environment: 'Production', flag: 'checkout', trafficAllocation: 5 },
    ]);
  });

  test.each(['', ' ', '\n', '# nothing yet', '\n  # default-rule: { on: 10, off: 90 }\n'])(
    'that is %j overrides nothing',
    (overrides) => {
      expect(parse(overrides)).toEqual([]);
    },
  );

  test.each(['on', 'off', 'yes', 'no', 'true', 'False', 'null', '~', '1', '1.0', '010', '0x10', '1e2', '<<'])(
    'keeps the treatment %s as it was written',
    (treatment) => {
      expect(general(`default-rule: { ${treatment}: 40, other: 60 }`)?.defaultRule).toEqual([
        { treatment, size: 40 },
        { treatment: 'other', size: 60 },
      ]);
      expect(general(`segments: { ${treatment}: ${treatment} }`)?.segments).toEqual(
        new Map([[treatment, treatment]]),
      );
    },
  );

  test('keeps buckets in the order written, numbers too', () => {
    expect(
      general('default-rule: { v2: 10, 10: 20, 2: 30, __proto__: 40 }')?.defaultRule?.map(
        ({ treatment }) => treatment,
      ),
    ).toEqual(['v2', '10', '2', '__proto__']);
  });

  test.each([
    ['10', '10'],
    ['0', '0'],
    ['100', '100'],
    ['33.5', '33.5'],
    ['0.25', '0.25'],
    ['"10"', '10'],
    ["'10'", '10'],
    ['!!str 10', '10'],
  ])('gives the percentage %s to the wire as %s', (written, sent) => {
    const rest = 100 - Number(sent);
    expect(toJson(general(`default-rule: { on: ${written}, off: ${rest} }`)?.defaultRule ?? [])).toBe(
      `[{"treatment":"on","size":${sent}},{"treatment":"off","size":${rest}}]`,
    );
  });

  test('may be indented, and spell out more than once what an anchor names', () => {
    expect(
      parse(
        '\n    environments:\n      Production: &start { default-rule: { on: 10, off: 90 } }\n      QA: *start\n',
      ).map(({ environment, defaultRule }) => [environment, defaultRule?.length]),
    ).toEqual([
      [undefined, undefined],
      ['Production', 2],
      ['QA', 2],
    ]);
  });

  test('of fractions may miss 100 by what adding them up misses', () => {
    expect(general('default-rule: { a: 33.3, b: 33.3, c: 33.4 }')?.defaultRule).toHaveLength(3);
  });

  test('is not looked at with a plan file, which it cannot change', () => {
    expect(
      problemsOf('default-rule: [', {
        'plan-file': 'p.json',
        ...{ flags: '', 'source-environment': '', 'target-environment': '' },
      }),
    ).toEqual(['`overrides` would change the plan that `plan-file` holds; leave it out.']);
  });
});

test('the example of docs/overrides.md can be used as it stands', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'overrides.md'), 'utf8');
  const example = /```yaml\noverrides: \|\n([^]*?)```/u.exec(page)?.[1] ?? '';

  expect(parse(example).map(({ environment, flag }) => [environment, flag])).toEqual([
    [undefined, undefined],
    ['QA', undefined],
    [undefined, 'checkout'],
    ['QA', 'checkout'],
  ]);
});

const PERCENT = 'allowed is a number from 0 to 100';
const BUCKETS = 'allowed is a map of treatments to percentages, such as `{ on: 10, off: 90 }`';
const MEMBERS = 'There are: `default-rule`, `rules`, `traffic-allocation`, `segments`';

describe('a problem', () => {
  test.each([
    ['default-rule: [', 'unexpected end of the stream within a flow collection in line 1'],
    ['\n\ndefault-rule: { on: 10\n', 'deficient indentation in line 4'],
    ['traffic-allocation: 1\n default-rule: 2', 'bad indentation of a mapping entry in line 2'],
    ['default-rule:\n\ton: 100', 'tab characters must not be used in indentation in line 2'],
    ['? [a, b]\n: 1', 'a key has to be a word in line 1'],
    ['traffic-allocation: !!int 5', 'unknown scalar tag !<tag:yaml.org,2002:int> in line 1'],
    ['traffic-allocation: !evil 5', 'unknown scalar tag !<!evil> in line 1'],
    ['a: &a 1\nb: *c', 'unidentified alias "c" in line 2'],
  ])('is YAML that cannot be read: %j', (overrides, words) => {
    expect(problemsOf(overrides)).toEqual([`\`overrides\` is no YAML that can be used: ${words}.`]);
  });

  test.each([
    ['just text', 'has the value `just text`'],
    ['- default-rule', 'has a list'],
    ['---', 'has no value'],
  ])('is that it is no map: %j', (overrides, words) => {
    expect(problemsOf(overrides)).toEqual([`\`overrides\` ${words}; allowed is a map of overrides.`]);
  });

  test('is more than one document', () => {
    expect(problemsOf('traffic-allocation: 1\n---\ntraffic-allocation: 2')).toEqual([
      '`overrides` has more than one document; give one.',
    ]);
  });

  test.each([
    [
      'defualt-rule: 1',
      '`overrides` cannot set `defualt-rule`.',
      'Did you mean `default-rule`?',
      `${MEMBERS}, \`environments\`, \`flags\`.`,
    ],
    ['killed: true', '`overrides` cannot set `killed`.', `${MEMBERS}, \`environments\`, \`flags\`.`],
    ['__proto__: 1', '`overrides` cannot set `__proto__`.', `${MEMBERS}, \`environments\`, \`flags\`.`],
    [
      'environments: { QA: { environments: 1 } }',
      '`overrides`, at `environments: QA`, cannot set `environments`.',
      `${MEMBERS}, \`flags\`.`,
    ],
    [
      'flags: { clients: { environments: { QA: { flags: 1 } } } }',
      '`overrides`, at `flags: clients: environments: QA`, cannot set `flags`.',
      `${MEMBERS}.`,
    ],
  ])('is a member that there is not: %s', (overrides, ...sentences) => {
    expect(problemsOf(overrides).join(' ')).toBe(sentences.join(' '));
  });

  test.each(['-1', '100.5', '101', '010', '1e2', '0x10', '+5', '.5', '5.', '10%', 'ten', '1_0', '.inf', '٥'])(
    'is the percentage %s',
    (size) => {
      expect(problemsOf(`default-rule: { on: ${size}, off: 50 }`)).toEqual([
        `\`overrides\`, at \`default-rule: on\`, has the value \`${size}\`; ${PERCENT}.`,
      ]);
    },
  );

  test.each(['50.5', '101', '-1', '010', 'all'])('is the traffic allocation %s', (value) => {
    expect(problemsOf(`traffic-allocation: ${value}`)).toEqual([
      `\`overrides\`, at \`traffic-allocation\`, has the value \`${value}\`; allowed is a whole number from 0 to 100.`,
    ]);
  });

  test.each([
    ['{ on: 10, off: 80 }', 90],
    ['{ on: 60, off: 60 }', 120],
    ['{ on: 99.99 }', 99.99],
    ['{}', 0],
  ])('is a sum other than 100: %s', (buckets, sum) => {
    expect(problemsOf(`default-rule: ${buckets}\nrules: { 1: ${buckets} }`)).toEqual([
      `\`overrides\`, at \`default-rule\`, adds up to ${sum} percent, not to 100.`,
      `\`overrides\`, at \`rules: 1\`, adds up to ${sum} percent, not to 100.`,
    ]);
  });

  test.each(['0', '-1', '01', '1.5', 'first', '1e1'])('is the position %s', (position) => {
    expect(problemsOf(`rules: { ${position}: { on: 100 } }`)).toEqual([
      `\`overrides\`, at \`rules: ${position}\`, is no position of a rule; allowed are whole numbers from 1.`,
    ]);
  });

  test.each([
    ['default-rule: 10', 'default-rule', `has the value \`10\`; ${BUCKETS}`],
    ['default-rule: [on, off]', 'default-rule', `has a list; ${BUCKETS}`],
    ['default-rule:', 'default-rule', `has no value; ${BUCKETS}`],
    ['default-rule: { on: { off: 1 } }', 'default-rule: on', `has a map; ${PERCENT}`],
    ['default-rule: { on:10 }', 'default-rule: on:10', `has no value; ${PERCENT}`],
    ['rules: [{ on: 100 }]', 'rules', 'has a list; allowed is a map of positions to percentages'],
    ['segments: staff', 'segments', 'has the value `staff`; allowed is a map of old names to new names'],
    ['segments: { a: }', 'segments: a', 'has no value; allowed is a name'],
    ['segments: { a: " " }', 'segments: a', 'has the value ` `; allowed is a name'],
    ['segments: { a: [b] }', 'segments: a', 'has a list; allowed is a name'],
    ['environments: QA', 'environments', 'has the value `QA`; allowed is a map of names to overrides'],
    ['environments: { QA: }', 'environments: QA', 'has no value; allowed is a map of overrides'],
    ['flags: { clients: 1 }', 'flags: clients', 'has the value `1`; allowed is a map of overrides'],
  ])('is a value of another kind: %s', (overrides, where, words) => {
    expect(problemsOf(overrides)).toEqual([`\`overrides\`, at \`${where}\`, ${words}.`]);
  });

  test.each([
    ['default-rule: { "": 100 }', 'default-rule: '],
    ['segments: { " ": a }', 'segments:  '],
    ['flags: { "": { traffic-allocation: 1 } }', 'flags: '],
  ])('is an empty name: %s', (overrides, where) => {
    expect(problemsOf(overrides)).toEqual([`\`overrides\`, at \`${where}\`, has no name before its colon.`]);
  });

  test.each([
    ['default-rule: { on: 50, on: 50 }', 'default-rule: on'],
    ['default-rule: { on: 100 }\ndefault-rule: { off: 100 }', 'default-rule'],
    ['rules: { 1: { on: 100 }, 1: { on: 100 } }', 'rules: 1'],
    ['segments: { a: b, "a": c, a: d }', 'segments: a'],
    ['environments: { QA: {}, QA: {} }', 'environments: QA'],
    ['flags: {}\nflags: {}', 'flags'],
  ])('is a key that is there twice: %j', (overrides, where) => {
    expect(problemsOf(overrides)).toEqual([
      `\`overrides\`, at \`${where}\`, is there twice; keep one of them.`,
    ]);
  });

  test('is told together with all others, and with those of other inputs', () => {
    const problems = problemsOf(
      `
        default-rule: { on: x, off: 50, off: 50 }
        colour: blue
        rules: { 0: { on: 100 }, 1: { on: 50 } }
        environments: { QA: { traffic-allocation: 200, segments: { a: } } }
      `,
      { mode: 'aply', 'max-retries': '-1' },
    );
    const places = problems.flatMap((problem) => /^`overrides`, at `(.*?)`/u.exec(problem)?.[1] ?? []);

    expect(places.toSorted()).toEqual([
      'default-rule: off',
      'default-rule: on',
      'environments: QA: segments: a',
      'environments: QA: traffic-allocation',
      'rules: 0',
      'rules: 1',
    ]);
    for (const words of ['cannot set `colour`', '`mode` has the value', '`max-retries` has the value'])
      expect(problems.join(' ')).toContain(words);
  });

  test('is counted where there are many more', () => {
    const many = (member: (at: number) => string): string =>
      Array.from({ length: 60 }, (_, at) => member(at + 1)).join(', ');

    for (const overrides of [
      `rules: { ${many((at) => `${at}: { on: 1 }`)} }`,
      `flags: { ${many((at) => `x${at}: {}`)} }`,
    ]) {
      expect(problemsOf(overrides)).toHaveLength(51);
      expect(problemsOf(overrides).at(-1)).toBe('And 10 more.');
    }
  });

  test('is cut where it is long', () => {
    expect(problemsOf(`traffic-allocation: ${'9'.repeat(5000)}`).join(' ').length).toBeLessThan(400);
  });
});

describe('hostile YAML', () => {
  const many = Array.from({ length: 30 }, (_, index) => index);

  test('cannot make much of little by aliases', () => {
    const overrides = `segments: &s { a: b }\nflags: { clients: { segments: { ${many.map((n) => `k${n}: *s`).join(', ')} } } }`;

    expect(problemsOf(overrides).join('')).toContain('is no YAML that can be used');
  });

  test('cannot lead round in circles', () => {
    expect(problemsOf('environments: &e { QA: *e }').join(' ')).toContain('recursive alias "e"');
  });

  test('cannot bring members in by a merge key', () => {
    expect(problemsOf('flags: { clients: { <<: &b { traffic-allocation: 5 } } }').join(' ')).toContain(
      '`overrides`, at `flags: clients`, cannot set `<<`.',
    );
  });

  test('cannot nest without end', () => {
    expect(problemsOf('{a: '.repeat(10_000)).join('')).toContain('is no YAML that can be used');
  });

  test('whatever it is, either overrides or fails as an input', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => `default-rule: ${text}`),
          fc.string({
            unit: fc.constantFrom('a', ':', ' ', '\n', '{', '}', '[', ',', '&', '*', '!', '1', '-'),
          }),
        ),
        (overrides) => {
          // A name may hold what ends a sentence, so only the beginning is sure to be one of ours.
          const [first = '`overrides`'] = problemsOf(overrides);
          expect(first).toMatch(/^`overrides`/u);
        },
      ),
    );
  });
});

describe('what is overridden has to be copied', () => {
  test.each([
    [
      'default-rule: { on: 100 }',
      { exclude: 'default-rule' },
      'default-rule',
      'section `default-rule` is not copied, by `exclude`',
    ],
    [
      'flags: { clients: { rules: { 1: { on: 100 } } } }',
      { include: 'treatments' },
      'flags: clients: rules',
      'section `rules` is not copied, by `include`',
    ],
    [
      'traffic-allocation: 1',
      { include: 'rules' },
      'traffic-allocation',
      'section `traffic-allocation` is not copied, by `include`',
    ],
    [
      'segments: { a: b }',
      { exclude: 'rules, individual-targets' },
      'segments',
      'sections `rules`, `individual-targets` are not copied, by `exclude`',
    ],
  ])('%s', (overrides, given, part, words) => {
    expect(problemsOf(overrides, given)).toEqual([
      `\`overrides\`, at \`${part}\`, is set, but ${words}; copy what is overridden, or do not override it.`,
    ]);
  });

  test.each([
    ['segments: { a: b }', { include: 'rules' }],
    ['segments: { a: b }', { exclude: 'rules' }],
    ['segments: {}\nrules: {}', { include: 'rules' }],
    ['default-rule: { on: 100 }', { include: 'default-rule' }],
  ])('which it is: %s', (overrides, given) => {
    expect(problemsOf(overrides, given)).toEqual([]);
  });

  test('which is not told where no section is named right', () => {
    expect(problemsOf('traffic-allocation: 1', { include: 'trafic' }).join(' ')).not.toContain('not copied');
  });
});

const ID = '0F0E0D0C-0b0a-0908-0706-050403020100';

describe('what an override is for', () => {
  const setting = '{ traffic-allocation: 1 }';

  test.each([
    [
      `environments: { Productoin: ${setting} }`,
      {},
      '`overrides`, at `environments: Productoin`, is no environment in `target-environment`. Did you mean `Production`? There are: `Production`, `QA`.',
    ],
    [
      `flags: { clients: { environments: { Staging: ${setting} } } }`,
      {},
      '`overrides`, at `flags: clients: environments: Staging`, is no environment in `target-environment`. There are: `Production`, `QA`.',
    ],
    [
      `flags: { client: ${setting} }`,
      {},
      '`overrides`, at `flags: client`, is no flag in `flags`. Did you mean `clients`? There are: `clients`, `checkout`.',
    ],
    [
      `environments: { QA: { flags: { clients: ${setting} } } }\nflags: { clients: { environments: { QA: ${setting} } } }`,
      {},
      '`overrides` is twice for flag `clients` in `QA`, under `environments` and under `flags`; give it once.',
    ],
  ])('has to be in the run: %s', (overrides, given, words) => {
    expect(problemsOf(overrides, given).join(' ')).toBe(words);
  });

  test.each([
    ['an id, which may be of any environment', `environments: { ${ID}: ${setting} }`, {}],
    ['a name, where targets are ids', `environments: { Live: ${setting} }`, { 'target-environment': ID }],
    ['a flag that a glob may match', `flags: { client: ${setting} }`, { flags: 'cl*' }],
    [
      'a flag that is taken out again',
      `flags: { checkout: ${setting} }`,
      { flags: 'clients, checkout, !c*t' },
    ],
    ['a flag that may have a tag', `flags: { client: ${setting} }`, { flags: '', tags: 'web' }],
  ])('is seen later for %s', (_what, overrides, given) => {
    expect(problemsOf(overrides, given)).toEqual([]);
  });

  test('is not compared with inputs that are empty', () => {
    const problems = problemsOf(`environments: { X: ${setting} }\nflags: { y: ${setting} }`, {
      ...{ flags: '', 'target-environment': '' },
    });

    expect(problems.join(' ')).not.toContain('overrides');
  });
});

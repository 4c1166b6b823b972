// The command line of the probe: what it makes of it, and one sentence for whatever is wrong.
import { expect, test } from '@jest/globals';
import { HELP, optionsOf } from '../../scripts/probe/options.ts';

const ENVIRONMENT = { SPLIT_ADMIN_API_KEY: 'key-1', VIEWER: 'key-2', NARROW: 'key-3', BROKEN: 'two words' };
const PLACE = ['--workspace', 'Playground', '--environment', 'Sandbox'];

test('defaults', () => {
  expect(optionsOf(PLACE, ENVIRONMENT)).toEqual({
    apiKey: 'key-1',
    viewerKey: undefined,
    environmentKey: undefined,
    apiUrl: 'https://api.split.io/internal/api/v2',
    workspace: 'Playground',
    environment: 'Sandbox',
    approvalsEnvironment: undefined,
    trafficType: 'user',
    flagSet: undefined,
    notProduction: false,
    archive: false,
    output: 'switches.json',
  });
});

test('everything', () => {
  const given = [
    ...['--viewer-key-env', 'VIEWER', '--environment-key-env', 'NARROW', '--approvals-environment', 'Gated'],
    ...[
      '--api-url',
      'http://127.0.0.1:4400/internal/api/v2/',
      '--traffic-type',
      'account',
      '--flag-set',
      'set-1',
    ],
    ...['--not-production', '--archive', '--output', 'out.json'],
  ];
  expect(optionsOf([...PLACE, ...given], ENVIRONMENT)).toEqual({
    apiKey: 'key-1',
    viewerKey: 'key-2',
    environmentKey: 'key-3',
    apiUrl: 'http://127.0.0.1:4400/internal/api/v2',
    workspace: 'Playground',
    environment: 'Sandbox',
    approvalsEnvironment: 'Gated',
    trafficType: 'account',
    flagSet: 'set-1',
    notProduction: true,
    archive: true,
    output: 'out.json',
  });
});

test.each<[readonly string[], string]>([
  [['--workspace', 'W'], '--environment is required. `--help` says what for.'],
  [['--environment', 'E'], '--workspace is required. `--help` says what for.'],
  [[...PLACE, '--api-key', 'key-1'], "Unknown option '--api-key'. `--help` lists the options."],
  [
    [...PLACE, '--api-key-env', 'NONE'],
    'The environment variable NONE, which --api-key-env names, is not set.',
  ],
  [
    [...PLACE, '--viewer-key-env', 'BROKEN'],
    'The environment variable BROKEN, which --viewer-key-env names, holds something else than a key.',
  ],
  [
    [...PLACE, '--api-url', 'http://example.com/api'],
    '--api-url takes an https URL (http to this machine only), not http://example.com/api',
  ],
])('%j', (args, message) => {
  expect(() => optionsOf(args, ENVIRONMENT)).toThrow(expect.objectContaining({ message }));
});

test('help names every option, and needs nothing', () => {
  expect(optionsOf(['--help'], {})).toBe('help');
  for (const option of Object.keys(ENVIRONMENT)) expect(HELP).not.toContain(`${option}=`);
  for (const option of [
    ...['workspace', 'environment', 'api-key-env', 'api-url', 'approvals-environment', 'viewer-key-env'],
    ...['environment-key-env', 'flag-set', 'archive', 'traffic-type', 'not-production', 'output', 'help'],
  ])
    expect(HELP).toContain(`  --${option} `);
});

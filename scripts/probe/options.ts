// What the probe's command line says, and which keys it names.
import { parseArgs } from 'node:util';
import { INPUT_DEFAULTS, inputSchema } from '../../src/input-rules.ts';

export interface ProbeOptions {
  readonly apiKey: string;
  /** A key that may read flags, but not write them. */
  readonly viewerKey: string | undefined;
  /** A key limited to the environment. */
  readonly environmentKey: string | undefined;
  readonly apiUrl: string;
  /** Name or id, as the environments. */
  readonly workspace: string;
  readonly environment: string;
  readonly approvalsEnvironment: string | undefined;
  /** Name of the traffic type of the throwaway flags. */
  readonly trafficType: string;
  /** Id of a flag set to put the throwaway flag into. */
  readonly flagSet: string | undefined;
  /** Whether the user says that the environments are no production ones, where the key may not look. */
  readonly notProduction: boolean;
  /** Whether to archive the throwaway flag before it is removed. */
  readonly archive: boolean;
  /** Path of the file that gets the switches. */
  readonly output: string;
}

const text = { type: 'string' } as const;
const yes = { type: 'boolean', default: false } as const;

const OPTIONS = {
  workspace: text,
  environment: text,
  'api-key-env': { ...text, default: 'SPLIT_ADMIN_API_KEY' },
  'api-url': { ...text, default: INPUT_DEFAULTS['api-url'] },
  'approvals-environment': text,
  'viewer-key-env': text,
  'environment-key-env': text,
  'traffic-type': { ...text, default: 'user' },
  'flag-set': text,
  'not-production': yes,
  archive: yes,
  output: { ...text, default: 'switches.json' },
  help: yes,
} as const;

export const HELP = `Finds out how a real account behaves where nobody knows, with a throwaway flag that it removes again.

  --workspace NAME|ID              where the flag is created
  --environment NAME|ID            where it gets a definition; not a production environment
  --api-key-env VARIABLE           environment variable that holds the key (default SPLIT_ADMIN_API_KEY)
  --api-url URL                    base URL of the Admin API (default ${INPUT_DEFAULTS['api-url']})

To find out more:

  --approvals-environment NAME|ID  another one, where approvals are required; a change request is filed and withdrawn
  --viewer-key-env VARIABLE        holds a key with role API_FEATURE_FLAG_VIEWER
  --environment-key-env VARIABLE   holds a key limited to the environment
  --flag-set ID                    a flag set of the workspace, which the throwaway flag is in for a while
  --archive                        also archive the throwaway flag; it might then be impossible to remove

Rarely needed:

  --traffic-type NAME              of the throwaway flag (default user)
  --not-production                 says that the environments are no production ones, where the key may not see it
  --output FILE                    gets the switches for the emulator (default switches.json)
  --help                           this
`;

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    const [problem] = String(error)
      .replace(/^\w+( \[\w+\])?: /, '')
      .split('. ');
    throw new Error(`${problem}. \`--help\` lists the options.`, { cause: error });
  }
}

function given(option: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new Error(`--${option} is required. \`--help\` says what for.`);
}

/** @throws Error with the first thing that is wrong, in one sentence, never with a key in it */
export function optionsOf(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ProbeOptions | 'help' {
  const values = valuesOf(args);
  if (values.help) return 'help';
  const keyIn = (option: 'api-key-env' | 'viewer-key-env' | 'environment-key-env'): string | undefined => {
    const variable = values[option];
    if (variable === undefined) return undefined;
    const key = environment[variable] ?? '';
    if (/^[\x21-\x7e]+$/.test(key)) return key;
    const fault = key === '' ? 'is not set' : 'holds something else than a key';
    throw new Error(`The environment variable ${variable}, which --${option} names, ${fault}.`);
  };
  const apiUrl = inputSchema.shape['api-url'].safeParse(values['api-url']);
  if (!apiUrl.success) {
    throw new Error(`--api-url takes an https URL (http to this machine only), not ${values['api-url']}`);
  }
  return {
    apiUrl: apiUrl.data,
    workspace: given('workspace', values.workspace),
    environment: given('environment', values.environment),
    apiKey: keyIn('api-key-env') ?? '',
    viewerKey: keyIn('viewer-key-env'),
    environmentKey: keyIn('environment-key-env'),
    approvalsEnvironment: values['approvals-environment'],
    trafficType: values['traffic-type'],
    flagSet: values['flag-set'],
    notProduction: values['not-production'],
    archive: values.archive,
    output: values.output,
  };
}

// Workflows as tests see them: the files of this repository, and the blocks of documents that are whole workflows.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { DOCUMENTS } from '../../scripts/lint-prose.mjs';

/** A file of this repository. */
export const urlOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

export const read = (path: string): string => readFileSync(urlOf(path), 'utf8');

export const REPOSITORY = 'promote-split-flags/promote-split-flags';
export const THIS_ACTION = `${REPOSITORY}@v0`;

type Texts = Readonly<Record<string, string>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Texts;
  readonly env?: Texts;
  readonly if?: string;
  readonly 'continue-on-error'?: boolean;
}

export interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress': boolean;
  readonly queue?: string;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Texts;
  readonly secrets?: Texts;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly (string | number)[]>> };
  readonly permissions?: Texts;
  readonly concurrency?: Concurrency;
  readonly 'timeout-minutes'?: number | string;
  readonly outputs?: Texts;
  readonly steps?: readonly Step[];
}

export interface Declared {
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: string | number;
  readonly options?: readonly string[];
  readonly description?: string;
  readonly value?: string;
}

interface Interface {
  readonly inputs?: Readonly<Record<string, Declared>>;
  readonly secrets?: Readonly<Record<string, Declared>>;
  readonly outputs?: Readonly<Record<string, Declared>>;
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>> & {
    readonly workflow_call?: Interface;
    readonly workflow_dispatch?: Interface | null;
  };
  readonly permissions?: Texts;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly workflow: Workflow;
}

const sourceOf = (path: string, text = read(path)): Source => ({
  path,
  text,
  workflow: parse(text) as Workflow,
});

const filesIn = (folder: string): readonly Source[] =>
  readdirSync(urlOf(folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => sourceOf(`${folder}/${file}`));

const isReusable = ({ workflow }: Source): boolean => Object.hasOwn(workflow.on, 'workflow_call');

const HERE = filesIn('.github/workflows');

/** To be called from other repositories. */
export const REUSABLE = HERE.filter(isReusable);

/** What runs for this repository: CI, releases and the like. */
export const OWN = HERE.filter((source) => !isReusable(source));

/** To be copied. */
export const EXAMPLES = filesIn('docs/workflows');

const blocksOf = (path: string): readonly Source[] =>
  [...read(path).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
    .map(([, yaml = '']) => yaml)
    .filter((yaml) => /^jobs:$/m.test(yaml))
    .map((yaml, at) => sourceOf(`${path} #${at + 1}`, yaml));

/** Whole workflows in documents. */
export const BLOCKS = DOCUMENTS.flatMap(blocksOf);

/** What users call or copy. */
export const FOR_USERS = [...REUSABLE, ...EXAMPLES, ...BLOCKS];

const named =
  (sources: readonly Source[]) =>
  (name: string): Workflow => {
    const found = sources.find(({ path }) => path.endsWith(`/${name}`));
    if (!found) throw new TypeError(`There is no workflow ${name}.`);
    return found.workflow;
  };

export const reusable = named(REUSABLE);
export const example = named(EXAMPLES);
export const own = named(OWN);

export const isThisAction = ({ uses = '' }: Step): boolean => uses.split('@')[0] === REPOSITORY;

export const stepsOf = (workflow: Workflow): readonly Step[] =>
  Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);

/** The reusable workflow that a job calls, by its file's name. */
export const calledBy = ({ uses = '' }: Job): string | undefined =>
  new RegExp(`^${REPOSITORY}/\\.github/workflows/([\\w-]+\\.yml)@v0$`).exec(uses)?.[1];

// What pages of docs/ tell users to give does what the pages say of it.
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { toJson } from '../../src/json.ts';
import { blocksOf } from '../contract/document.ts';
import type { Step } from '../contract/workflow.ts';
import { KEY, onStage, type Stage } from './stage.ts';

type Texts = Readonly<Record<string, string>>;

const yamlIn = (page: string): readonly unknown[] =>
  blocksOf('yaml')
    .filter(({ path }) => path === page)
    .map(({ text }) => parse(text) as unknown);

describe('docs/migrating-from-the-script.md', () => {
  const [[step] = []] = yamlIn('docs/migrating-from-the-script.md') as readonly (readonly Step[])[];
  const { 'api-key': _key, ...inputs } = step?.with ?? {};

  /** The PUT of the script, as its library makes it. */
  async function playScript({ emulator, stored, workspace, idOf }: Stage): Promise<void> {
    const { treatments, defaultTreatment, rules, defaultRule } = stored('Production') ?? {};
    const path = `/splits/ws/${workspace().id}/clients/environments/${idOf('Staging')}`;
    const answer = await fetch(`${emulator.apiUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: toJson({ treatments, defaultTreatment, rules, defaultRule }),
    });
    expect(answer.status).toBe(200);
    emulator.forget();
  }

  test('copies what the script copied, and writes the rest as the target has it', () =>
    onStage(async (stage) => {
      const [source, before] = [stage.stored('Production'), stage.stored('Staging')];
      expect((await stage.run({ ...inputs, mode: 'apply' })).outputs).toMatchObject({ status: 'applied' });
      const { trafficAllocation, baselineTreatment, killed } = before ?? {};
      expect(trafficAllocation).not.toEqual(source?.['trafficAllocation']);
      const { treatments, defaultTreatment, rules, defaultRule } = source ?? {};
      expect(stage.stored('Staging')).toMatchObject({
        ...{ trafficAllocation, baselineTreatment, killed },
        ...{ treatments, defaultTreatment, rules, defaultRule },
      });
    }));

  test('finds nothing to do after the script', () =>
    onStage(async (stage) => {
      expect((await stage.run(inputs)).outputs).toMatchObject({ status: 'planned' });
      await playScript(stage);
      expect((await stage.run(inputs)).outputs).toMatchObject({ status: 'unchanged' });
      expect(stage.writes()).toEqual([]);
    }));
});

describe('docs/recipes.md', () => {
  const kill = yamlIn('docs/recipes.md').find(
    (yaml): yaml is Texts => typeof yaml === 'object' && yaml !== null && 'kill-state' in yaml,
  );

  test('copies a kill alone', () =>
    onStage(async (stage) => {
      stage.edit({ killed: true }, 'Staging');
      const before = stage.stored('Production');
      expect((await stage.run(kill)).outputs).toMatchObject({ status: 'applied' });
      expect(stage.writes()).toEqual(['PUT kill']);
      expect(stage.stored('Production')).toMatchObject({
        ...before,
        killed: true,
        lastUpdateTime: expect.anything(),
      });
    }));
});

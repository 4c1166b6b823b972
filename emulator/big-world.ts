// A world with very many flags, for benchmarks.
import { inSegment, oneOf, rule, SEGMENTS, split } from './seed-parts.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type World,
} from './world.ts';

const AREAS = ['checkout', 'search', 'billing', 'profile', 'catalogue', 'reports', 'messages', 'exports'];
const THINGS = ['banner', 'ranking', 'retry', 'layout', 'prefetch', 'limits', 'tooltip', 'cache'];
const PLANS = ['free', 'team', 'business', 'enterprise', 'education', 'trial'];

/**
 * A workspace `Default` with very many flags, each defined in every environment (default Production and
 * Staging); every third differs between the first environment and the others.
 */
export function bigWorld({
  flags,
  environments = ['Production', 'Staging'],
}: {
  readonly flags: number;
  readonly environments?: readonly string[];
}): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default' });
  for (const [index, name] of environments.entries()) {
    const environment = addEnvironment(workspace, { name, production: index === 0 });
    for (const segment of SEGMENTS) addSegment(workspace, environment, segment);
  }
  for (let number = 0; number < flags; number += 1) {
    const words = [AREAS[number % AREAS.length], THINGS[Math.floor(number / AREAS.length) % THINGS.length]];
    const flag = `${words.join('_')}_${String(number).padStart(5, '0')}`;
    addFlag(workspace, { name: flag });
    for (const [index, environment] of environments.entries()) {
      const on = number % 3 === 0 && index > 0 ? 75 : 25;
      setDefinition(
        world,
        { workspace: 'Default', environment, flag },
        {
          treatments: [
            {
              name: 'on',
              description: '',
              keys: [`user-${1000 + number}`, `user-${2000 + number}`],
              configurations: `{"size":${number}}`,
            },
            { name: 'off', description: '', configurations: '{"size":0}' },
          ],
          defaultTreatment: 'off',
          baselineTreatment: 'off',
          rules: [
            rule([inSegment('employees')], { on: 100 }),
            rule([oneOf('plan', ...PLANS), oneOf('country', 'DE', 'FR', 'NL', 'SE', 'US')], {
              on,
              off: 100 - on,
            }),
            rule([{ type: 'GREATER_THAN_OR_EQUAL_TO_SEMVER', attribute: 'appVersion', string: '4.2.0' }], {
              on: 50,
              off: 50,
            }),
          ],
          defaultRule: split({ on, off: 100 - on }),
        },
      );
    }
  }
  return world;
}

// The company's own rules about definitions, and how the server says that one of them is broken.
import type { JsonObject } from '../src/json.ts';
import { Refusal } from './answers.ts';
import type { Environment } from './world.ts';

/** @throws Refusal 499 or 409 when policies of the environment deny a definition as it would be, every denial in it. */
export function checkPolicies({ policies }: Environment, definition: JsonObject): void {
  const denials = policies.flatMap(({ name, denies, status = 499 }, index) => {
    const message = denies(definition);
    return message === undefined ? [] : [{ id: `p-${index + 1}`, name, message, status }];
  });
  const [first] = denials;
  if (first === undefined) return;
  throw new Refusal(first.status, 'policy denied', {
    id: 'gov-1',
    status: 'error',
    action: 'onstep',
    type: 'featureFlag',
    details: [
      {
        id: 'ps-1',
        name: 'Policies of the environment',
        status: 'error',
        details: denials.map(({ id, name, message }) => ({
          id,
          name,
          status: 'error',
          severity: 'high',
          denyMessages: [message],
        })),
      },
    ],
  });
}

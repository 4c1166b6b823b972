// The emulator's own side, under /emulator: for people with curl, and for whoever runs it as a process.
import type { FastifyInstance } from 'fastify';
import { toJson, type Json } from '../src/json.ts';
import { faultSchema, type Fault, type FaultQueue } from './faults.ts';
import { bodyOf } from './route.ts';
import type { RecordedRequest } from './recording.ts';
import { switchesSchema, type Switches } from './switches.ts';

/** What can be looked at and changed from outside. */
export interface Controls {
  readonly requests: readonly RecordedRequest[];
  readonly switches: Switches;
  readonly faults: FaultQueue;
  /** Puts the world, the switches, the faults and the recorded requests back as they were at the start. */
  readonly reset: () => void;
}

/** Adds `GET requests`, `POST reset`, `GET` and `PUT switches`, `POST faults` under /emulator. */
export function addControls(app: FastifyInstance, { requests, switches, faults, reset }: Controls): void {
  const json = (value: Json): string => toJson(value, 2);
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.type('application/json');
    return payload;
  });
  app.get('/emulator/requests', async () => json(requests.map((request) => ({ ...request }))));
  app.get('/emulator/switches', async () => json({ ...switches }));
  app.put('/emulator/switches', async (request) => {
    Object.assign(switches, bodyOf(request, switchesSchema));
    return json({ ...switches });
  });
  app.post('/emulator/faults', async (request) => {
    faults.add(bodyOf(request, faultSchema) as Fault);
    return json(true);
  });
  app.post('/emulator/reset', async () => {
    reset();
    return json(true);
  });
}

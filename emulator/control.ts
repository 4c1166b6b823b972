// The emulator's own side, under /emulator: for people with curl, and for whoever runs it as a process.
import type { FastifyInstance } from 'fastify';
import { toJson, type Json } from '../src/json.ts';
import { decideChangeRequest, openChangeRequest, type ForeignRequest } from './change-requests.ts';
import { faultSchema, type Fault, type FaultQueue } from './faults.ts';
import { bodyOf } from './route.ts';
import type { RecordedRequest } from './recording.ts';
import { switchesSchema, type Switches } from './switches.ts';
import type { ChangeRequest, Decision, Place, World } from './world.ts';

/** What can be looked at and changed from outside. */
export interface Controls {
  readonly world: World;
  readonly requests: readonly RecordedRequest[];
  readonly switches: Switches;
  readonly faults: FaultQueue;
  readonly now: () => number;
  /** Puts the world, the switches, the faults and the recorded requests back as they were at the start. */
  readonly reset: () => void;
}

const text = { type: 'string' };

/** JSON schema of somebody else's change request: where it is, and what is said of it. */
const foreignRequestSchema = {
  type: 'object',
  required: ['workspace', 'environment', 'flag'],
  additionalProperties: false,
  properties: {
    workspace: text,
    environment: text,
    flag: text,
    id: text,
    operationType: { enum: ['CREATE', 'UPDATE', 'KILL', 'RESTORE', 'ARCHIVE'] },
    split: { type: 'object' },
    title: text,
    comment: text,
    approvers: { type: 'array', items: text },
    rolloutStatus: text,
    submitter: text,
    scheduledFor: { type: 'integer' },
    scheduledForTimezone: text,
  },
};

const decisionSchema = {
  type: 'object',
  required: ['status'],
  additionalProperties: false,
  properties: { status: { enum: ['APPROVED', 'REJECTED', 'WITHDRAWN'] } },
};

const outcome = ({ id, status }: ChangeRequest): Json => ({ id, status });

function addChangeRequestControls(app: FastifyInstance, { world, switches, now }: Controls): void {
  app.post('/emulator/change-requests', async (request) => {
    const { workspace, environment, flag, ...given } = bodyOf(
      request,
      foreignRequestSchema,
    ) as unknown as Place & ForeignRequest;
    return toJson(outcome(openChangeRequest(world, { workspace, environment, flag }, given)));
  });
  app.put<{ Params: { readonly id: string } }>('/emulator/change-requests/:id', async (request) => {
    const { status } = bodyOf(request, decisionSchema) as unknown as { readonly status: Decision };
    return toJson(outcome(decideChangeRequest(world, request.params.id, status, { switches, at: now() })));
  });
}

/**
 * Adds `GET requests`, `POST reset`, `GET` and `PUT switches`, `POST faults`, `POST change-requests` (somebody
 * else's) and `PUT change-requests/ID` (somebody's decision) under /emulator.
 */
export function addControls(app: FastifyInstance, controls: Controls): void {
  const { requests, switches, faults, reset } = controls;
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
  addChangeRequestControls(app, controls);
  app.post('/emulator/reset', async () => {
    reset();
    return json(true);
  });
}

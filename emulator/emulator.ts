// A local Admin API on loopback: starts, records what it is asked, plays scripted faults, stops.
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { toJson } from '../src/json.ts';
import { errorBodies, Refusal } from './answers.ts';
import { changeRequestRoutes } from './change-request-routes.ts';
import { decideChangeRequest, decideWhatIsOpen, publishDue } from './change-requests.ts';
import { addControls } from './control.ts';
import { definitionRoutes } from './definition-routes.ts';
import { faultQueue, type Fault } from './faults.ts';
import { rateLimiter, type RateLimit } from './rate-limit.ts';
import { addReception } from './reception.ts';
import { recording, type RecordedRequest } from './recording.ts';
import { resourceRoutes } from './resource-routes.ts';
import { addRoutes, type Room } from './route.ts';
import { segmentRoutes } from './segment-routes.ts';
import { seededWorld } from './seed.ts';
import { switchesWith, type Switches } from './switches.ts';
import { copyWorld, type ChangeRequest, type Decision, type World } from './world.ts';

export type { Fault, RateLimit, RecordedRequest, Switches, World };

export interface EmulatorOptions {
  /** Default: the seeded world. */
  readonly world?: World;
  readonly switches?: Partial<Switches>;
  /** Default: no limit. */
  readonly rateLimit?: RateLimit;
  /** Added to every answer, in ms; default 0. */
  readonly latencyMs?: number;
  /** Default: any free one. */
  readonly port?: number;
  /** The clock, in ms since 1970; must not go back. */
  readonly now?: () => number;
}

/** A running emulator. */
export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Base of the v2 routes; the same are under `/fme/internal/api/v2`, as behind Harness's gateway. */
  readonly apiUrl: string;
  /** Every request but those to /emulator. */
  readonly requests: readonly RecordedRequest[];
  /** Live: what is changed here is served. */
  readonly world: World;
  /** Live: positions may be changed between requests. */
  readonly switches: Switches;
  /** Queues a scripted fault. */
  fault(fault: Fault): void;
  /** Somebody's decision on an open change request, carried out as the switches say. */
  decideChangeRequest(id: string, decision: Decision): ChangeRequest;
  /** Clears the recorded requests. */
  forget(): void;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Both ways to the same routes (developer.harness.io: Split to Harness, API updates). */
const PREFIXES = ['/internal/api/v2', '/fme/internal/api/v2'];

const ROUTES = [...resourceRoutes, ...segmentRoutes, ...definitionRoutes, ...changeRequestRoutes];

/** More than the largest definition the quotas allow. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

function bare(): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
    // The API converts nothing: a "100" is no size.
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true },
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  return app;
}

/** Starts an emulator on 127.0.0.1. Whoever starts it closes it. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const {
    world = seededWorld(),
    latencyMs = 0,
    now = () => performance.timeOrigin + performance.now(),
  } = options;
  const atStart = copyWorld(world);
  const switches = switchesWith(options.switches);
  const faults = faultQueue();
  const log = recording();
  const app = bare();
  const limit = options.rateLimit && rateLimiter(options.rateLimit, now);
  const occasion = () => ({ switches, at: now() });
  const mutate = addReception(app, {
    world,
    faults,
    log,
    latencyMs,
    now,
    limit,
    decide: (path, decision) => decideWhatIsOpen(world, path, decision, occasion()),
  });

  const errorBody = errorBodies();
  const refuse = (reply: FastifyReply, { status, message, details }: Refusal): FastifyReply =>
    message === ''
      ? reply.code(status).send('')
      : reply
          .code(status)
          .type('application/json')
          .send(toJson(errorBody(status, message, details)));
  app.setErrorHandler((error, _request, reply) =>
    refuse(
      reply,
      error instanceof Refusal
        ? error
        : new Refusal(500, String(error instanceof Error ? error.message : error)),
    ),
  );
  app.setNotFoundHandler((_request, reply) => refuse(reply, new Refusal(404, 'Not found')));

  const room: Room = {
    world,
    switches,
    now,
    mutate,
  };
  for (const prefix of PREFIXES) {
    await app.register(
      async (api) => {
        api.addHook('preHandler', async () => publishDue(world, occasion()));
        addRoutes(api, ROUTES, room);
      },
      { prefix },
    );
  }
  const reset = (): void => {
    const { workspaces, tokens, changeRequests } = copyWorld(atStart);
    world.workspaces.splice(0, world.workspaces.length, ...workspaces);
    world.tokens.splice(0, world.tokens.length, ...tokens);
    world.changeRequests.splice(0, world.changeRequests.length, ...changeRequests);
    Object.assign(switches, switchesWith(options.switches));
    faults.clear();
    log.clear();
  };
  await app.register(async (side) =>
    addControls(side, { requests: log.requests, switches, faults, reset, world, now }),
  );

  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const [address] = app.addresses();
  const origin = `http://127.0.0.1:${String(address?.port)}`;
  return {
    origin,
    apiUrl: origin + PREFIXES[0],
    requests: log.requests,
    world,
    switches,
    fault: (fault) => faults.add(fault),
    decideChangeRequest: (id, decision) => decideChangeRequest(world, id, decision, occasion()),
    forget: () => log.clear(),
    close: async () => app.close(),
  };
}

// A stand-in for GitHub's API on loopback: comments of pull requests by its real routes, every request recorded.
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

/** A token of an app, as GITHUB_TOKEN is, and one of a person. */
export const APP_TOKEN = 'ghs_runner_token';
export const PERSON_TOKEN = 'ghp_token_of_monalisa';

const BOT = { login: 'github-actions[bot]', type: 'Bot' };
const PERSON = { login: 'monalisa', type: 'User' };
const USERS: ReadonlyMap<string, typeof BOT> = new Map([
  [`token ${APP_TOKEN}`, BOT],
  [`token ${PERSON_TOKEN}`, PERSON],
]);

/** Of a comment's body, as the API's messages say. */
const MOST_CHARACTERS = 65_536;

export interface StoredComment {
  readonly id: number;
  readonly user: { readonly login: string; readonly type: string } | null;
  body: string;
}

export interface Recorded {
  readonly method: string;
  /** Path with its query, below the base URL. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** What goes wrong with the next requests of a method. */
export interface Fault {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly times?: number;
  readonly status?: number;
  readonly message?: string;
  /** In place of the message. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `reset`: no answer. `lose`: it is carried out, but there is no answer. `hang`: there never is one. */
  readonly connection?: 'reset' | 'lose' | 'hang';
  /** Happens first. */
  readonly before?: () => void;
}

export interface GitHub {
  /** What the runner has in GITHUB_API_URL. */
  readonly apiUrl: string;
  readonly port: number;
  /** Comments of pull request 7 of octo-org/web-shop, the oldest first. */
  readonly comments: StoredComment[];
  readonly requests: readonly Recorded[];
  readonly fault: (fault: Fault) => void;
  /** Adds a comment that somebody wrote. */
  readonly plant: (body: string, user?: StoredComment['user']) => StoredComment;
  readonly close: () => Promise<void>;
}

type Incoming = FastifyRequest<{
  Params: { readonly id: string };
  Querystring: { readonly per_page?: string; readonly page?: string };
  Body: { readonly body?: unknown } | null;
}>;

/** @param prefix path of the API, such as `/api/v3` on Enterprise Server */
export async function startGitHub(prefix = ''): Promise<GitHub> {
  const comments: StoredComment[] = [];
  const requests: Recorded[] = [];
  const faults: (Fault & { left: number })[] = [];
  const lost = new WeakSet<FastifyRequest>();
  const app = fastify({ forceCloseConnections: true });
  const plant = (body: string, user: StoredComment['user'] = PERSON): StoredComment => {
    const comment = { id: 4_100_000_000 + comments.length, user, body };
    comments.push(comment);
    return comment;
  };
  const userOf = ({ headers }: FastifyRequest) => USERS.get(headers.authorization ?? '');

  app.addHook('preHandler', async (request, reply) => {
    const { method, url, headers } = request;
    requests.push({ method, path: url.slice(prefix.length), authorization: headers.authorization });
    const fault = faults.find((each) => each.method === method && each.left > 0);
    if (fault !== undefined) {
      fault.left -= 1;
      const { status = 500, message = 'Server Error', connection } = fault;
      fault.before?.();
      if (connection === 'hang') return new Promise(() => undefined);
      if (connection === 'lose') lost.add(request);
      else {
        if (connection === 'reset') request.raw.socket.destroy();
        return reply
          .code(status)
          .headers(fault.headers ?? {})
          .send(fault.body ?? { message, status: String(status) });
      }
    }
    if (userOf(request) === undefined) return reply.code(401).send({ message: 'Bad credentials' });
  });

  app.addHook('onSend', async (request, _reply, payload) => {
    if (lost.has(request)) request.raw.socket.destroy();
    return payload;
  });

  function bodyOf(request: Incoming, reply: FastifyReply): string | undefined {
    const body = request.body?.body;
    if (typeof body === 'string' && body !== '' && body.length <= MOST_CHARACTERS) return body;
    void reply.code(422).send({
      message: 'Validation Failed',
      errors: [{ field: 'data', message: `Body is too long (maximum is ${MOST_CHARACTERS} characters)` }],
    });
    return undefined;
  }

  const list = `${prefix}/repos/octo-org/web-shop/issues/7/comments`;
  app.get(list, (request: Incoming, reply) => {
    const size = Math.min(Number(request.query.per_page ?? 30), 100);
    const page = Number(request.query.page ?? 1);
    const url = `${app.listeningOrigin}${list}?per_page=${size}&page=`;
    const isLast = page * size >= comments.length;
    if (!isLast) void reply.header('link', `<${url}${page + 1}>; rel="next", <${url}99>; rel="last"`);
    void reply.send(comments.slice((page - 1) * size, page * size));
  });
  app.post(list, (request: Incoming, reply) => {
    const body = bodyOf(request, reply);
    if (body !== undefined) void reply.code(201).send(plant(body, userOf(request)));
  });
  app.patch(`${prefix}/repos/octo-org/web-shop/issues/comments/:id`, (request: Incoming, reply) => {
    const comment = comments.find(({ id }) => id === Number(request.params.id));
    if (comment === undefined) return void reply.code(404).send({ message: 'Not Found' });
    const body = bodyOf(request, reply);
    if (body !== undefined) void reply.send(Object.assign(comment, { body }));
  });
  app.get(`${prefix}/user`, (request, reply) => {
    const user = userOf(request);
    if (user?.type === 'User') void reply.send(user);
    else void reply.code(403).send({ message: 'Resource not accessible by integration' });
  });
  app.setNotFoundHandler((_request, reply) => void reply.code(404).send({ message: 'Not Found' }));

  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    apiUrl: `${origin}${prefix}`,
    port: Number(new URL(origin).port),
    ...{ comments, requests, plant },
    fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
    close: () => app.close(),
  };
}

// The calls of the Admin API about change requests.
import type { AdminApi, ChangeRequest, WriteAnswer, WriteGuard } from '../execute/ports.ts';
import { toJson } from '../json.ts';
import type { Ended } from './exchange.ts';
import type { HttpRequest } from './http.ts';
import { pathOf, type Reader } from './reader.ts';
import { changeRequest, changeRequestPage } from './wire.ts';

/** Change requests a page: the most the API documents; and pages that are read of a list without an end. */
const CHANGE_REQUESTS_A_PAGE = 100;
const MOST_CHANGE_REQUEST_PAGES = 100;

type Calls = Pick<AdminApi, 'openChangeRequests' | 'changeRequest' | 'submitChangeRequest'>;

/** Sends a write: what became of it, and how the request ended. */
export type Write = (
  request: HttpRequest,
  guard: WriteGuard,
) => Promise<{ readonly answer: WriteAnswer; readonly ended: Ended }>;

export function changeRequestCalls(reader: Reader, write: Write): Calls {
  return {
    async openChangeRequests({ environment }, options) {
      const found = new Map<string, ChangeRequest>();
      const markers = new Set<string>();
      let after: string | undefined;
      for (let page = 0; page < MOST_CHANGE_REQUEST_PAGES; page += 1) {
        const { data, nextMarker } = await reader.one(
          {
            path: '/changeRequests',
            query: [
              ['environmentId', environment.ownId ?? environment.id],
              ['status', 'REQUESTED'],
              ['limit', String(CHANGE_REQUESTS_A_PAGE)],
              ...(after === undefined ? [] : [['after', after] as const]),
            ],
            purpose: `list the open change requests of ${environment.name}`,
            parser: (json) => changeRequestPage.parse(json),
          },
          options,
        );
        for (const request of data) found.set(request.id, request);
        // A marker that comes again leads nowhere.
        if (!nextMarker || data.length === 0 || markers.has(nextMarker)) break;
        markers.add(nextMarker);
        after = nextMarker;
      }
      return [...found.values()];
    },

    // Whoever polls looks again anyway; attempts at one look would only keep it from its end.
    changeRequest: (id) =>
      reader.one(
        {
          path: pathOf('changeRequests', id),
          purpose: `read change request \`${id}\``,
          parser: (json) => changeRequest.parse(json),
        },
        { once: true },
      ),

    async submitChangeRequest({ workspace, environment, flag }, body, settle) {
      const request = {
        method: 'POST' as const,
        path: pathOf('changeRequests', 'ws', workspace.id, 'environments', environment.id),
        body: toJson(body),
        purpose: `file a change request for flag \`${flag}\` in ${environment.name}`,
      };
      // It only proposes: what the target is by then is looked at when it is published.
      const { answer, ended } = await write(request, { settle, notAfter: Number.POSITIVE_INFINITY });
      const filed = 'answer' in ended ? changeRequest.safeParse(ended.answer.json).data : undefined;
      return answer.written === 'yes' ? { ...answer, request: filed } : answer;
    },
  };
}

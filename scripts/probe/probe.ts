// The story of a probe: find the place, observe everything, remove what was created, whatever happens.
import { randomBytes } from 'node:crypto';
import { EVERY_SWITCH, type Switches } from '../../emulator/switches.ts';
import type { Bench } from './bench.ts';
import type { Ask, Connection } from './connection.ts';
import { noted, unnoted, unseen, wordsOf, type Fact, type Facts } from './fact.ts';
import { createLeftovers } from './leftovers.ts';
import { observeAbsence } from './observe-absence.ts';
import { observeChangeRequests } from './observe-change-requests.ts';
import { observeArchive, observeKeys } from './observe-keys.ts';
import { observeLists, observeSegments } from './observe-lists.ts';
import {
  observeDepends,
  observeOmissions,
  observeRefusals,
  observeShape,
  observeUnknownMembers,
} from './observe-writes.ts';
import type { ProbeOptions } from './options.ts';
import { findPlaces } from './places.ts';

/** How a probe ended. */
export interface Findings {
  readonly facts: readonly Fact[];
  /** The switches that make the emulator behave so. */
  readonly switches: Partial<Switches>;
  /** Why it ended before its time. */
  readonly problem: string | undefined;
  /** A line for everything that was created and is still there. */
  readonly left: readonly string[];
  /** Names and ids that say whose account it is. */
  readonly names: Readonly<Record<string, string | undefined>>;
}

/** How long removing may take after everything else. */
const REMOVAL_MILLISECONDS = 60_000;

async function* observations(bench: Bench): Facts {
  const trafficType = yield* observeAbsence(bench);
  yield* observeLists(bench);
  yield* observeShape(bench);
  yield* observeUnknownMembers(bench);
  yield* observeDepends(bench);
  yield* observeOmissions(bench);
  yield* observeRefusals(bench);
  yield* observeSegments(bench, trafficType);
  yield* observeKeys(bench);
  yield* observeChangeRequests(bench);
  yield* observeArchive(bench);
}

const LIMIT_ASSUMED = '429, empty body, X-RateLimit-Remaining- and -Reset-Seconds- headers';

function limitFact({ refusal, traffic }: Connection): Fact {
  const subject = 'A refusal by the rate limit';
  const reply = refusal();
  if (reply === undefined)
    return unnoted(subject, LIMIT_ASSUMED, `none came in ${traffic.requests} requests`);
  const headers = Object.keys(reply.headers).filter((name) => /ratelimit|retry-after/.test(name));
  return noted(subject, `${wordsOf(reply)}; ${headers.join(', ') || 'no headers about it'}`, LIMIT_ASSUMED);
}

const never = new AbortController().signal;

/**
 * Probes an account. It does not throw: what goes wrong is in the findings.
 * @param stop ends it early; what was created is removed all the same
 * @param say gets what a person should read meanwhile
 */
export async function probe(
  options: ProbeOptions,
  connection: Connection,
  { stop, say }: { readonly stop: AbortSignal; readonly say: (line: string) => void },
): Promise<Findings> {
  const asking = (key: string): Ask => connection.withKey(key, { cancelled: stop, timeUp: never });
  const stem = `probe_${randomBytes(12).toString('hex')}`;
  const leftovers = createLeftovers();
  const known: Partial<Switches> = {};
  const facts: Fact[] = [];
  let names: Findings['names'] = {};
  const take = (fact: Fact): void => {
    facts.push(fact);
    if ('setting' in fact.seen) Object.assign(known, fact.seen.setting);
  };

  let problem: string | undefined;
  try {
    const { facts: listed, ...places } = await findPlaces(asking(options.apiKey), options);
    for (const fact of listed) take(fact);
    const { workspace, environment, approvals } = places;
    names = {
      flag: stem,
      workspace: workspace.name,
      environment: environment.name,
      approvals: approvals?.name,
    };
    const bench: Bench = {
      ...places,
      options,
      ask: asking(options.apiKey),
      viewer: options.viewerKey === undefined ? undefined : asking(options.viewerKey),
      environmentKey: options.environmentKey === undefined ? undefined : asking(options.environmentKey),
      stranger: asking(randomBytes(16).toString('hex')),
      flag: stem,
      parent: `${stem}_parent`,
      leftovers,
      known,
    };
    say(
      `Creates flags ${bench.flag} and ${bench.parent} in workspace ${workspace.name}, defined in ${environment.name}.`,
    );
    for await (const fact of observations(bench)) take(fact);
  } catch (error) {
    problem = stop.aborted ? 'Stopped.' : error instanceof Error ? error.message : String(error);
  }
  if (stop.aborted) say('Stopped. What was created is removed now.');
  const timeUp = AbortSignal.timeout(REMOVAL_MILLISECONDS);
  const left = await leftovers.removeAll(connection.withKey(options.apiKey, { cancelled: timeUp, timeUp }));
  facts.push(limitFact(connection));
  const decidedOnes = new Set(facts.map((fact) => fact.switch));
  for (const [name] of EVERY_SWITCH)
    if (!decidedOnes.has(name)) facts.push(unseen(name, 'the probe ended before'));
  return { facts, switches: known, problem, left, names };
}

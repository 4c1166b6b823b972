// One sentence with the verdict and the counts: the first thing, and often the only thing, that is read.
import { countTargets } from '../definition/difference.ts';
import { SECTIONS } from '../definition/sections.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { errorsOf, type Item, type Place } from '../plan/plan.ts';
import { grouped } from '../plan/sentences.ts';
import { killWords } from './change-words.ts';
import { isDone } from './comparison.ts';
import type { RunReport } from './report.ts';
import { count, short } from './words.ts';

/** Characters of one name; six names and the words around them stay below 500. */
const NAME = 48;

/** Characters of a flag that is named once: as many as the API allows. */
const FLAG = 100;

const named = (name: string): string => short(name, NAME);

/** `clients in Staging`. */
const landing = ({ target }: Item): string =>
  `${short(target.flag, FLAG)} in ${named(target.environment.name)}`;

/** `clients: Production → Staging`, with what else is needed to tell the two places apart. */
function way({ source, target }: Item): string {
  const flag =
    source.flag === target.flag ? short(source.flag, FLAG) : `${named(source.flag)} as ${named(target.flag)}`;
  const apart = source.workspace.id !== target.workspace.id;
  const place = ({ workspace, environment }: Place): string =>
    apart ? `${named(workspace.name)}/${named(environment.name)}` : named(environment.name);
  return `${flag}: ${place(source)} → ${place(target)}`;
}

function effect(result: ItemResult): string {
  const { item, notRequested, killStateAlone } = result;
  const done = isDone(result);
  if (item.removes === true) return done ? 'its definition removed' : 'its definition to be removed';
  const killChange = notRequested === undefined ? item.killChange : undefined;
  const verb = (past: string, infinitive: string): string => (done ? past : `to ${infinitive}`);
  const sections = item.changed.filter((part) => part !== 'kill-state').length;
  const { added, removed } = countTargets(item.differences);
  const adds = removed > 0 ? grouped(added) : count(added, 'individual target');
  return [
    ...(sections > 0 ? [`${count(sections, 'section')} ${verb('changed', 'change')}`] : []),
    ...(removed > 0 ? [`removes ${count(removed, 'individual target')}`] : []),
    ...(added > 0 ? [`adds ${adds}`] : []),
    ...(killChange === 'kill' ? [`flag ${killStateAlone ? 'killed at once' : verb('killed', 'kill')}`] : []),
    ...(killChange === 'restore' ? [`flag ${verb('restored', 'restore')}`] : []),
    ...(item.killChange === undefined && item.result.killed === true ? ['the flag stays killed'] : []),
  ].join(', ');
}

function change(result: ItemResult): string {
  const { item } = result;
  const environment = named(item.target.environment.name);
  const done = isDone(result);
  if (item.before !== undefined) return `${way(item)}; ${effect(result)}`;
  return `${way(item)}; SDKs in ${environment} ${done ? 'returned control before' : 'return control today'}, ${effect(result)}`;
}

/** What the equality of an unchanged item does not speak of. */
function reservations({ result, sourceDefinition, source, target }: Item): readonly string[] {
  const keeps = (member: 'baselineTreatment' | 'trafficAllocation'): boolean =>
    sourceDefinition[member] == null && result[member] != null;
  const [own, sources] = [killWords(result), killWords(sourceDefinition)];
  return [
    ...(keeps('trafficAllocation') ? ['keeps a traffic allocation of its own'] : []),
    ...(keeps('baselineTreatment') ? ['keeps a baseline treatment of its own'] : []),
    ...(own === sources ? [] : [`is ${own} while ${named(source.environment.name)} is ${sources}`]),
  ].map((reservation) => `${named(target.environment.name)} ${reservation}`);
}

function nothing({ item }: ItemResult, { plan }: RunReport): string {
  const { source, target } = item;
  const sections =
    plan !== undefined && plan.copied.length < SECTIONS.length ? ' in the copied sections' : '';
  const apart = source.workspace.id !== target.workspace.id;
  const place = ({ workspace, environment }: Place): string =>
    named(environment.name) + (apart ? ` of ${named(workspace.name)}` : '');
  const original = source.flag === target.flag ? '' : `${named(source.flag)} in `;
  const but = reservations(item);
  return `${named(target.flag)} in ${place(target)} already equals ${original}${place(source)}${sections}${but.length > 0 ? `; ${but.join(', ')}` : ''}.`;
}

function outcomes(results: readonly ItemResult[]): string {
  const totals = new Map<string, number>();
  for (const { outcome } of results) totals.set(outcome, (totals.get(outcome) ?? 0) + 1);
  const words = Array.from(totals, ([outcome, total]) => `${total} ${outcome.replaceAll('-', ' ')}`);
  return [count(results.length, 'item'), ...words].join(', ');
}

/** What a red run was about, ready to be followed by what was written. */
function subject({ mode, request, results, failure }: RunReport): string {
  const [first, ...others] = results;
  if (first === undefined) {
    return request === undefined
      ? ''
      : `${short(request.flag, FLAG)}: ${named(request.source)} → ${named(request.target)}; `;
  }
  if (others.length > 0) return `${outcomes(results)}; `;
  if (mode === 'rollback') return `${landing(first.item)}; `;
  return `${failure?.reason === 'changes-found' ? change(first) : way(first.item)}; `;
}

/** `Updated clients: Production → Staging; 4 sections changed`, or the counts where there are several items. */
function success(
  verbs: { readonly create: string; readonly update: string; readonly all: string },
  report: RunReport,
) {
  const [first, ...others] = report.results;
  if (first === undefined || others.length > 0) return `${verbs.all}: ${outcomes(report.results)}.`;
  return `${first.item.before === undefined ? verbs.create : verbs.update} ${change(first)}.`;
}

/**
 * The run in one sentence of plain text: verdict, flag, from where to where, counts, and after a failure
 * whether anything was written. One line of at most 500 characters, whatever the names are.
 */
export function headlineOf(report: RunReport): string {
  const { mode, status, results, failure, plan } = report;
  const reason = failure === undefined ? '' : ` (${failure.reason})`;
  switch (status) {
    case 'applied':
      return success({ create: 'Created', update: 'Updated', all: 'Applied' }, report);
    case 'rolled-back': {
      const [first, ...others] = results;
      if (first === undefined || others.length > 0) return `Rolled back: ${outcomes(results)}.`;
      return `Rolled back ${landing(first.item)}; ${effect(first)}.`;
    }
    case 'planned':
      return success({ create: 'Would create', update: 'Would update', all: 'Planned' }, report);
    case 'pending-approval': {
      const words = 'Waiting for approval';
      return success({ create: `${words} to create`, update: `${words} to update`, all: words }, report);
    }
    case 'unchanged': {
      if (mode === 'rollback') return 'Nothing to do: nothing of that run is left to undo.';
      const [first, ...others] = results;
      return first === undefined || others.length > 0
        ? `Nothing to do: ${count(results.length, 'item')} already equal to the source.`
        : `Nothing to do: ${nothing(first, report)}`;
    }
    case 'refused': {
      const errors = [...results.map(({ item }) => item), ...(plan ? [plan] : [])].flatMap(errorsOf);
      return `Refused: ${subject(report)}${count(errors.length, 'check')} failed, nothing was written.`;
    }
    case 'failed': {
      const restored = results.some(({ outcome }) => outcome === 'restored');
      return `Failed${reason}: ${subject(report)}${restored ? 'what was written has been put back' : 'nothing was written'}.`;
    }
    case 'partial': {
      const written = results.some((result) => result.written === 'yes');
      return `Failed${reason} after writing began: ${subject(report)}${written ? 'the target was written' : 'the target may have been written'}.`;
    }
  }
}

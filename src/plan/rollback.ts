// The way back from what a run wrote: what of it is put back, what stays, and what somebody changed since.
import type { Definition } from '../definition/definition.ts';
import { SECTIONS, changedSections, type Section } from '../definition/sections.ts';
import { changeTo } from './make-plan.ts';
import type { Draft } from './plan.ts';
import { resultOf } from './result.ts';
import type { SavedItem } from './saved-plan.ts';
import { isSame, verify } from './verification.ts';

/** The target as it is now; `undefined` where it has no definition. */
type Live = Definition | undefined;

/** Whether a run wrote an item, or may have. */
export const mayBeWritten = ({ state }: SavedItem): boolean => state !== 'planned' && state !== 'restored';

const alive = (definition: Definition): Definition => ({ ...definition, killed: false });

/** What a run wrote, as far as it is known. */
interface Wrote extends Pick<SavedItem, 'before' | 'readBack'> {
  readonly result: Definition;
}

/** The sections of a definition that are not as the run left them. What only the API adds is no change. */
function changedSince(
  live: Definition,
  { before, result, readBack }: Wrote,
  sections: readonly Section[],
): readonly Section[] {
  if (readBack !== undefined) {
    const changed = changedSections(live, readBack);
    return sections.filter((section) => changed.includes(section));
  }
  const killed = live.killed === true;
  const { differing } = verify(live, { item: { before, result }, copied: sections, killed });
  return differing.filter((section) => sections.includes(section));
}

/** Whether a definition that the run created is still that one, but for its kill state. */
function isUntouched(live: Definition, wrote: Wrote): boolean {
  if (wrote.readBack !== undefined) return isSame(alive(live), alive(wrote.readBack));
  return changedSince(live, wrote, SECTIONS).length === 0;
}

/** A kill since then stays; only what the run itself did to the kill state is undone. */
function killedAfter(live: Definition, { before, result }: SavedItem): boolean {
  const [was, became] = [before?.killed === true, result?.killed === true];
  return was === became ? live.killed === true : was;
}

type Way = Omit<Draft, 'source' | 'target' | 'sourceDefinition' | 'readAt'>;

const nothing = (live: Live, saved: Definition): Way => ({
  ...{ before: live, result: live ?? saved, killChange: undefined, changed: [], differences: [] },
});

function conflictOf(saved: SavedItem, live: Live, sections: readonly Section[]): Way {
  const ours = saved.readBack ?? saved.result;
  return {
    ...nothing(live, saved.sourceDefinition),
    conflict: { sections, old: saved.before, ours, theirs: live },
  };
}

/** Back from a definition that the run created: it is removed. */
function withoutIt(saved: SavedItem, live: Live, result: Definition): Way {
  if (live === undefined) return nothing(live, saved.sourceDefinition);
  const wrote = { ...saved, result };
  if (!isUntouched(live, wrote)) {
    const sections = changedSince(live, wrote, SECTIONS);
    return conflictOf(saved, live, sections.length > 0 ? sections : SECTIONS);
  }
  return { ...nothing(live, live), changed: changedSections(undefined, live), removes: true };
}

/** Back to a definition that the run removed: it is created again. */
function withItAgain(saved: SavedItem, live: Live, before: Definition): Way {
  if (live === undefined) return { before: live, ...changeTo(before, undefined) };
  return isSame(live, before) ? nothing(live, before) : conflictOf(saved, live, SECTIONS);
}

/** Back to what the run changed, section by section; what else changed since stays. */
function withOldSections(saved: SavedItem, live: Live, old: { before: Definition; result: Definition }): Way {
  const { before, result } = old;
  if (live === undefined) return conflictOf(saved, live, SECTIONS);
  const ofRun = changedSections(before, result);
  const notBack = changedSections(live, before).filter((section) => ofRun.includes(section));
  const touched = changedSince(live, { ...saved, result }, notBack);
  if (touched.length > 0) return conflictOf(saved, live, touched);
  const back = resultOf({
    source: before,
    target: live,
    targetFlag: saved.target.flag,
    sections: notBack,
    killState: 'keep',
  });
  // With a treatment that the run added go the individual targets that somebody gave it since.
  const lost = changedSections(live, back).filter((section) => !notBack.includes(section));
  if (lost.length > 0) return conflictOf(saved, live, lost);
  const changes = changeTo({ ...back, killed: killedAfter(live, saved) }, live);
  const keptUnset = notBack.filter(
    (section) =>
      (section === 'baseline-treatment' && before.baselineTreatment == null) ||
      (section === 'traffic-allocation' && before.trafficAllocation == null),
  );
  return { before: live, ...changes, ...(keptUnset.length > 0 && { keptUnset }) };
}

/** What undoes an item of a run, for the target as it is now. */
export function rollbackOf(saved: SavedItem, live: Live): Way {
  const { before, result } = saved;
  if (before !== undefined && result !== undefined) return withOldSections(saved, live, { before, result });
  if (before !== undefined) return withItAgain(saved, live, before);
  return result === undefined ? nothing(live, saved.sourceDefinition) : withoutIt(saved, live, result);
}

/** Whether a target has what a plan meant it to get, and nothing else moved since the plan was made. */
export function isAtResult(live: Live, { before, result }: SavedItem): boolean {
  if (live === undefined || result === undefined) return live === result;
  const { asMeant, elsewhere } = verify(live, {
    item: { before, result },
    copied: SECTIONS,
    killed: result.killed === true,
  });
  return asMeant && elsewhere.length === 0;
}

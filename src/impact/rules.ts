// Which rule serves users before and which one after: every pair of rules that may have users.
import type { Definition, Rule } from '../definition/definition.ts';
import { conditionOf, excludes, implies, type Condition } from './overlap.ts';
import { killedOutcome, outcomeOf, type Outcome } from './outcome.ts';
import { isEverybodys } from './walk.ts';

/** Users whom one rule serves before and one after; `undefined` is the default rule. */
export interface Group {
  /** The rule that says who they are; `undefined` for everyone else. */
  readonly rule: Rule | undefined;
  /** Other rules, one of which they meet as well, which may be true of nobody; none where that is known. */
  readonly also: readonly Rule[];
  readonly before: Outcome;
  readonly after: Outcome;
}

/** A condition, and where it stands on both sides; a place of Infinity: it is not there. */
interface Place {
  readonly condition: Condition;
  readonly rule: Rule;
  from: number;
  to: number;
  before: Outcome | undefined;
  after: Outcome | undefined;
}

/** The rules that can serve somebody. While a flag is killed there are none. */
const rulesOf = (definition: Definition): readonly Rule[] =>
  killedOutcome(definition) === undefined ? (definition.rules ?? []) : [];

const defaultOf = (definition: Definition): Outcome =>
  killedOutcome(definition) ?? outcomeOf(definition, definition.defaultRule);

/** Every condition of either side once, and equal outcomes as one. Of the same condition further down nobody is left. */
function placesOf(before: Definition, after: Definition): readonly Place[] {
  const places = new Map<string, Place>();
  const outcomes = new Map<string, Outcome>();
  const placeOf = (rule: Rule): Place => {
    const condition = conditionOf(rule);
    const nowhere = { from: Infinity, to: Infinity, before: undefined, after: undefined };
    const place = places.get(condition.text) ?? { condition, rule, ...nowhere };
    places.set(condition.text, place);
    return place;
  };
  const served = (definition: Definition, rule: Rule): Outcome => {
    const outcome = outcomeOf(definition, rule.buckets);
    const text = JSON.stringify(outcome);
    const same = outcomes.get(text) ?? outcome;
    outcomes.set(text, same);
    return same;
  };
  rulesOf(after).forEach((rule, at) => {
    const place = placeOf(rule);
    place.to = Math.min(place.to, at);
    place.after ??= served(after, rule);
  });
  rulesOf(before).forEach((rule, at) => {
    const place = placeOf(rule);
    place.from = Math.min(place.from, at);
    place.before ??= served(before, rule);
  });
  return [...places.values()];
}

/** What is known of pairs of conditions, each asked once. */
class Knowledge {
  readonly #byAttribute = new Map<string, Place[]>();
  readonly #needed = new Map<Place, readonly Place[]>();
  readonly #everybodys: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#everybodys = places.filter(({ rule }) => isEverybodys(rule));
    for (const place of places) {
      for (const attribute of new Set(place.condition.parts.map((part) => part.attribute))) {
        const asking = this.#byAttribute.get(attribute);
        if (asking === undefined) this.#byAttribute.set(attribute, [place]);
        else asking.push(place);
      }
    }
  }

  /** The conditions that users of `place` are known to meet, its own among them. */
  #neededBy(place: Place): readonly Place[] {
    const known = this.#needed.get(place);
    if (known !== undefined) return known;
    const asked = new Set(place.condition.parts.map(({ attribute }) => attribute));
    const others = Array.from(this.#byAttribute, ([attribute, asking]) =>
      asked.has(attribute) ? asking : [],
    );
    const needed = Array.from(new Set([place, ...others.flat()])).filter((other) =>
      implies(place.condition, other.condition),
    );
    this.#needed.set(place, needed);
    return needed;
  }

  isNested(inner: Place, outer: Place): boolean {
    return this.#neededBy(inner).includes(outer);
  }

  /** Whether users may exist whom `from` serves before and `to` after. */
  mayExist(from: Place | undefined, to: Place | undefined): boolean {
    const ends = [from, to].filter((place) => place !== undefined);
    const passes = (place: Place): boolean =>
      place.from >= (from?.from ?? Infinity) && place.to >= (to?.to ?? Infinity);
    if (!ends.every(passes)) return false;
    const met = [...this.#everybodys, ...ends.flatMap((place) => this.#neededBy(place))];
    return (
      met.every(passes) && !met.some((one) => met.some((other) => excludes(one.condition, other.condition)))
    );
  }
}

/**
 * The groups in which all users go from one outcome to one other: by the rules after in their order, then rules
 * that are only there before, then everyone else. Users of whom it is only known that they may meet two rules are one
 * group for all those second rules that serve them alike.
 * @param differ whether users go from an outcome to one that is told apart; of two rules nothing else is told
 */
export function groupsOf(
  before: Definition,
  after: Definition,
  differ: (before: Outcome, after: Outcome) => boolean,
): readonly Group[] {
  const places = placesOf(before, after);
  const knowledge = new Knowledge(places);
  const [oldDefault, newDefault] = [defaultOf(before), defaultOf(after)];
  const isBefore = (place: Place): boolean => place.from !== Infinity;
  const starts = [...places.filter(isBefore).toSorted((left, right) => left.from - right.from), undefined];
  const ends = [...places.filter(({ to }) => to !== Infinity), undefined];
  return ends.flatMap((to) => {
    const unsure = new Map<Outcome, Rule[]>();
    // Those whom a rule serves on both sides come first; everyone else comes last.
    const own = starts.filter((from) => from === to && to !== undefined);
    return [...own, ...starts.filter((from) => !own.includes(from))].flatMap((from): readonly Group[] => {
      const group = { also: [], before: from?.before ?? oldDefault, after: to?.after ?? newDefault };
      const isCrossing = from !== undefined && to !== undefined && from !== to;
      if (isCrossing && !differ(group.before, group.after)) return [];
      if (!knowledge.mayExist(from, to)) return [];
      if (!isCrossing) return [{ ...group, rule: to?.rule ?? from?.rule }];
      if (knowledge.isNested(from, to)) return [{ ...group, rule: from.rule }];
      if (knowledge.isNested(to, from)) return [{ ...group, rule: to.rule }];
      const others = unsure.get(group.before);
      others?.push(from.rule);
      if (others !== undefined) return [];
      const also = [from.rule];
      unsure.set(group.before, also);
      return [{ ...group, rule: to.rule, also }];
    });
  });
}

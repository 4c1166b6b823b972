// Which rule serves users before and which one after: every pair of rules that may have users.
import type { Definition, Rule } from '../definition/definition.ts';
import { conditionOf, excludes, implies, listsOf, type Condition, type TextList } from './overlap.ts';
import { killedOutcome, outcomeOf, outcomesOf, type Outcome } from './outcome.ts';
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
  readonly lists: readonly TextList[];
  /** Attributes of which something else is asked than whether they are in a list. */
  readonly others: readonly string[];
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

/** Every condition of either side once. Of the same condition further down nobody is left. */
function placesOf(before: Definition, after: Definition): readonly Place[] {
  const places = new Map<string, Place>();
  const [servedBefore, servedAfter] = [outcomesOf(before), outcomesOf(after)];
  const placeOf = (rule: Rule): Place => {
    const condition = conditionOf(rule);
    const nowhere = { from: Infinity, to: Infinity, before: undefined, after: undefined };
    const place = places.get(condition.text) ?? { condition, rule, ...listsOf(condition), ...nowhere };
    places.set(condition.text, place);
    return place;
  };
  rulesOf(after).forEach((rule, at) => {
    const place = placeOf(rule);
    place.to = Math.min(place.to, at);
    place.after ??= servedAfter(rule.buckets);
  });
  rulesOf(before).forEach((rule, at) => {
    const place = placeOf(rule);
    place.from = Math.min(place.from, at);
    place.before ??= servedBefore(rule.buckets);
  });
  return [...places.values()];
}

/** Places under keys; most pairs have nothing in common, and are never looked at. */
class Index {
  readonly #places = new Map<string, Place[]>();

  add(key: string, place: Place): void {
    const there = this.#places.get(key);
    if (there === undefined) this.#places.set(key, [place]);
    else if (there.at(-1) !== place) there.push(place);
  }

  under(keys: readonly string[]): ReadonlySet<Place> {
    return new Set(keys.flatMap((key) => this.#places.get(key) ?? []));
  }
}

const textKeys = (lists: readonly TextList[]): readonly string[] =>
  lists.flatMap(({ attribute, texts }) => texts.map((text) => `${attribute} ${text}`));

/** What is known of pairs of conditions, each asked once. */
class Knowledge {
  readonly #byText = new Index();
  readonly #byAttribute = new Index();
  readonly #needed = new Map<Place, readonly Place[]>();
  readonly #everybodys: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#everybodys = places.filter(({ rule }) => isEverybodys(rule));
    for (const place of places) {
      for (const key of textKeys(place.lists)) this.#byText.add(key, place);
      for (const attribute of place.others) this.#byAttribute.add(attribute, place);
    }
  }

  /** The conditions that users of `place` are known to meet, its own among them. */
  #neededBy(place: Place): readonly Place[] {
    const known = this.#needed.get(place);
    if (known !== undefined) return known;
    const asked = place.condition.parts.map(({ attribute }) => attribute);
    // A list is met by all who meet another condition only if that is a list, too, with some of its texts.
    const others = [...this.#byAttribute.under(asked), ...this.#byText.under(textKeys(place.lists))];
    const needed = Array.from(new Set([place, ...others])).filter((other) =>
      implies(place.condition, other.condition),
    );
    this.#needed.set(place, needed);
    return needed;
  }

  /** Of these, those that do not ask for other texts of an attribute that is in a list of `place`. */
  withoutOtherTexts(places: readonly (Place | undefined)[], place: Place): readonly (Place | undefined)[] {
    return place.lists.reduce((left, list) => {
      const sharing = this.#byText.under(textKeys([list]));
      const asksOther = (other: Place): boolean =>
        !sharing.has(other) && other.lists.some(({ attribute }) => attribute === list.attribute);
      return left.filter((other) => other === undefined || !asksOther(other));
    }, places);
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
    const candidates = to === undefined ? starts : knowledge.withoutOtherTexts(starts, to);
    const own = candidates.filter((from) => from === to && to !== undefined);
    return [...own, ...candidates.filter((from) => !own.includes(from))].flatMap((from): readonly Group[] => {
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

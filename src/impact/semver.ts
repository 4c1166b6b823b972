// Versions as matchers compare them: semver precedence; equal are only versions of the same text.

interface Version {
  /** Without needless zeros; build metadata included. */
  readonly text: string;
  readonly release: readonly string[];
  readonly preRelease: readonly string[];
}

const SHAPE = /^(\d+)\.(\d+)\.(\d+)(?:-([^.+]+(?:\.[^.+]+)*))?(?:\+(.+))?$/su;

const withoutZeros = (part: string): string => (/^\d+$/u.test(part) ? part.replace(/^0+(?=\d)/u, '') : part);

/** A version; `undefined` where a text is none. */
export function versionOf(text: string): Version | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  const release = found.slice(1, 4).map(withoutZeros);
  const [pre, build] = found.slice(4);
  const preRelease = (pre?.split('.') ?? []).map(withoutZeros);
  const parts = [
    release.join('.'),
    preRelease.length > 0 ? `-${preRelease.join('.')}` : '',
    build ? `+${build}` : '',
  ];
  return { text: parts.join(''), release, preRelease };
}

function compareParts(left: string, right: string): number {
  const areNumbers = /^\d+$/u.test(left) && /^\d+$/u.test(right);
  if (areNumbers && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : Number(left > right);
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  const pairs = left.flatMap((part, at) => right.slice(at, at + 1).map((other) => compareParts(part, other)));
  return pairs.find((order) => order !== 0) ?? left.length - right.length;
}

/** Below zero where `left` comes first, zero where neither does. */
export function compareVersions(left: Version, right: Version): number {
  const order = compareLists(left.release, right.release);
  if (order !== 0) return order;
  const [isStable, isOtherStable] = [left.preRelease.length === 0, right.preRelease.length === 0];
  if (isStable || isOtherStable) return Number(isStable) - Number(isOtherStable);
  return compareLists(left.preRelease, right.preRelease);
}

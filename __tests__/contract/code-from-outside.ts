// The ways in which JavaScript gets code from elsewhere than its own file, or runs another program.
import { isBuiltin } from 'node:module';
import { parse, type AnyNode, type Expression, type Program } from 'acorn';

/** Built-in modules whose purpose is to run code or programs. */
const RUNNING = ['child_process', 'cluster', 'inspector', 'module', 'repl', 'vm'];

/** Esbuild's `require` for what was CommonJS; it passes every call on to the one that the banner makes. */
const SHIM = '__require';

type Where = readonly AnyNode[];

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Every node, with those around it, the nearest first. */
function* nodesIn(value: unknown, around: Where = []): Generator<readonly [AnyNode, Where]> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield [value, around];
  const inside = isNode(value) ? [value, ...around] : around;
  for (const member of Object.values(value) as readonly unknown[]) yield* nodesIn(member, inside);
}

const textOf = (node: Expression): string | undefined =>
  node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

const isHarmless = (module: string | undefined): boolean =>
  module !== undefined &&
  isBuiltin(module) &&
  !RUNNING.includes(module.replace(/^node:/, '').split('/')[0] ?? '');

const declares = (name: string, { type, ...node }: AnyNode): boolean =>
  type === 'VariableDeclarator' && 'id' in node && node.id?.type === 'Identifier' && node.id.name === name;

/** `a.name`, and `name` as a key: names, but no values. */
const isOnlyAName = (node: AnyNode, [parent]: Where): boolean =>
  (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
  ((parent?.type === 'Property' || parent?.type === 'MethodDefinition') &&
    parent.key === node &&
    !parent.computed);

function problemOf(node: AnyNode, around: Where): string | undefined {
  const [parent] = around;
  if (node.type === 'ImportExpression') {
    return isHarmless(textOf(node.source)) ? undefined : 'imports what is not known beforehand';
  }
  if (node.type === 'ImportDeclaration') {
    const name = String(node.source.value);
    const isBanner =
      name === 'node:module' && node.specifiers.every(({ local }) => local.name === '$require');
    return isBanner || isHarmless(name) ? undefined : `imports ${name}`;
  }
  if (node.type !== 'Identifier' || isOnlyAName(node, around)) return undefined;
  if (node.name === 'eval') return 'uses eval';
  if (node.name === 'Function') {
    // `Function.prototype` makes no function.
    const onlyRead = parent?.type === 'MemberExpression' && parent.object === node;
    const compared = parent?.type === 'BinaryExpression' && parent.operator === 'instanceof';
    return onlyRead || compared ? undefined : 'uses the Function constructor';
  }
  if (node.name === SHIM) {
    if (parent !== undefined && declares(SHIM, parent)) return undefined;
    const [asked] = parent?.type === 'CallExpression' && parent.callee === node ? parent.arguments : [];
    const name = asked === undefined || asked.type === 'SpreadElement' ? undefined : textOf(asked);
    return isHarmless(name) ? undefined : `requires ${name ?? 'what is not known beforehand'}`;
  }
  if (node.name === 'require' || node.name === '$require') {
    const known = around.some((each) => declares(SHIM, each) || declares('require', each));
    return known || parent?.type === 'ImportSpecifier' ? undefined : 'requires without the shim';
  }
  return undefined;
}

const nameOf = (property: AnyNode, computed: boolean): string | undefined => {
  if (property.type === 'Identifier' && !computed) return property.name;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
};

/** Ways round: `globalThis.eval`, `(() => {}).constructor('…')`, `process.getBuiltinModule`, `process.dlopen`. */
function problemOfMember(node: AnyNode): string | undefined {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const { callee } = node;
    const called = callee.type === 'MemberExpression' && nameOf(callee.property, callee.computed);
    return called === 'constructor' ? 'calls a constructor by that name' : undefined;
  }
  if (node.type !== 'MemberExpression') return undefined;
  const name = nameOf(node.property, node.computed);
  const banned = ['eval', 'Function', 'getBuiltinModule', 'dlopen', 'binding', 'createRequire'];
  return name !== undefined && banned.includes(name) ? `reaches for ${name}` : undefined;
}

/**
 * What a module does of the kind, each with its line.
 * @param text one ES module, as esbuild writes it
 */
export function codeFromOutside(text: string): readonly string[] {
  const program: Program = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  return [...nodesIn(program)].flatMap(([node, around]) => {
    const problem = problemOf(node, around) ?? problemOfMember(node);
    return problem === undefined ? [] : [`line ${node.loc?.start.line}: ${problem}`];
  });
}

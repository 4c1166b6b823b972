// Documents as tests see them: what a reader follows, copies or runs.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import GithubSlugger from 'github-slugger';
import { toString } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { DOCUMENTS } from '../../scripts/lint-prose.mjs';
import { read, urlOf } from './workflow.ts';

interface Block {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const treeOf = (markdown: string) => unified().use(remarkParse).use(remarkGfm).parse(markdown);

/** Fenced blocks of a language in every document. */
export const blocksOf = (language: string): readonly Block[] =>
  DOCUMENTS.flatMap((path) => {
    const blocks: Block[] = [];
    visit(treeOf(read(path)), 'code', ({ lang, value, position }) => {
      if (lang === language) blocks.push({ path, line: position?.start.line ?? 0, text: value });
    });
    return blocks;
  });

/** What documents tell readers to type: the lines of shell blocks, and code within sentences. */
export const commandsIn = (path: string): readonly string[] => {
  const commands: string[] = [];
  visit(treeOf(read(path)), ['code', 'inlineCode'], (node) => {
    if (node.type === 'inlineCode') commands.push(node.value);
    // A line that ends in a backslash goes on in the next one.
    if (node.type === 'code' && node.lang === 'sh')
      commands.push(...node.value.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  });
  return commands;
};

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(markdown: string): readonly string[] {
  const slugger = new GithubSlugger();
  const anchors: string[] = [];
  visit(treeOf(markdown), 'heading', (heading) => void anchors.push(slugger.slug(toString(heading))));
  return anchors;
}

/** What is wrong with where a link of a page leads; `undefined` where nothing is, or where it leads elsewhere. */
function faultOf(url: string, path: string, markdown: string): string | undefined {
  if (/^[a-z]+:/.test(url)) return undefined;
  const [file = '', anchor] = url.split('#');
  const target = file === '' ? path : join(dirname(path), file);
  if (target !== path && (target.startsWith('..') || !existsSync(urlOf(target))))
    return `${target} is not there`;
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md')) return `${target} has no headings`;
  const anchors = anchorsOf(target === path ? markdown : read(target));
  return anchors.includes(anchor) ? undefined : `${target} has no heading #${anchor}`;
}

/** Links and images of a page that lead nowhere, each with what is wrong. */
export function brokenLinksIn(path: string, markdown: string): readonly string[] {
  const broken: string[] = [];
  visit(treeOf(markdown), ['link', 'image', 'definition'], (node) => {
    if (!('url' in node)) return;
    const fault = faultOf(node.url, path, markdown);
    if (fault !== undefined) broken.push(`${path}:${node.position?.start.line ?? 0}: ${fault}`);
  });
  return broken;
}

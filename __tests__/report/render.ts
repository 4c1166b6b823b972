// Renders Markdown the way GitHub does, so that tests can ask what a reader would see.
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

interface Node {
  readonly type: string;
  readonly tagName?: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

const pipeline = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize);

/** What a reader sees: the text, and every element by name in document order. */
export function rendered(markdown: string): { readonly text: string; readonly elements: readonly string[] } {
  const elements: string[] = [];
  let text = '';
  const visit = (node: Node): void => {
    if (node.type === 'text') text += node.value ?? '';
    if (node.tagName !== undefined) elements.push(node.tagName);
    node.children?.forEach(visit);
  };
  visit(pipeline.runSync(pipeline.parse(markdown)));
  return { text, elements };
}

/** The text nodes outside of code: where GitHub looks for mentions, references and emoji. */
export function proseNodes(markdown: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (node.tagName === 'code' || node.tagName === 'pre') return;
    if (node.type === 'text') found.push(node.value ?? '');
    node.children?.forEach(visit);
  };
  visit(pipeline.runSync(pipeline.parse(markdown)));
  return found;
}

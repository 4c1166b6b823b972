// Renders a job summary to a page as GitHub shows it: GFM, GitHub's sanitizer rules, GitHub's stylesheet.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

/** @typedef {import('hast').Element} Element */
/** @typedef {import('hast').ElementContent} Content */

// The classes of GitHub's highlighting, in whose colours the stylesheet paints a diff's lines.
const DIFF_CLASSES = new Map([
  ['+', 'pl-mi1'],
  ['-', 'pl-md'],
  ['@', 'pl-mdr'],
]);

/** @param {string} line @returns {Content} */
function diffLine(line) {
  const className = DIFF_CLASSES.get(line.charAt(0));
  /** @type {Content} */
  const text = { type: 'text', value: line };
  if (className === undefined) return text;
  return { type: 'element', tagName: 'span', properties: { className: [className] }, children: [text] };
}

/** Colours every `diff` fence under a node, as GitHub does after its sanitizer. @param {{ children?: unknown[] }} node */
function colourDiffs(node) {
  for (const child of /** @type {Element[]} */ (node.children ?? [])) {
    const classes = child.properties?.className;
    if (child.tagName !== 'code' || !Array.isArray(classes) || !classes.includes('language-diff')) {
      colourDiffs(child);
      continue;
    }
    const [text] = child.children;
    if (text?.type === 'text') child.children = text.value.split(/(?<=\n)/).map(diffLine);
  }
}

const toHtml = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  // Its default rules are GitHub's: what they take away, GitHub takes away too.
  .use(rehypeSanitize)
  .use(() => colourDiffs)
  .use(rehypeStringify);

const STYLESHEET = fileURLToPath(import.meta.resolve('github-markdown-css/github-markdown.css'));

// The box that the run's page on github.com puts around a summary, in its width.
const FRAME = `
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#f6f8fa, #010409); }
.frame { box-sizing: border-box; max-width: 1012px; margin: 0 auto; padding: 16px; }
.markdown-body {
  box-sizing: border-box; padding: 16px; overflow-x: auto;
  border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px;
}`;

/**
 * A whole HTML page, light or dark as the reader's system is, that needs nothing from anywhere.
 * @param {string} markdown
 * @returns {string}
 */
export const renderSummary = (markdown) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Job summary</title>
<link rel="icon" href="data:,">
<style>${readFileSync(STYLESHEET, 'utf8')}${FRAME}</style>
</head>
<body>
<main class="frame"><article class="markdown-body">
${String(toHtml.processSync(markdown))}
</article></main>
</body>
</html>
`;

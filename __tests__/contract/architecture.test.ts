// The picture of the architecture is true: its rooms and arrows are the folders of src/ and their imports.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, test } from '@jest/globals';
import { blocksOf } from './document.ts';
import { read, urlOf } from './workflow.ts';

/** Files beside the folders that make a room of the picture. */
const ROOMS: Readonly<Record<string, RegExp>> = {
  main: /^(?:main|cancellation)\.ts$/,
  promote: /^(?:promote|prepare|progress|comment)\.ts$/,
  inputs: /^(?:inputs|input-[\w-]+|near-misses)\.ts$/,
};

/** Everybody may import them. */
const LEAVES = ['json.ts', 'failure.ts', 'version.ts'];

function roomOf(file: string): string {
  const [folder = '', ...below] = file.split('/');
  const named = Object.entries(ROOMS).find(([, files]) => files.test(file))?.[0];
  const room = below.length > 0 ? folder : named;
  if (room === undefined) throw new TypeError(`src/${file} is in no room of docs/architecture.md.`);
  return room;
}

const FILES = readdirSync(urlOf('src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !LEAVES.includes(file));

/** `plan --> definition` for every room that imports another; dashed where all of these imports are of types. */
function importArrows(): readonly string[] {
  const arrows = new Map<string, boolean>();
  for (const file of FILES) {
    for (const [, typed, path = ''] of read(`src/${file}`).matchAll(
      /^(?:import|export)( type)? [^;]*?from '(\.[^']+)';$/gm,
    )) {
      const imported = join(dirname(file), path);
      if (LEAVES.includes(imported) || roomOf(imported) === roomOf(file)) continue;
      const arrow = `${roomOf(file)} ${roomOf(imported)}`;
      arrows.set(arrow, (arrows.get(arrow) ?? true) && typed !== undefined);
    }
  }
  return [...arrows].map(([arrow, isTyped]) => arrow.replace(' ', isTyped ? ' -.-> ' : ' --> ')).toSorted();
}

const [picture] = blocksOf('mermaid').filter(({ path }) => path === 'docs/architecture.md');
const drawn = (pattern: RegExp): readonly string[] =>
  [...(picture?.text ?? '').matchAll(pattern)].map(([, found = '']) => found).toSorted();

test('the rooms of the picture are those of src/', () => {
  expect(drawn(/^ +([\w-]+)\["\1<br\/>/gm)).toEqual([...new Set(FILES.map(roomOf))].toSorted());
});

test('the arrows of the picture are the imports between rooms', () => {
  expect(drawn(/^ +([\w-]+ -(?:\.-|-)> [\w-]+)$/gm)).toEqual(importArrows());
});

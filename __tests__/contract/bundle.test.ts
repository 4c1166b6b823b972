// What the committed bundle can do: it is all the code there is at run time, and it starts no other program.
import { describe, expect, test } from '@jest/globals';
import { codeFromOutside } from './code-from-outside.ts';
import { read } from './workflow.ts';

test('the bundle has no eval, no child process, no dynamic require and no dynamic import', () => {
  expect(codeFromOutside(read('dist/index.js'))).toEqual([]);
});

describe('it would be found, had the bundle', () => {
  test.each([
    ['eval', `eval('1');`, 'uses eval'],
    ['eval by another name', `const run = eval; run('1');`, 'uses eval'],
    ['eval of the global object', `globalThis.eval('1');`, 'reaches for eval'],
    ['a function made of text', `new Function('return 1')();`, 'uses the Function constructor'],
    ['that by another name', `const F = Function; new F('');`, 'uses the Function constructor'],
    [
      'that by way of any function',
      `(() => 1).constructor('return 1')();`,
      'calls a constructor by that name',
    ],
    ['a child process', `import { spawn } from 'node:child_process';`, 'imports node:child_process'],
    ['one without the prefix', `import * as cp from 'child_process';`, 'imports child_process'],
    ['a child process by require', `__require('child_process');`, 'requires child_process'],
    ['the sandbox', `import vm from 'node:vm';`, 'imports node:vm'],
    ['a package that is not bundled', `import 'left-pad';`, 'imports left-pad'],
    ['a require of a package', `__require('left-pad');`, 'requires left-pad'],
    ['a require of a variable', `__require(name);`, 'requires what is not known beforehand'],
    ['a require that is passed on', `load(__require);`, 'requires what is not known beforehand'],
    ['a require that is no shim', `require('node:fs');`, 'requires without the shim'],
    ['a require of its own', `import { createRequire } from 'node:module';`, 'imports node:module'],
    ['an import of a variable', `await import(name);`, 'imports what is not known beforehand'],
    ['an import of a file', `await import('./more.js');`, 'imports what is not known beforehand'],
    ['a way to all built-in modules', `process.getBuiltinModule('fs');`, 'reaches for getBuiltinModule'],
    ['native code', `process['dlopen'](module, file);`, 'reaches for dlopen'],
  ])('%s', (_what, code, problem) => {
    expect(codeFromOutside(code)).toEqual([expect.stringMatching(new RegExp(`: ${problem}$`))]);
  });
});

test('what only looks like it is not', () => {
  const harmless = `
    // eval('1')
    const text = 'new Function()', object = { eval: 1, Function: 2 };
    value instanceof Function;
    Function.prototype.call.call(value);
    await import('node:fs');
  `;
  expect(codeFromOutside(harmless)).toEqual([]);
});

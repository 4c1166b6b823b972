// `npm run probe -- --help`: the conformance probe as a process.
import { writeFileSync } from 'node:fs';
import { inertLines } from '../../src/github/log-line.ts';
import { connect } from './connection.ts';
import { HELP, optionsOf, type ProbeOptions } from './options.ts';
import { probe } from './probe.ts';
import { reportOf } from './report.ts';

const say = (line: string): void => {
  for (const part of inertLines(line)) process.stderr.write(`${part}\n`);
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function run(options: ProbeOptions): Promise<void> {
  const keys = [options.apiKey, options.viewerKey ?? '', options.environmentKey ?? ''].filter(
    (key) => key !== '',
  );
  const connection = connect(options.apiUrl, keys);
  const stop = new AbortController();
  // A terminal and those who pass a signal on may send it twice: another one must not keep the flag alive.
  for (const signal of SIGNALS) process.on(signal, () => stop.abort());
  const findings = await probe(options, connection, { stop: stop.signal, say });
  await connection.close();
  const { problem, left, switches } = findings;
  console.log(reportOf(findings));
  writeFileSync(options.output, `${JSON.stringify(switches, null, 2)}\n`);
  say(
    `Switches for the emulator (npm run emulator -- --switches ${options.output}) are in ${options.output}.`,
  );
  say(
    left.length === 0
      ? 'Everything that was created is removed.'
      : 'NOT everything that was created is removed:',
  );
  for (const line of [...left, ...(problem === undefined ? [] : [problem])]) say(line);
  if (left.length > 0 || problem !== undefined) process.exitCode = 1;
}

try {
  const options = optionsOf(process.argv.slice(2), process.env);
  if (options === 'help') console.log(HELP);
  else await run(options);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

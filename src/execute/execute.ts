// Carries out one item: kill, write, read back, restore, each step recorded before and after it.
import type { Definition } from '../definition/definition.ts';
import type { Section } from '../definition/sections.ts';
import { Failure, asFailure } from '../failure.ts';
import type { Audit } from '../plan/audit.ts';
import type { ItemResult, Written } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { Progress } from '../plan/plan-file.ts';
import { bodyOf } from '../plan/result.ts';
import { isSame, verify, type Verification } from '../plan/verification.ts';
import type { AdminApi, Settle, WriteAnswer } from './ports.ts';

export interface ExecuteOptions {
  /** The API with the key of the target. */
  readonly api: AdminApi;
  /** The sections this run copies. */
  readonly copied: readonly Section[];
  readonly audit: Audit;
  /** Makes the progress durable; it resolves when it is on disk. */
  readonly record: (progress: Progress) => Promise<void>;
  /** Aborted when the job is cancelled: no further step starts. */
  readonly cancelled: AbortSignal;
}

const ABOUT_WRITTEN: Readonly<Record<Written, string>> = {
  no: 'Nothing was written.',
  unknown: 'Whether the write took effect is not known; look at the target before you run again.',
  yes: 'The target was changed; the plan file holds its old definition.',
};

/** What the plan file says of an item that failed: a write of unknown outcome stays started. */
const STATE_AFTER = { no: 'planned', unknown: 'started', yes: 'written' } as const satisfies Record<
  Written,
  string
>;

/**
 * Writes an item that differs, and proves it by reading back. Never throws: how the item ended is in the
 * result.
 */
export async function execute(item: Item, options: ExecuteOptions): Promise<ItemResult> {
  const { api, copied, audit, record, cancelled } = options;
  const { before, result, target, killChange } = item;
  const label = `flag \`${target.flag}\` in ${target.environment.name}`;
  const writesDefinition = item.changed.some((part) => part !== 'kill-state');
  /** What the target should be as long as the definition is not written. */
  let expected = before;
  let written: Written = 'no';
  let readBack: Definition | undefined;
  const warnings: string[] = [];

  const changed = (): Failure =>
    new Failure(
      'target-changed',
      `Someone changed ${label} since it was read, so it is neither what it was nor what was meant. Run again to plan from what is there now.`,
    );

  /** One step: recorded, sent, and settled by a read where its outcome is in doubt. */
  async function step(
    send: (settle: Settle) => Promise<WriteAnswer>,
    happened: (now: Definition) => boolean,
    repairs = false,
  ): Promise<void> {
    if (cancelled.aborted && !repairs) {
      throw new Failure('cancelled', `The job was cancelled; no further write to ${label} was started.`);
    }
    // What repairs does not wait for a plan file that cannot be written.
    await record({ state: 'started' }).catch((error: unknown) => {
      if (!repairs) throw error;
      warnings.push(asFailure(error).message);
    });
    const answer = await send(async () => {
      const now = await api.definitionAfterWrite(target).catch(asFailure);
      if (now instanceof Failure) return 'unknown';
      if (now !== undefined && happened(now)) return 'yes';
      if (isSame(now, expected)) return 'no';
      throw changed();
    });
    // An earlier step that took effect stays written, whatever became of this one.
    written = written === 'yes' ? 'yes' : answer.written;
    if (answer.written !== 'yes') throw answer.failure;
  }

  /** Whether nothing but the kill state of the target moved since it was last known. */
  const isSameButFor = (now: Definition, killed: boolean): boolean =>
    (now.killed === true) === killed &&
    isSame({ ...now, killed: null }, expected && { ...expected, killed: null });

  const kill = (repairs: boolean): Promise<void> =>
    step(
      (settle) => api.kill(target, audit, settle),
      (now) => isSameButFor(now, true),
      repairs,
    );

  const restore = (): Promise<void> =>
    step(
      (settle) => api.restore(target, audit, settle),
      (now) => isSameButFor(now, false),
    );

  const write = (): Promise<void> =>
    step(
      (settle) =>
        before === undefined
          ? api.createDefinition(target, bodyOf(item, audit), settle)
          : api.updateDefinition(target, bodyOf(item, audit), settle),
      (now) => verify(now, { item, copied, killed: now.killed === true }).asMeant,
    );

  async function readAndVerify(killed: boolean): Promise<Verification> {
    readBack = await api.definitionAfterWrite(target);
    if (readBack === undefined) {
      throw new Failure(
        'verification-failed',
        `After the write, ${label} has no definition. Look at the target before you run again.`,
      );
    }
    return verify(readBack, { item, copied, killed });
  }

  /** A flag that should be killed but is found live is killed before anything else is looked at. */
  async function readBackKilling(killed: boolean): Promise<Verification> {
    const seen = await readAndVerify(killed);
    if (!seen.killStateDiffers || !killed) return seen;
    expected = readBack;
    await kill(before !== undefined);
    const again = await readAndVerify(killed);
    // A new definition is killed here for the first time; an old one should never have gone live.
    if (before === undefined) return again;
    warnings.push('The write made the killed target live; it was killed again at once.');
    return { ...again, asMeant: false, killStateDiffers: true };
  }

  function refute({ differing, killStateDiffers }: Verification): Failure {
    const parts = [...differing, ...(killStateDiffers ? ['kill-state'] : [])]
      .map((part) => `\`${part}\``)
      .join(', ');
    const killed = warnings.length > 0 ? ` ${warnings.join(' ')}` : '';
    return new Failure(
      'verification-failed',
      `After the write, ${label} is not as it was meant to be: ${parts}.${killed} Look at the rest of the difference in the summary.`,
    );
  }

  let residual: Verification['residual'] | undefined;
  try {
    if (killChange === 'kill' && before !== undefined) {
      await kill(false);
      expected = { ...before, killed: true };
    }
    if (writesDefinition) await write();
    if (writesDefinition || killChange === 'kill') {
      await record({ state: 'written' });
      const seen = await readBackKilling(killChange === 'restore' || result.killed === true);
      warnings.push(...seen.warnings);
      residual = seen.residual;
      if (!seen.asMeant) throw refute(seen);
    }
    if (killChange === 'restore') {
      expected = readBack ?? before;
      await restore();
      await record({ state: 'written' });
      const seen = await readAndVerify(false);
      if (!seen.asMeant) throw refute(seen);
    }
    const outcome = before === undefined ? 'created' : 'updated';
    await record({ state: 'confirmed', outcome, written, ...(readBack && { readBack }) });
    return { item, outcome, written, warnings, ...(readBack && { readBack }) };
  } catch (error) {
    const { reason, message } = asFailure(error);
    const outcome = reason === 'cancelled' && written === 'no' ? 'not-attempted' : 'failed';
    const ended = { outcome, written, ...(readBack && { readBack }) } as const;
    await record({ state: STATE_AFTER[written], ...ended }).catch((lost: unknown) =>
      warnings.push(asFailure(lost).message),
    );
    return {
      item,
      ...ended,
      reason,
      message: `${message} ${ABOUT_WRITTEN[written]}`,
      ...(reason === 'verification-failed' && residual && { residual }),
      warnings,
    };
  }
}

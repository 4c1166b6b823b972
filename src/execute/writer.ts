// The hand on one target: each write recorded before it is sent, settled by a read where it is in doubt, and verified.
import type { Definition } from '../definition/definition.ts';
import type { Section } from '../definition/sections.ts';
import { Failure, asFailure } from '../failure.ts';
import type { Audit } from '../plan/audit.ts';
import type { Written } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { Progress } from '../plan/plan-file.ts';
import { bodyOf } from '../plan/result.ts';
import { quoted } from '../plan/sentences.ts';
import { isSame, verify, type Verification } from '../plan/verification.ts';
import type { AdminApi, Settle, WriteAnswer } from './ports.ts';

export interface WriterOptions {
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

/** What is known of the target by now. */
export interface TargetState {
  readonly written: Written;
  /** The same of the definition, without the kill state. */
  readonly definitionWritten: Written;
  /** What the target should be as long as no further step is made. */
  readonly expected: Definition | undefined;
  readonly readBack: Definition | undefined;
  /** What the read-back still lacks of the result; only after a verification that failed. */
  readonly residual: Verification['residual'] | undefined;
  readonly warnings: readonly string[];
}

export const labelOf = ({ target }: Item): string => `flag \`${target.flag}\` in ${target.environment.name}`;

export function createWriter(item: Item, { api, copied, audit, record, cancelled }: WriterOptions) {
  const { before, target } = item;
  const label = labelOf(item);
  const warnings: string[] = [];
  let state: TargetState = {
    ...{ written: 'no', definitionWritten: 'no', expected: before, warnings },
    ...{ readBack: undefined, residual: undefined },
  };

  const changed = (): Failure =>
    new Failure(
      'target-changed',
      `Someone changed ${label} since it was read, so it is neither what it was nor what was meant. Run again to plan from what is there now.`,
    );

  /** Makes it durable that a write is about to be sent, unless the job was cancelled. */
  async function begin(repairs = false): Promise<void> {
    if (cancelled.aborted && !repairs) {
      throw new Failure('cancelled', `The job was cancelled; no further write to ${label} was started.`);
    }
    // What repairs does not wait for a plan file that cannot be written.
    await record({ state: 'started' }).catch((error: unknown) => {
      if (!repairs) throw error;
      warnings.push(asFailure(error).message);
    });
  }

  /** One step: recorded, sent, and settled by a read where its outcome is in doubt. */
  async function step(
    send: (settle: Settle) => Promise<WriteAnswer>,
    happened: (now: Definition) => boolean,
    { repairs = false, isDefinition = false } = {},
  ): Promise<void> {
    await begin(repairs);
    const answer = await send(async () => {
      const now = await api.definitionAfterWrite(target).catch(asFailure);
      if (now instanceof Failure) return 'unknown';
      if (now !== undefined && happened(now)) return 'yes';
      if (isSame(now, state.expected)) return 'no';
      throw changed();
    });
    // An earlier step that took effect stays written, whatever became of this one.
    const { written } = answer;
    state = {
      ...state,
      written: state.written === 'yes' ? 'yes' : written,
      ...(isDefinition && { definitionWritten: written }),
    };
    if (answer.written !== 'yes') throw answer.failure;
  }

  /** Whether nothing but the kill state of the target moved since it was last known. */
  const isSameButFor = (now: Definition, killed: boolean): boolean =>
    (now.killed === true) === killed &&
    isSame({ ...now, killed: null }, state.expected && { ...state.expected, killed: null });

  async function changeKillState(killed: boolean, repairs = false): Promise<void> {
    const change = killed ? api.kill : api.restore;
    await step(
      (settle) => change(target, audit, settle),
      (now) => isSameButFor(now, killed),
      { repairs },
    );
    state = { ...state, expected: state.expected && { ...state.expected, killed } };
  }

  async function readAndVerify(killed: boolean): Promise<Verification> {
    const readBack = await api.definitionAfterWrite(target);
    state = { ...state, readBack, expected: readBack };
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
    try {
      await changeKillState(true, before !== undefined);
    } catch (cause) {
      state = { ...state, residual: seen.residual };
      throw new Failure(
        'verification-failed',
        `After the write, ${label} is live, though it was meant to be killed, and it could not be killed: ${asFailure(cause).message} Kill it by hand now.`,
        { cause },
      );
    }
    const again = await readAndVerify(killed);
    // A new definition is killed here for the first time; an old one should never have gone live.
    if (before === undefined) return again;
    warnings.push('The write made the killed target live; it was killed again at once.');
    return { ...again, asMeant: false, killStateDiffers: true };
  }

  function refute({ differing, killStateDiffers }: Verification): Failure {
    const parts = quoted([...differing, ...(killStateDiffers ? ['kill-state'] : [])]);
    const killed = warnings.length > 0 ? ` ${warnings.join(' ')}` : '';
    return new Failure(
      'verification-failed',
      `After the write, ${label} is not as it was meant to be: ${parts}.${killed} Look at the rest of the difference in the summary.`,
    );
  }

  return {
    get state(): TargetState {
      return state;
    },
    warn: (message: string): void => void warnings.push(message),
    begin,
    kill: () => changeKillState(true),
    restore: () => changeKillState(false),

    async write(): Promise<void> {
      const write = before === undefined ? api.createDefinition : api.updateDefinition;
      await step(
        (settle) => write(target, bodyOf(item, audit), settle),
        (now) => verify(now, { item, copied, killed: now.killed === true }).asMeant,
        { isDefinition: true },
      );
    },

    /** What someone else wrote for this run: a change request that was published. */
    wasWritten(): void {
      state = { ...state, written: 'yes', definitionWritten: 'yes' };
    },

    /**
     * Reads the target back.
     * @param killed the kill state meant at this moment
     * @throws Failure `verification-failed` where it is not as meant
     */
    async prove(killed: boolean): Promise<void> {
      await record({ state: 'written' });
      const seen = await readBackKilling(killed);
      warnings.push(...seen.warnings);
      if (seen.asMeant) return;
      state = { ...state, residual: seen.residual };
      throw refute(seen);
    },
  };
}

export type Writer = ReturnType<typeof createWriter>;

// The hand on one target: each write recorded before it is sent, settled by a read where it is in doubt, and verified.
import type { Definition } from '../definition/definition.ts';
import type { Section } from '../definition/sections.ts';
import { Failure, asFailure, type FailureReason } from '../failure.ts';
import type { Audit } from '../plan/audit.ts';
import type { Written } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { Progress } from '../plan/plan-file.ts';
import { bodyOf } from '../plan/result.ts';
import { isSame, refutation, verify, type Verification } from '../plan/verification.ts';
import { NotBegun } from './endings.ts';
import { createFreshness, type FreshnessOptions } from './freshness.ts';
import type { AdminApi, Sighting, WriteAnswer, WriteGuard } from './ports.ts';

export interface WriterOptions extends Omit<FreshnessOptions, 'readAt'> {
  /** The API with the key of the target. */
  readonly api: AdminApi;
  /** The sections this run copies. */
  readonly copied: readonly Section[];
  readonly audit: Audit;
  /** Makes the progress durable; it resolves when it is on disk. */
  readonly record: (progress: Progress) => Promise<void>;
  /** Aborted when the job is cancelled: no further step starts. */
  readonly cancelled: AbortSignal;
  /** The failure of another item because of which none may be begun any more. */
  readonly stoppedBy?: () => FailureReason | undefined;
}

/** What is known of the target by now. */
export interface TargetState {
  readonly written: Written;
  /** The same of the definition, without the kill state. */
  readonly definitionWritten: Written;
  /** What the target should be as long as no further step is made; `exact` where an answer or a read has shown it. */
  readonly expected: Definition | undefined;
  readonly exact: boolean;
  readonly readBack: Definition | undefined;
  /** What the read-back still lacks of the result; only after a verification that failed. */
  readonly residual: Verification['residual'] | undefined;
  readonly warnings: readonly string[];
}

export const labelOf = ({ target }: Item): string => `flag \`${target.flag}\` in ${target.environment.name}`;

export function createWriter(item: Item, options: WriterOptions) {
  const { api, copied, audit, record, cancelled, stoppedBy } = options;
  const { before, target } = item;
  const label = labelOf(item);
  const warnings: string[] = [];
  const freshness = createFreshness({ ...options, readAt: item.readAt });
  /** What the target was before a step, or was said to be after it. */
  const known = [before];
  /** What the last step left the kill state, if it took effect at all. */
  let killedInDoubt: boolean | undefined;
  let state: TargetState = {
    ...{ written: 'no', definitionWritten: 'no', expected: before, exact: true, warnings },
    ...{ readBack: undefined, residual: undefined },
  };

  const changed = (): Failure =>
    new Failure(
      'target-changed',
      `Someone changed ${label} since it was read, so it is neither what it was nor what was meant. Run again to plan from what is there now.`,
    );

  function refuseToGoOn(): void {
    if (cancelled.aborted)
      throw new Failure('cancelled', `The job was cancelled; no further write to ${label} was started.`);
    const reason = state.written === 'no' ? stoppedBy?.() : undefined;
    if (reason !== undefined)
      throw new NotBegun(reason, `Another item failed, so no write to ${label} was started.`);
  }

  /** Makes it durable that a write is about to be sent, unless the job was cancelled. */
  async function begin(repairs = false): Promise<void> {
    if (!repairs) refuseToGoOn();
    // What repairs does not wait for a plan file that cannot be written.
    await record({ state: 'started' }).catch((error: unknown) => {
      if (!repairs) throw error;
      warnings.push(asFailure(error).message);
    });
  }

  async function settle(happened: (now: Definition | undefined) => boolean): Promise<Written> {
    const seen = await api.definition(target, { begun: true }).catch(asFailure);
    if (seen instanceof Failure) return 'unknown';
    if (happened(seen?.definition)) return 'yes';
    if (isSame(seen?.definition, state.expected)) return 'no';
    throw changed();
  }

  /** One step: recorded, sent, and settled by a read where its outcome is in doubt. */
  async function step(
    send: (guard: WriteGuard) => Promise<WriteAnswer>,
    happened: (now: Definition | undefined) => boolean,
    {
      repairs = false,
      isDefinition = false,
      killed,
    }: { readonly repairs?: boolean; readonly isDefinition?: boolean; readonly killed?: boolean } = {},
  ): Promise<Definition | undefined> {
    await begin(repairs);
    const answer = await freshness.send(send, {
      settle: () => settle(happened),
      // What repairs is not kept waiting by a look.
      expected: repairs ? undefined : state.expected,
      changed,
      mayGoOn: refuseToGoOn,
    });
    // An earlier step that took effect stays written, whatever became of this one.
    const { written } = answer;
    killedInDoubt = written === 'unknown' ? killed : undefined;
    state = {
      ...state,
      written: state.written === 'yes' ? 'yes' : written,
      ...(isDefinition && { definitionWritten: written }),
    };
    if (answer.written !== 'yes') throw answer.failure;
    return answer.definition;
  }

  /** Whether nothing but the kill state of the target moved since it was last known. */
  const isSameButFor = (now: Definition | undefined, killed: boolean): boolean =>
    now !== undefined &&
    (now.killed === true) === killed &&
    isSame({ ...now, killed: null }, state.expected && { ...state.expected, killed: null });

  async function changeKillState(killed: boolean, repairs = false): Promise<void> {
    const change = killed ? api.kill : api.restore;
    await step(
      (guard) => change(target, audit, guard),
      (now) => isSameButFor(now, killed),
      { repairs, killed },
    );
    state = { ...state, expected: state.expected && { ...state.expected, killed } };
    if (state.exact) known.push(state.expected);
  }

  function take(sighting: Sighting | undefined, killed: boolean): Verification {
    if (sighting === undefined) {
      throw new Failure(
        'verification-failed',
        `After the write, ${label} has no definition. Look at the target before you run again.`,
      );
    }
    const { definition: readBack, at } = sighting;
    const seen = verify(readBack, { item, copied, killed });
    // What is not as meant may be somebody else's, unless a step has left or shown just that.
    const isOurs = seen.asMeant || known.some((each) => isSame(readBack, each));
    state = { ...state, readBack, expected: readBack, exact: isOurs };
    freshness.seen(at);
    return seen;
  }

  const readAgain = (): Promise<Sighting | undefined> => api.definition(target, { begun: true });

  /** A flag that should be killed but is found live is killed before anything else is looked at. */
  async function takeKilling(sighting: Sighting | undefined, killed: boolean): Promise<Verification> {
    const seen = take(sighting, killed);
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
    const again = take(await readAgain(), killed);
    // A new definition is killed here for the first time; an old one should never have gone live.
    if (before === undefined) return again;
    warnings.push('The write made the killed target live; it was killed again at once.');
    return { ...again, asMeant: false, killStateDiffers: true };
  }

  /**
   * Compares the target as read back with what was meant.
   * @param killed the kill state meant at this moment
   * @throws Failure `verification-failed` where it is not as meant
   */
  async function prove(sighting: Sighting | undefined, killed: boolean): Promise<void> {
    const seen = await takeKilling(sighting, killed);
    if (!seen.asMeant) {
      state = { ...state, residual: seen.residual };
      throw refutation(label, seen, warnings);
    }
    for (const warning of seen.warnings) if (!warnings.includes(warning)) warnings.push(warning);
  }

  return {
    get state(): TargetState {
      return state;
    },
    /** Whether it is what this run left there, as far as answers and reads have shown. */
    isLeft: (live: Definition): boolean =>
      state.exact &&
      (isSame(live, state.expected) || (killedInDoubt !== undefined && isSameButFor(live, killedInDoubt))),
    warn: (message: string): void => void warnings.push(message),
    begin,
    prove,
    readAgain,
    kill: () => changeKillState(true),
    restore: () => changeKillState(false),

    /**
     * @param killed the kill state that the write is to leave
     * @returns whether the target was read back at once
     * @throws Failure `verification-failed` where a read after an answer that shows something else shows it, too
     */
    async write(killed: boolean): Promise<boolean> {
      const change = before === undefined ? api.createDefinition : api.updateDefinition;
      const answered = await step(
        (guard) => change(target, bodyOf(item, audit), guard),
        (now) => now !== undefined && verify(now, { item, copied, killed: now.killed === true }).asMeant,
        { isDefinition: true },
      );
      state = {
        ...state,
        expected: answered ?? { ...item.result, killed },
        exact: answered !== undefined,
      };
      // A flag that may be live though it is meant to be killed is not left so until the others are read back.
      const isSure = answered === undefined ? !killed : verify(answered, { item, copied, killed }).asMeant;
      if (answered !== undefined) known.push(answered);
      if (isSure) return false;
      // What the answer shows live is killed before it is read.
      const isLive = killed && answered !== undefined && answered.killed !== true;
      await prove(isLive ? { definition: answered, at: options.clock.now() } : await readAgain(), killed);
      return true;
    },

    /** Removes the definition. */
    async remove(): Promise<void> {
      await step(
        (guard) => api.removeDefinition(target, audit, guard),
        (now) => now === undefined,
      );
      state = { ...state, expected: undefined, exact: true };
    },

    /** What someone else wrote for this run: a change request that was published. */
    wasWritten(): void {
      state = { ...state, written: 'yes', definitionWritten: 'yes' };
    },
  };
}

export type Writer = ReturnType<typeof createWriter>;

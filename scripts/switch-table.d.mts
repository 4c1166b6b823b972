// Types of switch-table.mjs, for the tests.

/** The page docs/emulator.md with its tables of switches as the emulator has them now. */
export function withSwitches(page: string): Promise<string>;

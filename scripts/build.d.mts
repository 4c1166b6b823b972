// Types of build.mjs, for the tests.
import type { BuildOptions as BuildOptionsOfEsbuild } from 'esbuild';

/** Name of the file that lists what is in the bundle, for programs: CycloneDX 1.6. */
export const SBOM: string;

/** A program that is bundled into one file. */
export interface Program {
  /** Relative to the repository. */
  readonly entry: string;
  readonly options: BuildOptionsOfEsbuild;
  /** How many copies of undici it holds. */
  readonly undicis: number;
}

export interface BuildOptions {
  readonly outdir: string;
  /** The Action by default. */
  readonly program?: Program;
  /** Write the file SBOM too. */
  readonly sbom?: boolean;
}

/** Builds into a folder and returns the bundle's size in bytes. Throws where a promise about the bundle is broken. */
export function buildInto(options: BuildOptions): Promise<number>;

/** Throws where dist/ is not what a folder holds, which was built just now; an SBOM in it does not count. */
export function requireFreshDist(fresh: string): void;

// The port to the pull request that a workflow runs for: what a run leaves there.

/** What one comment is to say from now on. */
export interface Comment {
  /** The target environment; workflow, job and target tell the comments of a pull request apart. */
  readonly target: string;
  readonly markdown: string;
  /** `false`: a comment that is there is corrected, but none is added. */
  readonly isNews: boolean;
}

export type Commented = 'added' | 'updated' | 'not needed';

/** How GitHub is asked. */
export interface Access {
  readonly token: string;
  /** Time one attempt at a request may take. */
  readonly requestTimeoutMilliseconds: number;
  /** Further attempts. */
  readonly maxRetries: number;
}

export interface PullRequest {
  readonly number: number;
  /**
   * Adds the comments, or updates those that an earlier run of this token's owner left.
   * @returns what became of each, in their order
   * @throws Failure where GitHub does not take one
   */
  readonly comment: (comments: readonly Comment[], access: Access) => Promise<readonly Commented[]>;
}

/**
 * The pull request of the event that started the workflow; `undefined` where it has none.
 * @throws Failure where the event cannot be read
 */
export type FindPullRequest = () => Promise<PullRequest | undefined>;

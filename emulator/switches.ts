// What nobody outside Split knows about the server, as switches: a client has to be right in every position.

/** The questions that the switches stand for: what neither the vendor's documentation nor its code answers. */
export const UNKNOWNS = {
  omitted: 'What does a full update do with what it leaves out, and with `killed`?',
  success: 'Which status does a success have?',
  absent: 'Does a full update create what is not there?',
  shape: 'How does a definition come back?',
  depends: 'Which form of `depends` comes back?',
  refusals: 'Which definitions are refused?',
  segments: 'How are large and rule-based segments listed and named in rules?',
  open: 'What holds while a change request is open, and what does one need?',
  limits: 'What do lists make of what they are asked for?',
  keys: 'What may a key do that is limited to a role or an environment?',
} as const;

interface Switch {
  readonly unknown: keyof typeof UNKNOWNS;
  /** The first is the default. */
  readonly positions: readonly (string | number | boolean)[];
  /** In Markdown, one line. */
  readonly meaning: string;
}

/** Every switch and its positions. */
export const SWITCHES = {
  createStatus: {
    unknown: 'success',
    positions: [200, 201],
    meaning:
      "Status of a successful POST of a definition, flag or change request. Split's own older clients accept only 200.",
  },
  putStatus: {
    unknown: 'success',
    positions: [200, 201, 204],
    meaning: 'Status of a successful full update; 204 has no body.',
  },
  putCreates: {
    unknown: 'absent',
    positions: [false, true],
    meaning: 'Whether a full update of a definition that does not exist creates it.',
  },
  nulls: {
    unknown: 'shape',
    positions: ['omit', 'emit'],
    meaning: 'Unset members of a definition: left out, or shown as null.',
  },
  emptyArrays: {
    unknown: 'shape',
    positions: ['omit', 'emit'],
    meaning: 'Empty lists of individual targets: left out, or shown as [].',
  },
  negateFalse: {
    unknown: 'shape',
    positions: ['omit', 'emit'],
    meaning: '`negate: false` of a matcher: left out, or shown on every matcher.',
  },
  dependsForm: {
    unknown: 'depends',
    positions: ['as-sent', 'treatments'],
    meaning: "IN_SPLIT's `depends`: shown as it was sent, or with `treatment` turned into `treatments`.",
  },
  unknownMembers: {
    unknown: 'shape',
    positions: ['keep', 'drop'],
    meaning: 'Members the API does not document: stored as sent, or dropped by writes.',
  },
  putWithoutTrafficAllocation: {
    unknown: 'omitted',
    positions: ['100', 'keep'],
    meaning: 'A full update without `trafficAllocation`: 100 again, or as it was.',
  },
  putWithoutBaselineTreatment: {
    unknown: 'omitted',
    positions: ['drop', 'keep'],
    meaning: 'A full update without `baselineTreatment`: none any more, or as it was.',
  },
  putWithoutKilled: {
    unknown: 'omitted',
    positions: ['unkill', 'keep'],
    meaning: 'A full update without `killed`, of a killed flag: live again, or still killed.',
  },
  putWithoutFlagSets: {
    unknown: 'omitted',
    positions: ['clear', 'keep'],
    meaning: 'A full update without `flagSets`: none any more, or as they were.',
  },
  putWithoutImpressionsDisabled: {
    unknown: 'omitted',
    positions: ['clear', 'keep'],
    meaning: 'A full update without `impressionsDisabled`: impressions on again, or as it was.',
  },
  putUnkills: {
    unknown: 'omitted',
    positions: [false, true],
    meaning: 'Whether a full update makes a killed flag live even when it says `killed: true`.',
  },
  overLimit: {
    unknown: 'limits',
    positions: ['clamp', '400'],
    meaning: 'A page `limit` above the maximum: brought down to it, or refused with 400.',
  },
  ignoreNameFilter: {
    unknown: 'limits',
    positions: [false, true],
    meaning: 'Whether the workspace list takes no notice of `name` and `nameOp`.',
  },
  listsRefused: {
    unknown: 'keys',
    positions: [false, 401, 403],
    meaning: 'Whether the lists of workspaces and environments are refused, as to keys of one environment.',
  },
  outOfScope: {
    unknown: 'keys',
    positions: [404, 401, 403],
    meaning: 'What a key gets for a workspace or environment outside its scope.',
  },
  otherSegmentLists: {
    unknown: 'segments',
    positions: ['array', 'page'],
    meaning:
      'Lists of large and rule-based segments of an environment: bare (seen live), or paged (documented). The bare one of rule-based segments has other members too.',
  },
  enforceQuotas: {
    unknown: 'refusals',
    positions: [true, false],
    meaning:
      'Whether a definition must keep to the documented quotas: 2 to 20 treatments, 500 keys, 1 KB of configuration.',
  },
  checkSegments: {
    unknown: 'refusals',
    positions: [true, false],
    meaning: 'Whether segments a definition names must be there in its environment.',
  },
  checkParents: {
    unknown: 'refusals',
    positions: [true, false],
    meaning:
      'Whether IN_SPLIT is checked: parent and treatments there, no cycle, nothing removed that others need.',
  },
  openChangeRequest: {
    unknown: 'open',
    positions: ['refuse', 'allow'],
    meaning: 'A direct write while a change request is open: 423, or let through.',
  },
  openChangeRequestIdOnGet: {
    unknown: 'open',
    positions: [false, true],
    meaning: 'Whether GET shows `openChangeRequestId`.',
  },
  flagRolesListSegments: {
    unknown: 'keys',
    positions: [false, true],
    meaning:
      'Whether a key with a role for flags may list segments, though the table gives segments their own roles.',
  },
  environmentKeysSeeChangeRequests: {
    unknown: 'keys',
    positions: [true, false],
    meaning: 'Whether a key of one environment may use change requests; not so by an older page.',
  },
  changeRequestNeedsRolloutStatus: {
    unknown: 'open',
    positions: [false, true],
    meaning:
      "Whether a change request other than KILL must give `rolloutStatus`, as documented; the vendor's own clients leave it out.",
  },
  inSegmentCoversAllKinds: {
    unknown: 'segments',
    positions: [true, false],
    meaning:
      'Whether IN_SEGMENT may name a large or rule-based segment too, or those only by their own types.',
  },
} as const satisfies Readonly<Record<string, Switch>>;

/** The name of a switch. */
export type SwitchName = keyof typeof SWITCHES;

/** A position of every switch. */
export type Switches = { -readonly [Name in SwitchName]: (typeof SWITCHES)[Name]['positions'][number] };

/** Every switch with its name. */
export const EVERY_SWITCH = Object.entries(SWITCHES) as readonly (readonly [SwitchName, Switch])[];

const DEFAULTS = Object.fromEntries(
  EVERY_SWITCH.map(([name, { positions }]) => [name, positions[0]]),
) as Switches;

/** The defaults, with the positions given in their stead. */
export const switchesWith = (given: Partial<Switches> = {}): Switches => ({ ...DEFAULTS, ...given });

/** JSON schema of a partial set of switches. */
export const switchesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(EVERY_SWITCH.map(([name, { positions }]) => [name, { enum: positions }])),
};

/** The position of a switch that a text names. @throws Error, which lists what there is */
export function positionOf(name: string, text: string): Partial<Switches> {
  const found = EVERY_SWITCH.find(([known]) => known === name);
  if (found === undefined) {
    const names = EVERY_SWITCH.map(([known]) => known).join(', ');
    throw new Error(`There is no switch ${name}. There are: ${names}.`);
  }
  const { positions } = found[1];
  const position = positions.find((known) => String(known) === text);
  if (position !== undefined) return { [name]: position };
  throw new Error(`Switch ${name} has no position ${text}. It has: ${positions.join(', ')}.`);
}

// What nobody outside Split knows about the server, as switches: a client has to be right in every position.

/** Every switch and its positions; the first position is the default. */
export const SWITCHES = {
  /** Status of a successful POST of a definition, flag or change request. Split's own older clients accept only 200. Default 200. */
  createStatus: [200, 201],
  /** Status of a successful full update; 204 has no body. Default 200. */
  putStatus: [200, 201, 204],
  /** Whether a full update of a definition that does not exist creates it. Default false: 404. */
  putCreates: [false, true],
  /** Unset members of a definition: left out, or shown as null. Default omit. */
  nulls: ['omit', 'emit'],
  /** Empty lists of individual targets: left out, or shown as []. Default omit. */
  emptyArrays: ['omit', 'emit'],
  /** `negate: false` of a matcher: left out, or shown on every matcher. Default omit. */
  negateFalse: ['omit', 'emit'],
  /** IN_SPLIT's `depends`: shown as it was sent, or with `treatment` turned into `treatments`. Default as-sent. */
  dependsForm: ['as-sent', 'treatments'],
  /** Members the API does not document: stored as sent, or dropped by writes. Default keep. */
  unknownMembers: ['keep', 'drop'],
  /** A full update without `trafficAllocation`: 100 again, or as it was. Default 100. */
  putWithoutTrafficAllocation: ['100', 'keep'],
  /** A full update without `baselineTreatment`: none any more, or as it was. Default drop. */
  putWithoutBaselineTreatment: ['drop', 'keep'],
  /** A full update without `killed`, of a killed flag: live again, or still killed. Default unkill. */
  putWithoutKilled: ['unkill', 'keep'],
  /** A full update without `flagSets`: none any more, or as they were. Default clear. */
  putWithoutFlagSets: ['clear', 'keep'],
  /** A full update without `impressionsDisabled`: impressions on again, or as it was. Default clear. */
  putWithoutImpressionsDisabled: ['clear', 'keep'],
  /** Whether a full update makes a killed flag live even when it says `killed: true`. Default false. */
  putUnkills: [false, true],
  /** A page `limit` above the maximum: brought down to it, or refused with 400. Default clamp. */
  overLimit: ['clamp', '400'],
  /** Whether the workspace list takes no notice of `name` and `nameOp`. Default false. */
  ignoreNameFilter: [false, true],
  /** Whether the lists of workspaces and environments are refused, as to keys of one environment. Default false. */
  listsRefused: [false, 401, 403],
  /** What a key gets for a workspace or environment outside its scope. Default 404. */
  outOfScope: [404, 401, 403],
  /**
   * Lists of large and rule-based segments of an environment: bare (seen live), or paged (documented). The bare
   * one of rule-based segments has other members too. Default array.
   */
  otherSegmentLists: ['array', 'page'],
  /** Whether a definition must keep to the documented quotas: 2 to 20 treatments, 500 keys, 1 KB of configuration. Default true. */
  enforceQuotas: [true, false],
  /** Whether segments a definition names must be there in its environment. Default true. */
  checkSegments: [true, false],
  /** Whether IN_SPLIT is checked: parent and treatments there, no cycle, nothing removed that others need. Default true. */
  checkParents: [true, false],
  /** A direct write while a change request is open: 423, or let through. Default refuse. */
  openChangeRequest: ['refuse', 'allow'],
  /** Whether GET shows `openChangeRequestId`. Default false. */
  openChangeRequestIdOnGet: [false, true],
  /** Whether a key with a role for flags may list segments, though the table gives segments their own roles. Default false: 403. */
  flagRolesListSegments: [false, true],
  /** Whether a key of one environment may use change requests; not so by an older page. Default true; else 401. */
  environmentKeysSeeChangeRequests: [true, false],
  /** Whether a change request other than KILL must give `rolloutStatus`, as documented; the vendor's own clients leave it out. Default false. */
  changeRequestNeedsRolloutStatus: [false, true],
  /** Whether IN_SEGMENT may name a large or rule-based segment too, or those only by their own types. Default true. */
  inSegmentCoversAllKinds: [true, false],
} as const;

/** A position of every switch. */
export type Switches = { -readonly [Name in keyof typeof SWITCHES]: (typeof SWITCHES)[Name][number] };

/** The defaults, with the positions given in their stead. */
export const switchesWith = (given: Partial<Switches> = {}): Switches => ({
  createStatus: SWITCHES.createStatus[0],
  putStatus: SWITCHES.putStatus[0],
  putCreates: SWITCHES.putCreates[0],
  nulls: SWITCHES.nulls[0],
  emptyArrays: SWITCHES.emptyArrays[0],
  negateFalse: SWITCHES.negateFalse[0],
  dependsForm: SWITCHES.dependsForm[0],
  unknownMembers: SWITCHES.unknownMembers[0],
  putWithoutTrafficAllocation: SWITCHES.putWithoutTrafficAllocation[0],
  putWithoutBaselineTreatment: SWITCHES.putWithoutBaselineTreatment[0],
  putWithoutKilled: SWITCHES.putWithoutKilled[0],
  putWithoutFlagSets: SWITCHES.putWithoutFlagSets[0],
  putWithoutImpressionsDisabled: SWITCHES.putWithoutImpressionsDisabled[0],
  putUnkills: SWITCHES.putUnkills[0],
  overLimit: SWITCHES.overLimit[0],
  ignoreNameFilter: SWITCHES.ignoreNameFilter[0],
  listsRefused: SWITCHES.listsRefused[0],
  outOfScope: SWITCHES.outOfScope[0],
  otherSegmentLists: SWITCHES.otherSegmentLists[0],
  enforceQuotas: SWITCHES.enforceQuotas[0],
  checkSegments: SWITCHES.checkSegments[0],
  checkParents: SWITCHES.checkParents[0],
  openChangeRequest: SWITCHES.openChangeRequest[0],
  openChangeRequestIdOnGet: SWITCHES.openChangeRequestIdOnGet[0],
  flagRolesListSegments: SWITCHES.flagRolesListSegments[0],
  environmentKeysSeeChangeRequests: SWITCHES.environmentKeysSeeChangeRequests[0],
  changeRequestNeedsRolloutStatus: SWITCHES.changeRequestNeedsRolloutStatus[0],
  inSegmentCoversAllKinds: SWITCHES.inSegmentCoversAllKinds[0],
  ...given,
});

/** JSON schema of a partial set of switches. */
export const switchesSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    Object.entries(SWITCHES).map(([name, positions]) => [name, { enum: positions }]),
  ),
};

// What the Rules screen asks for beside the rules themselves.
import type { EventType, LiveEvent } from "./event";
import type { DecisionLine } from "./live";
import type { Reason } from "./reason";
import type { Action, Rule, RuleGroup, Trigger } from "./rule";
import type { Capability, Warning } from "./warning";

export type ListedRule = {
  rule: Rule;
  warnings: Warning[];
  firedThisLive: number;
  /** `null` where there was no live yet. */
  firedLastLive: number | null;
};

/** A default action: listed among the rules, switched there, edited in Services. */
export type ListedDefault = {
  service: string;
  serviceName: string;
  eventType: EventType;
  enabled: boolean;
  action: Action;
};

/** What *undo* and *redo* would do, over rules, groups and services; `null` where there is nothing. */
export type Undo = { undo: Deed | null; redo: Deed | null };

export type Deed = {
  what:
    | "rule_added"
    | "rule_changed"
    | "rule_binned"
    | "rule_restored"
    | "rule_moved"
    | "rules_imported"
    | "group_changed"
    | "service_changed"
    | "service_added"
    | "service_removed";
  /** What it was called. */
  name: string;
};

export type Rulebook = {
  /** Counts up with every change by anybody. */
  revision: number;
  rules: ListedRule[];
  groups: RuleGroup[];
  defaults: ListedDefault[];
  binned: number;
  undo: Undo;
};

export type BinnedRule = { rule: Rule; binnedMs: number };

/** One earlier form of a rule. */
export type RuleVersion = { version: number; savedMs: number; rule: Rule };

export type GiftOrder = "received" | "popular" | "value";

export type Gift = {
  id: number;
  /** In the language of the window where it was seen in it. */
  name: string;
  diamondCount: number | null;
  /** From our own cache; `null` draws its initial. */
  imageUrl: string | null;
  streakable: boolean;
  /** How many this creator received. */
  received: number;
  usedBy: { id: string; name: string }[];
};

export type GiftPage = { gifts: Gift[]; total: number; next: number | null };

/** What a trigger's events provide. */
export type Variable = {
  /** As it stands between the braces. */
  name: string;
  /** Its last real value. */
  last: string | null;
};

/** Names that rules share. */
export type Values = { counters: { name: string; value: number }[]; variables: { name: string; text: string }[] };

/** A cooldown that runs now. */
export type RunningCooldown = { rule: string; leftMs: number; viewers: number };

/** With what a rule is tried: something that happened, or something made up. */
export type TryWith =
  | { with: "real"; session: number; number: number }
  | {
      with: "made_up";
      nickname: string;
      /** `null`: one that the trigger answers. */
      giftId: number | null;
      count: number;
      comment: string;
      months: number;
      follower: boolean;
      subscriber: boolean;
      moderator: boolean;
    };

/** Something that happened and that a trigger answers. */
export type RealEvent = { session: number; number: number; receivedMs: number; event: LiveEvent };

/** What would happen, or with `try_rule` what now happens; it spends no cooldown, counter or goal. */
export type Trial = {
  fired: number;
  because: Reason | null;
  steps: TriedStep[];
  /** What else would match. */
  others: DecisionLine[];
  /** The run, where it really ran. */
  run: string | null;
};

export type TriedStep = {
  /** Its place, such as `do[1]`. */
  place: string;
  kind: string;
  service: string;
  /** As sent, with everything filled. */
  summary: string;
  /** Why it would be skipped. */
  because: Reason | null;
};

export type ImportPreview = {
  rules: ImportedRule[];
  groups: number;
  capabilities: Capability[];
  warnings: Warning[];
  /** Anything here and nothing can be taken in. */
  faults: { place: string; rule: string | null; problem: string }[];
  moreFaults: number;
};

export type ImportedRule = {
  rule: Rule;
  /** `new`, under another id because its own is taken, or there already word for word. */
  becomes: { as: "new" } | { as: "renamed"; id: string } | { as: "same" };
  unknownActions: string[];
};

/** The shape of a new rule; its id is made from its name. */
export type NewRule = { name: string; when: Trigger; do: Rule["do"] };

/** What a saved rule came to. */
export type Saved = { rule: ListedRule; revision: number; undo: Undo };

/** A kind of action as docs/schemas/actions.json publishes it. */
export type ActionKind = {
  id: string;
  title: string;
  service: string;
  runs_in_any_service: boolean;
  replay: "safe" | "at_most_once";
  fields: string[];
  parameters: ParameterSchema;
};

export type ParameterSchema = {
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, FieldSchema>;
};

/** The part of JSON Schema that action kinds use. */
export type FieldSchema = {
  description?: string;
  type?: string | string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  oneOf?: { const?: string; description?: string; type?: string }[];
  anyOf?: { type?: string; format?: string; description?: string }[];
  "x-input"?: string;
};

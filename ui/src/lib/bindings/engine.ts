// Generated from the Rust types by `make bindings`; do not edit.
import type { ActionKind } from "./schema";

/** What the window must know of the app. */
export type About = {
  /** The app's version. */
  version: string;
  /** What the caller may do. */
  role: CallerRole;
  /** The operating system. */
  system: string;
  /** The system has a keychain that can be used. */
  keychain: boolean;
};

/** A step that does something. */
export type Act = {
  /** Starts beside the step before it; consecutive such steps form a group. */
  at_the_same_time?: boolean;
  /** The steps after it run even if it fails, is discarded or skipped. */
  go_on_if_this_fails?: boolean;
  /** Runs when the combo ends, for rules that run along with a combo. */
  at_the_end?: boolean;
  /** The kind of action, such as `log_write`; a kind that this version does not know is kept and not run. */
  action: string;
  /** The service whose queue it goes through; without it, the kind's own. */
  service?: string;
  /** The kind's parameters. */
  with?: { [key in string]: JsonValue };
};

/** What is to be done: a kind of action with its parameters, in which placeholders wait to be filled. */
export type Action = {
  /** The kind of action, such as `log_write`; a kind that this version does not know is kept and not run. */
  action: string;
  /** The service whose queue it goes through; without it, the kind's own. */
  service?: string;
  /** The kind's parameters. */
  with?: { [key in string]: JsonValue };
};

/** One area as a whole. */
export type AreaChange =
  | { area: "window"; value: WindowSettings }
  | { area: "connection"; value: ConnectionSettings }
  | { area: "server"; value: ServerSettings }
  | { area: "hotkeys"; value: HotkeySettings }
  | { area: "keeping"; value: KeepingSettings };

/** What came of an attempt. */
export type AttemptAnswer =
  | { kind: "good" }
  | { kind: "in_room" }
  | { kind: "live_ended" }
  | { kind: "not_live" }
  | { kind: "no_such_user" }
  | { kind: "age_restricted" }
  | { kind: "captcha" }
  | { kind: "not_public" }
  | { kind: "not_understood" }
  | {
      kind: "blocked";
      /** When asking again may help, ms since 1970. */
      untilMs: number;
    }
  | {
      kind: "rate_limited";
      /** When asking again may help, ms since 1970. */
      untilMs: number;
    }
  | { kind: "refused" }
  | { kind: "unreachable" }
  | { kind: "not_there" }
  | { kind: "broken" }
  | {
      kind: "family_missing";
      /** What never comes. */
      family: EventType;
    };

/** One attempt. */
export type AttemptLine = {
  /** When it began. */
  atMs: number;
  /** How long it took until the answer. */
  tookMs: number;
  /** The streamer's handle without `@`. */
  creator: string;
  /** The way that it was part of; none for the question whether the streamer is live. */
  way: Way | null;
  /** What was tried. */
  step: AttemptStep;
  /** The host that was asked; empty for this machine itself. */
  place: string;
  /** What came of it. */
  answer: AttemptAnswer;
  /** What there is to say beside the answer, in the words of whoever answered. */
  detail: string;
};

/** What an attempt tried. */
export type AttemptStep =
  | "ask_json"
  | "ask_page"
  | "ask_alive"
  | "cookie"
  | "start_browser"
  | "open_page"
  | "ask_person"
  | "sign"
  | "upgrade"
  | "feed"
  | "enter_room"
  | "stay";

/** A backup. */
export type Backup = {
  /** Where it lies. */
  path: string;
  /** What it is called. */
  name: string;
  /** When it was made. */
  madeMs: number;
  /** Its size. */
  sizeBytes: number;
  /** The app made it by itself, before it changed the form of the database. */
  byItself: boolean;
};

/** Something that must be known wherever one is. */
export type Banner = {
  /** What it is. */
  code: FailureCode;
  /** The file or folder that it is about. */
  place: string | null;
};

/** One streamer of a match. */
export type BattleSide = {
  /** Who it is; only the id where the message carries no more. */
  user: User;
  /** Their points (field 3 of LinkMicBattle.5, else field 2 of LinkMicBattle.9 or LinkMicArmies.3). */
  points: number;
};

/** What a rule of a file would become. */
export type Becomes =
  | { as: "new" }
  | {
      as: "renamed";
      /** The id that it gets. */
      id: string;
    }
  | { as: "same" };

/** A rule in the bin. */
export type BinnedRule = {
  /** The rule. */
  rule: Rule;
  /** When it was put there. */
  binnedMs: number;
};

/** What the caller may do. */
export type CallerRole = "window" | "full" | "remote";

/** One thing that the rules of a file can do. */
export type Capability =
  | {
      code: "controls_input";
      params: {
        /** The kind of action. */
        kind: string;
        /** What is pressed or typed, as the rules say it. */
        what: string;
      };
    }
  | { code: "runs_script" }
  | {
      code: "sends_command";
      params: {
        /** The kind of action. */
        kind: string;
        /** The command, with its placeholders. */
        command: string;
      };
    }
  | {
      code: "calls_address";
      params: {
        /** The address, with its placeholders. */
        address: string;
      };
    }
  | {
      code: "uses_file";
      params: {
        /** The kind of action. */
        kind: string;
        /** The file, with its placeholders. */
        file: string;
      };
    }
  | {
      code: "uses_program";
      params: {
        /** The service that is this program. */
        service: string;
      };
    }
  | {
      code: "uses_action";
      params: {
        /** The kind of action. */
        kind: string;
      };
    };

/** *If … otherwise …*, asked when its turn comes. */
export type Choose = {
  /** All of these must hold. */
  if: Array<Test>;
  /** The steps then. */
  then: Array<Step>;
  /** The steps otherwise. */
  otherwise?: Array<Step>;
};

/** When and how often a rule fires in a gift combo. */
export type ComboMode =
  | {
      fires: "combo_end";
      /** Instead once for each gift of the combo, all of them at its end. */
      repeat?: boolean;
      /** At most so many of those; `null` is no limit. */
      max_repeat?: number | null;
    }
  | { fires: "combo_start" }
  | { fires: "with_combo" }
  | {
      fires: "each_gift";
      /** At most so many in one combo; `null` is no limit. */
      max_repeat?: number | null;
    }
  | {
      fires: "every_n";
      /** How many. */
      n: number;
    };

/** Where in a comment a command may stand. */
export type CommandPlace = "start" | "exact" | "anywhere";

/** How two values are compared. */
export type Comparison = "equal" | "not_equal" | "less" | "at_most" | "more" | "at_least" | "contains";

/**
 * One condition; a rule fires when all of its conditions hold.
 *
 * A condition about something that the event does not have, such as the price of a comment, does not hold.
 */
export type Condition =
  | {
      if: "gift_in";
      /** TikTok's numbers of the gifts. */
      ids: Array<number>;
    }
  | {
      if: "diamonds";
      /** At least so many. */
      min?: number;
      /** At most so many. */
      max?: number;
    }
  | {
      if: "combo_count";
      /** At least so many. */
      min?: number;
      /** At most so many. */
      max?: number;
    }
  | {
      if: "who";
      /** Any of them is enough. */
      any_of: Array<Role>;
    }
  | {
      if: "top_gifter";
      /** How many places count. */
      places: number;
    }
  | {
      if: "team_level";
      /** At least this. */
      min: number;
    }
  | {
      if: "viewers";
      /** Handles without `@`, or user ids. */
      names: Array<string>;
    }
  | {
      if: "not_viewers";
      /** Handles without `@`, or user ids. */
      names: Array<string>;
    }
  | {
      if: "gifts_given";
      /** At least so many, this event included. */
      min: number;
      /** Since when. */
      since: Since;
    }
  | {
      if: "comment_starts_with";
      /** The text. */
      text: string;
    }
  | {
      if: "comment_is";
      /** The text. */
      text: string;
    }
  | {
      if: "comment_contains";
      /** The text. */
      text: string;
    }
  | {
      if: "comment_matches";
      /** The expression, in the syntax of Rust's `regex`. */
      pattern: string;
    }
  | {
      if: "comment_is_command";
      /** Their names, with or without the prefix. */
      names: Array<string>;
    }
  | { if: "first_in_session" }
  | { if: "first_ever" }
  | {
      if: "chance";
      /** How often, in percent. */
      percent: number;
    }
  | {
      if: "session_age";
      /** At least so many. */
      min_minutes?: number;
      /** At most so many. */
      max_minutes?: number;
    }
  | {
      if: "counter";
      /** Its name. */
      name: string;
      /** How it is compared. */
      is: Comparison;
      /** With what. */
      than: number;
    }
  | {
      if: "variable";
      /** Its name. */
      name: string;
      /** How it is compared. */
      is: Comparison;
      /** With what. */
      than: string;
    };

/** The way to the live. */
export type ConnectionSettings = {
  /** The streamer's handle without `@`. */
  creator: string | null;
  /** Silence after which a combo is over. */
  comboIdleSeconds: number;
  /** Without its password. */
  redisUrl: string | null;
  /** The workspace that events are published under. */
  workspaceId: string | null;
  /** TikTok's socket may be opened directly. */
  wayDirect: boolean;
  /** It may be opened with the cookie that a browser was given. */
  wayCookie: boolean;
  /** TikTok's page in a browser may hold the connection. */
  wayPage: boolean;
  /** The address may be signed by a sign server. */
  waySign: boolean;
  /** What TikFinity hears may be used. */
  wayTikfinity: boolean;
};

/** The story of the connections: what was tried to get into lives and to stay there. */
export type ConnectionStory = {
  /** What was tried, the newest first. */
  attempts: Array<AttemptLine>;
};

/** How soon a rule may fire again; checked once for each event. */
export type Cooldown = {
  /** After it fired for anybody, in seconds. */
  seconds?: number;
  /** After it fired for the same viewer, in seconds. */
  per_viewer_seconds?: number;
  /** Who never waits; left out, the streamer. */
  exempt?: Array<Exempt>;
};

/** For whom a cooldown holds. */
export type CooldownOf = "rule" | "viewer" | "group";

/** A counter. */
export type CounterValue = {
  /** Its name. */
  name: string;
  /** Its value. */
  value: number;
};

/** What lies in the data folder. */
export type DataFolder = {
  /** Where it is. */
  path: string;
  /** The database with its log. */
  databaseBytes: number;
  /** The log files. */
  logsBytes: number;
  /** The backups. */
  backupsBytes: number;
  /** Free on its disk. */
  freeBytes: number;
};

/** What became of one rule. */
export type DecisionLine = {
  /** The id of the rule, or `default:SERVICE`. */
  origin: string;
  /** What people call it. */
  name: string;
  /** How often it fired. */
  fired: number;
  /** Why not, or why not more often. */
  because: Reason | null;
};

/** A change that somebody made. */
export type Deed = {
  /** What was done. */
  what: DeedKind;
  /** What it was called. */
  name: string;
};

/** What was done. */
export type DeedKind =
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

/** An action that every event of a type causes, listed among the rules as *default*. */
export type DefaultAction = {
  /** Switched off, it stays listed. */
  enabled: boolean;
  /** What is done. */
  action: Action;
};

/** A zip for whoever helps. */
export type Diagnostics = {
  /** Where it lies. */
  path: string;
  /** What is in it. */
  files: Array<string>;
};

/** An emote's picture. */
export type EmoteImage = {
  /** TikTok's id of the emote (Emote.1). */
  id: string;
  /** Where the picture lies (Emote.2). */
  image_url: string | null;
};

/** What a service wishes for jobs of one event type. */
export type EventConfig = {
  /** Events of this type may cause jobs here. */
  enabled: boolean;
  /** The place among waiting jobs, unless the rule sets one. */
  priority: number;
  /** Alone, or beside others. */
  mode: Mode;
  /** May be dropped when the queue is full. */
  discardable: boolean;
  /** How long a job may be ready while the worker runs; none: any time. */
  expiresAfterSeconds: number | null;
  /** What every such event does here without any rule. */
  defaultAction: DefaultAction | null;
};

/** A change of a service event config; what is left out stays as it is. */
export type EventConfigChange = {
  /** Whether events of the type may cause jobs. */
  enabled?: boolean;
  /** The place among waiting jobs. */
  priority?: number;
  /** Alone, or beside others. */
  mode?: Mode;
  /** May be dropped when the queue is full. */
  discardable?: boolean;
  /** How long a job may be ready; a `null` that is there is *any time*. */
  expiresAfterSeconds?: number | null;
};

/** One event of the feed with what became of it. */
export type EventLine = {
  /** The event's session. */
  session: number;
  /** The event's number in its session; with it, its identity. */
  number: number;
  /** When it came. */
  receivedMs: number;
  /** The event in the form of files. */
  event: LiveEvent;
  /** Where the picture of the viewer it is about is found: `/pictures/ID`, fetched when somebody looks. */
  picture: string | null;
  /** What became of it. */
  outcome: Outcome;
};

/** What every event carries, whatever happened. */
export type EventStamp = {
  /** TikTok's number of the message, where one carried this event. */
  msg_id?: string;
  /** Replayed by TikTok on connecting: shown and stored, but fires nothing and counts towards no total. */
  history?: boolean;
  /** The message was cut or garbled; what could be read is here. */
  damaged?: boolean;
  /** TikTok's own time where the message carries one, else the time of arrival; UTC. */
  timestamp: string;
};

/** The whole story of one event. */
export type EventStory = {
  /** The event with what became of it. */
  line: EventLine;
  /** Every rule of today's set and every default action, also those whose trigger did not match. */
  decisions: Array<StoryDecision>;
  /** What it made. */
  runs: Array<StoryRun>;
  /** When it came. */
  receivedMs: number;
  /** When it was safe on the disk; missing where nobody noted it, as of an event that made no run. */
  committedMs?: number;
  /** TikTok's own time. */
  createdMs: number | null;
};

/** The name of a kind of event. */
export type EventType =
  | "connect"
  | "comment"
  | "gift"
  | "like"
  | "join"
  | "follow"
  | "share"
  | "subscribe"
  | "viewer_count"
  | "question"
  | "emote"
  | "envelope"
  | "battle"
  | "social"
  | "super_fan"
  | "level_up"
  | "moderation"
  | "delete"
  | "pin"
  | "unpin"
  | "poll"
  | "goal"
  | "barrage"
  | "rank"
  | "shop"
  | "caption"
  | "room_message"
  | "live_intro"
  | "custom"
  | "gap"
  | "live_start"
  | "live_pause"
  | "live_resume"
  | "live_end"
  | "disconnect"
  | "unknown";

/** Who may be excused from cooldowns. */
export type Exempt = "streamer" | "moderators";

/** Rules as a file. */
export type ExportedRules = {
  /** What to call it. */
  fileName: string;
  /** What stands in it. */
  text: string;
};

/** `code` picks the sentence that people read, `message` is for the log, `field` names what is wrong with the input. */
export type Failure = {
  /** What kind of failure it is. */
  code: FailureCode;
  /** What was tried, on what, and what stopped it; for the log. */
  message: string;
  /** The part of the input that is wrong, such as `rule.cooldown.seconds`. */
  field?: string;
};

/** What kind of failure it is: one sentence and one helping button each. */
export type FailureCode =
  | "bad_input"
  | "not_found"
  | "changed_meanwhile"
  | "not_allowed"
  | "token_refused"
  | "not_now"
  | "already_live"
  | "engine_elsewhere"
  | "disk_full"
  | "folder_unusable"
  | "database_damaged"
  | "database_set_aside"
  | "database_newer"
  | "keychain_missing"
  | "keychain_locked"
  | "key_refused"
  | "unreachable"
  | "page_not_shown"
  | "page_timed_out"
  | "too_large"
  | "unknown_command"
  | "defect";

/** One finding of `cuelight doctor`. */
export type Finding = {
  /** What was looked at. */
  what: string;
  /** How bad it is. */
  verdict: Verdict;
  /** What was found. */
  found: string;
  /** What to do about it. */
  whatToDo: string | null;
};

/** Merges what still waits of the same rule into one job: ×count, or "mia and 6 more". */
export type Fold = {
  /** How long after the first of them, in seconds. */
  within_seconds: number;
  /** Only what the same viewer caused. */
  per_viewer?: boolean;
};

/** One of the folders that can be opened. */
export type FolderName = "data" | "logs" | "backups";

/** A time in which nothing was heard. */
export type Gap = {
  /** The last thing before it. */
  fromMs: number;
  /** The first thing after it. */
  toMs: number;
};

/** A gift in the picker. */
export type Gift = {
  /** TikTok's number of it. */
  id: number;
  /** As the newest message named it. */
  name: string;
  /** Diamonds of one unit. */
  diamondCount: number | null;
  /** From our own cache; without one its initial is drawn. */
  imageUrl: string | null;
  /** It can be sent in combos. */
  streakable: boolean;
  /** How many were received. */
  received: number;
  /** Rules that name it. */
  usedBy: Array<GiftUser>;
};

/** A kind of gift. */
export type GiftDetails = {
  /** TikTok's number of the gift; rules go by it, since names repeat and change (GiftMessage.2, else Gift.5). */
  id: number;
  /** The name in the language of the room (Gift.16). */
  name: string | null;
  /** TikTok's sentence, such as `sent Rose` (Gift.2). */
  description: string | null;
  /** Price of one unit in diamonds, which viewers buy as coins (Gift.12). */
  diamond_count: number | null;
  /** Where the picture lies (Gift.1, else 21). */
  image_url: string | null;
  /** Comes in combos: `type` is 1. */
  streakable: boolean;
  /** TikTok's own combo flag (Gift.10). */
  combo: boolean;
  /** 1 = streakable, others = one-time (Gift.11). */
  type: number | null;
};

/** The order of the gift picker. */
export type GiftOrder = "received" | "popular" | "value";

/** A page of the picker. */
export type GiftPage = {
  /** The gifts. */
  gifts: Array<Gift>;
  /** How many there are altogether. */
  total: number;
  /** The offset of the next page. */
  next: number | null;
};

/** A gift by its id, with what people knew of it when they chose it. */
export type GiftRef = {
  /** TikTok's number of the gift; it alone counts. */
  id: number;
  /** The name then. */
  name?: string;
  /** The price of one unit then. */
  diamond_count?: number;
  /** The picture then. */
  image_url?: string;
};

/** A rule that names a gift. */
export type GiftUser = {
  /** The rule's id. */
  id: string;
  /** The rule's name. */
  name: string;
};

/** Which matching rules of a group fire. */
export type GroupMode = "all" | "most_specific";

/** One thing whose health is worth a glance. */
export type Health = {
  /** What it is. */
  id: HealthId;
  /** How it is. */
  state: HealthState;
  /** In its own numbers: ms since the last message, pages open, bytes free. */
  value: number | null;
  /** Why it is not well. */
  reason: Reason | null;
};

/** What has a health. */
export type HealthId = "tiktok" | "server" | "disk" | "redis";

/** How well something is. */
export type HealthState = "good" | "notable" | "bad" | "off";

/** Key combinations such as `Ctrl+Shift+M`. */
export type HotkeySettings = {
  /** Stops sound. */
  silence: string | null;
  /** Ends all that runs and waits. */
  stopEverything: string | null;
  /** Pauses all services. */
  pauseAll: string | null;
};

/** Whether a hotkey is ours, or taken by another program. */
export type HotkeyStatus = {
  /** The keys, such as `Ctrl+Shift+M`. */
  keys: string;
  /** It is ours. */
  registered: boolean;
};

/** What is wrong with a file. */
export type ImportFault = {
  /** Where. */
  place: string;
  /** In which rule. */
  rule: string | null;
  /** What. */
  problem: string;
};

/** What taking a file in would come to. */
export type ImportPreview = {
  /** Its rules. */
  rules: Array<ImportedRule>;
  /** How many groups it has. */
  groups: number;
  /** What it can do to this computer. */
  capabilities: Array<Capability>;
  /** What is perhaps not meant. */
  warnings: Array<Warning>;
  /** Anything here and nothing can be taken in. */
  faults: Array<ImportFault>;
  /** Faults beyond those that are listed. */
  moreFaults: number;
};

/** A rule of a file. */
export type ImportedRule = {
  /** The rule. */
  rule: Rule;
  /** What it would become. */
  becomes: Becomes;
  /** Actions that this version does not know. */
  unknownActions: Array<string>;
};

/** A job with all that is shown of it. */
export type Job = {
  /** Its number. */
  id: string;
  /** The number of its run. */
  run: string;
  /** The service whose queue it goes through. */
  service: string;
  /** What it does. */
  kind: string;
  /** What it does, filled and short, such as `Thank you mia!`; as a viewer may have written it. */
  summary: string;
  /** Where it stands. */
  state: JobState;
  /** Its place among waiting jobs, 10 goes first. */
  priority: number;
  /** Alone, or beside others. */
  mode: Mode;
  /** May be dropped when the queue is full. */
  discardable: boolean;
  /** Who made its run: the id of a rule, `default:SERVICE`, or `asked:`. */
  origin: string;
  /** What people call that. */
  originName: string;
  /** The event that caused it; none for timers, hotkeys and what was asked for. */
  cause: JobCause | null;
  /** Made by *Try*: counts nowhere. */
  test: boolean;
  /** How often it was tried. */
  attempt: number;
  /** How often it is tried at most. */
  maxAttempts: number;
  /** A crash cut an earlier try off. */
  interrupted: boolean;
  /** When it was handed off. */
  queuedMs: number;
  /** Not before this time: a wait, or the pause before another try. */
  dueMs: number | null;
  /** Since when it is held. */
  heldSinceMs: number | null;
  /** When it is too late for it, if it were ready and worked for from now on. */
  expiresMs: number | null;
  /** When it was last started. */
  startedMs: number | null;
  /** When it ended. */
  endedMs: number | null;
  /** 0 to 1 where the action knows how far it is. */
  progress: number | null;
  /** Why it failed, was discarded, or is tried again. */
  reason: Reason | null;
};

/** The event that caused a job. */
export type JobCause = {
  /** The event's session. */
  session: number;
  /** The event's number in it. */
  number: number;
  /** The event's type. */
  eventType: EventType;
  /** Whose event it was. */
  viewer: JobViewer | null;
};

/** Where a job stands. */
export type JobState = "pending" | "processing" | "completed" | "failed" | "discarded";

/** Whose event it was. */
export type JobViewer = {
  /** The number that stays over renames. */
  userId: string;
  /** The display name. */
  nickname: string;
};

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/** What is kept, and what it is worth. */
export type KeepingSettings = {
  /** Days for which joins, likes and viewer counts are kept. */
  minorEventsDays: number;
  /** What one diamond is worth, in US dollars. */
  diamondValueUsd: number;
};

/** Never the key itself: whether it is set, and where it lies. */
export type KeyStatus = {
  /** Its name, such as `redis_password`. */
  id: "tiktok_session" | "redis_password" | "sign_key";
  /** There is one. */
  set: boolean;
  /** Where it lies. */
  where: WhereKeyLies | null;
};

/** Whether the far side takes a key. */
export type KeyTest = {
  /** It does, or it looks as if it would. */
  good: boolean;
  /** What was tested. */
  tested: KeyTested;
  /** Why not. */
  problem: string | null;
  /** What it is still good for, in the words of the language; none where the far side counts nothing. */
  quota: string | null;
};

/** What was tested of a key. */
export type KeyTested = "connection" | "form";

/** The language of the window. */
export type Language = "system" | "en" | "es" | "vi";

/** Which ladder a level belongs to. */
export type LevelKind = "gifter" | "team";

/** Which lines of the journal. */
export type LineFilter = "all" | "gifts" | "chat";

/** A default action: listed among the rules, switched there, edited in Services. */
export type ListedDefault = {
  /** The service. */
  service: string;
  /** What people call the service. */
  serviceName: string;
  /** The event type that it answers. */
  eventType: EventType;
  /** It is switched on. */
  enabled: boolean;
  /** What is done. */
  action: Action;
};

/** A rule in the list. */
export type ListedRule = {
  /** The rule. */
  rule: Rule;
  /** What is perhaps not meant. */
  warnings: Array<Warning>;
  /** How often it fired in the open session. */
  firedThisLive: number;
  /** How often it fired in the session before; none where there was none. */
  firedLastLive: number | null;
};

/** One normalised thing that happened on the live. */
export type LiveEvent =
  | {
      event_type: "connect";
      data: {
        /** The streamer's handle without `@`. */
        unique_id: string;
        /** The room of this live. */
        room_id: string;
      } & EventStamp;
    }
  | {
      event_type: "comment";
      data: {
        /** Who wrote it (ChatMessage.2). */
        user: User;
        /** The text as sent (ChatMessage.3). */
        comment: string;
        /** Pictures within the text (ChatMessage.13). */
        emotes: Array<PlacedEmote>;
        /** TikTok's guess at the language, such as `en`; `un` where it has none (ChatMessage.14). */
        language: string | null;
      } & EventStamp;
    }
  | {
      event_type: "gift";
      data: {
        /** Who gave it (GiftMessage.7). */
        user: User;
        /** What was given (GiftMessage.15). */
        gift: GiftDetails;
        /** Units in this combo so far (GiftMessage.5: a running total, not an increment); at least 1. */
        repeat_count: number;
        /** `diamond_count` × `repeat_count`; `None` while the price is unknown. */
        total_diamonds: number | null;
        /** The combo goes on: the gift comes in combos, and this is not the end (GiftMessage.9 is 0). */
        streaking: boolean;
        /** Units that no earlier event of this combo reported; `None` where a message is looked at alone. */
        delta_count?: number;
        /** `diamond_count` × `delta_count`. */
        delta_diamonds?: number;
        /** No end message came; the combo was ended by its silence. */
        inferred_end: boolean;
        /** TikTok's number of the combo (GiftMessage.11); `None` for gifts that are no combos. */
        group_id: string | null;
        /** The guest or co-host whom it was given to, where that is not the streamer (GiftMessage.8, else 45 to 47). */
        to_user: Recipient | null;
        /** Units this viewer gave in this session, this event included. */
        total_count?: number;
      } & EventStamp;
    }
  | {
      event_type: "like";
      data: {
        /** Who sent them (LikeMessage.5). */
        user: User;
        /** Hearts in this message (LikeMessage.2). */
        count: number;
        /** Hearts of the whole live so far (LikeMessage.3); only grows within a session. */
        total_likes: number;
        /** Hearts of this viewer without a longer break between; sampled by TikTok, so a lower bound. */
        streak_count?: number;
      } & EventStamp;
    }
  | {
      event_type: "join";
      data: {
        /** Who did it (MemberMessage.2, SocialMessage.2). */
        user: User;
      } & EventStamp;
    }
  | {
      event_type: "follow";
      data: {
        /** Who did it (MemberMessage.2, SocialMessage.2). */
        user: User;
      } & EventStamp;
    }
  | {
      event_type: "share";
      data: {
        /** Who did it (MemberMessage.2, SocialMessage.2). */
        user: User;
      } & EventStamp;
    }
  | {
      event_type: "subscribe";
      data: {
        /** Who subscribed (SubNotifyMessage.2). */
        user: User;
        /** Months so far, this one included (SubNotifyMessage.4). */
        months: number | null;
      } & EventStamp;
    }
  | {
      event_type: "viewer_count";
      data: {
        /** Viewers now (RoomUserSeqMessage.3). */
        viewers: number;
        /** Viewers since the live began (RoomUserSeqMessage.7). */
        total_viewers: number;
        /** Who gave most, first place first (RoomUserSeqMessage.2). */
        top_viewers: Array<TopViewer>;
      } & EventStamp;
    }
  | {
      event_type: "question";
      data: {
        /** Who asked (Question.5). */
        user: User;
        /** The text as sent (Question.2). */
        question: string;
      } & EventStamp;
    }
  | {
      event_type: "emote";
      data: {
        /** Who sent them (EmoteChatMessage.2). */
        user: User;
        /** The pictures, in order (EmoteChatMessage.3). */
        emotes: Array<EmoteImage>;
      } & EventStamp;
    }
  | {
      event_type: "envelope";
      data: {
        /** Who put it up (EnvelopeInfo.4, 8 and 9). */
        user: User;
        /** Diamonds in it (EnvelopeInfo.5). */
        diamonds: number;
      } & EventStamp;
    }
  | {
      event_type: "battle";
      data: {
        /** How far it is (LinkMicBattle.4; LinkMicArmies comes while it runs). */
        state: Progress;
        /** Who plays, with their points (LinkMicBattle.10 or LinkMicArmies.3). */
        sides: Array<BattleSide>;
      } & EventStamp;
    }
  | {
      event_type: "social";
      data: {
        /** Who did it (MemberMessage.2, SocialMessage.2). */
        user: User;
      } & EventStamp;
    }
  | {
      event_type: "super_fan";
      data: {
        /** Whom it is about (BarrageMessage.50; for a box, who put it up). */
        user: User;
        /** What happened (the key of the sentence, BarrageMessage.5 or 24). */
        kind: SuperFanKind;
      } & EventStamp;
    }
  | {
      event_type: "level_up";
      data: {
        /** Who reached it (BarrageMessage.50, 100 or 101). */
        user: User;
        /** Which ladder (BarrageMessage.3). */
        kind: LevelKind;
        /** The level reached (field 1 of BarrageMessage.100 or 101). */
        level: number;
      } & EventStamp;
    }
  | {
      event_type: "moderation";
      data: {
        /** Whom it is about (MemberMessage.2). */
        user: User;
        /** TikTok's number of what was done (MemberMessage.10), such as 3 for a mute. */
        action: number;
      } & EventStamp;
    }
  | {
      event_type: "delete";
      data: {
        /** Messages to take away (ImDeleteMessage.2). */
        msg_ids: Array<string>;
        /** People whose messages to take away (ImDeleteMessage.3). */
        user_ids: Array<string>;
      } & EventStamp;
    }
  | {
      event_type: "pin";
      data: {
        /** Who wrote it, from the message that is pinned (RoomPinMessage.2 to 6). */
        user: User;
        /** The text (ChatMessage.3); empty for a pinned message that is no comment. */
        comment: string;
      } & EventStamp;
    }
  | {
      event_type: "unpin";
      data: {
        /** Who wrote it, from the message that is pinned (RoomPinMessage.2 to 6). */
        user: User;
        /** The text (ChatMessage.3); empty for a pinned message that is no comment. */
        comment: string;
      } & EventStamp;
    }
  | {
      event_type: "poll";
      data: {
        /** What is asked; empty where the message repeats only the votes (field 4 of PollMessage.4, else field 3 of PollMessage.8). */
        title: string;
        /** The answers to choose from (PollMessage.4, 5 or 6). */
        options: Array<PollOption>;
        /** How far it is: which of PollMessage.4, 5 and 6 is there. */
        state: Progress;
      } & EventStamp;
    }
  | {
      event_type: "goal";
      data: {
        /** TikTok's id of the goal (Goal.13, else 1). */
        id: string;
        /** How far its first part is (SubGoal.3). */
        progress: number;
        /** When that is reached (SubGoal.4). */
        target: number;
        /** The gift that counts, for a goal of one gift (SubGoal.2). */
        gift_id: number | null;
      } & EventStamp;
    }
  | {
      event_type: "barrage";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "rank";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "shop";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "caption";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "room_message";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "live_intro";
      data: {
        /**
         * The sentence, its placeholders filled: BarrageMessage.5 or 24, RankUpdateMessage.2, RankTextMessage.6, 9 or 5,
         * OecLiveShoppingMessage.200, CaptionMessage.4, RoomMessage.2, SystemMessage.2 or LiveIntroMessage.4.
         */
        text: string;
        /** Whom it is about: BarrageMessage.50, 100 or 101, RankTextMessage.7, LiveIntroMessage.5. */
        user: User | null;
      } & EventStamp;
    }
  | {
      event_type: "custom";
      data: {
        /** What its maker calls it. */
        name: string;
        /** Whatever its maker put in. */
        fields: { [key in string]: JsonValue };
      } & EventStamp;
    }
  | {
      event_type: "gap";
      data: {
        /** The last moment that we saw. */
        from: string;
        /** The first moment that we saw again. */
        to: string;
        /** How long that is, to a tenth of a second. */
        seconds: number;
      } & EventStamp;
    }
  | { event_type: "live_start"; data: Record<symbol, never> & EventStamp }
  | { event_type: "live_pause"; data: Record<symbol, never> & EventStamp }
  | { event_type: "live_resume"; data: Record<symbol, never> & EventStamp }
  | {
      event_type: "live_end";
      data: {
        /** `ended` (ControlMessage.2 is 3), `suspended` (4: TikTok stopped it) or `gone` (the room was no longer there). */
        reason?: string;
      } & EventStamp;
    }
  | {
      event_type: "disconnect";
      data: {
        /** Why, in plain words. */
        reason: string;
      } & EventStamp;
    }
  | {
      event_type: "unknown";
      data: {
        /** TikTok's name of the message (Envelope.1). */
        method: string;
        /** Size of the message in bytes (Envelope.2). */
        size: number;
      } & EventStamp;
    };

/** What feeds a session. */
export type LiveSource = "tiktok" | "tikfinity" | "redis" | "simulator" | "recording";

/** Everything that the head of the Live screen shows. */
export type LiveStatus = {
  /** How the connection stands. */
  phase: Phase;
  /** The handle without `@`; none where nobody was ever named. */
  creator: string | null;
  /** The open session. */
  session: number | null;
  /** What feeds it. */
  source: LiveSource | null;
  /** The way by which its events come; none while none leads in, and where nobody has to choose one. */
  way: Way | null;
  /** What it adds up to. */
  totals: Totals;
  /** The last time that we were away and know it. */
  lastGap: Gap | null;
  /** All services are paused. */
  paused: boolean;
  /** Sound is held back. */
  silenced: boolean;
  /** How far the decisions are behind what TikTok sent. */
  behindMs: number;
  /** Jobs of an earlier session that wait for *resume* or *discard*. */
  oldJobs: OldJobs | null;
};

/** What became of a login at TikTok. */
export type Login = {
  /** Somebody logged in; else the page was closed before. */
  loggedIn: boolean;
};

/** A made-up event. */
export type MadeUp = {
  /** Who does it. */
  nickname: string;
  /** Which gift; without one, one that the trigger answers. */
  giftId: number | null;
  /** How many. */
  count: number;
  /** What they say. */
  comment: string;
  /** Months subscribed. */
  months: number;
  /** They follow. */
  follower: boolean;
  /** They subscribe. */
  subscriber: boolean;
  /** They moderate. */
  moderator: boolean;
};

/** Whether a job of a service runs alone. */
export type Mode = "sync" | "async";

/** A viewer whom the streamer muted. */
export type MutedViewer = {
  /** The number that stays over renames. */
  userId: string;
  /** The display name, where it is known. */
  nickname: string;
};

/** The shape of a new rule; its id is made from its name. */
export type NewRule = {
  /** What people call it. */
  name: string;
  /** What it answers. */
  when: Trigger;
  /** What it does. */
  do: Array<Step>;
};

/** Neither input nor output. */
export type Nothing = Record<never, never>;

/** What runs and what comes next over all services, the most urgent first. */
export type NowAndNext = {
  /** What runs. */
  now: Array<Job>;
  /** What comes next. */
  next: Array<Job>;
};

/** Jobs of an earlier session. */
export type OldJobs = {
  /** How many are held. */
  count: number;
  /** The newest of their sessions. */
  session: number;
};

/** Everything that the window needs to begin. */
export type Opened = {
  /** The push batches that follow begin at `seq + 1`. */
  seq: number;
  /** The app. */
  about: About;
  /** All settings. */
  settings: Settings;
  /** The head of the Live screen. */
  live: LiveStatus;
  /** All healths. */
  health: Array<Health>;
  /** All services. */
  services: Array<Service>;
  /** How they stand. */
  statuses: Array<ServiceStatus>;
  /** What runs and what comes next. */
  nowAndNext: NowAndNext;
  /** The rules. */
  rulebook: Rulebook;
  /** The newest events of the open session, oldest first. */
  lines: Array<EventLine>;
  /** The kinds of action. */
  actionKinds: Array<ActionKind>;
  /** What must be known everywhere, if anything. */
  banner: Banner | null;
};

/** What became of an event. */
export type Outcome = {
  /** Rules and default actions whose trigger matched. */
  decisions: Array<DecisionLine>;
  /** Jobs of its runs that wait. */
  pending: number;
  /** Jobs of its runs that run. */
  processing: number;
  /** Jobs of its runs that were done. */
  completed: number;
  /** Jobs of its runs that failed. */
  failed: number;
  /** Jobs of its runs that were discarded. */
  discarded: number;
  /** From its arrival to the end of the last of its jobs; none while one waits. */
  tookMs: number | null;
  /** Why the first job that did not complete did not. */
  reason: Reason | null;
  /** Made by *Try*. */
  test: boolean;
};

/** A change of what became of an event that was sent before. */
export type OutcomeChange = {
  /** The event's session. */
  session: number;
  /** The event's number in it. */
  number: number;
  /** What became of it. */
  outcome: Outcome;
};

/** A token that may only read. */
export type OverlayToken = {
  /** What it may do: `overlay:NAME`. */
  role: string;
  /** The token. */
  token: string;
};

/** How a source stands; every state that people can be in, told truthfully. */
export type Phase =
  | { state: "offline" }
  | { state: "looking" }
  | { state: "no_such_creator" }
  | { state: "not_live" }
  | {
      state: "waiting";
      /** When it looks again. */
      nextCheckMs: number;
    }
  | { state: "connecting" }
  | {
      state: "live";
      /** Since when. */
      sinceMs: number;
      /** When the last message came. */
      lastMessageMs: number;
    }
  | {
      state: "paused_by_creator";
      /** Since when it is live. */
      sinceMs: number;
      /** Since when it is paused. */
      pausedMs: number;
    }
  | {
      state: "reconnecting";
      /** When it broke. */
      lostMs: number;
      /** When it is tried again. */
      retryMs: number;
      /** Which try that will be. */
      attempt: number;
      /** What broke it. */
      cause: string;
    }
  | { state: "age_restricted" }
  | { state: "not_public" }
  | {
      state: "captcha";
      /** Its page is in front of the person; else nothing goes on until somebody asks for it. */
      isShown: boolean;
    }
  | {
      state: "blocked";
      /** What TikTok said. */
      cause: string;
      /** When Cuelight tries again by itself; never where that cannot help. */
      untilMs: number | null;
    }
  | {
      state: "rate_limited";
      /** Until when. */
      untilMs: number;
    }
  | {
      state: "ended";
      /** Since when it was live. */
      sinceMs: number;
      /** When it ended. */
      endedMs: number;
    };

/** *Pick one at random*; which one follows from the session's seed, the event, the rule and the step. */
export type PickOne = {
  /** The ways to go, each as likely as the others. */
  pick_one: Array<Array<Step>>;
};

/** A picture at a place in a comment. */
export type PlacedEmote = {
  /** The character of the comment before which the picture stands (EmoteWithIndex.1). */
  index: number;
  /** TikTok's id of the emote (Emote.1). */
  id: string;
  /** Where the picture lies (Emote.2). */
  image_url: string | null;
};

/** One answer of a poll. */
export type PollOption = {
  /** The answer's text (PollOption.2). */
  text: string;
  /** Votes so far (PollOption.1). */
  votes: number;
};

/** How far a match or a poll is. */
export type Progress = "started" | "updated" | "ended";

/** Only what changed is there; a part that is there is whole. */
export type PushBatch = {
  /** Counts up by one; after a hole the window asks for everything anew. */
  seq: number;
  /** The head of the Live screen. */
  live?: LiveStatus;
  /** All healths. */
  health?: Array<Health>;
  /** New events, oldest first. */
  lines?: Array<EventLine>;
  /** What became of events that were sent before. */
  outcomes?: Array<OutcomeChange>;
  /** Events left out here because there were too many for a screen; they are in the journal. */
  missedLines?: number;
  /** Those services that changed; all there are, where their list changed too. */
  services?: Array<ServiceStatus>;
  /** The list of services changed, or what they wish for; who shows it asks for it. */
  servicesRevision?: number;
  /** What runs and what comes next. */
  nowAndNext?: NowAndNext;
  /** The rule set changed; who shows it asks for it. */
  rulebookRevision?: number;
  /** What *undo* and *redo* would do. */
  undo?: Undo;
  /** All settings. */
  settings?: Settings;
  /** The gift that *catch the next gift* waited for. */
  caught?: Gift;
  /** Something that must be known wherever one is; a `null` that is there says that it is over. */
  banner?: Banner | null;
};

/** One service's queue, opened. */
export type Queue = {
  /** The service. */
  service: string;
  /** What runs. */
  running: Array<Job>;
  /** What waits, in the order in which it will run. */
  waiting: Array<Job>;
  /** What ended today, newest first. */
  ended: Array<Job>;
  /** Waiting jobs beyond those sent. */
  moreWaiting: number;
  /** Ended jobs beyond those sent. */
  moreEnded: number;
};

/** Something that happened and that a trigger answers. */
export type RealEvent = {
  /** The event's session. */
  session: number;
  /** The event's number in it. */
  number: number;
  /** When it came. */
  receivedMs: number;
  /** The event in the form of files. */
  event: LiveEvent;
};

/** Why something was dropped, kept aside or stopped. */
export type Reason =
  | {
      code: "message_broken";
      params: {
        /** TikTok's name of the message. */
        method: string;
      };
    }
  | {
      code: "frame_broken";
      params: {
        /** What stopped it. */
        error: string;
      };
    }
  | {
      code: "recording_broken";
      params: {
        /** Where it stands. */
        place: string;
        /** What stopped it. */
        error: string;
      };
    }
  | {
      code: "shed";
      params: {
        /** Joins left out. */
        joins: number;
        /** Like messages left out. */
        likes: number;
        /** Viewer counts left out. */
        viewer_counts: number;
        /** How late the live was, in milliseconds. */
        late_ms: number;
      };
    }
  | {
      code: "disk_full";
      params: {
        /** The journal's file. */
        place: string;
        /** What the system said. */
        error: string;
      };
    }
  | {
      code: "database_damaged";
      params: {
        /** Where the damaged file lies now. */
        moved_to: string;
        /** What was found. */
        error: string;
      };
    }
  | {
      code: "settings_restored";
      params: {
        /** The copy's file. */
        place: string;
      };
    }
  | { code: "muted" }
  | {
      code: "condition_failed";
      params: {
        /** Which of its conditions, 1 first. */
        number: number;
        /** The condition, in its file form. */
        condition: string;
      };
    }
  | {
      code: "cooldown";
      params: {
        /** How long it still waits, in milliseconds. */
        left_ms: number;
        /** For everybody, this viewer, or the whole group. */
        of: CooldownOf;
      };
    }
  | { code: "waiting_for_combo_end" }
  | {
      code: "waiting_for_more";
      params: {
        /** Gifts of the combo so far. */
        seen: number;
        /** When it fires next. */
        next: number;
      };
    }
  | { code: "fired_for_combo" }
  | {
      code: "capped";
      params: {
        /** How often it fired in this combo. */
        fired: number;
        /** How often it would have. */
        of: number;
      };
    }
  | {
      code: "less_specific";
      params: {
        /** That rule. */
        than: string;
      };
    }
  | {
      code: "chance_missed";
      params: {
        /** How often it would be yes, in percent, rounded. */
        percent: number;
      };
    }
  | {
      code: "too_deep";
      params: {
        /** How many in a row are allowed. */
        limit: number;
      };
    }
  | {
      code: "service_off";
      params: {
        /** The service. */
        service: string;
      };
    }
  | {
      code: "event_type_off";
      params: {
        /** The service. */
        service: string;
        /** The event type. */
        event_type: string;
      };
    }
  | {
      code: "no_such_service";
      params: {
        /** The service that was named. */
        service: string;
      };
    }
  | {
      code: "no_such_action";
      params: {
        /** The kind that was named. */
        kind: string;
      };
    }
  | {
      code: "wrong_service";
      params: {
        /** The kind of action. */
        kind: string;
        /** The service that was named. */
        service: string;
      };
    }
  | {
      code: "bad_parameters";
      params: {
        /** The kind of action. */
        kind: string;
        /** What is wrong with them. */
        error: string;
      };
    }
  | {
      code: "queue_full";
      params: {
        /** The service. */
        service: string;
        /** Jobs that may wait there. */
        size: number;
      };
    }
  | {
      code: "displaced";
      params: {
        /** The service. */
        service: string;
        /** The priority of the newcomer. */
        by: number;
      };
    }
  | {
      code: "too_late";
      params: {
        /** How long it was ready while a worker ran, in milliseconds. */
        waited_ms: number;
        /** How long it could have been. */
        limit_ms: number;
      };
    }
  | { code: "moderated" }
  | { code: "stopped_by_you" }
  | { code: "skipped_by_you" }
  | { code: "discarded_by_you" }
  | { code: "silenced_by_you" }
  | { code: "old_job" }
  | {
      code: "timed_out";
      params: {
        /** How long it may run, in milliseconds. */
        limit_ms: number;
      };
    }
  | { code: "interrupted" }
  | {
      code: "action_failed";
      params: {
        /** What happened. */
        error: string;
        /** What the streamer can do. */
        advice: string;
      };
    }
  | {
      code: "action_broke";
      params: {
        /** The kind of action. */
        kind: string;
      };
    }
  | { code: "folded" }
  | { code: "session_over" }
  | {
      code: "too_often";
      params: {
        /** How often it fired for the event. */
        fired: number;
        /** How often it would have. */
        of: number;
      };
    }
  | {
      code: "no_event_off";
      params: {
        /** The service. */
        service: string;
      };
    }
  | {
      code: "too_many";
      params: {
        /** How many runs one firing may lead to. */
        limit: number;
      };
    }
  | { code: "no_session_open" }
  | { code: "unreadable" }
  | { code: "not_answered" };

/** Who received a gift. */
export type Recipient = {
  /** The number that stays over renames (User.1, GiftMessage.46 or 45, GiftMonitorInfo.8). */
  user_id: string;
  /** The handle without `@`, where sent (User.38). */
  unique_id?: string;
  /** The display name, where sent (User.3, GiftMessage.47). */
  nickname: string;
};

/** A recording that can be played. */
export type Recording = {
  /** Where it lies. */
  path: string;
  /** What it is called. */
  name: string;
  /** Its size. */
  sizeBytes: number;
  /** When it was recorded, where that is known. */
  recordedMs: number | null;
};

/** What is rehearsed. */
export type Rehearsal =
  | {
      from: "scenario";
      /** Which. */
      scenario: Scenario;
      /** How many times as fast as real time. */
      speed: number;
      /** What chance begins with: any text gives the same live again. */
      seed: string;
    }
  | {
      from: "recording";
      /** Where it lies. */
      path: string;
      /** How many times as fast as real time. */
      speed: number;
    };

/** What a viewer can be to the streamer. */
export type Role = "follower" | "friend" | "subscriber" | "moderator" | "streamer";

/** One rule. */
export type Rule = {
  /** What it is called in tables, files and commands; it stays when the rule is renamed. */
  id: string;
  /** What people call it. */
  name: string;
  /** Switched off, it stays and never fires. */
  enabled: boolean;
  /** What makes it fire. */
  when: Trigger;
  /** What must hold too; all of it. */
  only_if?: Array<Condition>;
  /** What is done, in order. */
  do: Array<Step>;
  /** How it follows a gift combo. */
  combo?: ComboMode;
  /** How soon it may fire again. */
  cooldown?: Cooldown;
  /** The group of rules that it belongs to, by the group's name. */
  group?: string;
  /** Merges what still waits. */
  fold?: Fold;
  /** The place of its jobs among waiting ones; without it, the service's for this event type. */
  priority?: number;
};

/** Rules that answer the same events together. */
export type RuleGroup = {
  /** Its name, by which rules say that they belong to it. */
  name: string;
  /** Which of its matching rules fire. */
  fires: GroupMode;
  /** After any of them fired, how long all of them wait, in seconds. */
  cooldown_seconds?: number;
};

/** One earlier form of a rule. */
export type RuleVersion = {
  /** 1, 2, 3 … of this rule. */
  version: number;
  /** When a newer form took its place. */
  savedMs: number;
  /** The rule as it was. */
  rule: Rule;
};

/** Everything that the Rules screen lists. */
export type Rulebook = {
  /** Counts up with every change by anybody. */
  revision: number;
  /** The rules in the order in which people see them. */
  rules: Array<ListedRule>;
  /** Their groups. */
  groups: Array<RuleGroup>;
  /** The default actions of all services. */
  defaults: Array<ListedDefault>;
  /** How many rules lie in the bin. */
  binned: number;
  /** What can be undone. */
  undo: Undo;
};

/** A cooldown that runs now. */
export type RunningCooldown = {
  /** The rule. */
  rule: string;
  /** How long the longest of them still runs. */
  leftMs: number;
  /** How many viewers have one of their own. */
  viewers: number;
};

/** What a saved rule came to. */
export type Saved = {
  /** The rule as it is now. */
  rule: ListedRule;
  /** The rulebook's revision. */
  revision: number;
  /** What can be undone. */
  undo: Undo;
};

/** Where a text was saved. */
export type SavedText = {
  /** None where people thought better of it. */
  path: string | null;
};

/** An invented live. */
export type Scenario =
  | "small_live"
  | "typical"
  | "busy"
  | "raid_of_roses"
  | "battle_finish"
  | "missing_ends"
  | "reconnect_in_combo"
  | "everything";

/** A page or program that is connected. */
export type ServerConnection = {
  /** What it may do. */
  role: string;
  /** From which address. */
  from: string;
  /** Since when. */
  sinceMs: number;
};

/** An address to be copied. */
export type ServerLink = {
  /** What it may do: `remote` or `full`. */
  role: "remote" | "full";
  /** The address. */
  url: string;
};

/** The local server. */
export type ServerSettings = {
  /** It runs. */
  enabled: boolean;
  /** Its port; the next free one is taken where it is not. */
  port: number;
  /** The role `remote` may connect from other machines of the network. */
  lan: boolean;
};

/** How the local server stands. */
export type ServerStatus = {
  /** It runs. */
  running: boolean;
  /** On this port. */
  port: number | null;
  /** Why it does not run. */
  problem: string | null;
  /** Addresses with the token in the fragment, to be copied. */
  links: Array<ServerLink>;
  /** Who is connected. */
  connections: Array<ServerConnection>;
};

/** A service with its wishes. */
export type Service = {
  /** What it is called in tables, files and commands. */
  id: string;
  /** What it is able to do. */
  kind: ServiceKind;
  /** What people call it. */
  name: string;
  /** A service that is not active gets no jobs. */
  active: boolean;
  /** Jobs that may wait. */
  maxQueueSize: number;
  /** Async jobs that may run at once. */
  maxParallel: number;
  /** The event types that are treated apart. */
  events: { [key in EventType]?: EventConfig };
  /** All other event types, and jobs that no event caused. */
  others: EventConfig;
};

/** What a service is able to do; one of each kind is there from the start, more of a kind can be added. */
export type ServiceKind =
  "basics" | "dinochrome" | "overlays" | "voice" | "sounds" | "assistant" | "games" | "studio" | "web" | "custom";

/** How a service stands. */
export type ServiceStatus = {
  /** The service. */
  id: string;
  /** It gets jobs. */
  active: boolean;
  /** It starts none. */
  paused: boolean;
  /** Who works its queue. */
  worker: Worker;
  /** Jobs that wait: ready, for their time, or held. */
  pending: number;
  /** Jobs that run. */
  processing: number;
  /** Of those that wait, the held ones. */
  held: number;
  /** How much later than it should the oldest ready job is; 0 is on time. */
  lateMs: number;
  /** Jobs done since midnight. */
  completedToday: number;
  /** Jobs failed since midnight. */
  failedToday: number;
  /** Jobs discarded since midnight. */
  discardedToday: number;
  /** At most three, the longest running first. */
  running: Array<Job>;
  /** Why it needs the streamer, if it does. */
  trouble: Reason | null;
};

/** Everything that is set, by area. */
export type Settings = {
  /** The window. */
  window: WindowSettings;
  /** The way to the live. */
  connection: ConnectionSettings;
  /** The local server. */
  server: ServerSettings;
  /** Global key combinations. */
  hotkeys: HotkeySettings;
  /** What is kept, and what it is worth. */
  keeping: KeepingSettings;
};

/** Since when something is counted. */
export type Since = "session" | "ever";

/** What was skipped. */
export type Skipped = {
  /** How many jobs ran. */
  jobs: number;
};

/** What became of a captcha that somebody was shown. */
export type Solved = {
  /** It was solved; else the page was closed before, or is a capture's own, which is in front of the other windows now. */
  solved: boolean;
};

/** What was begun by hand. */
export type StartedRun = {
  /** The number of the run. */
  run: string;
};

/** One step of a rule; which one it is shows by the key that only it has: `action`, `if`, `pick_one` or `wait_ms`. */
export type Step = Act | Choose | PickOne | Wait;

/** How many jobs *stop everything* would end. */
export type StopPreview = {
  /** Jobs that run. */
  running: number;
  /** Jobs that wait. */
  waiting: number;
  /** Of both, those that somebody paid for. */
  paid: number;
};

/** A rule's verdict about an event. */
export type StoryDecision = {
  /** Its trigger matched; if not, nothing else was looked at. */
  matched: boolean;
  /** The id of the rule, or `default:SERVICE`. */
  origin: string;
  /** What people call it. */
  name: string;
  /** How often it fired. */
  fired: number;
  /** Why not, or why not more often. */
  because: Reason | null;
};

/** One run with its jobs. */
export type StoryRun = {
  /** Its number. */
  id: string;
  /** The id of the rule, or `default:SERVICE`. */
  origin: string;
  /** What people call it. */
  name: string;
  /** Which firing of the event it is, 1 first. */
  firing: number;
  /** Its jobs in their order. */
  jobs: Array<Job>;
};

/** What a super fan did. */
export type SuperFanKind = "joined" | "box" | "comment";

/** What a choice asks. */
export type Test = {
  /** A text with placeholders, such as `{counter:deaths}` or `{reply}`. */
  value: string;
  /** How it is compared; as numbers where both sides are numbers, else as texts without regard to case. */
  is: Comparison;
  /** What it is compared with; placeholders are filled here too. */
  than: string;
};

/** Light or dark. */
export type Theme = "system" | "dark" | "light";

/** One of those who gave most. */
export type TopViewer = {
  /** Who it is (field 2 of RoomUserSeqMessage.2). */
  user: User;
  /** Diamonds given in this live (field 1 of RoomUserSeqMessage.2). */
  diamonds: number;
};

/** What the live adds up to. */
export type Totals = {
  /** Who watches now. */
  viewers: number;
  /** Hearts of the room. */
  likes: number;
  /** Diamonds given. */
  diamonds: number;
  /** Follows of this session. */
  newFollowers: number;
  /** Events that count. */
  events: number;
};

/** What would happen, or with `try_rule` what now happens. */
export type Trial = {
  /** How often the rule fires. */
  fired: number;
  /** Why not, or why not more often. */
  because: Reason | null;
  /** Its steps. */
  steps: Array<TriedStep>;
  /** What else would match. */
  others: Array<DecisionLine>;
  /** The number of the run, where it really ran. */
  run: string | null;
};

/** A step that was tried. */
export type TriedStep = {
  /** Its place, such as `do[1]`. */
  place: string;
  /** What it does. */
  kind: string;
  /** The service that would run it. */
  service: string;
  /** As sent, with everything filled. */
  summary: string;
  /** Why it would be skipped. */
  because: Reason | null;
};

/** The occasion on which a rule fires, if its conditions hold too. */
export type Trigger =
  | {
      on: "event";
      /** The type as events spell it, such as `follow`. */
      event: EventType;
    }
  | {
      on: "gift";
      /** The gifts, by id; the rest is a snapshot for people. */
      gifts?: Array<GiftRef>;
      /** Gifts of these names, in any language in which they were seen, without regard to case. */
      names?: Array<string>;
    }
  | {
      on: "gift_value";
      /** At least so many diamonds. */
      min_diamonds?: number;
      /** At most so many diamonds. */
      max_diamonds?: number;
    }
  | { on: "comment" }
  | {
      on: "keyword";
      /** The words or phrases. */
      words: Array<string>;
    }
  | {
      on: "regex";
      /** The expression, in the syntax of Rust's `regex`, without regard to case. */
      pattern: string;
    }
  | {
      on: "command";
      /** Its names, with or without the prefix. */
      names: Array<string>;
      /** Where in the comment it may stand. */
      place: CommandPlace;
    }
  | {
      on: "every_likes";
      /** How many. */
      every: number;
    }
  | {
      on: "like_streak";
      /** How many. */
      count: number;
    }
  | {
      on: "every_followers";
      /** How many. */
      every: number;
    }
  | { on: "goal_reached" }
  | {
      on: "counter_reached";
      /** The counter's name. */
      counter: string;
      /** The value. */
      value: number;
    }
  | {
      on: "timer";
      /** How many. */
      every_seconds: number;
    }
  | {
      on: "time_of_day";
      /** When, in the streamer's own time, such as `21:30`. */
      at: string;
    }
  | {
      on: "custom";
      /** Its name. */
      name: string;
    }
  | {
      on: "hotkey";
      /** The keys, such as `Ctrl+Shift+R`. */
      keys: string;
    }
  | {
      on: "button";
      /** What stands on it. */
      label: string;
    }
  | {
      on: "call";
      /** Its name. */
      name: string;
    }
  | { on: "app_start" }
  | {
      on: "overlay_closed";
      /** The overlay's name. */
      overlay: string;
    }
  | {
      on: "service_late";
      /** The service. */
      service: string;
      /** How long, in seconds. */
      seconds: number;
    };

/** With what a rule is tried. */
export type TryWith =
  | {
      with: "real";
      /** The event's session. */
      session: number;
      /** The event's number in it. */
      number: number;
    }
  | ({ with: "made_up" } & MadeUp);

/** What *undo* and *redo* would do, over rules, groups and services. */
export type Undo = {
  /** The deed that *undo* takes back. */
  undo: Deed | null;
  /** The deed that *redo* does again. */
  redo: Deed | null;
};

/** A person as the message that carried them says; what it does not say is `None`, never invented. */
export type User = {
  /** The handle without `@` (User.38 `display_id`); empty where TikTok hides it. */
  unique_id: string;
  /** The display name as sent (User.3), else the handle. */
  nickname: string;
  /** The number that stays over renames (User.1). */
  user_id: string;
  /** The first address of the smallest picture sent (User.9, else 10, else 11); expires after about two days. */
  profile_picture: string | null;
  /** The bio (User.5), where sent. */
  signature?: string;
  /** 0 none, 1 follower, 2 friend. */
  follow_role: number | null;
  /** Whether this viewer moderates the live. */
  is_moderator: boolean | null;
  /** Whether this viewer subscribes to the streamer. */
  is_subscriber: boolean | null;
  /** Level in the streamer's team (fan club). */
  team_level: number | null;
  /** Level as a giver of gifts, over all of TikTok. */
  gifter_level: number | null;
  /** Place among the top givers of this live, 1 first. */
  top_gifter_rank: number | null;
  /** True for the streamer; written only then. */
  is_host?: boolean;
};

/** Names that rules share. */
export type Values = {
  /** The counters. */
  counters: Array<CounterValue>;
  /** The variables. */
  variables: Array<VariableValue>;
};

/** What a trigger's events provide. */
export type Variable = {
  /** As it stands between the braces. */
  name: string;
  /** Its last real value. */
  last: string | null;
};

/** A variable. */
export type VariableValue = {
  /** Its name. */
  name: string;
  /** Its text. */
  text: string;
};

/** How bad a finding is. */
export type Verdict = "good" | "notable" | "bad";

/** A pause between two steps. */
export type Wait = {
  /** How long, in milliseconds. */
  wait_ms: number;
};

/** One warning, with its place. */
export type Warning = {
  /** What it is about. */
  about: WarningAbout;
  /** Where in the rule or service, as files spell it, such as `do[1].with.text`. */
  place: string;
} & (
  | {
      code: "shadowed";
      params: {
        /** That rule. */
        by: string;
      };
    }
  | {
      code: "same_event";
      params: {
        /** That rule. */
        as_rule: string;
      };
    }
  | {
      code: "same_keys";
      params: {
        /** The keys. */
        keys: string;
      };
    }
  | {
      code: "same_as_default";
      params: {
        /** The service. */
        service: string;
        /** The event type. */
        event_type: EventType;
      };
    }
  | {
      code: "not_in_event";
      params: {
        /** The placeholder. */
        placeholder: string;
        /** The event type. */
        event_type: EventType;
      };
    }
  | {
      code: "unknown_placeholder";
      params: {
        /** As it was typed. */
        name: string;
      };
    }
  | {
      code: "unknown_filter";
      params: {
        /** As it was typed. */
        name: string;
      };
    }
  | { code: "no_cap" }
  | {
      code: "service_off";
      params: {
        /** The service. */
        service: string;
      };
    }
  | {
      code: "event_type_off";
      params: {
        /** The service. */
        service: string;
        /** The event type. */
        event_type: EventType;
      };
    }
  | {
      code: "unknown_action";
      params: {
        /** The kind. */
        kind: string;
      };
    }
  | {
      code: "unknown_parameter";
      params: {
        /** The kind. */
        kind: string;
        /** As it was typed. */
        name: string;
        /** Those that there are. */
        known: Array<string>;
      };
    }
  | {
      code: "wrong_service";
      params: {
        /** The kind. */
        kind: string;
        /** The service. */
        service: string;
      };
    }
  | {
      code: "no_such_rule";
      params: {
        /** That rule. */
        rule: string;
      };
    }
  | {
      code: "loop";
      params: {
        /** The rules in a row, the first one again at the end. */
        rules: Array<string>;
      };
    }
  | { code: "no_steps" }
  | { code: "never_fires" }
  | {
      code: "discardable";
      params: {
        /** The event type. */
        event_type: EventType;
      };
    }
);

/** What a warning is about. */
export type WarningAbout = { rule: string } | { service: string };

/** One way into a live. */
export type Way = "direct" | "cookie" | "page" | "sign" | "tikfinity";

/** Where a key lies. */
export type WhereKeyLies = "keychain" | "session" | "environment";

/** The window. */
export type WindowSettings = {
  /** Its language. */
  language: Language;
  /** Light or dark. */
  theme: Theme;
  /** Closed, the engine goes on in the tray. */
  closeToTray: boolean;
  /** The app starts with the system. */
  autostart: boolean;
};

/** Who works a queue. */
export type Worker =
  | { by: "us" }
  | {
      by: "other";
      /** What is known of it. */
      who: string;
    }
  | { by: "nobody" };

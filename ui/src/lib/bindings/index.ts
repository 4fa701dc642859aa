// What crosses the boundary between the engine and the window: generated, but for names of parts of it.
import type { Commands } from "./commands";
import type { Capability, KeyStatus, LiveEvent, Reason, Settings, Warning } from "./engine";

export type * from "./commands";
export type * from "./engine";
export * from "./lists";
export type * from "./schema";

export type CommandName = keyof Commands;
export type Input<C extends CommandName> = Commands[C]["input"];
export type Output<C extends CommandName> = Commands[C]["output"];

export type ReasonCode = Reason["code"];
export type WarningCode = Warning["code"];
export type CapabilityCode = Capability["code"];
export type GiftEvent = Extract<LiveEvent, { event_type: "gift" }>;

export type KeyId = KeyStatus["id"];

/** The areas of the settings, each saved as a whole. */
export type SettingsArea = keyof Settings;

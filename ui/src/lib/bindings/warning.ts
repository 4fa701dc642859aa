// What works but is perhaps not meant, and what a rules file can do: codes with their parameters.
import type { EventType } from "./event";

export type ConcernParams = {
  shadowed: { by: string };
  same_event: { as_rule: string };
  same_as_default: { service: string; event_type: EventType };
  not_in_event: { placeholder: string; event_type: EventType };
  unknown_placeholder: { name: string };
  unknown_filter: { name: string };
  no_cap: null;
  service_off: { service: string };
  event_type_off: { service: string; event_type: EventType };
  unknown_action: { kind: string };
  unknown_parameter: { kind: string; name: string; known: string[] };
  wrong_service: { kind: string; service: string };
  no_such_rule: { rule: string };
  loop: { rules: string[] };
  no_steps: null;
  never_fires: null;
  discardable: { event_type: EventType };
};

export type ConcernCode = keyof ConcernParams;

type Concern = {
  [C in ConcernCode]: ConcernParams[C] extends null ? { code: C } : { code: C; params: ConcernParams[C] };
}[ConcernCode];

/** `place` as files spell it, such as `do[1].with.text`. */
export type Warning = { about: { rule: string } | { service: string }; place: string } & Concern;

export type CapabilityParams = {
  controls_input: { kind: string; what: string };
  runs_script: null;
  sends_command: { kind: string; command: string };
  calls_address: { address: string };
  uses_file: { kind: string; file: string };
  uses_program: { service: string };
  uses_action: { kind: string };
};

export type CapabilityCode = keyof CapabilityParams;

/** One thing that the rules of a file can do to somebody's computer. */
export type Capability = {
  [C in CapabilityCode]: CapabilityParams[C] extends null ? { code: C } : { code: C; params: CapabilityParams[C] };
}[CapabilityCode];

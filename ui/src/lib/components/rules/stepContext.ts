// What every step of a rule knows of its surroundings.
import type { ActionKind, Trigger, TryWith, Values, Variable, Warning } from "$lib/bindings";

export type StepContext = {
  kinds: readonly ActionKind[];
  variables: readonly Variable[];
  shared: Values;
  warnings: readonly Warning[];
  trigger: Trigger;
  tryWith: TryWith;
  /** The rule runs along with a combo, so that steps can wait for its end. */
  withCombo: boolean;
  /** What each step would send, by its place. */
  asSent: ReadonlyMap<string, string>;
};

export type StepFrameProps = {
  number: number;
  warnings: readonly Warning[];
  canMove: { up: boolean; down: boolean };
  onmove: (by: number) => void;
  onremove: () => void;
  onduplicate: () => void;
};

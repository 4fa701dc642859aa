// What crosses the boundary between the engine and the window.
export type * from "./commands";
export type * from "./event";
export type * from "./failure";
export type * from "./job";
export type * from "./live";
export type * from "./push";
export type * from "./reason";
export type * from "./rule";
export type * from "./rulebook";
export type * from "./service";
export type * from "./settings";
export type * from "./warning";

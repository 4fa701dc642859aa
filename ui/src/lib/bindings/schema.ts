// Kinds of action as docs/schemas/actions.json publishes them, with the part of JSON Schema that they use.

/** A kind of action. */
export type ActionKind = {
  id: string;
  title: string;
  service: string;
  runs_in_any_service: boolean;
  replay: "safe" | "at_most_once";
  /** The names of its parameters, in the order of the form. */
  fields: string[];
  parameters: ParameterSchema;
};

export type ParameterSchema = {
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, FieldSchema>;
};

export type FieldSchema = {
  description?: string;
  type?: string | string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  oneOf?: { const?: string; description?: string; type?: string }[];
  anyOf?: { type?: string; format?: string; description?: string }[];
  /** Which control it is shown with. */
  "x-input"?: string;
};

// Turns an action kind's JSON Schema into the fields of its form.
import type { ActionKind, FieldSchema, JsonValue } from "$lib/bindings";

/** How a field is asked for; what a newer engine invents is still shown, as JSON. */
export type Control =
  | { as: "text" }
  | { as: "multiline" }
  | { as: "file_name" }
  | { as: "folder" }
  | { as: "rule" }
  | { as: "counter" }
  | { as: "variable" }
  /** A number, or a text with placeholders that comes to one. */
  | { as: "number_or_text" }
  | { as: "number"; min: number | undefined; max: number | undefined; whole: boolean }
  | { as: "switch" }
  | { as: "choice"; choices: { value: string; description: string }[] }
  | { as: "fields" }
  | { as: "json" };

export type FormField = {
  name: string;
  /** The schema's own words, in English; the catalogues translate them. */
  description: string;
  control: Control;
  fallback: JsonValue | undefined;
  /** Left out or `null` means nothing is set. */
  optional: boolean;
};

/** The fields of a kind, in the order of its form. */
export function formFields(kind: ActionKind): FormField[] {
  return kind.fields.flatMap((name) => {
    const schema = kind.parameters.properties?.[name];
    return schema ? [formField(name, schema)] : [];
  });
}

function formField(name: string, schema: FieldSchema): FormField {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return {
    name,
    description: schema.description ?? "",
    control: control(schema, types),
    fallback: schema.default as JsonValue | undefined,
    optional: types.includes("null"),
  };
}

function control(schema: FieldSchema, types: readonly string[]): Control {
  const hint = schema["x-input"];
  switch (hint) {
    case "multiline":
    case "file_name":
    case "folder":
    case "rule":
    case "counter":
    case "variable":
    case "fields":
      return { as: hint };
    case "number":
      if (schema.anyOf) return { as: "number_or_text" };
  }
  const choices = (schema.oneOf ?? []).flatMap((choice) =>
    choice.const === undefined ? [] : [{ value: choice.const, description: choice.description ?? "" }],
  );
  if (choices.length > 0) return { as: "choice", choices };
  if (types.includes("boolean")) return { as: "switch" };
  if (types.includes("integer") || types.includes("number")) {
    return { as: "number", min: schema.minimum, max: schema.maximum, whole: types.includes("integer") };
  }
  return types.includes("string") ? { as: "text" } : { as: "json" };
}

/** What a field holds now: what was set, else what it is by default. */
export function valueOf(field: FormField, values: Record<string, JsonValue>): JsonValue | undefined {
  return field.name in values ? values[field.name] : field.fallback;
}

/** Sets a field; a value that is the default is left out, so that a newer default reaches the rule. */
export function withValue(
  values: Record<string, JsonValue>,
  field: FormField,
  value: JsonValue,
): Record<string, JsonValue> {
  const { [field.name]: _, ...rest } = values;
  const isDefault = JSON.stringify(value) === JSON.stringify(field.fallback);
  return isDefault ? rest : { ...rest, [field.name]: value };
}

/** The field that says most about what the action does: its text, else its first one. */
export function headline(kind: ActionKind, values: Record<string, JsonValue>): string {
  const fields = formFields(kind);
  const field =
    fields.find((one) => one.control.as === "multiline") ?? fields.find((one) => one.name === "text") ?? fields[0];
  const value = field && valueOf(field, values);
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

// Forms from schemas: every published kind has one, and what is the default is not stored.
import { describe, expect, it } from "vitest";

import actions from "$schemas/actions.json";
import type { ActionKind } from "$lib/bindings";
import { formFields, headline, valueOf, withValue } from "$lib/forms/fields";
import { pieces } from "$lib/forms/placeholders";

const KINDS = actions as unknown as ActionKind[];

function kind(id: string): ActionKind {
  const found = KINDS.find((one) => one.id === id);
  if (!found) throw new Error(`${id} is a published kind`);
  return found;
}

describe("forms", () => {
  it("ask for every field of every published kind, none of them as raw JSON", () => {
    for (const one of KINDS) {
      const fields = formFields(one);
      expect(
        fields.map((field) => field.name),
        one.id,
      ).toEqual(one.fields);
      for (const field of fields)
        expect(field.control.as, `${one.id}.${field.name} needs a control of its own`).not.toBe("json");
    }
  });

  it("ask as the schema hints", () => {
    const controls = (id: string) => formFields(kind(id)).map((field) => field.control.as);
    expect(controls("counter_change")).toEqual(["counter", "choice", "number_or_text"]);
    expect(controls("file_write")).toEqual(["file_name", "multiline", "choice", "folder"]);
    expect(controls("enable_rule")).toEqual(["rule", "switch"]);
    expect(controls("emit_event")).toEqual(["text", "fields"]);
  });

  it("shows a hint that nobody knows yet by its type", () => {
    const parameters = { properties: { volume: { type: "integer", minimum: 0, maximum: 100, "x-input": "dial" } } };
    const [field] = formFields({ ...kind("log_write"), fields: ["volume"], parameters });
    expect(field?.control).toEqual({ as: "number", min: 0, max: 100, whole: true });
  });

  it("leaves out what is the default, so that a newer default reaches the rule", () => {
    const [text] = formFields(kind("log_write"));
    if (!text) throw new Error("log_write has a text");
    expect(withValue({ text: "hello" }, text, "{nickname}: {event}")).toEqual({});
    expect(withValue({}, text, "hello")).toEqual({ text: "hello" });
    expect(valueOf(text, {})).toBe("{nickname}: {event}");
  });

  it("has a headline that says what the action does", () => {
    expect(headline(kind("log_write"), { text: "Thank you!" })).toBe("Thank you!");
    expect(headline(kind("counter_change"), {})).toBe("counter");
  });
});

describe("placeholders", () => {
  it.each([
    ["Hi {nickname}!", ["Hi ", "nickname", "!"]],
    ["{comment|trim|max:80}", ["comment|trim|max:80"]],
    ["{counter:deaths} deaths", ["counter:deaths", " deaths"]],
    ['{"a": 1}', ['{"a": 1}']],
    ["100 % {", ["100 % {"]],
    ["", []],
  ])("are found in %j", (text, expected) => {
    expect(pieces(text).map((piece) => piece.text)).toEqual(expected);
  });
});

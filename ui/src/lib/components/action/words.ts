// What action kinds and their fields are called; a kind that is newer than the catalogues speaks for itself, in English.
import type { ActionKind } from "$lib/bindings";
import type { FormField } from "$lib/forms/fields";
import { tOr } from "$i18n";

export function kindTitle(kinds: readonly ActionKind[], id: string): string {
  return tOr(`actions.${id}.title`, kinds.find((kind) => kind.id === id)?.title ?? id);
}

export function fieldLabel(kind: string, field: FormField): string {
  return tOr(`actions.${kind}.${field.name}`, field.name);
}

export function fieldHint(kind: string, field: FormField): string {
  return tOr(`actions.${kind}.${field.name}.hint`, field.description);
}

export function choiceLabel(kind: string, field: FormField, value: string, description: string): string {
  return tOr(`actions.${kind}.${field.name}.${value}`, description || value);
}

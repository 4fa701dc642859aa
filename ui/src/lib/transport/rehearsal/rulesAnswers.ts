// What the rehearsal answers about rules and gifts.
import type { Rule } from "$lib/bindings";

import { TransportFailure } from "../transport";
import { GIFTS } from "./gifts";
import { exampleLines } from "./lines";
import { answers } from "./match";
import { trial } from "./trial";
import type { Answers, World } from "./world";

export function rulesAnswers(
  world: World,
): Answers<
  | "rulebook"
  | "add_rule"
  | "save_rule"
  | "enable_rule"
  | "duplicate_rule"
  | "move_rule"
  | "bin_rule"
  | "binned_rules"
  | "restore_rule"
  | "empty_bin"
  | "rule_history"
  | "restore_rule_version"
  | "save_group"
  | "undo"
  | "redo"
  | "enable_default"
  | "export_rules"
  | "preview_import"
  | "import_rules"
  | "preview_rule"
  | "try_rule"
  | "try_action"
  | "real_events"
  | "variables"
  | "values"
  | "running_cooldowns"
  | "reset_cooldowns"
  | "gifts"
  | "catch_next_gift"
  | "stop_catching"
> {
  return {
    rulebook: () => world.book,
    add_rule: ({ rule }) => world.save({ id: world.freeId(rule.name), enabled: true, ...rule }, "rule_added"),
    save_rule: ({ rule, revision }) => {
      if (world.changedSince(rule.id, revision))
        throw new TransportFailure({ code: "changed_meanwhile", message: `rule ${rule.id} was changed` });
      world.listed(rule.id);
      return world.save(rule, "rule_changed");
    },
    enable_rule: ({ rule, enabled }) => world.save({ ...world.listed(rule).rule, enabled }, "rule_changed"),
    duplicate_rule: ({ rule }) => {
      const copy = structuredClone(world.listed(rule).rule);
      return world.save({ ...copy, id: world.freeId(copy.name) }, "rule_added");
    },
    move_rule: ({ rule, before }) => {
      const listed = world.listed(rule);
      world.remember({ what: "rule_moved", name: listed.rule.name });
      const rest = world.rules.filter((one) => one !== listed);
      const place = before === null ? rest.length : rest.findIndex((one) => one.rule.id === before);
      world.rules = rest.toSpliced(place, 0, listed);
      return world.book;
    },
    bin_rule: ({ rule }) => {
      const listed = world.listed(rule);
      world.remember({ what: "rule_binned", name: listed.rule.name });
      world.rules = world.rules.filter((one) => one !== listed);
      world.binned.unshift({ rule: listed.rule, binnedMs: world.now });
      return world.book;
    },
    binned_rules: () => world.binned,
    restore_rule: ({ rule }) => {
      const found = world.binned.find((binned) => binned.rule.id === rule);
      if (!found) throw new TransportFailure({ code: "not_found", message: `rule ${rule} is not in the bin` });
      world.binned = world.binned.filter((binned) => binned !== found);
      return world.save(found.rule, "rule_restored");
    },
    empty_bin: () => {
      world.binned = [];
      return {};
    },
    rule_history: ({ rule }) => world.history.get(rule) ?? [],
    restore_rule_version: ({ rule, version }) => {
      const found = world.history.get(rule)?.find((one) => one.version === version);
      return world.save(found?.rule ?? world.listed(rule).rule, "rule_changed");
    },
    save_group: ({ group }) => {
      world.remember({ what: "group_changed", name: group.name });
      const rest = world.groups.filter((known) => known.name !== group.name);
      world.groups = [...rest, group];
      return world.book;
    },
    undo: () => world.travel(world.past, world.future),
    redo: () => world.travel(world.future, world.past),
    enable_default: ({ service, eventType, enabled }) => {
      world.changeService(service, "", (old) => {
        const config = old.events[eventType] ?? old.others;
        const action = config.defaultAction;
        return {
          ...old,
          events: { ...old.events, [eventType]: { ...config, defaultAction: action && { ...action, enabled } } },
        };
      });
      return world.book;
    },
    export_rules: ({ rules }) => ({
      fileName: "rules.json",
      text: JSON.stringify(
        {
          cuelight_rules: 1,
          rules: world.rules.map((one) => one.rule).filter((rule) => !rules || rules.includes(rule.id)),
        },
        null,
        2,
      ),
    }),
    preview_import: ({ text }) => {
      const none = { rules: [], groups: 0, capabilities: [], warnings: [], moreFaults: 0 };
      try {
        const file = JSON.parse(text) as { rules: Rule[] };
        return {
          ...none,
          rules: file.rules.map((rule, place) => ({
            rule,
            becomes: place === 0 ? { as: "renamed", id: `${rule.id}-2` } : { as: "new" },
            unknownActions: place === 1 ? ["fireworks"] : [],
          })),
          groups: 1,
          capabilities: [
            { code: "controls_input", params: { kind: "press_keys", what: "Ctrl+Shift+S" } },
            { code: "calls_address", params: { address: "https://example.org/hook?who={nickname}" } },
            { code: "uses_file", params: { kind: "file_write", file: "/home/luna/obs/last-gift.txt" } },
            { code: "uses_action", params: { kind: "log_write" } },
          ],
          faults: [],
        };
      } catch {
        return { ...none, faults: [{ place: "line 1, column 1", rule: null, problem: "this is no JSON" }] };
      }
    },
    import_rules: ({ text }) => {
      const file = JSON.parse(text) as { rules: Rule[] };
      for (const rule of file.rules) world.save({ ...rule, id: world.freeId(rule.id) }, "rules_imported");
      return world.book;
    },
    preview_rule: ({ rule, tryWith }) => trial(world, rule, tryWith, false),
    try_rule: ({ rule, tryWith }) => trial(world, rule, tryWith, true),
    try_action: ({ action, trigger, tryWith }) =>
      trial(world, { id: "", name: "", enabled: true, when: trigger, do: [action] }, tryWith, false),
    real_events: ({ trigger, limit }) =>
      exampleLines(world.now)
        .filter((line) => answers({ id: "", name: "", enabled: true, when: trigger, do: [] }, line.event))
        .reverse()
        .slice(0, limit)
        .map(({ session, number, receivedMs, event }) => ({ session, number, receivedMs, event })),
    variables: ({ trigger }) => {
      const gift = trigger.on === "gift" || trigger.on === "gift_value";
      const chat = ["comment", "command", "keyword", "regex"].includes(trigger.on);
      return [
        { name: "nickname", last: "mia_draws" },
        { name: "username", last: "mia_draws" },
        ...(gift
          ? [
              { name: "gift_name", last: "Rose" },
              { name: "count", last: "12" },
              { name: "diamonds", last: "12" },
              { name: "diamond_count", last: "1" },
            ]
          : []),
        ...(chat
          ? [
              { name: "comment", last: "bài này tên gì vậy chị?" },
              { name: "args", last: null },
            ]
          : []),
        { name: "total_likes", last: "48213" },
        { name: "viewers", last: "312" },
        { name: "counter:lions", last: "3" },
      ];
    },
    values: () => ({
      counters: [
        { name: "lions", value: 3 },
        { name: "deaths", value: 41 },
      ],
      variables: [{ name: "song", text: "Lạc trôi" }],
    }),
    running_cooldowns: () => [{ rule: "questions", leftMs: 8_000, viewers: 0 }],
    reset_cooldowns: () => ({}),
    gifts: ({ search, order, offset, limit }) => {
      const wanted = search.trim().toLowerCase();
      const found = GIFTS.filter(
        (gift) =>
          wanted === "" || String(gift.id) === wanted || gift.names.some((name) => name.toLowerCase().includes(wanted)),
      );
      if (order === "value") found.sort((one, other) => (one.diamondCount ?? 0) - (other.diamondCount ?? 0));
      const usedBy = (id: number) =>
        world.rules
          .map((one) => one.rule)
          .filter((rule) => rule.when.on === "gift" && (rule.when.gifts ?? []).some((gift) => gift.id === id))
          .map(({ id: rule, name }) => ({ id: rule, name }));
      const gifts = found
        .slice(offset, offset + limit)
        .map(({ names: _, ...gift }) => ({ ...gift, usedBy: usedBy(gift.id) }));
      return { gifts, total: found.length, next: offset + limit < found.length ? offset + limit : null };
    },
    catch_next_gift: () => {
      setTimeout(() => {
        const { names: _, ...gift } = GIFTS[7] ?? {
          names: [],
          id: 1,
          name: "",
          diamondCount: 1,
          imageUrl: null,
          streakable: true,
          received: 0,
          usedBy: [],
        };
        world.tell({ caught: gift });
      }, 1500);
      return {};
    },
    stop_catching: () => ({}),
  };
}

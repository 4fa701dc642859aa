// Rules for the rehearsal: the starter rules and some that streamers would add.
import type { Act, ListedRule, Rule, Warning } from "$lib/bindings";

const say = (service: string, text: string, more: Partial<Act> = {}): Act => ({
  action: "log_write",
  service,
  with: { text },
  go_on_if_this_fails: true,
  ...more,
});

const RULES: Rule[] = [
  {
    id: "rose",
    name: "Rose restarts the dino",
    enabled: true,
    when: { on: "gift", gifts: [{ id: 5655, name: "Rose", diamond_count: 1 }] },
    do: [
      say("dinochrome", "restart the game for {nickname}"),
      say("voice", "Thank you {nickname} for {count} {gift_name}!", { at_the_same_time: true }),
    ],
  },
  {
    id: "lion",
    name: "Lion celebration",
    enabled: true,
    when: { on: "gift", gifts: [{ id: 6369, name: "Lion", diamond_count: 29_999 }] },
    do: [
      say("overlays", "big alert: {nickname} sent a {gift_name}"),
      { wait_ms: 1500 },
      {
        if: [{ value: "{count}", is: "at_least", than: "2" }],
        then: [say("studio", "scene Celebrate")],
        otherwise: [{ pick_one: [[say("sounds", "roar.mp3")], [say("sounds", "drum.mp3")]] }],
      },
      { action: "counter_change", with: { counter: "lions", how: "add", number: 1 } },
      say("voice", "{nickname}, thank you for the {gift_name}, wow!"),
    ],
    combo: { fires: "each_gift", max_repeat: 20 },
    priority: 10,
  },
  {
    id: "hundred",
    name: "100–999 diamonds",
    enabled: true,
    when: { on: "gift_value", min_diamonds: 100, max_diamonds: 999 },
    do: [say("overlays", "big alert for {nickname}: {diamonds} diamonds")],
    group: "gifts",
  },
  {
    id: "any-gift",
    name: "Any other gift",
    enabled: false,
    when: { on: "gift" },
    do: [say("sounds", "ding.mp3")],
    combo: { fires: "each_gift", max_repeat: null },
    group: "gifts",
  },
  {
    id: "jump",
    name: "!jump",
    enabled: true,
    when: { on: "command", names: ["!jump", "!salta"], place: "start" },
    only_if: [{ if: "who", any_of: ["follower", "subscriber"] }],
    do: [say("dinochrome", "the dinosaur jumps for {nickname}")],
    cooldown: { per_viewer_seconds: 3 },
  },
  {
    id: "questions",
    name: "Questions to the assistant",
    enabled: true,
    when: { on: "comment" },
    only_if: [
      { if: "comment_contains", text: "?" },
      { if: "chance", percent: 50 },
    ],
    do: [say("assistant", "answer {comment} for {nickname}")],
    cooldown: { seconds: 20 },
  },
  {
    id: "welcome",
    name: "Welcome new followers",
    enabled: true,
    when: { on: "event", event: "follow" },
    do: [say("overlays", "welcome {nickname}")],
    fold: { within_seconds: 5 },
  },
  {
    id: "likes",
    name: "Every 1,000 likes the dinosaur jumps, whoever sent them and however long that takes",
    enabled: true,
    when: { on: "every_likes", every: 1000 },
    do: [say("dinochrome", "the dinosaur jumps for {total_likes} likes")],
  },
  {
    id: "water",
    name: "Uống nước đi nào",
    enabled: true,
    when: { on: "timer", every_seconds: 1800 },
    do: [say("voice", "{unknown_thing} Time to drink some water")],
  },
  {
    id: "hype",
    name: "Hype",
    enabled: true,
    when: { on: "button", label: "Hype! 🎉" },
    do: [say("overlays", "confetti")],
  },
];

const WARNINGS: Warning[] = [
  { about: { rule: "any-gift" }, place: "combo", code: "no_cap" },
  { about: { rule: "questions" }, place: "do[0]", code: "service_off", params: { service: "assistant" } },
  {
    about: { rule: "water" },
    place: "do[0].with.text",
    code: "unknown_placeholder",
    params: { name: "unknown_thing" },
  },
  {
    about: { rule: "rose" },
    place: "when",
    code: "same_as_default",
    params: { service: "overlays", event_type: "gift" },
  },
];

const FIRED = [14, 1, 3, 0, 58, 31, 27, 48, 4, 2];

export function listedRules(): ListedRule[] {
  return RULES.map((rule, place) => ({
    rule: structuredClone(rule),
    warnings: WARNINGS.filter((warning) => "rule" in warning.about && warning.about.rule === rule.id),
    firedThisLive: FIRED[place] ?? 0,
    firedLastLive: (FIRED[place] ?? 0) * 2,
  }));
}

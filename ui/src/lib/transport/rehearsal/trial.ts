// Trying a rule in the rehearsal.
import type { Rule, Trial, TryWith } from "$lib/bindings";

import { exampleLines } from "./lines";
import { answers, madeUp, tried, whyNot } from "./match";
import type { World } from "./world";

/** What would happen, or with `run` what now happens. */
export function trial(world: World, rule: Rule, tryWith: TryWith, run: boolean): Trial {
  const real = exampleLines(world.now).find((line) => tryWith.with === "real" && line.number === tryWith.number);
  const event =
    real?.event ??
    madeUp(
      rule,
      tryWith.with === "made_up"
        ? tryWith
        : {
            with: "made_up",
            nickname: "mia",
            giftId: null,
            count: 12,
            comment: "hi",
            months: 1,
            follower: true,
            subscriber: false,
            moderator: false,
          },
    );
  const because = whyNot(rule, event);
  const others = world.rules.filter(
    (listed) => listed.rule.id !== rule.id && listed.rule.enabled !== false && answers(listed.rule, event),
  );
  if (run && !because) {
    const test = exampleLines(world.now)[15];
    if (test)
      world.tell({
        lines: [
          {
            ...test,
            event,
            number: world.number++,
            receivedMs: world.now,
            outcome: {
              ...test.outcome,
              test: true,
              decisions: [{ origin: rule.id, name: rule.name, fired: 1, because: null }],
            },
          },
        ],
      });
  }
  return {
    fired: because ? 0 : 1,
    because,
    steps: because ? [] : tried(rule.do, event),
    others: others.map((listed) => ({ origin: listed.rule.id, name: listed.rule.name, fired: 1, because: null })),
    run: run && !because ? "77" : null,
  };
}

//! The rules that a new data folder holds: examples that work at once.

use super::actions::log_write;
use crate::condition::Condition;
use crate::event::EventType;
use crate::id::RuleId;
use crate::rule::{ComboMode, Cooldown, Rule};
use crate::step::{Act, Step};
use crate::trigger::{CommandPlace, GiftRef, Trigger};

/// TikTok's number of the gift *Rose*.
const ROSE: i64 = 5655;

/// The starter rules; those that are on show what Cuelight can do, the others are one click away.
#[must_use]
pub fn starter_rules() -> Vec<Rule> {
    let rose = GiftRef { id: ROSE, name: Some("Rose".to_owned()), diamond_count: Some(1), image_url: None };
    let jump = || say("dinochrome", "the dinosaur jumps for {nickname}");
    let hello = Condition::CommentContains { text: "hello".to_owned() };
    vec![
        rule(
            "rose",
            "Rose: restart the game and say thanks",
            Trigger::Gift { gifts: vec![rose], names: Vec::new() },
            vec![
                say("dinochrome", "restart the game for {nickname}"),
                beside(say("voice", "Thank you {nickname} for {count} {giftname}!")),
            ],
        ),
        rule(
            "subscribe",
            "Subscribe: say thanks",
            event(EventType::Subscribe),
            vec![say("voice", "Thank you {nickname} for subscribing!")],
        ),
        rule(
            "jump",
            "!jump: the dinosaur jumps",
            Trigger::Command { names: vec!["!jump".to_owned()], place: CommandPlace::Start },
            vec![jump()],
        ),
        rule(
            "likes",
            "Every 1000 likes: the dinosaur jumps",
            Trigger::EveryLikes { every: 1000 },
            vec![say("dinochrome", "the dinosaur jumps for {totallikecount} likes")],
        ),
        off(rule("share", "Share: the dinosaur jumps", event(EventType::Share), vec![jump()])),
        off(Rule {
            only_if: vec![hello],
            cooldown: Cooldown { per_viewer_seconds: 60.0, ..Cooldown::default() },
            ..rule("hello", "\"hello\": say hello back", Trigger::Comment, vec![say("voice", "Hello {nickname}!")])
        }),
        off(rule(
            "follow",
            "Follow: say thanks",
            event(EventType::Follow),
            vec![say("voice", "Thank you {nickname} for following!")],
        )),
        off(Rule {
            only_if: vec![Condition::FirstInSession],
            cooldown: Cooldown { seconds: 10.0, ..Cooldown::default() },
            ..rule("join", "Join: say welcome", event(EventType::Join), vec![say("voice", "Welcome {nickname}!")])
        }),
    ]
}

fn rule(id: &str, name: &str, when: Trigger, steps: Vec<Act>) -> Rule {
    Rule {
        id: RuleId::new(id),
        name: name.to_owned(),
        enabled: true,
        when,
        only_if: Vec::new(),
        steps: steps.into_iter().map(Step::Act).collect(),
        combo: ComboMode::default(),
        cooldown: Cooldown::default(),
        group: None,
        fold: None,
        priority: None,
    }
}

fn off(rule: Rule) -> Rule {
    Rule { enabled: false, ..rule }
}

fn event(event: EventType) -> Trigger {
    Trigger::Event { event }
}

fn say(service: &str, text: &str) -> Act {
    Act { action: log_write(service, text), at_the_same_time: false, go_on_if_this_fails: true, at_the_end: false }
}

fn beside(act: Act) -> Act {
    Act { at_the_same_time: true, ..act }
}

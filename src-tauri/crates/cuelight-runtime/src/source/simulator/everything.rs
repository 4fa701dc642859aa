//! The scenario that brings each event type at least once, and the oddest input beside ordinary one.

use cuelight_core::event::{Body, Custom, Empty};

use super::act::{Act, Agenda, Occasion, Sending};
use super::combo::{Ending, Giving};
use super::dice::Dice;
use super::gifts::{CORGI, HEART_ME, ROSE};
use super::people::{Crowd, PersonIndex, RIVAL};
use super::phrases::Phrase;
use super::rates::group_id;
use super::{battle, entrance, occasions, room};

/// Everything that needs no more than its own message, in an order that makes sense to a viewer.
const OCCASIONS: &[Occasion] = &[
    occasions::question,
    occasions::emote_chat,
    occasions::treasure_box,
    occasions::treasure_box_gone,
    occasions::super_fan_box,
    occasions::super_fan_joined,
    occasions::other_social,
    occasions::keyless_follow,
    occasions::gifter_level_up,
    occasions::team_level_up,
    occasions::subscription_banner,
    occasions::mute,
    occasions::pin,
    occasions::unpin,
    occasions::poll_started,
    occasions::poll_voted,
    occasions::poll_ended,
    occasions::goal,
    battle::opens,
    battle::points_move,
    battle::ends,
    room::rank,
    room::shop,
    room::caption,
    room::notice_in_seconds,
    room::guest_joined,
    room::host_comment,
    room::broken,
    room::numberless,
    room::something_new,
    room::timeless,
    entrance::welcome,
    occasions::delete,
    room::pause,
    room::resume,
];

/// Plans it all within about a minute and a half, live end included.
pub(super) fn plan(start_ms: i64, crowd: &Crowd, odd: &[PersonIndex], dice: &mut Dice, agenda: &mut Agenda) {
    agenda.add(start_ms + 100, Act::Own(Box::new(Body::LiveStart(Empty {}))));
    let mut at_ms = start_ms + 1_000;
    let mut then = |act: Act| {
        at_ms += 700;
        agenda.add(at_ms, act);
    };
    for &who in odd {
        then(Sending::Comment { who, phrase: Phrase::any(dice) }.into());
    }
    then(Sending::Comment { who: odd[0], phrase: Phrase::new(odd_comment(), "un") }.into());
    let who = crowd.someone(dice);
    then(Sending::Join { who }.into());
    then(Sending::Like { who, hearts: 15 }.into());
    then(Sending::ViewerCount.into());
    then(Sending::Follow { who: crowd.no_follower(dice) }.into());
    then(Sending::Share { who }.into());
    then(Sending::Subscribe { who, months: 3 }.into());
    for &occasion in OCCASIONS {
        then(occasion.into());
    }
    then(Act::Own(Box::new(Body::Custom(custom()))));
    then(Act::Disconnect { wait_ms: 3_000 });
    let mut at_ms = at_ms + 3_000;
    agenda.add(at_ms, Act::Reconnect);
    agenda.add(at_ms, Sending::Entrance);
    agenda.add(at_ms, Sending::Repetition);
    at_ms = plan_gifts(at_ms + 1_000, crowd, odd, dice, agenda);
    agenda.add(at_ms + 2_000, room::end as Occasion);
}

/// A combo with its end, one that ends twice, one by somebody odd that never ends, and single gifts, one of them
/// for a guest.
fn plan_gifts(start_ms: i64, crowd: &Crowd, odd: &[PersonIndex], dice: &mut Dice, agenda: &mut Agenda) -> i64 {
    let mut ends_twice = Giving::growing(crowd.someone(dice), ROSE, 3, dice);
    ends_twice.ending = Ending::Twice;
    let mut never_ends = Giving::growing(odd[1], ROSE, 4, dice);
    never_ends.ending = Ending::Never;
    never_ends.counts.swap(1, 2);
    let givings = [
        Giving::growing(crowd.someone(dice), ROSE, 3, dice),
        ends_twice,
        never_ends,
        Giving::single(crowd.someone(dice), CORGI),
        Giving::single(odd[3], HEART_ME),
        Giving { to: RIVAL, ..Giving::single(crowd.someone(dice), HEART_ME) },
    ];
    let mut at_ms = start_ms;
    for (number, giving) in givings.iter().enumerate() {
        giving.plan(agenda, group_id(at_ms, number), at_ms, 400);
        at_ms += 900;
    }
    at_ms + 3_000
}

/// Placeholders, markup, quotes, an emote, right-to-left text and invisible characters in one comment.
fn odd_comment() -> String {
    "{comment} <i>\"hi\"</i> 'x' [heart] مرحبا \u{202E}abc\u{202C} \u{200B}\n{{user}} 100%".to_owned()
}

fn custom() -> Custom {
    let fields = [("scene".to_owned(), serde_json::Value::from("night"))].into_iter().collect();
    Custom { name: "scene_changed".to_owned(), fields }
}

//! One line of text for each event, as the capture command shows them.

use std::borrow::Cow;

use cuelight_core::clean::clean;
use cuelight_core::event::{Body, Event, Gift, LevelKind, Notice, Progress, SuperFanKind};
use cuelight_core::gift_catalogue::UNKNOWN_GIFT;
use cuelight_core::user::User;

/// The width of the rules that frame a heading.
pub const RULE: &str = "============================================================";

/// Which events get a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What happened, once: the events that count.
    Counted,
    /// The steps of running combos too.
    Steps,
    /// Every event there is.
    All,
}

impl Detail {
    /// Whether the event gets a line.
    #[must_use]
    pub fn shows(self, event: &Event) -> bool {
        let is_step = matches!(&event.body, Body::Gift(gift) if gift.streaking && !event.stamp.history);
        match self {
            Self::Counted => cuelight_core::totals::counts(event),
            Self::Steps => is_step || cuelight_core::totals::counts(event),
            Self::All => true,
        }
    }
}

/// The event as one line (a block, for `connect`), or `None` where that detail leaves it out.
#[must_use]
pub fn line(event: &Event, detail: Detail) -> Option<String> {
    detail.shows(event).then(|| {
        let text = text(&event.body);
        if event.stamp.history { format!("{text} (earlier)") } else { text }
    })
}

fn text(body: &Body) -> String {
    match body {
        Body::Connect(it) => {
            format!(
                "\n{RULE}\n🟢 CONNECTED to @{}\nRoom ID: {}\n{RULE}\n",
                clean(&it.unique_id),
                clean(it.room_id.as_str())
            )
        }
        Body::Comment(it) => format!("💬 Comment from @{}: \"{}\"", name(&it.user), clean(&it.comment)),
        Body::Gift(it) => gift(it),
        Body::Like(it) => format!("❤️ Like from @{} (x{})", name(&it.user), it.count),
        Body::Join(it) => format!("👥 @{} joined the stream", name(&it.user)),
        Body::Follow(it) => format!("⭐ @{} followed the streamer!", name(&it.user)),
        Body::Share(it) => format!("📤 @{} shared the stream!", name(&it.user)),
        Body::Social(it) => format!("🤝 @{} did something social", name(&it.user)),
        Body::Subscribe(it) => match it.months {
            Some(1) => format!("🌟 @{} subscribed!", name(&it.user)),
            Some(months) => format!("🌟 @{} subscribed ({months} months)!", name(&it.user)),
            None => format!("🌟 @{} subscribed!", name(&it.user)),
        },
        Body::ViewerCount(it) => format!("👀 {} viewers ({} in total)", it.viewers, it.total_viewers),
        Body::Question(it) => format!("❓ Question from @{}: \"{}\"", name(&it.user), clean(&it.question)),
        Body::Emote(it) => format!("😀 Emote from @{} (x{})", name(&it.user), it.emotes.len().max(1)),
        Body::Envelope(it) => format!("🧧 Treasure box from @{} ({} diamonds)", name(&it.user), it.diamonds),
        Body::Battle(it) => battle(it),
        Body::SuperFan(it) => match it.kind {
            SuperFanKind::Joined => format!("💛 @{} became a super fan!", name(&it.user)),
            SuperFanKind::Box => format!("💛 @{} put up a super fan box!", name(&it.user)),
            SuperFanKind::Comment => format!("💛 @{} wrote as a super fan", name(&it.user)),
        },
        Body::LevelUp(it) => match it.kind {
            LevelKind::Gifter => format!("🆙 @{} reached gifter level {}", name(&it.user), it.level),
            LevelKind::Team => format!("🆙 @{} reached team level {}", name(&it.user), it.level),
        },
        Body::Moderation(it) => format!("🛡️ Moderation of @{} (action {})", name(&it.user), it.action),
        Body::Delete(it) => {
            format!("🧹 {} comments and the comments of {} people were removed", it.msg_ids.len(), it.user_ids.len())
        }
        Body::Pin(it) => format!("📌 Pinned, from @{}: \"{}\"", name(&it.user), clean(&it.comment)),
        Body::Unpin(it) => format!("📌 Unpinned, from @{}: \"{}\"", name(&it.user), clean(&it.comment)),
        Body::Poll(it) => {
            let votes: Vec<String> =
                it.options.iter().map(|option| format!("{} {}", clean(&option.text), option.votes)).collect();
            format!("📋 Poll {}: {}", clean(&it.title), votes.join(" · "))
        }
        Body::Goal(it) => format!("🎯 Goal: {} of {}", it.progress, it.target),
        Body::Barrage(it) => notice("📣", it),
        Body::Rank(it) => notice("🏆", it),
        Body::Shop(it) => notice("🛒", it),
        Body::Caption(it) => notice("🗨️", it),
        Body::RoomMessage(it) => notice("ℹ️", it),
        Body::LiveIntro(it) => notice("👋", it),
        Body::Custom(it) => format!("✨ {}", clean(&it.name)),
        Body::Gap(it) => format!("⚠️ Gap of {:.1} s: nothing was seen meanwhile", it.seconds),
        Body::LiveStart(_) => "🎬 The stream began".into(),
        Body::LivePause(_) => "⏸️ The stream is paused".into(),
        Body::LiveResume(_) => "▶️ The stream goes on".into(),
        Body::LiveEnd(_) => "🏁 The stream ended".into(),
        Body::Disconnect(it) => format!("🔴 Disconnected: {}", clean(&it.reason)),
        Body::Unknown(it) => format!("❔ {} ({} bytes)", clean(&it.method), it.size),
    }
}

fn gift(it: &Gift) -> String {
    let what = it.gift.name.as_deref().map_or(Cow::Borrowed(UNKNOWN_GIFT), clean);
    let count = it.repeat_count;
    let from = name(&it.user);
    match (it.gift.streakable, it.gift.diamond_count) {
        (true, Some(diamonds)) => {
            let total = u64::from(diamonds) * u64::from(count);
            format!("🎁 Gift from @{from}: {what} x{count} (Total: {total} diamonds)")
        }
        (true, None) => format!("🎁 Gift from @{from}: {what} x{count}"),
        (false, diamonds) => {
            let price = diamonds.map(|diamonds| format!(" ({diamonds} diamonds)")).unwrap_or_default();
            let times = if count > 1 { format!(" x{count}") } else { String::new() };
            format!("🎁 Gift from @{from}: {what}{price}{times}")
        }
    }
}

fn battle(it: &cuelight_core::event::Battle) -> String {
    let sides: Vec<String> = it.sides.iter().map(|side| format!("@{} {}", name(&side.user), side.points)).collect();
    let state = match it.state {
        Progress::Started => "began",
        Progress::Updated => "goes on",
        Progress::Ended => "ended",
    };
    format!("⚔️ Match {state}: {}", sides.join(" : "))
}

fn notice(icon: &str, it: &Notice) -> String {
    match &it.user {
        Some(user) => format!("{icon} @{}: {}", name(user), clean(&it.text)),
        None => format!("{icon} {}", clean(&it.text)),
    }
}

fn name(user: &User) -> Cow<'_, str> {
    clean(user.handle())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuelight_core::event::{ByUser, Comment, GiftDetails, Like};
    use cuelight_core::timestamp::Timestamp;

    fn user(handle: &str) -> User {
        User { unique_id: handle.into(), ..User::default() }
    }

    fn gift_event(count: u32, gift: GiftDetails, streaking: bool) -> Body {
        Body::Gift(Box::new(Gift { user: user("superfan"), gift, repeat_count: count, streaking, ..Gift::default() }))
    }

    fn details(name: &str, diamonds: Option<u32>, streakable: bool) -> GiftDetails {
        GiftDetails { name: Some(name.into()), diamond_count: diamonds, streakable, ..GiftDetails::default() }
    }

    fn check(body: Body, expected: &str) {
        let event = Event::own(body, Timestamp::default());
        assert_eq!(line(&event, Detail::All).as_deref(), Some(expected), "the line's form is what its users know");
    }

    #[test]
    fn the_usual_events_have_the_lines_that_users_know() {
        check(Body::Join(ByUser { user: user("user123") }), "👥 @user123 joined the stream");
        check(
            Body::Comment(Comment { user: user("user456"), comment: "Love your stream!".into(), ..Comment::default() }),
            "💬 Comment from @user456: \"Love your stream!\"",
        );
        check(Body::Like(Like { user: user("user789"), count: 5, ..Like::default() }), "❤️ Like from @user789 (x5)");
        check(Body::Follow(ByUser { user: user("fan123") }), "⭐ @fan123 followed the streamer!");
        check(Body::Share(ByUser { user: user("supporter") }), "📤 @supporter shared the stream!");
        check(
            gift_event(10, details("Rose", Some(1), true), false),
            "🎁 Gift from @superfan: Rose x10 (Total: 10 diamonds)",
        );
        check(
            gift_event(1, details("Lion", Some(29999), false), false),
            "🎁 Gift from @superfan: Lion (29999 diamonds)",
        );
        check(
            gift_event(2, details("Corgi", Some(299), false), false),
            "🎁 Gift from @superfan: Corgi (299 diamonds) x2",
        );
        check(gift_event(3, details("Rose", None, true), false), "🎁 Gift from @superfan: Rose x3");
        check(gift_event(1, details("Lion", None, false), false), "🎁 Gift from @superfan: Lion");
    }

    #[test]
    fn steps_of_a_combo_show_only_when_asked_for() {
        let step = Event::own(gift_event(3, details("Rose", Some(1), true), true), Timestamp::default());
        assert_eq!(line(&step, Detail::Counted), None, "a step is not yet a gift");
        assert!(line(&step, Detail::Steps).is_some(), "but can be watched");
    }

    #[test]
    fn a_name_cannot_write_over_the_console() {
        let event = Event::own(Body::Join(ByUser { user: user("a\u{1b}[2Jb\u{202e}c\nd") }), Timestamp::default());
        let shown = line(&event, Detail::All).expect("shown");
        assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?} must be plain text");
    }
}

//! One short line for each event.

use std::borrow::Cow;

use cuelight_core::clean::clean;
use cuelight_core::event::{Battle, Body, Event, Gift, LevelKind, Notice, Progress, SuperFanKind};
use cuelight_core::user::User;

use super::Language;
use crate::report::console::Detail;
use crate::report::texts::{Text, tell};

/// The event as one line, or `None` where that detail leaves it out.
#[must_use]
pub fn event_line(language: Language, event: &Event, detail: Detail) -> Option<String> {
    detail.shows(event).then(|| {
        let line = Words { language }.of(&event.body);
        if event.stamp.history { format!("{line} {}", tell(language, Text::Earlier, &[])) } else { line }
    })
}

/// The words of one language for an event.
struct Words {
    language: Language,
}

impl Words {
    fn of(&self, body: &Body) -> String {
        match body {
            Body::Connect(it) => self.tell(Text::Connected, &[("user", &clean(&it.unique_id))]),
            Body::Comment(it) => self.said(Text::Comment, &it.user, &it.comment),
            Body::Gift(it) => self.gift(it),
            Body::Like(it) => self.counted(Text::Like, &it.user, it.count.into()),
            Body::Join(it) => self.by(Text::Join, &it.user),
            Body::Follow(it) => self.by(Text::Follow, &it.user),
            Body::Share(it) => self.by(Text::Share, &it.user),
            Body::Subscribe(it) => match it.months {
                Some(months) if months > 1 => self.counted(Text::SubscribeMonths, &it.user, months.into()),
                Some(_) | None => self.by(Text::Subscribe, &it.user),
            },
            Body::ViewerCount(it) => self.tell(
                Text::ViewerCount,
                &[("count", &self.number(it.viewers)), ("total", &self.number(it.total_viewers))],
            ),
            Body::Question(it) => self.said(Text::Question, &it.user, &it.question),
            Body::Emote(it) => self.counted(Text::Emote, &it.user, it.emotes.len().max(1) as u64),
            Body::Envelope(it) => self.counted(Text::Envelope, &it.user, it.diamonds),
            Body::Battle(it) => self.battle(it),
            Body::Social(it) => self.by(Text::Social, &it.user),
            Body::SuperFan(it) => {
                let text = match it.kind {
                    SuperFanKind::Joined => Text::SuperFanJoined,
                    SuperFanKind::Box => Text::SuperFanBox,
                    SuperFanKind::Comment => Text::SuperFanComment,
                };
                self.by(text, &it.user)
            }
            Body::LevelUp(it) => {
                let text = match it.kind {
                    LevelKind::Gifter => Text::GifterLevel,
                    LevelKind::Team => Text::TeamLevel,
                };
                self.counted(text, &it.user, it.level.into())
            }
            Body::Moderation(it) => {
                self.tell(Text::Moderation, &[("user", &name(&it.user)), ("action", &it.action.to_string())])
            }
            Body::Delete(it) => {
                let (comments, people) = (it.msg_ids.len() as u64, it.user_ids.len() as u64);
                self.tell(Text::Delete, &[("comments", &self.number(comments)), ("people", &self.number(people))])
            }
            Body::Pin(it) => self.said(Text::Pin, &it.user, &it.comment),
            Body::Unpin(it) => self.said(Text::Unpin, &it.user, &it.comment),
            Body::Poll(it) => {
                let votes = it.options.iter().map(|it| format!("{} {}", clean(&it.text), self.number(it.votes)));
                let votes: Vec<String> = votes.collect();
                self.tell(Text::Poll, &[("title", &clean(&it.title)), ("votes", &votes.join(" · "))])
            }
            Body::Goal(it) => {
                self.tell(Text::Goal, &[("progress", &self.number(it.progress)), ("target", &self.number(it.target))])
            }
            Body::Barrage(it) => self.notice(Text::Barrage, it),
            Body::Rank(it) => self.notice(Text::Rank, it),
            Body::Shop(it) => self.notice(Text::Shop, it),
            Body::Caption(it) => self.notice(Text::Caption, it),
            Body::RoomMessage(it) => self.notice(Text::RoomMessage, it),
            Body::LiveIntro(it) => self.notice(Text::LiveIntro, it),
            Body::Custom(it) => self.tell(Text::Custom, &[("name", &clean(&it.name))]),
            Body::Gap(it) => self.tell(Text::Gap, &[("seconds", &self.language.tenths(it.seconds))]),
            Body::LiveStart(_) => self.tell(Text::LiveStart, &[]),
            Body::LivePause(_) => self.tell(Text::LivePause, &[]),
            Body::LiveResume(_) => self.tell(Text::LiveResume, &[]),
            Body::LiveEnd(_) => self.tell(Text::LiveEnd, &[]),
            Body::Disconnect(it) => self.tell(Text::Disconnect, &[("reason", &clean(&it.reason))]),
            Body::Unknown(it) => {
                self.tell(Text::Unknown, &[("method", &clean(&it.method)), ("bytes", &self.number(it.size))])
            }
        }
    }

    fn gift(&self, it: &Gift) -> String {
        let unknown = self.tell(Text::UnknownGift, &[]);
        let gift = it.gift.name.as_deref().map_or(Cow::Borrowed(unknown.as_str()), clean);
        let (from, count) = (name(&it.user), self.number(it.repeat_count.into()));
        let mut values = vec![("user", &*from), ("gift", &*gift), ("count", count.as_str())];
        let Some(recipient) = &it.to_user else { return self.tell(Text::Gift, &values) };
        let named = [&recipient.unique_id, &recipient.nickname].into_iter().find(|name| !name.is_empty());
        let Some(named) = named else { return self.tell(Text::Gift, &values) };
        let to = clean(named);
        values.push(("to", &*to));
        self.tell(Text::GiftTo, &values)
    }

    fn battle(&self, it: &Battle) -> String {
        let sides = it.sides.iter().map(|side| format!("{} {}", name(&side.user), self.number(side.points)));
        let sides: Vec<String> = sides.collect();
        let text = match it.state {
            Progress::Started => Text::BattleStarted,
            Progress::Updated => Text::BattleUpdated,
            Progress::Ended => Text::BattleEnded,
        };
        self.tell(text, &[("sides", &sides.join(" : "))])
    }

    fn notice(&self, text: Text, it: &Notice) -> String {
        let said = clean(&it.text);
        let words = match &it.user {
            Some(user) => format!("{}: {said}", name(user)),
            None => said.into_owned(),
        };
        self.tell(text, &[("text", &words)])
    }

    fn by(&self, text: Text, user: &User) -> String {
        self.tell(text, &[("user", &name(user))])
    }

    fn said(&self, text: Text, user: &User, words: &str) -> String {
        self.tell(text, &[("user", &name(user)), ("text", &clean(words))])
    }

    fn counted(&self, text: Text, user: &User, count: u64) -> String {
        self.tell(text, &[("user", &name(user)), ("count", &self.number(count))])
    }

    fn number(&self, number: u64) -> String {
        self.language.number(number)
    }

    fn tell(&self, text: Text, values: &[(&str, &str)]) -> String {
        tell(self.language, text, values)
    }
}

fn name(user: &User) -> Cow<'_, str> {
    clean(user.handle())
}

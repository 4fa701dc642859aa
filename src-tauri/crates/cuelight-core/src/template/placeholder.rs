//! The one table of placeholders: how they are called, what they stand for, and which events have them.

use crate::event::EventType;

/// Which occasions have what a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// It comes from elsewhere: the session, a setting, an earlier step.
    Always,
    /// Events about a viewer.
    ByViewer,
    /// Events with words.
    ByWords,
    /// Comments, whose words rules search.
    ByComment,
    /// Gifts.
    ByGift,
    /// Gifts and treasure boxes.
    ByDiamonds,
    /// Whatever counts, and what a viewer did once.
    ByCount,
    /// Likes.
    ByLike,
    /// Subscriptions.
    BySubscribe,
    /// Emotes and comments with pictures.
    ByEmote,
}

macro_rules! placeholders {
    ($( $variant:ident = $name:literal $([ $($alias:literal),+ ])?, $given:ident, $meaning:literal; )+) => {
        /// What can stand between braces or percent signs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Placeholder {
            $( #[doc = $meaning] $variant, )+
        }

        impl Placeholder {
            /// Every placeholder there is, in the order in which people look for them.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The name that we write; for families the first of them, such as `arg1`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// Further names, those of other programs among them, in lower case.
            #[must_use]
            pub fn aliases(self) -> &'static [&'static str] {
                match self { $( Self::$variant => &[$($($alias),+)?], )+ }
            }

            /// What it stands for, in a sentence for people.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $( Self::$variant => $meaning, )+ }
            }

            fn given(self) -> Given {
                match self { $( Self::$variant => Given::$given, )+ }
            }
        }
    };
}

placeholders! {
    Nickname = "nickname" ["name", "chatname", "displayname", "user"], ByViewer,
        "The viewer's display name; `mia and 6 more` where several were folded together.";
    Username = "username" ["uniqueid", "unique_id", "handle"], ByViewer,
        "The viewer's handle without `@`; `mia and 6 more` where several were folded together.";
    UserId = "user_id" ["userid"], ByViewer, "TikTok's number of the viewer, which stays over renames.";
    ProfilePicture = "profile_picture" ["profilepictureurl", "profilepictururl", "avatar_url", "chatimg"], ByViewer,
        "The address of the viewer's picture; it expires after about two days.";
    Others = "others" ["more"], ByViewer, "How many further viewers were folded in.";
    Comment = "comment" ["chatmessage", "message", "question"], ByWords, "The words: a comment, a question, a notice.";
    Arguments = "args" ["rawinput", "commandparams"], ByComment, "Everything after the command.";
    Argument = "arg1" ["input0"], ByComment,
        "The first word after the command; `arg2` (or `input1`) is the second, and so on.";
    Match = "match1" ["match[1]"], ByComment,
        "The first group of the regular expression, or the keyword found; `match2` is the second group, and so on.";
    GiftName = "gift_name" ["giftname", "gift"], ByGift, "The gift's name.";
    GiftId = "gift_id" ["giftid"], ByGift, "TikTok's number of the gift.";
    GiftPicture = "gift_picture" ["giftpictureurl", "gift_image_url"], ByGift, "The address of the gift's picture.";
    GiftPrice = "diamond_count" ["diamondcount", "gift_price"], ByGift, "Diamonds of one unit of the gift.";
    Count = "count" ["repeatcount", "repeat_count", "giftcount", "gift_count"], ByCount,
        "How many: units of the gift in the combo, hearts, or what was folded together; else 1.";
    Diamonds = "diamonds" ["coins", "total_diamonds"], ByDiamonds, "Diamonds of the whole combo.";
    Amount = "amount", ByCount, "Diamonds where there are some, else the count.";
    LikeCount = "like_count" ["likecount", "likes"], ByLike, "Hearts that the viewer sent with this event.";
    TotalLikes = "total_likes" ["totallikes", "totallikecount"], Always, "Hearts of the whole live.";
    Viewers = "viewers" ["viewercount", "viewer_count"], Always, "How many are watching.";
    Months = "months" ["submonth", "sub_month"], BySubscribe, "Months subscribed.";
    EmoteId = "emote_id" ["emoteid"], ByEmote, "TikTok's id of the emote.";
    EmotePicture = "emote_picture" ["emoteimageurl", "emote_image_url"], ByEmote, "The address of the emote's picture.";
    FollowRole = "follow_role" ["followrole"], ByViewer, "0 for strangers, 1 for followers, 2 for friends.";
    IsModerator = "is_moderator" ["ismoderator"], ByViewer, "`true` or `false`: whether the viewer moderates.";
    IsSubscriber = "is_subscriber" ["issubscriber"], ByViewer, "`true` or `false`: whether the viewer subscribes.";
    Level = "level", ByViewer, "The viewer's level in the team, else as a giver of gifts.";
    TeamLevel = "team_level" ["teamlevel", "teammemberlevel", "team_member_level"], ByViewer,
        "The viewer's level in the streamer's team.";
    GifterLevel = "gifter_level" ["gifterlevel"], ByViewer, "The viewer's level as a giver of gifts.";
    Rank = "rank" ["topgifterrank", "top_gifter_rank"], ByViewer,
        "The viewer's place among the top givers of this live, 1 first.";
    Event = "event_type" ["eventtype", "event"], Always, "The type of the event, such as `follow`.";
    Session = "session", Always, "The number of the session, such as `#12`.";
    Creator = "creator" ["streamer", "tikfinityusername"], Always, "The streamer's handle without `@`.";
    Reply = "reply", Always, "What the assistant answered in an earlier step.";
    Score = "score", Always, "The score that an earlier step ended with.";
    Counter = "counter:name", Always, "The counter of that name; 0 until it is changed.";
    Variable = "variable:name", Always, "The variable of that name.";
    PlayerName = "playername" ["player_name", "player"], Always,
        "The Minecraft player: the variable `playername`.";
    Points = "points", Always, "We keep no points: the variable `points`.";
    CurrencyName = "currencyname" ["currency_name"], Always, "We keep no currency: the variable `currencyname`.";
    Destination = "destination", Always, "We send nothing on: the variable `destination`.";
}

impl Placeholder {
    /// The placeholder of that name, without regard to case; not for those that take a number or a name of their own.
    #[must_use]
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let is_called = |known: &str| known.eq_ignore_ascii_case(name);
        Self::ALL
            .iter()
            .copied()
            .find(|placeholder| is_called(placeholder.name()) || placeholder.aliases().iter().any(|it| is_called(it)))
    }

    /// Whether events of this type have what this stands for; where they have not, it is empty.
    ///
    /// A custom event may bring a field of any name.
    #[must_use]
    pub fn given_by(self, event_type: EventType) -> bool {
        use EventType as E;
        if event_type == E::Custom {
            return true;
        }
        match self.given() {
            Given::Always => true,
            Given::ByViewer => is_about_a_viewer(event_type),
            Given::ByWords => has_words(event_type),
            Given::ByComment => event_type == E::Comment,
            Given::ByGift => event_type == E::Gift,
            Given::ByDiamonds => matches!(event_type, E::Gift | E::Envelope),
            Given::ByCount => event_type == E::Goal || is_about_a_viewer(event_type),
            Given::ByLike => event_type == E::Like,
            Given::BySubscribe => event_type == E::Subscribe,
            Given::ByEmote => matches!(event_type, E::Emote | E::Comment),
        }
    }
}

/// Events with a user; notices have one where TikTok names somebody.
fn is_about_a_viewer(event_type: EventType) -> bool {
    use EventType as E;
    match event_type {
        E::Comment
        | E::Gift
        | E::Like
        | E::Join
        | E::Follow
        | E::Share
        | E::Subscribe
        | E::Question
        | E::Emote
        | E::Envelope
        | E::Social
        | E::SuperFan
        | E::LevelUp
        | E::Moderation
        | E::Pin
        | E::Unpin
        | E::Barrage
        | E::Rank
        | E::Shop
        | E::Caption
        | E::RoomMessage
        | E::LiveIntro => true,
        E::Connect
        | E::ViewerCount
        | E::Battle
        | E::Delete
        | E::Poll
        | E::Goal
        | E::Custom
        | E::Gap
        | E::LiveStart
        | E::LivePause
        | E::LiveResume
        | E::LiveEnd
        | E::Disconnect
        | E::Unknown => false,
    }
}

/// Events from which a text is taken.
fn has_words(event_type: EventType) -> bool {
    use EventType as E;
    match event_type {
        E::Comment
        | E::Question
        | E::Pin
        | E::Unpin
        | E::Barrage
        | E::Rank
        | E::Shop
        | E::Caption
        | E::RoomMessage
        | E::LiveIntro
        | E::Poll
        | E::LiveEnd
        | E::Disconnect => true,
        E::Connect
        | E::Gift
        | E::Like
        | E::Join
        | E::Follow
        | E::Share
        | E::Subscribe
        | E::ViewerCount
        | E::Emote
        | E::Envelope
        | E::Battle
        | E::Social
        | E::SuperFan
        | E::LevelUp
        | E::Moderation
        | E::Delete
        | E::Goal
        | E::Custom
        | E::Gap
        | E::LiveStart
        | E::LivePause
        | E::LiveResume
        | E::Unknown => false,
    }
}

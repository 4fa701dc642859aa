//! Events as files, Redis and the local feed spell them: names, nesting and order are a contract.

use cuelight_core::event::{
    Battle, BattleSide, Body, ByUser, Comment, Connect, Custom, Delete, Disconnect, EmoteChat, EmoteImage, Empty,
    Envelope, Event, EventType, Gap, Gift, GiftDetails, Goal, LevelKind, LevelUp, Like, LiveEnd, Moderation, Notice,
    Pin, PlacedEmote, Poll, PollOption, Progress, Question, Recipient, Stamp, Subscribe, SuperFan, SuperFanKind,
    TopViewer, Unknown, ViewerCount,
};
use cuelight_core::id::{GroupId, MsgId, RoomId, UserId};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::totals::{SessionTotals, counts};
use cuelight_core::user::User;

/// 2026-01-12T09:30:00.123
const MOMENT_MS: i64 = 1_768_210_200_123;

const USER: &str = r#"{"unique_id":"user456","nickname":"Jane Smith","user_id":"987654321","profile_picture":"https://p.example/a.webp","follow_role":0,"is_moderator":false,"is_subscriber":false,"team_level":0,"gifter_level":0,"top_gifter_rank":null}"#;

fn user() -> User {
    User {
        unique_id: "user456".into(),
        nickname: "Jane Smith".into(),
        user_id: UserId::new("987654321"),
        profile_picture: Some("https://p.example/a.webp".to_owned()),
        follow_role: Some(0),
        is_moderator: Some(false),
        is_subscriber: Some(false),
        team_level: Some(0),
        gifter_level: Some(0),
        ..User::default()
    }
}

fn by_user() -> ByUser {
    ByUser { user: user() }
}

fn notice() -> Notice {
    Notice { text: "Welcome!".to_owned(), user: None }
}

fn rose() -> GiftDetails {
    GiftDetails {
        id: 5655,
        name: Some("Rose".into()),
        description: Some("sent Rose".into()),
        diamond_count: Some(1),
        image_url: Some("https://p.example/rose.webp".to_owned()),
        streakable: true,
        combo: true,
        gift_type: Some(1),
        names: Default::default(),
    }
}

fn gift() -> Gift {
    Gift {
        user: user(),
        gift: rose(),
        repeat_count: 10,
        total_diamonds: Some(10),
        streaking: false,
        delta_count: Some(2),
        delta_diamonds: Some(2),
        inferred_end: false,
        group_id: Some(GroupId::new("1700000000000000001")),
        to_user: None,
        total_count: Some(15),
    }
}

/// `data` stands for what comes before the timestamp; USER for the viewer.
fn check(body: Body, data: &str) {
    let event = Event { body, stamp: Stamp { timestamp: Timestamp::from_ms(MOMENT_MS), ..Stamp::default() } };
    check_stamped(&event, data, r#""timestamp":"2026-01-12T09:30:00.123000""#);
}

fn check_stamped(event: &Event, data: &str, stamp: &str) {
    let comma = if data.is_empty() { "" } else { "," };
    let data = data.replace("USER", USER);
    let expected = format!(r#"{{"event_type":"{}","data":{{{data}{comma}{stamp}}}}}"#, event.event_type());
    let written = serde_json::to_string(event).expect("events can be written");
    assert_eq!(written, expected, "the form is a contract");
    let read: Event = serde_json::from_str(&written).expect("events can be read");
    assert_eq!(&read, event, "what was written must come back whole");
}

#[test]
fn what_viewers_do_is_spelled_as_agreed() {
    check(
        Body::Comment(Comment {
            user: user(),
            comment: "Love your stream!".to_owned(),
            emotes: Vec::new(),
            language: Some("en".into()),
        }),
        r#""user":USER,"comment":"Love your stream!","emotes":[],"language":"en""#,
    );
    let emote = PlacedEmote { index: 3, id: "7".into(), image_url: Some("https://p.example/7.webp".to_owned()) };
    check(
        Body::Comment(Comment { user: user(), comment: "hi ".to_owned(), emotes: vec![emote], language: None }),
        r#""user":USER,"comment":"hi ","emotes":[{"index":3,"id":"7","image_url":"https://p.example/7.webp"}],"language":null"#,
    );
    check(
        Body::Gift(Box::new(gift())),
        r#""user":USER,"gift":{"id":5655,"name":"Rose","description":"sent Rose","diamond_count":1,"image_url":"https://p.example/rose.webp","streakable":true,"combo":true,"type":1},"repeat_count":10,"total_diamonds":10,"streaking":false,"delta_count":2,"delta_diamonds":2,"inferred_end":false,"group_id":"1700000000000000001","to_user":null,"total_count":15"#,
    );
    check(
        Body::Like(Like { user: user(), count: 5, total_likes: 12_345, streak_count: None }),
        r#""user":USER,"count":5,"total_likes":12345"#,
    );
    for body in [Body::Join(by_user()), Body::Follow(by_user()), Body::Share(by_user()), Body::Social(by_user())] {
        check(body, r#""user":USER"#);
    }
    check(Body::Subscribe(Subscribe { user: user(), months: Some(3) }), r#""user":USER,"months":3"#);
    check(Body::Question(Question { user: user(), question: "Why?".to_owned() }), r#""user":USER,"question":"Why?""#);
    let emote = EmoteImage { id: "7".into(), image_url: Some("https://p.example/7.webp".to_owned()) };
    check(
        Body::Emote(EmoteChat { user: user(), emotes: vec![emote] }),
        r#""user":USER,"emotes":[{"id":"7","image_url":"https://p.example/7.webp"}]"#,
    );
    check(Body::Envelope(Envelope { user: user(), diamonds: 100 }), r#""user":USER,"diamonds":100"#);
    for (kind, name) in
        [(SuperFanKind::Joined, "joined"), (SuperFanKind::Box, "box"), (SuperFanKind::Comment, "comment")]
    {
        check(Body::SuperFan(SuperFan { user: user(), kind }), &format!(r#""user":USER,"kind":"{name}""#));
    }
    for (kind, name) in [(LevelKind::Gifter, "gifter"), (LevelKind::Team, "team")] {
        check(
            Body::LevelUp(LevelUp { user: user(), kind, level: 12 }),
            &format!(r#""user":USER,"kind":"{name}","level":12"#),
        );
    }
    check(Body::Moderation(Moderation { user: user(), action: 3 }), r#""user":USER,"action":3"#);
    for body in [Body::Pin, Body::Unpin] {
        check(body(Pin { user: user(), comment: "Rules".to_owned() }), r#""user":USER,"comment":"Rules""#);
    }
}

#[test]
fn what_the_room_does_is_spelled_as_agreed() {
    check(
        Body::Connect(Connect { unique_id: "username".into(), room_id: RoomId::new("7123456789012345678") }),
        r#""unique_id":"username","room_id":"7123456789012345678""#,
    );
    let top_viewers = vec![TopViewer { user: user(), diamonds: 500 }];
    check(
        Body::ViewerCount(ViewerCount { viewers: 312, total_viewers: 4021, top_viewers }),
        r#""viewers":312,"total_viewers":4021,"top_viewers":[{"user":USER,"diamonds":500}]"#,
    );
    for (state, name) in [(Progress::Started, "started"), (Progress::Updated, "updated"), (Progress::Ended, "ended")] {
        let sides = vec![BattleSide { user: user(), points: 120 }];
        check(
            Body::Battle(Battle { state, sides }),
            &format!(r#""state":"{name}","sides":[{{"user":USER,"points":120}}]"#),
        );
    }
    check(
        Body::Delete(Delete { msg_ids: vec![MsgId::new("71")], user_ids: vec![UserId::new("72")] }),
        r#""msg_ids":["71"],"user_ids":["72"]"#,
    );
    let options = vec![PollOption { text: "Yes".to_owned(), votes: 3 }];
    check(
        Body::Poll(Poll { title: "Again?".to_owned(), options, state: Progress::Started }),
        r#""title":"Again?","options":[{"text":"Yes","votes":3}],"state":"started""#,
    );
    check(
        Body::Goal(Goal { id: "g1".into(), progress: 40, target: 100, gift_id: Some(5655) }),
        r#""id":"g1","progress":40,"target":100,"gift_id":5655"#,
    );
    for body in [Body::Barrage, Body::Rank, Body::Shop, Body::Caption, Body::RoomMessage, Body::LiveIntro] {
        check(body(notice()), r#""text":"Welcome!","user":null"#);
    }
    let fields = serde_json::Map::from_iter([("level".to_owned(), 3.into())]);
    check(Body::Custom(Custom { name: "boss".to_owned(), fields }), r#""name":"boss","fields":{"level":3}"#);
    let (from, to) = (Timestamp::from_ms(MOMENT_MS - 22_400), Timestamp::from_ms(MOMENT_MS));
    check(
        Body::Gap(Gap { from, to, seconds: 22.4 }),
        r#""from":"2026-01-12T09:29:37.723000","to":"2026-01-12T09:30:00.123000","seconds":22.4"#,
    );
    for body in [Body::LiveStart, Body::LivePause, Body::LiveResume] {
        check(body(Empty {}), "");
    }
    check(Body::LiveEnd(LiveEnd { reason: None }), "");
    check(Body::LiveEnd(LiveEnd { reason: Some("suspended".into()) }), r#""reason":"suspended""#);
    check(
        Body::Disconnect(Disconnect { reason: "the network is gone".to_owned() }),
        r#""reason":"the network is gone""#,
    );
    check(
        Body::Unknown(Unknown { method: "WebcastSomethingNew".into(), size: 412 }),
        r#""method":"WebcastSomethingNew","size":412"#,
    );
}

#[test]
fn what_every_event_carries_comes_before_the_timestamp_and_only_where_there_is_some() {
    let stamp = Stamp {
        msg_id: Some(MsgId::new("7400")),
        history: true,
        damaged: true,
        timestamp: Timestamp::from_ms(MOMENT_MS),
    };
    check_stamped(
        &Event { body: Body::Join(by_user()), stamp },
        r#""user":USER"#,
        r#""msg_id":"7400","history":true,"damaged":true,"timestamp":"2026-01-12T09:30:00.123000""#,
    );
}

#[test]
fn a_gift_to_a_guest_says_to_whom_and_the_streamer_is_marked() {
    let mut to_guest = gift();
    to_guest.user.is_host = true;
    to_guest.user.signature = Some("draws".to_owned());
    to_guest.to_user =
        Some(Recipient { user_id: UserId::new("5"), unique_id: "guest".into(), nickname: "Guest".into() });
    let written = serde_json::to_string(&Event::own(Body::Gift(Box::new(to_guest)), Timestamp::default()))
        .expect("can be written");
    assert!(written.contains(r#""to_user":{"user_id":"5","unique_id":"guest","nickname":"Guest"}"#), "{written}");
    assert!(written.contains(r#""signature":"draws","follow_role":0"#), "the bio stands before the roles: {written}");
    assert!(written.contains(r#""top_gifter_rank":null,"is_host":true"#), "{written}");
}

#[test]
fn events_of_others_are_read_with_what_they_have() {
    let bare: Event = serde_json::from_str(r#"{"event_type":"live_pause"}"#).expect("no data is no error");
    assert_eq!(bare, Event::own(Body::LivePause(Empty {}), Timestamp::default()), "nothing is invented");
    let text =
        r#"{"data":{"comment":"hi","new_field":[1],"user":{"nickname":"mia"}},"event_type":"comment","extra":1}"#;
    let comment: Event = serde_json::from_str(text).expect("fields of later versions are no error");
    assert_eq!(comment.user().map(User::handle), Some("mia"), "what is there is read");
    let later: Event =
        serde_json::from_str(r#"{"event_type":"hologram","data":{"size":3}}"#).expect("a later version's type");
    assert_eq!(later.event_type(), EventType::Unknown, "a type of a later version is kept as unknown");
    assert!(
        serde_json::from_str::<Event>(r#"{"event_type":"like","data":{"count":"many"}}"#).is_err(),
        "a text is no count"
    );
}

#[test]
fn every_type_leads_back_from_its_name() {
    for &event_type in EventType::ALL {
        assert_eq!(EventType::from_name(event_type.as_str()), Some(event_type), "rules and files go by the name");
        let spelled = serde_json::to_value(event_type).expect("a name");
        assert_eq!(spelled, event_type.as_str(), "there is one spelling");
    }
}

#[test]
fn what_happened_counts_once_and_everything_else_does_not() {
    let battle = |state| Body::Battle(Battle { state, sides: Vec::new() });
    let counted = [
        Body::Connect(Connect::default()),
        Body::Comment(Comment::default()),
        Body::Gift(Box::new(gift())),
        Body::Like(Like::default()),
        Body::Join(by_user()),
        Body::Follow(by_user()),
        Body::Share(by_user()),
        Body::Subscribe(Subscribe::default()),
        Body::Question(Question::default()),
        Body::Emote(EmoteChat::default()),
        Body::Envelope(Envelope::default()),
        battle(Progress::Started),
        battle(Progress::Ended),
        Body::Gap(Gap::default()),
        Body::LivePause(Empty {}),
        Body::LiveResume(Empty {}),
        Body::LiveEnd(LiveEnd::default()),
        Body::Disconnect(Disconnect::default()),
    ];
    let mut totals = SessionTotals::default();
    for body in &counted {
        let mut event = Event::own(body.clone(), Timestamp::default());
        assert!(counts(&event), "{} happened", event.event_type());
        totals.add(&event);
        event.stamp.history = true;
        assert!(!counts(&event), "a replayed {} happened before", event.event_type());
        totals.add(&event);
    }
    assert_eq!(totals.counted(), counted.len() as u64, "history adds to no sum");
    assert_eq!(totals.journaled, 2 * counted.len() as u64, "but stands in the journal");
    assert_eq!((totals.gift_units, totals.diamonds), (2, 2), "gifts add up by what each event adds");

    let left_out = [
        Body::Gift(Box::new(Gift { streaking: true, ..gift() })),
        Body::ViewerCount(ViewerCount::default()),
        battle(Progress::Updated),
        Body::Social(by_user()),
        Body::SuperFan(SuperFan::default()),
        Body::LevelUp(LevelUp::default()),
        Body::Moderation(Moderation::default()),
        Body::Delete(Delete::default()),
        Body::Pin(Pin::default()),
        Body::Unpin(Pin::default()),
        Body::Poll(Poll::default()),
        Body::Goal(Goal::default()),
        Body::Barrage(notice()),
        Body::Rank(notice()),
        Body::Shop(notice()),
        Body::Caption(notice()),
        Body::RoomMessage(notice()),
        Body::LiveIntro(notice()),
        Body::Custom(Custom::default()),
        Body::LiveStart(Empty {}),
        Body::Unknown(Unknown::default()),
    ];
    for body in left_out {
        assert!(!counts(&Event::own(body.clone(), Timestamp::default())), "{} is no happening", body.event_type());
    }
}

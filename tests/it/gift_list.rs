//! TikTok's own gift list: asked for when somebody looks at gifts, never in the way of a capture, and overruled by what
//! messages say.

use std::sync::Arc;
use std::time::Duration;

use cuelight_app::dto::{CallerRole, Phase};
use cuelight_app::shell::NoShell;
use cuelight_app::{App, Door};
use cuelight_core::event::EventType;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::SessionId;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use serde_json::{Value, json};
use system_tests::viewer::{GiftKind, LANTERN, NADIR, ROSA, ROSE};
use system_tests::{FakeTikTok, Frame, GiftStep, Live, ROOM_ID, Scenario, Step, scenario};
use tempfile::TempDir;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

const PATH: &str = "/webcast/gift/list";

/// A running app beside a fake TikTok.
struct Desk {
    app: Arc<App>,
    door: Door,
    tiktok: Arc<FakeTikTok>,
    _place: TempDir,
}

impl Desk {
    /// An app that follows a live of those steps, whose gift list is answered as in that scenario.
    async fn live(steps: Vec<Step>, scenario: &str) -> Self {
        let scenario = scenario::named(scenario).expect("the scenario exists");
        let scenario = Scenario { openings: Scenario::playing(steps).openings, ..scenario };
        let tiktok = std::thread::spawn(|| FakeTikTok::start(scenario)).join().expect("the fake starts");
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let bases = TikTokBases::new(Some(&tiktok.http_url()), Some(&tiktok.http_url()), Some(&tiktok.websocket_url()));
        let bases = bases.expect("addresses");
        let app = App::begin_with(&folder, Clock::system(), Arc::new(NoShell), bases).expect("the app begins");
        let door = Door::new(Arc::clone(&app));
        let desk = Self { app, door, tiktok: Arc::new(tiktok), _place: place };
        let settings = desk.app.store().set_setting("language", "es").expect("the window speaks it");
        desk.app.settings.send_replace(settings);
        desk.go_live().await;
        desk
    }

    async fn ask(&self, command: &str, input: Value) -> Value {
        let answered = self.door.call(CallerRole::Window, command, input).await;
        answered.unwrap_or_else(|failure| panic!("{command} failed: {failure:?}"))
    }

    async fn go_live(&self) {
        self.ask("go_live", json!({ "creator": "sim" })).await;
        let mut standing = self.app.live.watch();
        let is_in = standing.wait_for(|it| matches!(it.phase, Phase::Live { .. }) && it.session.is_some());
        tokio::time::timeout(PATIENCE, is_in).await.expect("it is live in time").expect("the task goes on");
    }

    async fn end(&self) {
        self.ask("end_live", json!({})).await;
    }

    async fn look_at_gifts(&self) {
        self.ask("gifts", json!({ "search": "", "order": "popular", "offset": 0, "limit": 10 })).await;
    }

    /// Waits until the list was asked for so often.
    async fn until_asked(&self, times: usize) {
        let tiktok = Arc::clone(&self.tiktok);
        let waiting = tokio::task::spawn_blocking(move || {
            tiktok.wait_until("the gift list", PATIENCE, |seen| seen.requests_for(PATH).count() >= times);
        });
        waiting.await.expect("it is asked for in time");
    }

    fn gift(&self, id: i64) -> Option<KnownGift> {
        let gifts = self.app.store().reader().expect("readable").gifts().expect("readable");
        gifts.into_iter().find(|gift| gift.id == id)
    }

    /// Waits until that holds for that gift of the catalogue.
    async fn until_known(&self, id: i64, is_so: impl Fn(&KnownGift) -> bool) -> KnownGift {
        let looking = async {
            loop {
                if let Some(gift) = self.gift(id).filter(&is_so) {
                    return gift;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("gift {id}: {:?}", self.gift(id)))
    }

    /// Waits until so many comments are committed.
    async fn until_comments(&self, count: u64) {
        let reader = self.app.store().reader().expect("readable");
        let comments = || {
            let session = reader.session(SessionId(1)).expect("readable");
            session.map_or(0, |session| session.totals.of_type(EventType::Comment))
        };
        let looking = async {
            while comments() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{} of {count} comments", comments()));
    }

    fn asked(&self) -> usize {
        self.tiktok.seen().requests_for(PATH).count()
    }
}

/// One frame in which Rosa writes and Nadir gives such a gift.
fn frame_with(gift: GiftKind) -> Frame {
    let mut live = Live::new();
    let given = GiftStep { gift, group_id: 77, count: 1, is_end: true };
    Frame::of([live.chat(ROSA, "hello"), live.gift(NADIR, given)])
}

fn steps() -> Vec<Step> {
    vec![Step::Send(frame_with(ROSE))]
}

#[tokio::test]
async fn the_list_is_asked_for_when_somebody_looks_at_gifts_and_not_before() {
    let desk = Desk::live(steps(), "normal").await;
    assert_eq!(desk.asked(), 0, "nobody has looked at gifts yet");
    desk.look_at_gifts().await;
    let lantern = desk.until_known(LANTERN.id, |gift| gift.name.is_some()).await;
    assert_eq!(lantern.diamond_count, Some(10), "with its price");
    assert_eq!(lantern.gift_type, Some(1), "and its kind");

    let seen = desk.tiktok.seen();
    let asked = seen.requests_for(PATH).next().expect("it was asked for");
    let room = ROOM_ID.to_string();
    for (name, value) in
        [("room_id", room.as_str()), ("aid", "1988"), ("app_language", "es"), ("webcast_language", "es")]
    {
        assert_eq!(asked.query(name), Some(value), "{name}: TikTok names gifts in the window's language");
    }
    assert!(asked.cookie("ttwid").is_some(), "as a browser would ask");

    desk.look_at_gifts().await;
    desk.end().await;
    desk.go_live().await;
    desk.look_at_gifts().await;
    desk.end().await;
    assert_eq!(desk.asked(), 1, "once a day and room is enough");
    desk.app.end().await;
}

#[tokio::test]
async fn what_a_message_said_of_a_gift_is_not_overruled() {
    let rose = GiftKind { name: "Hoa hồng", diamonds: 2, ..ROSE };
    let desk = Desk::live(vec![Step::Send(frame_with(rose))], "normal").await;
    desk.until_known(ROSE.id, |gift| gift.name.as_deref() == Some("Hoa hồng")).await;
    desk.look_at_gifts().await;
    desk.until_known(LANTERN.id, |gift| gift.name.is_some()).await;
    let known = desk.gift(ROSE.id).expect("the message told it");
    assert_eq!((known.name.as_deref(), known.diamond_count), (Some("Hoa hồng"), Some(2)), "the room knows best");
    assert!(known.names.iter().any(|name| name == "Rose"), "the list's name is one more that it is found by");
    desk.app.end().await;
}

#[tokio::test]
async fn a_gift_that_nobody_knows_has_the_list_asked_for() {
    let nameless = GiftKind { name: "", diamonds: 0, ..LANTERN };
    let desk = Desk::live(vec![Step::Send(frame_with(nameless))], "normal").await;
    let lantern = desk.until_known(LANTERN.id, |gift| gift.name.is_some()).await;
    assert_eq!(lantern.name.as_deref(), Some("Lantern"), "though nobody looked");
    desk.app.end().await;
}

#[tokio::test]
async fn a_capture_is_never_delayed_by_the_gift_list() {
    let steps = vec![
        Step::Send(frame_with(ROSE)),
        Step::AwaitCue,
        Step::Send(Frame::of([Live::numbered_from(7_400_000_000_000_000_001).chat(ROSA, "still here")])),
    ];
    let desk = Desk::live(steps, "gift-list-unanswered").await;
    desk.until_comments(1).await;
    desk.look_at_gifts().await;
    desk.until_asked(1).await;
    desk.tiktok.cue();
    desk.until_comments(2).await;
    tokio::time::timeout(PATIENCE, desk.end()).await.expect("the end does not wait for it either");
    desk.app.end().await;
}

#[tokio::test]
async fn a_refused_list_is_let_be_for_the_day() {
    let desk = Desk::live(steps(), "gift-list-403").await;
    desk.look_at_gifts().await;
    desk.until_asked(1).await;
    desk.until_comments(1).await;
    desk.end().await;
    desk.go_live().await;
    desk.look_at_gifts().await;
    desk.end().await;
    assert_eq!(desk.asked(), 1, "TikTok is not pestered");
    assert_eq!(desk.gift(LANTERN.id), None, "and nothing is invented");
    desk.app.end().await;
}

#[tokio::test]
async fn a_list_of_many_megabytes_is_taken_in() {
    let desk = Desk::live(steps(), "gift-list-large").await;
    desk.look_at_gifts().await;
    let firefly = desk.until_known(91_500, |gift| gift.name.is_some()).await;
    assert_eq!(firefly.name.as_deref(), Some("Firefly"), "one of thousands");
    desk.app.end().await;
}

//! The story is what its users know, in every language.

use cuelight_core::event::{Body, ByUser, Comment, Event, EventType, Gap, Gift, GiftDetails, Like};
use cuelight_core::id::{ActionKindId, SessionId};
use cuelight_core::job::Ending;
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use cuelight_core::way::Way;

use super::*;
use crate::report::catalogue::Catalogue;
use crate::report::console::Detail;
use crate::report::statistics::{self, ServiceStatistics, SessionStatistics, StatisticsView};
use crate::report::texts::{event_type, words};

/// 2025-10-05 13:30:00 UTC.
const STARTED_MS: i64 = 1_759_671_000_000;

const STORY: &str = "\
======================================================================
🚀 TIKTOK EVENT SYSTEM · START
======================================================================
📺 Streamer: @luna.plays      ⏰ Started: 2025-10-05 15:30:00      📝 Session: #1 · unnamed

📦 Services
  🔧 DinoChrome  ✅ worker active (max queue 50)
  🔧 Overlays    ✅ worker active (max queue 100)
✅ 2 workers started

📡 Connecting to @luna.plays...   ✅ Capturing
💡 Ctrl+C to stop · 📊 statistics every 30 seconds

💬 user123: Hola!
🎁 user456 sent Rose x1
✅ [DinoChrome] comment (P:6) completed
✅ [Overlays] gift (P:10) completed
❌ [Voice] gift (P:10) failed: ElevenLabs refused the key

======================================================================
📊 STATISTICS
⏱️ Up: 0h 5m   📝 Session: #1   📊 Events: 42   🔧 Workers active: 2
🟢 DinoChrome   pending 0 · processing 0 · completed 12 · failed 0 · discarded 3
🟢 Overlays     pending 0 · processing 0 · async running 0 · completed 30 · failed 0 · discarded 0
======================================================================
";

fn heading<'a>(name: &'a str, worker: WorkerState, max_queue_size: u32) -> ServiceHeading<'a> {
    ServiceHeading { name, worker, max_queue_size }
}

fn user(handle: &str) -> User {
    User { unique_id: handle.into(), ..User::default() }
}

fn own(body: Body) -> Event {
    Event::own(body, Timestamp::default())
}

fn comment(words: &str) -> Event {
    own(Body::Comment(Comment { user: user("user123"), comment: words.into(), ..Comment::default() }))
}

fn rose(count: u32, streaking: bool) -> Event {
    let gift =
        GiftDetails { name: Some("Rose".into()), diamond_count: Some(1), streakable: true, ..GiftDetails::default() };
    own(Body::Gift(Box::new(Gift { user: user("user456"), gift, repeat_count: count, streaking, ..Gift::default() })))
}

fn view(overlays: WorkerState) -> StatisticsView {
    let service = |name: &str, worker, async_running, completed, discarded| ServiceStatistics {
        name: name.into(),
        worker,
        pending: 0,
        processing: 0,
        async_running,
        completed,
        failed: 0,
        discarded,
    };
    StatisticsView {
        up_ms: 5 * 60_000 + 59_999,
        session: Some(SessionStatistics { id: SessionId(1), events: 42 }),
        services: vec![
            service("DinoChrome", WorkerState::Active, None, 12, 3),
            service("Overlays", overlays, Some(0), 30, 0),
        ],
    }
}

#[test]
fn the_story_is_told_in_the_form_that_its_users_know() {
    let language = Language::English;
    let kind = ActionKindId::new("log_write");
    let job = |service, event_type, priority| Job {
        service,
        event_type: Some(event_type),
        kind: &kind,
        priority: Priority::new(priority).expect("1 to 10"),
    };
    let done = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
    let refused = Reason::ActionFailed { error: "ElevenLabs refused the key".into(), advice: String::new() };
    let services = [heading("DinoChrome", WorkerState::Active, 50), heading("Overlays", WorkerState::Active, 100)];
    let beginning = Start {
        streamer: Some("luna.plays"),
        started_ms: STARTED_MS,
        utc_offset_s: 7200,
        session: Some(SessionHeading { id: SessionId(1), name: None }),
        services: &services,
    };
    let shown = |event| event_line(language, &event, Detail::Counted).expect("it counts");
    let lines = [
        start(language, &beginning),
        connecting(language, "luna.plays") + &capturing(language),
        tips(language, 30),
        shown(comment("Hola!")),
        shown(rose(1, false)),
        verdict_line(language, &job("DinoChrome", EventType::Comment, 6), &done),
        verdict_line(language, &job("Overlays", EventType::Gift, 10), &done),
        verdict_line(language, &job("Voice", EventType::Gift, 10), &Ending::Failed(refused)),
        statistics::text(language, &view(WorkerState::Active)),
    ];
    assert_eq!(lines.map(|line| line + "\n").concat(), STORY, "the form is a contract");
}

#[test]
fn every_text_is_there_in_every_language_with_the_same_icon_and_the_same_things_to_fill_in() {
    for language in Language::ALL {
        for text in Text::ALL {
            let (english, other) = (words(Language::English, *text), words(language, *text));
            assert!(!other.trim().is_empty(), "{text:?} is empty in {language}");
            assert_eq!(placeholders(other), placeholders(english), "{text:?} in {language}");
            assert_eq!(icon(other), icon(english), "{text:?} in {language}");
        }
    }
}

#[test]
fn the_catalogues_hold_the_texts_of_the_console_and_no_other_text_for_it() {
    let mut known: Vec<String> = Text::ALL.iter().map(|text| text.key().to_owned()).collect();
    known.extend(EventType::ALL.iter().map(|event_type| format!("cli.event.{event_type}")));
    known.sort_unstable();
    for language in Language::ALL {
        let mut there: Vec<&str> = Catalogue::of(language).keys().filter(|key| key.starts_with("cli.")).collect();
        there.sort_unstable();
        assert_eq!(there, known, "the keys in {language}");
    }
    for known in EventType::ALL {
        assert_eq!(event_type(Language::English, *known), known.as_str(), "English has the names of files");
    }
}

#[test]
fn what_is_counted_is_told_in_its_plural_form() {
    let told = |language, count| tell_count(language, Text::WorkersStarted, count, &[]);
    assert_eq!(told(Language::English, 1), "✅ 1 worker started", "one");
    assert_eq!(told(Language::English, 0), "✅ 0 workers started", "none is many");
    assert_eq!(told(Language::Spanish, 1), "✅ 1 trabajador iniciado", "one");
    assert_eq!(told(Language::Spanish, 1_000_000), "✅ 1.000.000 trabajadores iniciados", "a form that says the same");
    assert_eq!(told(Language::Vietnamese, 1), "✅ đã khởi động 1 bộ xử lý", "Vietnamese has one form");
}

/// The names between braces, in alphabetical order.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|it| it.split_once('}').map(|it| it.0)).collect();
    names.sort_unstable();
    names
}

/// What stands before the words, if the text begins with a picture.
fn icon(text: &str) -> Option<&str> {
    text.split(' ').next().filter(|it| it.chars().all(|it| !it.is_alphanumeric() && it != '{' && it != '('))
}

#[test]
fn every_event_has_a_line_in_every_language() {
    for language in Language::ALL {
        for known in EventType::ALL {
            let event = Event::from_parts(known.as_str(), &serde_json::json!({})).expect("every field has a default");
            let line = event_line(language, &event, Detail::All).expect("all are shown");
            assert!(!line.contains(['{', '\n']), "{known} in {language}: {line:?} is one finished line");
        }
    }
}

#[test]
fn a_way_that_is_left_is_named_as_people_call_it() {
    for (language, from, to) in [
        (Language::English, "“sign server”", "“TikFinity”"),
        (Language::Spanish, "«servidor de firmas»", "«TikFinity»"),
        (Language::Vietnamese, "“máy chủ ký”", "“TikFinity”"),
    ] {
        let told = climbing(language, Way::Sign, Way::Tikfinity, "HTTP 403");
        assert!(told.contains(from) && told.contains(to), "{told}");
        assert!(told.ends_with(": HTTP 403"), "{told} says why");
    }
}

#[test]
fn a_comment_can_neither_fill_itself_in_nor_write_over_the_console() {
    let line = event_line(Language::English, &comment("{user}\u{1b}[2J{text}\n{reason"), Detail::Counted);
    assert_eq!(line.as_deref(), Some("💬 user123: {user}[2J{text} {reason"), "braces stay, control characters go");
}

#[test]
fn the_usual_events_are_told_shortly() {
    #[track_caller]
    fn check(language: Language, event: &Event, expected: &str) {
        assert_eq!(event_line(language, event, Detail::Counted).as_deref(), Some(expected), "in {language}");
    }
    let follow = own(Body::Follow(ByUser { user: user("fan123") }));
    let likes = own(Body::Like(Like { user: user("user789"), count: 1500, ..Like::default() }));
    let gap = own(Body::Gap(Gap { seconds: 22.4, ..Gap::default() }));
    check(Language::English, &follow, "⭐ fan123 followed");
    check(Language::English, &likes, "❤️ user789 liked x1,500");
    check(Language::English, &gap, "⚠️ gap of 22.4 s: nothing was seen meanwhile");
    check(Language::Spanish, &rose(12, false), "🎁 user456 envió Rose x12");
    check(Language::Spanish, &gap, "⚠️ corte de 22,4 s: mientras tanto no se vio nada");
    check(Language::Vietnamese, &likes, "❤️ user789 đã thả tim x1.500");
    assert_eq!(event_line(Language::English, &rose(3, true), Detail::Counted), None, "a step is not yet a gift");
}

#[test]
fn a_service_that_nobody_works_here_says_why() {
    let services = [
        heading("Voice", WorkerState::Elsewhere { process: Some(4711) }, 50),
        heading("Web", WorkerState::Elsewhere { process: None }, 100),
        heading("Sounds", WorkerState::Paused, 50),
        heading("Studio", WorkerState::Off, 50),
        heading("lights\u{202e}", WorkerState::Active, 12_000),
    ];
    let beginning = Start { streamer: None, started_ms: 0, utc_offset_s: 0, session: None, services: &services };
    let expected = format!(
        "{FRAME}\n🚀 TIKTOK EVENT SYSTEM · START\n{FRAME}\n⏰ Started: 1970-01-01 00:00:00\n\n📦 Services\n\
         \x20 🔧 Voice   ⏳ waiting: process 4711 works this queue\n\
         \x20 🔧 Web     ⏳ waiting: another process works this queue\n\
         \x20 🔧 Sounds  ⏸️ paused (max queue 50)\n\
         \x20 🔧 Studio  ⚪ off\n\
         \x20 🔧 lights  ✅ worker active (max queue 12,000)\n✅ 1 worker started\n"
    );
    assert_eq!(start(Language::English, &beginning), expected, "each state in its own words");
}

#[test]
fn the_end_says_what_is_left() {
    let mut last = view(WorkerState::Off);
    let end = |last: &StatisticsView| statistics::end(Language::English, last);
    assert!(end(&last).contains("🔴 Overlays     pending 0"), "{} shows that nobody works there", end(&last));
    assert!(end(&last).contains("\n✅ Everything is saved and done\n"), "nothing waits");
    last.services[1].pending = 1;
    last.services[1].worker = WorkerState::Paused;
    assert!(end(&last).contains("🟡 Overlays     pending 1"), "{} shows that it goes on later", end(&last));
    assert!(end(&last).contains("; 1 job waits for next time\n"), "one job waits");
    last.services[0].pending = 1233;
    assert!(end(&last).contains("; 1,234 jobs wait for next time\n"), "the jobs of all services wait");
}

#[test]
fn numbers_are_written_as_each_language_writes_them() {
    let written = |number| Language::ALL.map(|language| language.number(number));
    assert_eq!(written(0), ["0", "0", "0"], "small ones alike");
    assert_eq!(written(999), ["999", "999", "999"], "small ones alike");
    assert_eq!(written(4021), ["4,021", "4021", "4.021"], "Spanish keeps four digits together");
    assert_eq!(written(1_234_567), ["1,234,567", "1.234.567", "1.234.567"], "groups of three");
    assert_eq!(written(u64::MAX)[0], "18,446,744,073,709,551,615", "up to the largest");
}

#[test]
fn a_language_is_found_by_its_code() {
    for language in Language::ALL {
        assert_eq!(language.to_string().parse(), Ok(language), "its own code leads back");
    }
    assert_eq!("ES".parse(), Ok(Language::Spanish), "whatever the case");
    let error = "de".parse::<Language>().expect_err("not spoken");
    assert_eq!(
        error.to_string(),
        "there is no language \"de\"; there are en (English), es (Spanish) and vi (Vietnamese)"
    );
}

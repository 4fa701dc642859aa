//! Every behaviour of the fake that has a name, and what comes of it: on the direct way, or on the way that it is about.

use std::collections::BTreeSet;
use std::time::Duration;

use cuelight_core::event::{Body, Event};
use cuelight_runtime::source::SourceError;
use cuelight_runtime::source::pace::Pace;
use futures_util::StreamExt as _;
use system_tests::scenario::{self, NAMED};

use crate::direct::capture::{Capture, brisk};
use Expected::{Failure, OfAnother, TestedBy, Told};

/// Captures that run at once.
const AT_ONCE: usize = 8;

/// What comes of a scenario.
#[derive(Clone, Copy)]
enum Expected {
    /// These events, in this order, from the first one on; where the live ends, no others.
    Told(&'static [&'static str]),
    /// No session, and this error.
    Failure(fn(&SourceError) -> bool),
    /// It is about another way, whose test has it; who goes directly is told these all the same.
    OfAnother {
        /// The file, from `tests/it/` on, which plays it by its name.
        file: &'static str,
        /// The test's name.
        test: &'static str,
        /// What the direct way tells.
        direct: &'static [&'static str],
    },
    /// Another test has it, since it takes its time.
    TestedBy {
        /// The file, from `tests/it/` on.
        file: &'static str,
        /// The test's name.
        test: &'static str,
    },
}

/// What `normal` tells, however it was reached.
const NORMAL: &[&str] = &[
    "connect",
    "room_message",
    "live_intro",
    "“first!”",
    "join",
    "“Love your stream! 🌌”",
    "like 5 of 12345",
    "viewer_count",
    "follow",
    "gift 1",
    "gift 3",
    "gift 3 end",
    "gift 1 end",
    "share",
    "follow",
    "share",
    "question",
    "emote",
    "subscribe",
    "envelope",
    "moderation",
    "unknown",
    "unknown",
    "“after the broken one”",
    "live_pause",
    "live_resume",
    "“welcome back”",
];
const BROKEN_OFF: Expected =
    Told(&["connect", "“before it broke”", "disconnect", "gap", "connect", "“lost on the way”", "“after it broke”"]);

const ROWS: &[(&str, Expected)] = &[
    ("normal", Told(NORMAL)),
    ("history", Told(&["connect", "“one”", "“two”", "“three”", "“four”", "“five”", "“six”", "“just now”"])),
    ("gift-streak", Told(&["connect", "gift 1", "gift 3", "gift 3 end"])),
    ("gift-missing-end", Told(&["connect", "gift 1", "gift 4"])),
    ("gift-end-twice", Told(&["connect", "gift 2", "gift 2 end", "gift 2 end"])),
    ("gift-lower-count", Told(&["connect", "gift 5", "gift 3", "gift 4", "gift 5 end"])),
    ("gift-interleaved", Told(&["connect", "gift 1", "gift 1", "gift 4", "gift 2 end", "gift 4 end"])),
    ("gift-single", Told(&["connect", "gift 1 end"])),
    ("gift-by-gift", Told(&["connect", "gift 1 end"])),
    ("like-total-back", Told(&["connect", "like 5 of 1000", "like 3 of 640", "like 15 of 1020"])),
    ("broken-payload", Told(&["connect", "“before”", "unknown", "“after”"])),
    ("unknown-method", Told(&["connect", "“before”", "unknown", "“after”"])),
    ("welcome", Told(&["connect", "room_message"])),
    ("encodings", Told(&["connect", "“with gzip”", "“as it is”", "“with gzip again”"])),
    ("ack-without-ext", Told(&["connect", "“no extension here”", "“no ack wanted”", "“as usual”"])),
    ("paused-resumed", Told(&["connect", "“brb?”", "live_pause", "live_resume", "“back”"])),
    ("ended", Told(&["connect", "“good night”", "live_end", "disconnect"])),
    ("suspended", Told(&["connect", "“good night”", "live_end", "disconnect"])),
    ("closed", Told(&["connect", "“was that all?”", "disconnect", "live_end"])),
    (
        "reconnect",
        Told(&[
            "connect",
            "“before the gap”",
            "gift 2",
            "disconnect",
            "gap",
            "connect",
            "“before the gap”",
            "gift 6 end",
            "“after the gap”",
        ]),
    ),
    ("broken-off", BROKEN_OFF),
    ("cut-in-frame", BROKEN_OFF),
    ("silent", Told(&["connect", "“hello?”", "disconnect", "gap", "connect", "“hello?”"])),
    ("pings", Told(&["connect", "“still here”"])),
    ("device-blocked", Failure(|error| matches!(error, SourceError::Refused { .. }))),
    ("device-blocked-once", Told(NORMAL)),
    ("illegal-key", Failure(|error| matches!(error, SourceError::Refused { .. }))),
    ("illegal-app", Failure(|error| matches!(error, SourceError::Refused { .. }))),
    ("upgrade-unanswered", Failure(|error| matches!(error, SourceError::Unreachable { .. }))),
    ("ttwid-late", Told(NORMAL)),
    ("ttwid-never", Failure(|error| matches!(error, SourceError::Blocked { .. }))),
    ("slow", Told(NORMAL)),
    ("slow-loris", Failure(|error| matches!(error, SourceError::Unreachable { .. }))),
    ("dribble", Told(&["connect", "“at once”", "“in drops”", "“at once again”"])),
    ("gzip-bomb", Told(&["connect", "“before”", "“after”"])),
    ("huge-frame", Told(&["connect", "“before”", "disconnect", "gap", "connect", "“after”"])),
    (
        "clock-skew",
        Told(&[
            "connect",
            "“on time”",
            "“without a time”",
            "“two hours ahead”",
            "“without a time”",
            "“two hours behind”",
            "“without a time”",
            "“a day ahead”",
            "“without a time”",
        ]),
    ),
    (
        "welcome-again",
        Told(&[
            "connect",
            "room_message",
            "“before the break”",
            "disconnect",
            "gap",
            "connect",
            "room_message",
            "“after the break”",
        ]),
    ),
    ("room-changed", Told(&["connect", "“in the first room”", "disconnect", "live_end"])),
    ("second-live", Told(&["connect", "“in the first room”", "live_end", "disconnect"])),
    ("joins-only", Told(&["connect", "join", "join", "join"])),
    (
        "six-hours",
        TestedBy { file: "staying_long.rs", test: "six_hours_with_forty_breaks_add_up_and_take_no_more_memory" },
    ),
    ("browsers-only", Failure(|error| matches!(error, SourceError::Blocked { .. }))),
    ("ttwid-for-browsers", Failure(|error| matches!(error, SourceError::Blocked { .. }))),
    ("direct-refused", Failure(|error| matches!(error, SourceError::Refused { .. }))),
    ("direct-refused-later", Told(&["connect", "“before it broke”", "disconnect"])),
    ("other-host", Failure(|error| matches!(error, SourceError::Refused { .. }))),
    // What the page does, the signer says and the gift list holds is nothing to who goes directly.
    (
        "page-socket-once",
        OfAnother {
            file: "ways/climbing.rs",
            test: "a_page_that_lets_its_connection_go_is_opened_again",
            direct: &["connect", "“before the gap”", "gift 2", "disconnect", "gap", "connect"],
        },
    ),
    (
        "page-worker",
        OfAnother { file: "chrome/frames.rs", test: "a_socket_in_a_worker_is_heard_as_well", direct: NORMAL },
    ),
    (
        "page-strangers",
        OfAnother {
            file: "chrome/frames.rs",
            test: "sockets_of_strangers_are_neither_heard_nor_reached_by_name",
            direct: NORMAL,
        },
    ),
    (
        "page-silent",
        OfAnother {
            file: "ways/climbing.rs",
            test: "a_page_that_opens_no_socket_is_left_for_the_next_way",
            direct: NORMAL,
        },
    ),
    (
        "page-flood",
        OfAnother { file: "ways/climbing.rs", test: "a_page_that_floods_is_left_with_its_cause", direct: &["connect"] },
    ),
    (
        "page-captcha",
        OfAnother {
            file: "chrome/person.rs",
            test: "a_captcha_stays_solved_for_whoever_shows_its_cookies",
            direct: NORMAL,
        },
    ),
    (
        "page-captcha-later",
        OfAnother {
            file: "chrome/person.rs",
            test: "a_captcha_that_a_script_lays_over_the_page_is_told_and_ends_it",
            direct: NORMAL,
        },
    ),
    (
        "page-login",
        OfAnother { file: "chrome/person.rs", test: "a_login_gives_the_session_and_forgets_it", direct: NORMAL },
    ),
    (
        "sign-fallback",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-401",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-403",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-402",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-402-in-200",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-no-cookie",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-429",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-bare",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-hour",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-day",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-after",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-date",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-remaining",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-reset",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-x-reset",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-unsaid",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-429-cut",
        OfAnother { file: "ways/sign.rs", test: "a_limit_is_told_with_its_end_whatever_form_that_has", direct: NORMAL },
    ),
    (
        "sign-500",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-503",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    (
        "sign-empty",
        OfAnother { file: "ways/sign.rs", test: "every_answer_without_a_signature_has_its_own_error", direct: NORMAL },
    ),
    ("gift-list-403", OfAnother { file: "gift_list.rs", test: "a_refused_list_is_let_be_for_the_day", direct: NORMAL }),
    (
        "gift-list-large",
        OfAnother { file: "gift_list.rs", test: "a_list_of_many_megabytes_is_taken_in", direct: NORMAL },
    ),
    (
        "gift-list-unanswered",
        OfAnother { file: "gift_list.rs", test: "a_capture_is_never_delayed_by_the_gift_list", direct: NORMAL },
    ),
];

#[test]
fn every_scenario_with_a_name_has_a_row_here() {
    let rows: BTreeSet<_> = ROWS.iter().map(|(name, _)| *name).collect();
    let named: BTreeSet<_> = NAMED.iter().map(|scenario| scenario.name).collect();
    assert_eq!(rows.len(), ROWS.len(), "no name has two rows");
    assert_eq!(rows, named, "what the fake can do is what is tried");
    for (name, expected) in ROWS {
        let (file, test) = match *expected {
            OfAnother { file, test, .. } | TestedBy { file, test } => (file, test),
            Told(_) | Failure(_) => continue,
        };
        let path = system_tests::program::repository("tests/it").join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let begin = text.find(&format!("fn {test}()")).unwrap_or_else(|| panic!("{file} has no {test}"));
        let body = &text[begin..];
        let body = &body[..body.find("\n}\n").unwrap_or(body.len())];
        if let OfAnother { .. } = expected {
            assert!(body.contains(&format!("\"{name}\"")), "{test} in {file} plays {name}");
        }
    }
}

#[tokio::test]
async fn every_scenario_comes_out_as_its_row_says() {
    let checks = ROWS.iter().map(|(name, expected)| check(name, *expected));
    let outcomes: Vec<_> = futures_util::stream::iter(checks).buffer_unordered(AT_ONCE).collect().await;
    let failures: Vec<_> = outcomes.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Plays a scenario; gives what is wrong with what came of it.
async fn check(name: &str, expected: Expected) -> Option<String> {
    let scenario = scenario::named(name).expect("the rows are those of the fake");
    match expected {
        TestedBy { .. } => None,
        Told(words) | OfAnother { direct: words, .. } => {
            let pace = Pace { heartbeat_period: Duration::from_secs(1), silence: Duration::from_secs(4), ..brisk() };
            let mut capture = Capture::of(scenario, pace);
            let mut told = Vec::new();
            // What comes after the end of a live would be too much; a room that goes on goes on saying something.
            let is_to_end = words.contains(&"live_end");
            while is_to_end || told.len() < words.len() {
                let Some((batch, confirm)) = capture.next().await else { break };
                told.extend(batch.events.iter().map(word));
                // The source does not wait for the word about its own events.
                let _ = confirm.send(());
            }
            if !is_to_end {
                told.truncate(words.len());
            }
            (told != words).then(|| format!("{name} is to tell\n  {words:?}\nand tells\n  {told:?}"))
        }
        Failure(is_right) => {
            let pace = Pace { answer_timeout: Duration::from_millis(400), ..brisk() };
            let (events, outcome) = Capture::of(scenario, pace).end().await;
            let is_right = events.is_empty() && outcome.as_ref().is_err_and(is_right);
            (!is_right).then(|| format!("{name} ends with {outcome:?} after {events:?}"))
        }
    }
}

/// An event as the rows write it.
fn word(event: &Event) -> String {
    match &event.body {
        Body::Comment(it) => format!("“{}”", it.comment),
        Body::Gift(it) => format!("gift {}{}", it.repeat_count, if it.streaking { "" } else { " end" }),
        Body::Like(it) => format!("like {} of {}", it.count, it.total_likes),
        _ => event.event_type().to_string(),
    }
}

//! Every text of the console by its name; the words stand in the catalogues, under keys that begin with `cli.`.

use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::event::EventType;
use cuelight_core::way::Way;

use super::catalogue::{Catalogue, fill};
use super::story::Language;
use crate::source::tiktok::allowance::{Allowance, Left};

macro_rules! texts {
    ($($name:ident = $key:literal,)+) => {
        /// The name of a text; what stands in braces in it is filled in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the English catalogue says what each of them says")]
        pub enum Text { $($name),+ }

        impl Text {
            /// Every text there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its key in the catalogues.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => concat!("cli.", $key)),+ }
            }
        }
    };
}

texts! {
    // The beginning.
    Title = "title",
    Streamer = "streamer",
    Started = "started",
    SessionNamed = "session_named",
    Unnamed = "unnamed",
    Services = "services",
    WorkerActive = "worker_active",
    WorkerInProcess = "worker_in_process",
    WorkerElsewhere = "worker_elsewhere",
    ServicePaused = "service_paused",
    ServiceOff = "service_off",
    WorkerInTrouble = "worker_in_trouble",
    WorkersStarted = "workers_started",
    Connecting = "connecting",
    Reading = "reading",
    Capturing = "capturing",
    WaitingForLive = "waiting_for_live",
    NotLive = "not_live",
    Reconnecting = "reconnecting",
    Climbing = "climbing",
    AskingPerson = "asking_person",
    TipStop = "tip_stop",
    TipStatistics = "tip_statistics",
    OldJobsHeld = "old_jobs_held",
    OldJobsRun = "old_jobs_run",
    OldJobsDiscarded = "old_jobs_discarded",
    SessionGoesOn = "session_goes_on",
    PausedKeepsJobs = "paused_keeps_jobs",
    OffKeepsJobs = "off_keeps_jobs",
    Stopping = "stopping",
    JournalWritten = "journal_written",
    QueuesWritten = "queues_written",
    // Publishing.
    PublishUnreachable = "publish.unreachable",
    PublishRefused = "publish.refused",
    PublishAgain = "publish.again",
    PublishPublished = "publish.published",
    PublishMissing = "publish.missing",
    PublishAdviseExport = "publish.advise_export",
    // Jobs.
    JobStarted = "job_started",
    JobCompleted = "job_completed",
    JobFailed = "job_failed",
    JobDiscarded = "job_discarded",
    JobRetried = "job_retried",
    JobInterrupted = "job_interrupted",
    // Statistics and the end.
    Statistics = "statistics",
    End = "end",
    Up = "up",
    SessionNumber = "session_number",
    Events = "events",
    WorkersActive = "workers_active",
    Waiting = "waiting",
    AsyncRunning = "async_running",
    Ended = "ended",
    NothingWaits = "nothing_waits",
    JobsWait = "jobs_wait",
    // Events.
    Connected = "connected",
    Comment = "comment",
    Gift = "gift",
    GiftTo = "gift_to",
    UnknownGift = "unknown_gift",
    Like = "like",
    Join = "join",
    Follow = "follow",
    Share = "share",
    Subscribe = "subscribe",
    SubscribeMonths = "subscribe_months",
    ViewerCount = "viewer_count",
    Question = "question",
    Emote = "emote",
    Envelope = "envelope",
    BattleStarted = "battle_started",
    BattleUpdated = "battle_updated",
    BattleEnded = "battle_ended",
    Social = "social",
    SuperFanJoined = "super_fan_joined",
    SuperFanBox = "super_fan_box",
    SuperFanComment = "super_fan_comment",
    GifterLevel = "gifter_level",
    TeamLevel = "team_level",
    Moderation = "moderation",
    Delete = "delete",
    Pin = "pin",
    Unpin = "unpin",
    Poll = "poll",
    Goal = "goal",
    Barrage = "barrage",
    Rank = "rank",
    Shop = "shop",
    Caption = "caption",
    RoomMessage = "room_message",
    LiveIntro = "live_intro",
    Custom = "custom",
    Gap = "gap",
    LiveStart = "live_start",
    LivePause = "live_pause",
    LiveResume = "live_resume",
    LiveEnd = "live_end",
    Disconnect = "disconnect",
    Unknown = "unknown",
    Earlier = "earlier",
    // Words between others.
    Or = "or",
    Nothing = "nothing",
    // What a rule waits for.
    WhenAnyGift = "when.any_gift",
    WhenGift = "when.gift",
    WhenGiftBetween = "when.gift_between",
    WhenGiftFrom = "when.gift_from",
    WhenGiftUpTo = "when.gift_up_to",
    WhenAnyComment = "when.any_comment",
    WhenCommentWith = "when.comment_with",
    WhenCommentLike = "when.comment_like",
    WhenCommand = "when.command",
    WhenEveryLikes = "when.every_likes",
    WhenLikesOfOne = "when.likes_of_one",
    WhenEveryFollowers = "when.every_followers",
    WhenGoalReached = "when.goal_reached",
    WhenCounterReaches = "when.counter_reaches",
    WhenEverySeconds = "when.every_seconds",
    WhenAtTime = "when.at_time",
    WhenCustomEvent = "when.custom_event",
    WhenKeys = "when.keys",
    WhenButton = "when.button",
    WhenCall = "when.call",
    WhenAppStart = "when.app_start",
    WhenOverlayClosed = "when.overlay_closed",
    WhenServiceLate = "when.service_late",
    // What it does.
    StepIf = "step.if",
    StepIfOtherwise = "step.if_otherwise",
    StepOneOf = "step.one_of",
    StepWait = "step.wait",
    // Checking rules.
    AboutRule = "check.about_rule",
    AboutService = "check.about_service",
    RulesCounted = "check.rules",
    RulesInFile = "check.rules_in_file",
    CheckFine = "check.fine",
    CheckWarned = "check.warned",
    CheckFaulty = "check.faulty",
    UnreadableRule = "check.unreadable_rule",
    UnreadableGroup = "check.unreadable_group",
    LeftOut = "check.left_out",
    // Replaying.
    ReplayAfter = "replay.after",
    ReplayDidNotFire = "replay.did_not_fire",
    ReplayFired = "replay.fired",
    // The local server.
    ServeLink = "serve.link",
    ServeFull = "serve.full",
    ServeRemote = "serve.remote",
    ServeTip = "serve.tip",
    ServeFailed = "serve.failed",
    ServeAdvisePort = "serve.advise_port",
    // Lists of jobs.
    NoSuchJobs = "jobs.none",
    OlderJobs = "jobs.older",
    JobByRule = "jobs.by_rule",
    JobByDefault = "jobs.by_default",
    JobByHand = "jobs.by_hand",
    JobIsHeld = "jobs.held",
    JobAgainAt = "jobs.again_at",
    JobRunsAgain = "jobs.runs_again",
    // Findings of the doctor.
    DataFolder = "doctor.data_folder",
    Disk = "doctor.disk",
    LittleSpace = "doctor.little_space",
    Space = "doctor.space",
    Engine = "doctor.engine",
    NoEngine = "doctor.no_engine",
    EngineIsThis = "doctor.engine_is_this",
    Database = "doctor.database",
    DatabaseSound = "doctor.database_sound",
    TikTok = "doctor.tiktok",
    Answers = "doctor.answers",
    DoesNotAnswer = "doctor.does_not_answer",
    DoesNotAnswerIn = "doctor.does_not_answer_in",
    Keychain = "doctor.keychain",
    KeychainGood = "doctor.keychain_good",
    Browser = "doctor.browser",
    // The ways into a live.
    IsLive = "doctor.is_live",
    WayLeadsIn = "doctor.way_leads_in",
    WayFails = "doctor.way_fails",
    WayClosed = "doctor.way_closed",
    WayOff = "doctor.way_off",
    WayNeedsRoom = "doctor.way_needs_room",
    Allowance = "doctor.allowance",
    AllowanceLeft = "doctor.allowance_left",
    Connection = "doctor.connection",
    WaysIn = "doctor.ways_in",
    NoWayIn = "doctor.no_way_in",
    // What is wrong, where it is not the system that says it.
    BrowserMissing = "doctor.browser_missing",
    BrowserNotStarted = "doctor.browser_not_started",
    DatabaseBusy = "doctor.database_busy",
    DatabaseDamaged = "doctor.database_damaged",
    DatabaseNewer = "doctor.database_newer",
    DiskFull = "doctor.disk_full",
    EngineElsewhere = "doctor.engine_elsewhere",
    EngineInProcess = "doctor.engine_in_process",
    FolderIsFile = "doctor.folder_is_file",
    KeychainLocked = "doctor.keychain_locked",
    KeychainMissing = "doctor.keychain_missing",
    KeychainRefused = "doctor.keychain_refused",
    KeychainSilent = "doctor.keychain_silent",
    NoHome = "doctor.no_home",
    NoPermission = "doctor.no_permission",
    PlaceRefused = "doctor.place_refused",
    // What to do about it.
    AdviseFolder = "doctor.advise_folder",
    AdviseSpace = "doctor.advise_space",
    AdviseDrive = "doctor.advise_drive",
    AdviseBusy = "doctor.advise_busy",
    AdviseNewer = "doctor.advise_newer",
    AdviseExport = "doctor.advise_export",
    AdviseRestart = "doctor.advise_restart",
    AdviseNetwork = "doctor.advise_network",
    AdviseKeychain = "doctor.advise_keychain",
    AdviseUnlock = "doctor.advise_unlock",
    AdviseKeychainAgain = "doctor.advise_keychain_again",
    AdviseBrowser = "doctor.advise_browser",
    AdviseBrowserAgain = "doctor.advise_browser_again",
    AdviseNotLive = "doctor.advise_not_live",
    AdviseSpelling = "doctor.advise_spelling",
    AdviseWayOn = "doctor.advise_way_on",
    AdviseNextWay = "doctor.advise_next_way",
    AdviseWait = "doctor.advise_wait",
    AdviseCaptcha = "doctor.advise_captcha",
    AdviseNotPublic = "doctor.advise_not_public",
    AdviseLogin = "doctor.advise_login",
    AdviseSignKey = "doctor.advise_sign_key",
    AdviseTikfinity = "doctor.advise_tikfinity",
    AdviseReport = "doctor.advise_report",
    AdviseNoWay = "doctor.advise_no_way",
    // Testing keys.
    KeyNotSet = "key.not_set",
    KeyNoServer = "key.no_server",
    KeyRefused = "key.refused",
    KeyUnreachable = "key.unreachable",
    KeyBadForm = "key.bad_form",
}

/// The text with what stands in its braces.
#[must_use]
pub fn tell(language: Language, text: Text, values: &[(&str, &str)]) -> String {
    fill(words(language, text), values)
}

/// The text for so many, with `count` and what else stands in its braces.
#[must_use]
pub fn tell_count(language: Language, text: Text, count: u64, values: &[(&str, &str)]) -> String {
    let number = language.number(count);
    let all: Vec<(&str, &str)> = values.iter().copied().chain([("count", number.as_str())]).collect();
    let words = Catalogue::of(language).text_for(text.key(), count);
    fill(words.expect("a test looks every text up"), &all)
}

/// What an event type is called in a line of the console.
#[must_use]
pub fn event_type(language: Language, event_type: EventType) -> &'static str {
    let name = Catalogue::of(language).text(&format!("cli.event.{event_type}"));
    name.unwrap_or(event_type.as_str())
}

/// What a way into a live is called.
#[must_use]
pub fn way(language: Language, way: Way) -> &'static str {
    Catalogue::of(language).text(&format!("way.{way}")).unwrap_or(way.as_str())
}

/// What an attempt to get into a live tried.
#[must_use]
pub fn attempt_step(language: Language, step: AttemptStep) -> &'static str {
    Catalogue::of(language).text(&format!("attempt.step.{step}")).unwrap_or(step.as_str())
}

/// What came of it, with the time of this machine's zone until which it holds.
#[must_use]
pub fn attempt_answer(language: Language, answer: AttemptAnswer) -> String {
    let catalogue = Catalogue::of(language);
    let words = catalogue.text(&format!("attempt.answer.{}", answer.as_str())).unwrap_or(answer.as_str());
    let time = answer.until_ms().and_then(|until_ms| jiff::Timestamp::from_millisecond(until_ms).ok());
    let time = time.map(|time| time.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string());
    let event = answer.family().map(|family| event_type(language, family));
    fill(words, &[("time", time.as_deref().unwrap_or_default()), ("event", event.unwrap_or_default())])
}

/// What a key for the sign server is still good for; `–` where the server does not say.
#[must_use]
pub fn allowance(language: Language, allowance: Allowance) -> String {
    let left = |left: Option<Left>| {
        let number = |number| language.number(number);
        left.map_or_else(|| "–".to_owned(), |left| format!("{}/{}", number(left.remaining), number(left.max)))
    };
    let (minute, hour, day) = (left(allowance.minute), left(allowance.hour), left(allowance.day));
    tell(language, Text::AllowanceLeft, &[("minute", &minute), ("hour", &hour), ("day", &day)])
}

/// The text as its language has it.
pub(super) fn words(language: Language, text: Text) -> &'static str {
    Catalogue::of(language).text(text.key()).expect("a test looks every text up")
}

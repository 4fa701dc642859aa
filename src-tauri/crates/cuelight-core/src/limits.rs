//! Every bound of the engine, with its reason, in one place.

/// Messages whose ids are remembered to recognise a repetition; TikTok replays a handful after a reconnect, peers keep 10 000.
pub const DEDUPE_IDS: usize = 16_384;

/// Silence after which a combo is ended without its end message, in milliseconds.
pub const COMBO_IDLE_MS: i64 = 15_000;

/// How long an ended combo is remembered, so that a late correction or a repeated end is recognised, in milliseconds.
pub const COMBO_MEMORY_MS: i64 = 10 * 60_000;

/// How far apart TikTok's times of an end and of its repetition lie at most, in milliseconds; seen: some milliseconds.
pub const COMBO_REPEATED_END_MS: i64 = 2_000;

/// Combos remembered at once; beyond it the oldest ended ones go first.
pub const COMBOS: usize = 50_000;

/// The longest break within one viewer's like streak, in milliseconds.
pub const LIKE_STREAK_BREAK_MS: i64 = 10_000;

/// Like streaks followed at once; beyond it the stalest go first.
pub const LIKE_STREAKS: usize = 10_000;

/// Viewers of a session whose deeds are kept in memory; beyond it those who gave nothing go first, the stalest of them.
pub const VIEWERS: usize = 100_000;

/// Longest cleaned name or comment, in characters as people count them.
pub const CLEAN_TEXT_CHARACTERS: usize = 500;

/// Combining marks kept on one character of a cleaned text: Burmese words stack five, more is decoration that paints over its
/// neighbours.
pub const CLEAN_MARKS_PER_CHARACTER: usize = 5;

/// Batches between a source and the journal; when it is full the source is read more slowly.
pub const INBOX_BATCHES: usize = 256;

/// Batches of one connection that may wait for their commit; more than the inbox holds, so that only the inbox slows reading.
pub const UNCONFIRMED_BATCHES: usize = 4 * INBOX_BATCHES;

/// Events in one commit; more would only delay the first of them.
pub const COMMIT_EVENTS: usize = 256;

/// Longest wait for more events before a commit, in milliseconds.
pub const COMMIT_WAIT_MS: u64 = 5;

/// How late a live source may be before its least important events are shed, in milliseconds.
pub const SHED_AFTER_MS: i64 = 2_000;

/// Committed batches kept for readers of the live feed; a slower reader goes on from the journal.
pub const FEED_BATCHES: usize = 16;

/// Faulty messages kept for inspection, the newest ones.
pub const FAULTS: usize = 1_000;

/// Bytes kept of one faulty message.
pub const FAULT_BYTES: usize = 64 * 1024;

/// Attempts to get into lives that the journal keeps, the newest ones: some weeks of evenings, or a week of waiting.
pub const ATTEMPTS: u32 = 5_000;

/// Characters kept of what an attempt tells beside its answer.
pub const ATTEMPT_DETAIL_CHARACTERS: usize = 200;

/// Gifts that the catalogue learns; TikTok has a few thousand.
pub const CATALOGUE_GIFTS: usize = 20_000;

/// Names remembered of one gift: TikTok speaks some forty languages, and names change now and then.
pub const GIFT_NAMES: usize = 64;

/// How long an open session without events may be continued, in milliseconds.
pub const SESSION_RESUME_MS: i64 = 10 * 60_000;

/// Joins, likes and viewer counts are kept this long by default, in days.
pub const PRUNE_AFTER_DAYS: u32 = 14;

/// Entries kept in a Redis stream, roughly (`MAXLEN ~`): several evenings of a usual live, some 100 MB of Redis' memory.
pub const STREAM_ENTRIES: u32 = 100_000;

/// Entries read at once when looking for a batch whose answer was lost; one page nearly always holds it.
pub const STREAM_PAGE_ENTRIES: u32 = 512;

/// Names of unknown messages counted one by one in a session; TikTok has about a hundred that we do not read.
pub const UNKNOWN_METHODS: usize = 200;

/// Firings of one rule in one combo unless the rule says otherwise; a hundred roses are not a hundred creepers.
pub const MAX_REPEAT: u32 = 20;

/// Firings of one rule for one event, whatever the rule says: each is rows in the database.
pub const FIRINGS_PER_EVENT: u32 = 10_000;

/// Viewers who are told apart in one folded run; more are counted by the run's count alone.
pub const FOLDED_VIEWERS: usize = 100;

/// Rules that may run or emit each other in a row: people build two or three, and a circle ends soon.
pub const RULE_DEPTH: u8 = 5;

/// Rules in one data folder; matching stays fast far beyond what people write.
pub const RULES: usize = 10_000;

/// Longest id of a rule, in characters; it stands in tables and commands.
pub const RULE_ID_CHARACTERS: usize = 64;

/// Longest name of a rule or a group, in characters: a sentence, and it stands in lists.
pub const RULE_NAME_CHARACTERS: usize = 100;

/// Rules in the bin; beyond it those that were binned first go for good. Nobody looks through more.
pub const BINNED_RULES: u32 = 1_000;

/// Earlier forms kept of one rule, the newest ones: an evening of trying things out.
pub const RULE_VERSIONS: u32 = 50;

/// How long after an earlier form of a rule was kept the next one is kept, in milliseconds: what people save by itself
/// while they type is no form that they want back.
pub const RULE_VERSION_EVERY_MS: i64 = 60_000;

/// Deeds that can be undone; nobody goes back further step by step.
pub const UNDO_DEEDS: u32 = 200;

/// Bytes that all those deeds may take in the database; only taking in packs of thousands of rules comes near it.
pub const UNDO_BYTES: u32 = 64 * 1024 * 1024;

/// Services in one data folder: each has a worker and a queue, and a table that people look through.
pub const SERVICES: usize = 64;

/// Bytes of a rules file; ten thousand rules of a few steps fit in.
pub const RULES_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Steps of one rule, those inside choices included: far more than fit on a screen, and a run's row stays small.
pub const STEPS: usize = 200;

/// Choices inside choices: nobody can read more, and looking through them needs little of the stack.
pub const STEP_DEPTH: usize = 8;

/// Size of one compiled regular expression in bytes; larger ones would cost memory and time on every comment.
pub const REGEX_BYTES: usize = 256 * 1024;

/// Combos whose firings are remembered in a session; beyond it the stalest ended ones go first.
pub const COMBO_FIRINGS: usize = 50_000;

/// Viewers whose cooldowns are remembered for each rule; beyond it those that are over go first.
pub const VIEWER_COOLDOWNS: usize = 10_000;

/// Longest text that a placeholder is filled with, in characters: more than any comment, and a long reply of an assistant.
pub const FILLED_CHARACTERS: usize = 2_000;

/// How long a job may run unless its kind says otherwise, in milliseconds: slow servers answer within it, and on a live a
/// queue that stands still for longer is noticed.
pub const JOB_TIME_LIMIT_MS: u64 = 30_000;

/// Tries of one job: with the pauses between them that is some seconds, in which a hiccup of a network passes.
pub const MAX_ATTEMPTS: u32 = 3;

/// Async jobs that run at once in a service unless it says otherwise: a burst of gifts is answered together, and no server
/// takes so few for an attack.
pub const PARALLEL_JOBS_DEFAULT: u32 = 8;

/// Requests to the thread that writes the queues; a worker whose request does not fit in waits.
pub const QUEUE_REQUESTS: usize = 256;

/// Requests to the queues that share one commit; more would only delay the answer to the first of them.
pub const QUEUE_COMMIT_REQUESTS: usize = 64;

/// Outputs that a run keeps for its later steps; a kind of action gives one or two.
pub const OUTPUTS: usize = 64;

/// Longest pause before the second try of a job, in milliseconds; it doubles with each further try.
pub const RETRY_FIRST_MS: u64 = 1_000;

/// Longest pause before any try of a job, in milliseconds: on a live, later is mostly too late.
pub const RETRY_MS: u64 = 30_000;

/// Longest pause that another side may ask for, in milliseconds; who asks for more has refused.
pub const RETRY_AFTER_MS: u64 = 2 * 60_000;

/// Faults of one rules file that are told; the rest is counted.
pub const RULES_FILE_FAULTS: usize = 20;

/// Pieces of news from the workers that wait for a reader; some seconds of a flood. A slower one is told how many it missed.
pub const WORK_NEWS: usize = 1_024;

/// Jobs that may be allowed to wait in one queue; more would be worked off when nobody remembers why.
pub const QUEUE_SIZE: u32 = 100_000;

/// Async jobs of one service that may be allowed to run at once; each has a task and perhaps a connection of its own.
pub const PARALLEL_JOBS_MAX: u32 = 64;

/// Longest time for which a waiting job may be allowed to make sense, in seconds: a day.
pub const EXPIRES_AFTER_SECONDS: u32 = 86_400;

/// Longest name of a service, in characters; it stands in tables.
pub const SERVICE_NAME_CHARACTERS: usize = 60;

/// Goals followed in one session; TikTok shows a handful.
pub const GOALS: usize = 100;

/// Ticks that one jump of a recording's time may make: hours of a timer that beats every second. What lies beyond counts as
/// one tick, as it does where a live's clock jumps.
pub const TICKS_PER_JUMP: usize = 10_000;

/// Runs that one firing may lead to by rules that run rules: far more than anybody wants, and soon done.
pub const RUNS_PER_FIRING: u32 = 100;

/// Runs that one try makes, however often the rule would fire: what each of them looks like is seen by then.
pub const TRIED_FIRINGS: usize = 20;

/// Events that are looked through, newest first, for those that a trigger answers: some busy evenings' end, in a blink.
pub const REAL_EVENTS_SCANNED: u32 = 20_000;

/// What jobs emitted, read at once for the journal's lane, so that a commit never grows beyond what is quick.
pub const EMITTED_AT_ONCE: usize = COMMIT_EVENTS;

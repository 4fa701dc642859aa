//! `cuelight sessions`: what was captured.

mod export;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_core::clean::clean;
use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use cuelight_core::timestamp::Timestamp;
use cuelight_runtime::locks::EngineLock;
use cuelight_runtime::store::{Reader, StoredSession};

use crate::console::{TextTo, print_line};
use crate::failure::Failure;
use crate::{open, prompt};

/// Givers shown of one session.
const TOP_GIFTERS: u32 = 5;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight sessions list
  cuelight sessions show 12
  cuelight sessions export 12 --format csv --output live.csv")]
pub(crate) struct SessionsArgs {
    #[command(subcommand)]
    action: SessionsAction,
}

#[derive(Debug, Subcommand)]
enum SessionsAction {
    /// Lists the sessions, the newest first.
    List {
        /// Prints one JSON object a session instead.
        #[arg(long)]
        json: bool,
    },
    /// Shows one session: what happened, how often, and who gave most.
    Show {
        /// The session's number.
        id: SessionNumber,
        /// Prints one JSON object instead.
        #[arg(long)]
        json: bool,
    },
    /// Gives a session a name; an empty one takes it away.
    Rename {
        /// The session's number.
        id: SessionNumber,
        /// The new name.
        name: String,
    },
    /// Writes the events of a session.
    Export {
        /// The session's number.
        id: SessionNumber,
        /// How they are written.
        #[arg(long, value_enum, default_value_t = export::Format::Json)]
        format: export::Format,
        /// Where they are written; without it, to stdout.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Every event, not only those that count.
        #[arg(long)]
        all: bool,
    },
    /// Deletes a session with all its events.
    Delete {
        /// The session's number.
        id: SessionNumber,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// A session's number, with or without the `#` that it is shown with.
#[derive(Debug, Clone, Copy)]
struct SessionNumber(SessionId);

impl std::str::FromStr for SessionNumber {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim_start_matches('#').parse().map_err(|_| "a session is a number such as 12".to_owned())?;
        Ok(Self(SessionId(number)))
    }
}

pub(crate) fn run(args: SessionsArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let store = open::store(data_dir)?;
    let reader = store.reader()?;
    match args.action {
        SessionsAction::List { json } => list(&reader, json)?,
        SessionsAction::Show { id, json } => show(&reader, &session(&reader, id.0)?, json)?,
        SessionsAction::Rename { id, name } => {
            session(&reader, id.0)?;
            store.journal()?.rename_session(id.0, name.trim())?;
            print_line(&format!("✅ Session {} is now called {:?}", id.0, name.trim()));
        }
        SessionsAction::Export { id, format, output, all } => {
            export::run(&reader, &session(&reader, id.0)?, format, output.as_deref(), all)?;
        }
        SessionsAction::Delete { id, yes } => {
            let session = session(&reader, id.0)?;
            if !yes && !agrees(&session)? {
                print_line("Nothing was deleted.");
                return Ok(ExitCode::SUCCESS);
            }
            // An open session may be one that is being captured now: nobody deletes it from under its engine.
            let _lock = session.ended_ms.is_none().then(|| EngineLock::take(store.folder())).transpose()?;
            store.journal()?.delete_session(id.0)?;
            print_line(&format!("✅ Session {} was deleted", id.0));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn session(reader: &Reader, id: SessionId) -> Result<StoredSession, Failure> {
    reader.session(id)?.ok_or_else(|| {
        Failure::failed(format!("there is no session {id}")).advising("See those there are: cuelight sessions list.")
    })
}

/// Whether the one at the terminal agrees; without one, `--yes` has to.
fn agrees(session: &StoredSession) -> Result<bool, Failure> {
    if !prompt::can_ask() {
        return Err(Failure::wrong_use("nobody is there to be asked whether the session may be deleted")
            .advising("Add --yes to delete it for good."));
    }
    let question = format!("Delete session {} with {} events for good?", session.id, session.last_number);
    prompt::agrees(TextTo::Stdout, &question)
}

fn list(reader: &Reader, json: bool) -> Result<(), Failure> {
    let sessions = reader.sessions()?;
    if sessions.is_empty() && !json {
        print_line("Nothing was captured yet. Begin with: cuelight capture --source simulator --duration 30");
    }
    for it in sessions {
        if json {
            print_line(&as_json(&it).to_string());
            continue;
        }
        print_line(&format!(
            "{:>5}  {}  {:>8}  @{:<20}  {:>7} events  {:>7} diamonds  {}",
            it.id.to_string(),
            moment(it.started_ms),
            lasted(&it),
            clean(&it.creator),
            it.totals.counted(),
            it.totals.diamonds,
            clean(it.name.as_deref().unwrap_or("unnamed")),
        ));
    }
    Ok(())
}

fn show(reader: &Reader, it: &StoredSession, json: bool) -> Result<(), Failure> {
    let givers = reader.top_givers(it.id, TOP_GIFTERS)?;
    if json {
        let mut object = as_json(it);
        object["top_gifters"] = givers
            .iter()
            .map(|giver| serde_json::json!({"unique_id": giver.unique_id, "nickname": giver.nickname, "diamonds": giver.diamonds}))
            .collect();
        print_line(&object.to_string());
        return Ok(());
    }
    let totals = &it.totals;
    let counted = totals.counted();
    print_line(&format!("📝 Session {} · {}", it.id, clean(it.name.as_deref().unwrap_or("unnamed"))));
    print_line(&format!("📺 @{} · room {} · {}", clean(&it.creator), clean(&it.room_id), clean(&it.source)));
    let end = it.ended_ms.map_or("still open".to_owned(), moment);
    print_line(&format!("⏰ {} – {end} ({})\n", moment(it.started_ms), lasted(it)));
    print_line(&format!("Events that count: {counted}"));
    for (event_type, count) in &totals.by_type {
        let share = *count as f64 * 100.0 / counted.max(1) as f64;
        print_line(&format!("  {event_type}: {count} ({share:.1} %)"));
    }
    let value = totals.diamonds as f64 * reader.settings()?.keeping.diamond_value_usd;
    print_line(&format!("\n💎 {} diamonds (about ${value:.2}) in {} gifts", totals.diamonds, totals.gift_units));
    print_line(&format!("❤️ {} likes", totals.likes));
    print_line(&format!("⭐ {} new followers", totals.of_type(EventType::Follow)));
    if !givers.is_empty() {
        print_line("\n🏆 Top gifters");
        for (place, giver) in givers.iter().enumerate() {
            print_line(&format!("  {}. @{}: {} diamonds", place + 1, clean(&giver.unique_id), giver.diamonds));
        }
    }
    let (duplicates, faults, shed) = (totals.duplicates, totals.faults, totals.shed);
    print_line(&format!("\nIn the journal: {} events · {duplicates} repetitions dropped", totals.journaled));
    if faults + shed > 0 {
        print_line(&format!("⚠️ {faults} messages were damaged, {shed} left out because the live was too far behind"));
    }
    if !totals.unknown_by_method.is_empty() {
        let unknown: u64 = totals.unknown_by_method.values().sum();
        print_line(&format!(
            "Messages of TikTok's own interface: {unknown} of {} kinds",
            totals.unknown_by_method.len()
        ));
    }
    Ok(())
}

fn as_json(it: &StoredSession) -> serde_json::Value {
    serde_json::json!({
        "id": it.id,
        "name": it.name,
        "creator": it.creator,
        "room_id": it.room_id,
        "source": it.source,
        "started": Timestamp::from_ms(it.started_ms),
        "ended": it.ended_ms.map(Timestamp::from_ms),
        "events": it.totals.counted(),
        "totals": it.totals,
    })
}

/// A moment without its fractions, in UTC.
pub(crate) fn moment(ms: i64) -> String {
    let text = Timestamp::from_ms(ms).to_string();
    text.get(..19).unwrap_or(&text).replace('T', " ")
}

fn lasted(it: &StoredSession) -> String {
    let seconds = (it.ended_ms.unwrap_or(it.last_event_ms) - it.started_ms).max(0) / 1000;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

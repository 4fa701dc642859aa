//! Checks of the machine and the data folder, for people whom something does not work for.

use std::path::Path;
use std::time::Duration;

use crate::clock::Clock;
use crate::disk::{LITTLE_SPACE_BYTES, free_bytes};
use crate::locks::{EngineLock, LockError};
use crate::paths::DataFolder;
use crate::source::tiktok::bases::TikTokBases;
use crate::store;

/// How long TikTok may take to answer the door.
const DOOR_TIMEOUT: Duration = Duration::from_secs(5);

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, in words.
    pub found: String,
    /// What to do about it.
    pub what_to_do: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Good,
    /// Works, but should be known.
    Notable,
    /// Something will not work.
    Bad,
}

/// Looks at the data folder, the disk, the database and the way to TikTok.
pub async fn examine(folder: &DataFolder, bases: &TikTokBases) -> Vec<Finding> {
    let mut findings = vec![data_folder(folder)];
    if findings[0].verdict != Verdict::Bad {
        findings.push(disk(folder.path()));
        findings.push(engine(folder));
        findings.extend(database(folder));
    }
    findings.push(tiktok(bases).await);
    findings
}

fn data_folder(folder: &DataFolder) -> Finding {
    match folder.create() {
        Ok(()) => good("Data folder", folder.path().display().to_string()),
        Err(error) => bad("Data folder", error, "Choose another folder with --data-dir."),
    }
}

fn disk(path: &Path) -> Finding {
    const WHAT: &str = "Disk";
    match free_bytes(path) {
        Ok(bytes) if bytes < LITTLE_SPACE_BYTES => Finding {
            what: WHAT,
            verdict: Verdict::Notable,
            found: format!("only {} MB free", bytes / 1_000_000),
            what_to_do: Some("Free some space before a long live; Cuelight waits when the disk is full.".to_owned()),
        },
        Ok(bytes) => good(WHAT, format!("{:.1} GB free", bytes as f64 / 1e9)),
        Err(error) => bad(WHAT, error, "Is the drive connected?"),
    }
}

fn engine(folder: &DataFolder) -> Finding {
    const WHAT: &str = "Engine";
    match EngineLock::take(folder) {
        Ok(_released_at_once) => good(WHAT, "none is running here now"),
        Err(error @ LockError::Taken { .. }) => good(WHAT, error),
        Err(error @ LockError::Refused { .. }) => bad(WHAT, error, "Choose another folder with --data-dir."),
    }
}

fn database(folder: &DataFolder) -> Vec<Finding> {
    const WHAT: &str = "Database";
    let (store, story) = match store::open_beside_engine(folder, &Clock::system()) {
        Ok(opened) => opened,
        Err(error) => return vec![bad(WHAT, error, "Free some space or close other programs that use it.")],
    };
    let mut findings: Vec<Finding> = story
        .into_iter()
        .map(|reason| Finding { what: WHAT, verdict: Verdict::Notable, found: reason.in_english(), what_to_do: None })
        .collect();
    let check = || {
        let reader = store.reader()?;
        Ok::<_, store::StoreError>((reader.check_fully()?, reader.sessions()?.len(), reader.gifts()?.len()))
    };
    findings.push(match check() {
        Ok((problems, sessions, gifts)) if problems.is_empty() => {
            good(WHAT, format!("sound; {sessions} sessions, {gifts} gifts known"))
        }
        Ok((problems, ..)) => bad(
            WHAT,
            problems.join("; "),
            "Export what can still be read with cuelight sessions export, then move the file away.",
        ),
        Err(error) => bad(WHAT, error, "Restart Cuelight; it moves a damaged database aside by itself."),
    });
    findings
}

/// Whether TikTok's web host answers at all; whether it lets us in shows only with a live.
async fn tiktok(bases: &TikTokBases) -> Finding {
    const WHAT: &str = "TikTok";
    const WHAT_TO_DO: &str = "Check the internet connection, and whether a firewall or VPN stands between.";
    let (host, port) = bases.web_host_and_port();
    let place = format!("{host}:{port}");
    match tokio::time::timeout(DOOR_TIMEOUT, tokio::net::TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_closed_at_once)) => good(WHAT, format!("{place} answers")),
        Ok(Err(error)) => bad(WHAT, format!("{place} does not answer: {error}"), WHAT_TO_DO),
        Err(_) => bad(WHAT, format!("{place} does not answer in {} s", DOOR_TIMEOUT.as_secs()), WHAT_TO_DO),
    }
}

fn good(what: &'static str, found: impl ToString) -> Finding {
    Finding { what, verdict: Verdict::Good, found: found.to_string(), what_to_do: None }
}

fn bad(what: &'static str, found: impl ToString, what_to_do: &str) -> Finding {
    Finding { what, verdict: Verdict::Bad, found: found.to_string(), what_to_do: Some(what_to_do.to_owned()) }
}

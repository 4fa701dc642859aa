//! Checks of the machine and the data folder, for people whom something does not work for.

mod connection;

use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

pub use self::connection::{Listener, Told, examine_connection};
use crate::clock::Clock;
use crate::disk::{LITTLE_SPACE_BYTES, free_bytes};
use crate::locks::{EngineLock, LockError};
use crate::paths::{DataFolder, FolderError};
use crate::report::story::Language;
use crate::report::texts::{Text, tell};
use crate::report::words;
use crate::secrets::{KeychainError, Secrets};
use crate::source::chrome::{Chrome, Surroundings};
use crate::source::page::PageFault;
use crate::source::tiktok::bases::TikTokBases;
use crate::store::{self, StoreError};

/// How long TikTok may take to answer the door.
const DOOR_TIMEOUT: Duration = Duration::from_secs(5);

/// What a check came to, in the language that was asked for; what the system says stays as it said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
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

/// Looks at the data folder, the disk, the database, the keychain, the way to TikTok and the browser for its page.
pub async fn examine(folder: &DataFolder, bases: &TikTokBases, secrets: &Secrets, language: Language) -> Vec<Finding> {
    let doctor = Doctor { language };
    let mut findings = vec![doctor.data_folder(folder)];
    if findings[0].verdict != Verdict::Bad {
        let folder = folder.clone();
        // Reading every page of a long journal takes seconds.
        let looking = tokio::task::spawn_blocking(move || {
            let mut findings = vec![doctor.disk(folder.path()), doctor.engine(&folder)];
            findings.extend(doctor.database(&folder));
            findings
        });
        findings.extend(looking.await.expect("looking neither panics nor is aborted"));
    }
    let (keychain, tiktok, browser) = tokio::join!(doctor.keychain(secrets), doctor.tiktok(bases), doctor.browser());
    findings.extend([keychain, tiktok, browser]);
    findings
}

/// Who looks, and says it in that language.
#[derive(Debug, Clone, Copy)]
struct Doctor {
    language: Language,
}

impl Doctor {
    fn data_folder(self, folder: &DataFolder) -> Finding {
        match folder.create() {
            Ok(()) => self.good(Text::DataFolder, folder.path().display().to_string()),
            Err(error) => self.bad(Text::DataFolder, self.of_folder(&error), Text::AdviseFolder),
        }
    }

    fn disk(self, path: &Path) -> Finding {
        match free_bytes(path) {
            Ok(bytes) if bytes < LITTLE_SPACE_BYTES => {
                let found = self.tell(Text::LittleSpace, &[("megabytes", &(bytes / 1_000_000).to_string())]);
                self.notable(Text::Disk, found, Some(Text::AdviseSpace))
            }
            Ok(bytes) => {
                let gigabytes = self.language.tenths(bytes as f64 / 1e9);
                self.good(Text::Disk, self.tell(Text::Space, &[("gigabytes", &gigabytes)]))
            }
            Err(error) => self.bad(Text::Disk, error, Text::AdviseDrive),
        }
    }

    fn engine(self, folder: &DataFolder) -> Finding {
        match EngineLock::take(folder) {
            Ok(_released_at_once) => self.good(Text::Engine, self.tell(Text::NoEngine, &[])),
            Err(LockError::Taken { process: Some(process), .. }) if process == std::process::id() => {
                self.good(Text::Engine, self.tell(Text::EngineIsThis, &[]))
            }
            Err(error @ LockError::Taken { .. }) => self.good(Text::Engine, self.of_lock(&error)),
            Err(error @ LockError::Refused { .. }) => self.bad(Text::Engine, self.of_lock(&error), Text::AdviseFolder),
        }
    }

    fn database(self, folder: &DataFolder) -> Vec<Finding> {
        let (store, story) = match store::open_beside_engine(folder, &Clock::system()) {
            Ok(opened) => opened,
            Err(error) => return vec![self.unopened(&error)],
        };
        let mut findings: Vec<Finding> = story
            .into_iter()
            .map(|reason| self.notable(Text::Database, words::reason(self.language, &reason), None))
            .collect();
        let check = || {
            let reader = store.reader()?;
            Ok::<_, StoreError>((reader.check_fully()?, reader.sessions()?.len(), reader.gifts()?.len()))
        };
        findings.push(match check() {
            Ok((problems, sessions, gifts)) if problems.is_empty() => {
                let (sessions, gifts) = (sessions.to_string(), gifts.to_string());
                let sound = self.tell(Text::DatabaseSound, &[("sessions", &sessions), ("gifts", &gifts)]);
                self.good(Text::Database, sound)
            }
            Ok((problems, ..)) => self.bad(Text::Database, problems.join("; "), Text::AdviseExport),
            Err(error) => self.bad(Text::Database, self.of_store(&error), Text::AdviseRestart),
        });
        findings
    }

    /// A database that does not open, with what mends just that.
    fn unopened(self, error: &StoreError) -> Finding {
        let advice = match error {
            StoreError::Newer { .. } => Text::AdviseNewer,
            StoreError::Damaged { .. } => Text::AdviseRestart,
            StoreError::DiskFull { .. } | StoreError::Busy { .. } | StoreError::Locked(_) => Text::AdviseBusy,
            StoreError::File { .. } | StoreError::Refused { .. } => Text::AdviseFolder,
            // Nobody asks for these while the database is opened.
            StoreError::NoSession(_)
            | StoreError::NoRule(_)
            | StoreError::NoService(_)
            | StoreError::TooManyRules { .. } => Text::AdviseRestart,
        };
        self.bad(Text::Database, self.of_store(error), advice)
    }

    /// Whether keys can be kept: a locked keychain looks empty until something is written to it.
    async fn keychain(self, secrets: &Secrets) -> Finding {
        let error = match secrets.probe().await {
            Ok(()) => return self.good(Text::Keychain, self.tell(Text::KeychainGood, &[])),
            Err(error) => error,
        };
        let found = self.of_keychain(&error);
        match error {
            KeychainError::Missing { .. } => self.notable(Text::Keychain, found, Some(Text::AdviseKeychain)),
            KeychainError::Locked { .. } => self.bad(Text::Keychain, found, Text::AdviseUnlock),
            KeychainError::Silent | KeychainError::Refused { .. } => {
                self.bad(Text::Keychain, found, Text::AdviseKeychainAgain)
            }
        }
    }

    /// Whether TikTok's web host answers at all; whether it lets us in shows only with a live.
    async fn tiktok(self, bases: &TikTokBases) -> Finding {
        let (host, port) = bases.web_host_and_port();
        let place = format!("{host}:{port}");
        match tokio::time::timeout(DOOR_TIMEOUT, tokio::net::TcpStream::connect((host.as_str(), port))).await {
            Ok(Ok(_closed_at_once)) => self.good(Text::TikTok, self.tell(Text::Answers, &[("place", &place)])),
            Ok(Err(error)) => {
                let values = [("place", place.as_str()), ("error", &error.to_string())];
                self.bad(Text::TikTok, self.tell(Text::DoesNotAnswer, &values), Text::AdviseNetwork)
            }
            Err(_) => {
                let values = [("place", place.as_str()), ("seconds", &DOOR_TIMEOUT.as_secs().to_string())];
                self.bad(Text::TikTok, self.tell(Text::DoesNotAnswerIn, &values), Text::AdviseNetwork)
            }
        }
    }

    /// Whether there is a browser for TikTok's own page, and whether it starts.
    async fn browser(self) -> Finding {
        match Chrome::new(Surroundings::of_environment()).probe().await {
            Ok(found) => self.good(Text::Browser, format!("{}, {}", found.program.display(), found.version)),
            Err(fault @ PageFault::NoBrowser { .. }) => {
                self.notable(Text::Browser, self.of_browser(&fault), Some(Text::AdviseBrowser))
            }
            Err(fault) => self.notable(Text::Browser, self.of_browser(&fault), Some(Text::AdviseBrowserAgain)),
        }
    }

    fn of_folder(self, error: &FolderError) -> String {
        match error {
            FolderError::NoHome => self.tell(Text::NoHome, &[]),
            FolderError::NotAFolder { path } => self.of_place(Text::FolderIsFile, path),
            FolderError::NoPermission { path } => self.of_place(Text::NoPermission, path),
            FolderError::Refused { path, source } => self.refused(Text::PlaceRefused, path, source),
        }
    }

    fn of_lock(self, error: &LockError) -> String {
        match error {
            LockError::Taken { folder, process: None, .. } => self.of_place(Text::EngineElsewhere, folder),
            LockError::Taken { folder, process: Some(process), .. } => {
                let values = [("place", &*folder.to_string_lossy()), ("process", &process.to_string())];
                self.tell(Text::EngineInProcess, &values)
            }
            LockError::Refused { path, source } => self.refused(Text::PlaceRefused, path, source),
        }
    }

    fn of_store(self, error: &StoreError) -> String {
        match error {
            StoreError::Newer { place, found, known } => {
                let place = place.to_string_lossy();
                let values = [("place", &*place), ("found", &found.to_string()), ("known", &known.to_string())];
                self.tell(Text::DatabaseNewer, &values)
            }
            StoreError::DiskFull { place, source, .. } => self.refused(Text::DiskFull, place, source),
            StoreError::Damaged { place, error, .. } => self.refused(Text::DatabaseDamaged, place, error),
            StoreError::Busy { place, .. } => self.of_place(Text::DatabaseBusy, place),
            StoreError::Locked(error) => self.of_lock(error),
            StoreError::File { place, source, .. } => self.refused(Text::PlaceRefused, place, source),
            StoreError::Refused { place, source, .. } => self.refused(Text::PlaceRefused, place, source),
            // Nobody asks for these while the database is looked at.
            StoreError::NoSession(_)
            | StoreError::NoRule(_)
            | StoreError::NoService(_)
            | StoreError::TooManyRules { .. } => error.to_string(),
        }
    }

    fn of_keychain(self, error: &KeychainError) -> String {
        match error {
            KeychainError::Missing { cause } => self.tell(Text::KeychainMissing, &[("error", cause)]),
            KeychainError::Locked { cause } => self.tell(Text::KeychainLocked, &[("error", cause)]),
            KeychainError::Silent => self.tell(Text::KeychainSilent, &[]),
            KeychainError::Refused { cause, .. } => self.tell(Text::KeychainRefused, &[("error", cause)]),
        }
    }

    fn of_browser(self, fault: &PageFault) -> String {
        match fault {
            PageFault::NoBrowser { looked_for } => {
                self.tell(Text::BrowserMissing, &[("places", &looked_for.join(", "))])
            }
            PageFault::NotStarted { cause } => self.tell(Text::BrowserNotStarted, &[("error", cause)]),
            // No page is asked for while the browser is looked at.
            PageFault::Unreachable { .. }
            | PageFault::Blocked { .. }
            | PageFault::Captcha
            | PageFault::Closed
            | PageFault::Gone { .. }
            | PageFault::TimedOut => fault.to_string(),
        }
    }

    fn of_place(self, text: Text, place: &Path) -> String {
        self.tell(text, &[("place", &place.to_string_lossy())])
    }

    /// With what the system said, as it said it.
    fn refused(self, text: Text, place: &Path, error: &dyn Display) -> String {
        self.tell(text, &[("place", &place.to_string_lossy()), ("error", &error.to_string())])
    }

    fn tell(self, text: Text, values: &[(&str, &str)]) -> String {
        tell(self.language, text, values)
    }

    fn good(self, what: Text, found: impl ToString) -> Finding {
        Finding { what: self.tell(what, &[]), verdict: Verdict::Good, found: found.to_string(), what_to_do: None }
    }

    fn notable(self, what: Text, found: String, what_to_do: Option<Text>) -> Finding {
        let what_to_do = what_to_do.map(|text| self.tell(text, &[]));
        Finding { what: self.tell(what, &[]), verdict: Verdict::Notable, found, what_to_do }
    }

    fn bad(self, what: Text, found: impl ToString, what_to_do: Text) -> Finding {
        let what_to_do = Some(self.tell(what_to_do, &[]));
        Finding { what: self.tell(what, &[]), verdict: Verdict::Bad, found: found.to_string(), what_to_do }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::locks::Right;

    #[test]
    fn what_is_wrong_is_told_in_the_language_that_was_asked_for() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let file = place.path().join("data");
        std::fs::write(&file, "not a folder").expect("it can be written");
        let found = |language| Doctor { language }.data_folder(&DataFolder::new(&file)).found;
        assert!(found(Language::English).ends_with("is a file, not a folder"), "{}", found(Language::English));
        assert!(found(Language::Spanish).ends_with("es un archivo, no una carpeta"), "{}", found(Language::Spanish));

        let data = || PathBuf::from("/data");
        let taken = |process| LockError::Taken { right: Right::Decide, folder: data(), process };
        let busy = StoreError::Busy { deed: "open", place: data() };
        let told = |language| {
            let doctor = Doctor { language };
            [
                doctor.of_folder(&FolderError::NoHome),
                doctor.of_folder(&FolderError::NoPermission { path: data() }),
                doctor.of_lock(&taken(None)),
                doctor.of_lock(&taken(Some(7))),
                doctor.of_store(&busy),
                doctor.of_store(&StoreError::Newer { place: data(), found: 9, known: 5 }),
                doctor.of_store(&StoreError::Locked(taken(None))),
                doctor.of_keychain(&KeychainError::Missing { cause: "no bus".into() }),
                doctor.of_keychain(&KeychainError::Locked { cause: "no prompt".into() }),
                doctor.of_keychain(&KeychainError::Silent),
            ]
        };
        for language in [Language::Spanish, Language::Vietnamese] {
            for (english, other) in told(Language::English).iter().zip(told(language)) {
                assert_ne!(*english, other, "{language} has its own words");
                assert!(!other.contains(['{', '}']), "{other:?} has a gap");
            }
        }
        let doctor = Doctor { language: Language::Spanish };
        let missing = doctor.of_keychain(&KeychainError::Missing { cause: "no bus".into() });
        assert!(missing.contains("(no bus)"), "what the system says stays as it said it: {missing}");
    }

    #[test]
    fn a_database_that_does_not_open_gets_the_advice_that_mends_it() {
        let place = || PathBuf::from("/data/cuelight.db");
        let doctor = Doctor { language: Language::English };
        let check = |error: StoreError, part: &str| {
            let finding = doctor.unopened(&error);
            assert_eq!(finding.verdict, Verdict::Bad, "{error} keeps Cuelight from working");
            let advice = finding.what_to_do.unwrap_or_default();
            assert!(advice.contains(part), "{error} is mended otherwise than by {advice:?}");
        };
        check(StoreError::Newer { place: place(), found: 9, known: 5 }, "Install the newer Cuelight");
        check(StoreError::Busy { deed: "open", place: place() }, "close other programs");
        let taken = LockError::Taken { right: Right::Decide, folder: place(), process: Some(7) };
        check(StoreError::Locked(taken), "close other programs");
    }
}

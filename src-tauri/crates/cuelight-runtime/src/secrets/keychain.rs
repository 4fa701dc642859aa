//! The system's keychain, asked on a thread of its own: its calls block, and one that hangs must not hang the app.

use std::sync::OnceLock;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use keyring::v1::{Entry, Error};
use tokio::sync::{OnceCell, oneshot};
use zeroize::Zeroizing;

use super::Secret;

/// The environment variable that switches the keychain off for a process (`off`): keys come from the environment then.
pub const KEYCHAIN_VARIABLE: &str = "CUELIGHT_KEYCHAIN";

/// What our entries are filed under.
const SERVICE: &str = "cuelight";

/// The entry that is written to see whether the keychain can be used; the process' number keeps two of them apart.
const PROBE: &str = "probe";

/// Questions that may wait for a keychain that is slow; more than every key at once are a defect.
const QUESTIONS: usize = 16;

/// How long reading may take; a keychain that is well answers within a hundredth of it.
const READ_LIMIT: Duration = Duration::from_secs(5);

/// How long writing may take: the system may ask its user for the keychain's password first.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// Why the keychain cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// The system has none.
    #[error("this system has no keychain that can be used ({cause})")]
    Missing {
        /// What the system said.
        cause: String,
    },
    /// It is locked.
    #[error("the keychain is locked ({cause}); unlock it and restart")]
    Locked {
        /// What the system said.
        cause: String,
    },
    /// It does not answer.
    #[error("the keychain does not answer; restart it, or the computer")]
    Silent,
    /// It refused for another reason.
    #[error("could not {deed} the keychain: {cause}")]
    Refused {
        /// What was tried.
        deed: &'static str,
        /// What the system said.
        cause: String,
    },
}

type Question = Box<dyn FnOnce() + Send>;

pub(super) struct Keychain {
    is_off: bool,
    questions: OnceLock<SyncSender<Question>>,
    is_there: OnceCell<bool>,
    /// A probe went well: what is locked later is told by the calls themselves.
    proven: OnceCell<()>,
}

impl Keychain {
    pub(super) fn of_this_user() -> Self {
        let is_off = std::env::var_os(KEYCHAIN_VARIABLE).is_some_and(|value| value == "off");
        Self { is_off, ..Self::switched_off() }
    }

    pub(super) fn switched_off() -> Self {
        Self { is_off: true, questions: OnceLock::new(), is_there: OnceCell::new(), proven: OnceCell::new() }
    }

    pub(super) async fn is_there(&self) -> bool {
        let look = || async {
            let status = self.ask(READ_LIMIT, || Ok(Entry::store_status().is_ok())).await;
            status.unwrap_or(false)
        };
        *self.is_there.get_or_init(look).await
    }

    pub(super) async fn get(&self, name: &'static str) -> Result<Option<Secret>, KeychainError> {
        self.ask(READ_LIMIT, move || match entry(name)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused("read", error)),
        })
        .await
    }

    pub(super) async fn set(&self, name: &'static str, secret: &Secret) -> Result<(), KeychainError> {
        self.prove().await?;
        let secret = secret.clone();
        self.ask(WRITE_LIMIT, move || {
            entry(name)?.set_password(secret.expose()).map_err(|error| refused("write to", error))
        })
        .await
    }

    pub(super) async fn remove(&self, name: &'static str) -> Result<(), KeychainError> {
        self.prove().await?;
        self.ask(WRITE_LIMIT, move || delete(&entry(name)?)).await
    }

    pub(super) async fn probe(&self) -> Result<(), KeychainError> {
        self.ask(WRITE_LIMIT, || {
            let number = std::process::id().to_string();
            let entry = entry(&format!("{PROBE}-{number}"))?;
            entry.set_password(&number).map_err(|error| refused("write to", error))?;
            let read = entry.get_password().map(Zeroizing::new);
            delete(&entry)?;
            match read {
                Ok(text) if *text == number => Ok(()),
                Ok(_) => Err(KeychainError::Refused { deed: "trust", cause: "it gave back something else".to_owned() }),
                Err(Error::NoEntry) => Err(KeychainError::Locked { cause: "what was written is not there".to_owned() }),
                Err(error) => Err(refused("read", error)),
            }
        })
        .await
    }

    /// Probes until that went well once.
    async fn prove(&self) -> Result<(), KeychainError> {
        self.proven.get_or_try_init(|| self.probe()).await.copied()
    }

    /// Asks on the keychain's thread, and waits no longer than that for the answer.
    async fn ask<T: Send + 'static>(
        &self,
        limit: Duration,
        question: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        if self.is_off {
            return Err(KeychainError::Missing { cause: format!("{KEYCHAIN_VARIABLE} is off") });
        }
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move || {
            // Nobody waits any more: it took too long.
            let _ = answer.send(question());
        });
        // A full queue means that the first question in it hangs.
        let asked = self.questions.get_or_init(begin).try_send(question);
        asked.map_err(|_| KeychainError::Silent)?;
        match tokio::time::timeout(limit, answered).await {
            Ok(Ok(result)) => result,
            // It broke off, or takes too long.
            Ok(Err(_)) | Err(_) => Err(KeychainError::Silent),
        }
    }
}

/// The thread ends when the last one who could ask is gone; one that hangs is left behind when the process ends.
fn begin() -> SyncSender<Question> {
    let (questions, asked) = sync_channel::<Question>(QUESTIONS);
    let spawned = std::thread::Builder::new().name("keychain".into()).spawn(move || {
        for question in asked {
            question();
        }
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "the keychain's thread cannot be started");
    }
    questions
}

fn entry(name: &str) -> Result<Entry, KeychainError> {
    Entry::new(SERVICE, name).map_err(|error| match (error, Entry::store_status()) {
        (Error::NoDefaultStore, Err(cause)) => KeychainError::Missing { cause: cause.to_string() },
        (error, _) => refused("open", error),
    })
}

fn delete(entry: &Entry) -> Result<(), KeychainError> {
    match entry.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(refused("delete from", error)),
    }
}

fn refused(deed: &'static str, error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(cause) => KeychainError::Locked { cause: cause.to_string() },
        Error::NoDefaultStore => KeychainError::Missing { cause: "it gives no access".to_owned() },
        // The text of these would hold bytes of the entry.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeychainError::Refused { deed, cause: "its entry is no text".to_owned() }
        }
        other => KeychainError::Refused { deed, cause: other.to_string() },
    }
}

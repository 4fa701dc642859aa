//! Passwords and keys: kept by the system's keychain, never in a file of ours.
//!
//! A key is looked up in the keychain, else in the environment (`CUELIGHT_SECRET_NAME`), else in this run's memory, where
//! it lies if the system has no keychain. There is one entry a name for each user of the system, whatever the data folder:
//! people have one TikTok account and expect to tell its key once.

mod keychain;
mod secret;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use parking_lot::Mutex;

use self::keychain::Keychain;
pub use self::keychain::{KEYCHAIN_VARIABLE, KeychainError};
pub use self::secret::{Secret, SecretFault};

/// What the name of a key's environment variable begins with.
const VARIABLE_START: &str = "CUELIGHT_SECRET_";

/// The name of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretName {
    /// The cookies of a TikTok account after a login, or its bare `sessionid`, for lives that only adults may watch.
    TiktokSession,
    /// The password of the Redis server that events are published to.
    RedisPassword,
    /// The streamer's own key for a sign server, for the way `sign`.
    SignKey,
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no secret {name:?}; there are {}", SecretName::ALL.map(SecretName::as_str).join(", "))]
pub struct NoSecretName {
    name: String,
}

impl SecretName {
    /// Every key, in the order in which people see them.
    pub const ALL: [Self; 3] = [Self::TiktokSession, Self::RedisPassword, Self::SignKey];

    /// Its name, as the keychain and the command line spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TiktokSession => "tiktok_session",
            Self::RedisPassword => "redis_password",
            Self::SignKey => "sign_key",
        }
    }

    /// The environment variable that may hold it, such as `CUELIGHT_SECRET_REDIS_PASSWORD`.
    #[must_use]
    pub fn variable(self) -> String {
        format!("{VARIABLE_START}{}", self.as_str().to_ascii_uppercase())
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SecretName {
    type Err = NoSecretName;

    fn from_str(text: &str) -> Result<Self, NoSecretName> {
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or_else(|| NoSecretName { name: text.to_owned() })
    }
}

/// Where a key lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiesIn {
    /// In the system's keychain.
    Keychain,
    /// In the environment of this process.
    Environment,
    /// In the memory of this process, until it ends.
    Session,
}

/// Why a key was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// It cannot be a key.
    #[error(transparent)]
    Fault(#[from] SecretFault),
    /// The keychain is there and did not take it.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
}

/// The keys; clones share the memory of this run.
#[derive(Clone)]
pub struct Secrets {
    shared: Arc<Shared>,
}

struct Shared {
    keychain: Keychain,
    session: Mutex<BTreeMap<SecretName, Secret>>,
}

/// Names only: what is set is nobody's business.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Secrets {
    /// The keys of whoever runs this process. With `CUELIGHT_KEYCHAIN=off` the keychain is left alone, as servers and tests
    /// want it.
    #[must_use]
    pub fn of_this_user() -> Self {
        Self::with(Keychain::of_this_user())
    }

    /// The keys of the environment and of this run, as on a system without a keychain.
    #[must_use]
    pub fn without_keychain() -> Self {
        Self::with(Keychain::switched_off())
    }

    fn with(keychain: Keychain) -> Self {
        Self { shared: Arc::new(Shared { keychain, session: Mutex::default() }) }
    }

    /// The key, wherever it lies. A keychain that does not answer is logged and passed over.
    pub async fn get(&self, name: SecretName) -> Option<Secret> {
        self.find(name).await.map(|(secret, _)| secret)
    }

    /// Every name, and where its key lies if there is one.
    pub async fn list(&self) -> Vec<(SecretName, Option<LiesIn>)> {
        let mut listed = Vec::with_capacity(SecretName::ALL.len());
        for name in SecretName::ALL {
            listed.push((name, self.find(name).await.map(|(_, lies_in)| lies_in)));
        }
        listed
    }

    /// Puts the key into the keychain, or into this run's memory where the system has none, and says which.
    ///
    /// # Errors
    /// What cannot be a key, or a keychain that is locked, hangs or refuses; nothing is set then.
    pub async fn set(&self, name: SecretName, secret: Secret) -> Result<LiesIn, SetError> {
        secret.check()?;
        match self.shared.keychain.set(name.as_str(), &secret).await {
            Ok(()) => {
                self.shared.session.lock().remove(&name);
                Ok(LiesIn::Keychain)
            }
            Err(KeychainError::Missing { cause }) => {
                tracing::info!(%name, cause, "there is no keychain; a key is kept for this run only");
                self.shared.session.lock().insert(name, secret);
                Ok(LiesIn::Session)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes the key out of the keychain and this run's memory; one in the environment stays.
    ///
    /// # Errors
    /// A keychain that is locked, hangs or refuses.
    pub async fn remove(&self, name: SecretName) -> Result<(), KeychainError> {
        self.shared.session.lock().remove(&name);
        match self.shared.keychain.remove(name.as_str()).await {
            Ok(()) | Err(KeychainError::Missing { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes, reads and deletes something in the keychain: a locked one otherwise looks like an empty one.
    ///
    /// # Errors
    /// Why no key could be kept there.
    pub async fn probe(&self) -> Result<(), KeychainError> {
        self.shared.keychain.probe().await
    }

    /// Whether the system has a keychain at all; it may be locked. Asked once for each run.
    pub async fn has_keychain(&self) -> bool {
        self.shared.keychain.is_there().await
    }

    async fn find(&self, name: SecretName) -> Option<(Secret, LiesIn)> {
        match self.shared.keychain.get(name.as_str()).await {
            Ok(Some(secret)) => return Some((secret, LiesIn::Keychain)),
            Ok(None) | Err(KeychainError::Missing { .. }) => {}
            Err(error) => tracing::warn!(%name, %error, "the keychain was passed over"),
        }
        if let Some(secret) = from_environment(name) {
            return Some((secret, LiesIn::Environment));
        }
        let kept = self.shared.session.lock().get(&name).cloned();
        kept.map(|secret| (secret, LiesIn::Session))
    }
}

fn from_environment(name: SecretName) -> Option<Secret> {
    std::env::var(name.variable()).ok().filter(|text| !text.is_empty()).map(Secret::new)
}

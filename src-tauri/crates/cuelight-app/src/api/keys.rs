//! Commands about passwords and keys: set, test, remove; never shown.

use std::str::FromStr;

use cuelight_core::settings::{ConnectionSettings, is_workspace_id};
use cuelight_runtime::publish::{self, Destination, PublishHealth};
use cuelight_runtime::report::texts::{Text, tell};
use cuelight_runtime::secrets::{KeychainError, LiesIn, Secret, SecretName, SetError};
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{Failure, FailureCode, KeyStatus, KeyTest, WhereKeyLies};

/// The workspace whose stream is looked at where none is set: there need not be one.
const NO_WORKSPACE: &str = "test";

/// A key that something goes by; the others have no use in the window.
#[derive(Debug, Clone, Copy)]
enum WindowKey {
    /// The password of the Redis server that events are published to.
    RedisPassword,
}

impl WindowKey {
    fn of(name: SecretName) -> Option<Self> {
        match name {
            SecretName::RedisPassword => Some(Self::RedisPassword),
            SecretName::TiktokSession => None,
        }
    }

    fn secret_name(self) -> SecretName {
        match self {
            Self::RedisPassword => SecretName::RedisPassword,
        }
    }
}

impl FromStr for WindowKey {
    type Err = Failure;

    /// What was sent as a name may be the secret itself, so the failure does not repeat it.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let unknown = || Failure::new(FailureCode::BadInput, "there is no key of that name").about("key");
        text.parse().ok().and_then(Self::of).ok_or_else(unknown)
    }
}

/// A key by its name.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NamedKey {
    key: String,
}

/// A key to be kept.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewKey {
    key: String,
    #[ts(as = "String")]
    secret: Secret,
}

pub(super) async fn list(caller: Caller<'_>, _: Nothing) -> Result<Vec<KeyStatus>, Failure> {
    Ok(statuses(caller.app).await)
}

pub(super) async fn set(caller: Caller<'_>, input: NewKey) -> Result<Vec<KeyStatus>, Failure> {
    let key: WindowKey = input.key.parse()?;
    caller.app.secrets.set(key.secret_name(), input.secret).await.map_err(|error| match error {
        SetError::Fault(fault) => Failure::new(FailureCode::BadInput, fault.to_string()).about("secret"),
        SetError::Keychain(error) => unusable(&error),
    })?;
    Ok(statuses(caller.app).await)
}

pub(super) async fn remove(caller: Caller<'_>, input: NamedKey) -> Result<Vec<KeyStatus>, Failure> {
    let key: WindowKey = input.key.parse()?;
    caller.app.secrets.remove(key.secret_name()).await.map_err(|error| unusable(&error))?;
    Ok(statuses(caller.app).await)
}

pub(super) async fn test(caller: Caller<'_>, input: NamedKey) -> Result<KeyTest, Failure> {
    let key: WindowKey = input.key.parse()?;
    let app = caller.app;
    let Some(secret) = app.secrets.get(key.secret_name()).await else {
        return Ok(bad(tell(app.language(), Text::KeyNotSet, &[])));
    };
    Ok(match key {
        WindowKey::RedisPassword => redis_password(app, &secret).await,
    })
}

/// Connects to the server of the settings with it.
async fn redis_password(app: &App, password: &Secret) -> KeyTest {
    let connection = app.settings.borrow().connection.clone();
    let Some(destination) = destination(&connection) else {
        return bad(tell(app.language(), Text::KeyNoServer, &[]));
    };
    let place = destination.place();
    let (text, cause) = match publish::check(destination.with_password(password.expose())).await {
        PublishHealth::Publishing => return KeyTest { good: true, problem: None },
        PublishHealth::Refused { cause } => (Text::KeyRefused, cause),
        PublishHealth::Unreachable { cause } => (Text::KeyUnreachable, cause),
    };
    bad(tell(app.language(), text, &[("place", &place), ("cause", &cause)]))
}

fn destination(settings: &ConnectionSettings) -> Option<Destination> {
    let workspace = settings.workspace_id.as_deref().filter(|it| is_workspace_id(it)).unwrap_or(NO_WORKSPACE);
    Destination::new(settings.redis_url.as_deref()?, workspace).ok()
}

fn bad(problem: String) -> KeyTest {
    KeyTest { good: false, problem: Some(problem) }
}

async fn statuses(app: &App) -> Vec<KeyStatus> {
    let status = |(name, lies_in): (SecretName, Option<LiesIn>)| KeyStatus {
        id: name.to_string(),
        set: lies_in.is_some(),
        lies_in: lies_in.map(|lies_in| match lies_in {
            LiesIn::Keychain => WhereKeyLies::Keychain,
            LiesIn::Environment => WhereKeyLies::Environment,
            LiesIn::Session => WhereKeyLies::Session,
        }),
    };
    app.secrets.list().await.into_iter().filter(|(name, _)| WindowKey::of(*name).is_some()).map(status).collect()
}

fn unusable(error: &KeychainError) -> Failure {
    let code = match error {
        KeychainError::Missing { .. } => FailureCode::KeychainMissing,
        KeychainError::Locked { .. } => FailureCode::KeychainLocked,
        KeychainError::Silent | KeychainError::Refused { .. } => FailureCode::NotNow,
    };
    Failure::new(code, error.to_string())
}

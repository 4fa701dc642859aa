//! Commands about passwords and keys: set, test, remove; never shown.

use cuelight_core::settings::{ConnectionSettings, is_workspace_id};
use cuelight_runtime::equipped::is_session;
use cuelight_runtime::publish::{self, PublishHealth};
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::report::texts::{Text, allowance, tell};
use cuelight_runtime::secrets::{KeychainError, LiesIn, Secret, SecretName, SetError};
use cuelight_runtime::source::SourceError;
use cuelight_runtime::source::tiktok::allowance::allowance_of;
use cuelight_runtime::source::tiktok::means::SignKey;
use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::app::App;
use crate::dto::{Failure, FailureCode, KeyStatus, KeyTest, KeyTested, WhereKeyLies};

/// The workspace whose stream is looked at where none is set: there need not be one.
const NO_WORKSPACE: &str = "test";

/// The length of a bare session id of TikTok, which is hexadecimal.
const SESSION_ID_CHARACTERS: usize = 32;

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
    let name = named(&input.key)?;
    caller.app.secrets.set(name, input.secret).await.map_err(|error| match error {
        SetError::Fault(fault) => Failure::new(FailureCode::BadInput, fault.to_string()).about("secret"),
        SetError::Keychain(error) => unusable(&error),
    })?;
    Ok(statuses(caller.app).await)
}

pub(super) async fn remove(caller: Caller<'_>, input: NamedKey) -> Result<Vec<KeyStatus>, Failure> {
    let name = named(&input.key)?;
    caller.app.secrets.remove(name).await.map_err(|error| unusable(&error))?;
    Ok(statuses(caller.app).await)
}

pub(super) async fn test(caller: Caller<'_>, input: NamedKey) -> Result<KeyTest, Failure> {
    let name = named(&input.key)?;
    let app = caller.app;
    let Some(secret) = app.secrets.get(name).await else {
        return Ok(bad(KeyTested::Form, tell(app.language(), Text::KeyNotSet, &[])));
    };
    Ok(match name {
        SecretName::RedisPassword => redis_password(app, &secret).await,
        SecretName::TiktokSession => tiktok_session(app, &secret),
        SecretName::SignKey => sign_key(app, &secret).await,
    })
}

/// Connects to the server of the settings with it.
async fn redis_password(app: &App, password: &Secret) -> KeyTest {
    let connection = app.settings.borrow().connection.clone();
    let Some(destination) = destination(&connection) else {
        return bad(KeyTested::Form, tell(app.language(), Text::KeyNoServer, &[]));
    };
    let place = destination.place();
    let (text, cause) = match publish::check(destination.with_password(password.expose())).await {
        PublishHealth::Publishing => return good(KeyTested::Connection, None),
        PublishHealth::Refused { cause } => (Text::KeyRefused, cause),
        PublishHealth::Unreachable { cause } => (Text::KeyUnreachable, cause),
    };
    bad(KeyTested::Connection, tell(app.language(), text, &[("place", &place), ("cause", &cause)]))
}

fn destination(settings: &ConnectionSettings) -> Option<RedisStream> {
    let workspace = settings.workspace_id.as_deref().filter(|it| is_workspace_id(it)).unwrap_or(NO_WORKSPACE);
    RedisStream::new(settings.redis_url.as_deref()?, workspace).ok()
}

/// Looks at its form only: whether TikTok still knows it shows when a live is entered with it.
fn tiktok_session(app: &App, session: &Secret) -> KeyTest {
    if is_session(session) {
        return good(KeyTested::Form, None);
    }
    bad(KeyTested::Form, tell(app.language(), Text::KeyBadForm, &[("length", &SESSION_ID_CHARACTERS.to_string())]))
}

/// Asks the sign server what it is still good for, which costs none of its connections.
async fn sign_key(app: &App, key: &Secret) -> KeyTest {
    let (text, place, cause) = match allowance_of(&SignKey::new(key.expose()), &app.tiktok).await {
        Ok(left) => return good(KeyTested::Connection, Some(allowance(app.language(), left))),
        Err(SourceError::Denied { place, cause }) => (Text::KeyRefused, place, cause),
        Err(SourceError::Unreachable { place, cause }) => (Text::KeyUnreachable, place, cause),
        Err(error) => return bad(KeyTested::Connection, error.to_string()),
    };
    bad(KeyTested::Connection, tell(app.language(), text, &[("place", &place), ("cause", &cause)]))
}

fn good(tested: KeyTested, quota: Option<String>) -> KeyTest {
    KeyTest { good: true, tested, problem: None, quota }
}

fn bad(tested: KeyTested, problem: String) -> KeyTest {
    KeyTest { good: false, tested, problem: Some(problem), quota: None }
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
    app.secrets.list().await.into_iter().map(status).collect()
}

fn named(key: &str) -> Result<SecretName, Failure> {
    // What was sent as a name may be the secret itself, so the answer does not repeat it.
    key.parse().map_err(|_| Failure::new(FailureCode::BadInput, "there is no key of that name").about("key"))
}

pub(super) fn unusable(error: &KeychainError) -> Failure {
    let code = match error {
        KeychainError::Missing { .. } => FailureCode::KeychainMissing,
        KeychainError::Locked { .. } => FailureCode::KeychainLocked,
        KeychainError::Silent | KeychainError::Refused { .. } => FailureCode::NotNow,
    };
    Failure::new(code, error.to_string())
}

//! Commands of the local server: its links and its tokens.

use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::dto::{Failure, FailureCode, OverlayToken, ServerStatus};
use crate::server::{BadOverlayName, OverlayName};

/// Which overlay.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OneOverlay {
    name: String,
}

pub(super) async fn status(caller: Caller<'_>, _: Nothing) -> Result<ServerStatus, Failure> {
    Ok(caller.app.server.status())
}

pub(super) async fn renew_tokens(caller: Caller<'_>, _: Nothing) -> Result<ServerStatus, Failure> {
    caller.app.server.renew_tokens();
    Ok(caller.app.server.status())
}

pub(super) async fn overlay_token(caller: Caller<'_>, input: OneOverlay) -> Result<OverlayToken, Failure> {
    let bad = |error: BadOverlayName| Failure::new(FailureCode::BadInput, error.to_string()).about("name");
    let name: OverlayName = input.name.parse().map_err(bad)?;
    let token = caller.app.server.overlay_token(&name);
    let too_many = || Failure::new(FailureCode::TooLarge, "there are too many overlays; new tokens forget them");
    Ok(OverlayToken { role: format!("overlay:{name}"), token: token.ok_or_else(too_many)? })
}

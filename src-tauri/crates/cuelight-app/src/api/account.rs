//! Commands for which a person acts on a page of TikTok's: a captcha, a login, and the end of one.

use cuelight_runtime::secrets::{SecretName, SetError};

use super::keys::unusable;
use super::{Caller, Nothing};
use crate::dto::{Failure, FailureCode, Login, Solved};

/// Shows the page with the captcha, and goes on with the live once it is solved.
pub(super) async fn solve_page(caller: Caller<'_>, _: Nothing) -> Result<Solved, Failure> {
    Ok(Solved { solved: caller.app.solve_captcha().await? })
}

/// Shows TikTok's login, and keeps what it gives where keys are kept.
pub(super) async fn log_in(caller: Caller<'_>, _: Nothing) -> Result<Login, Failure> {
    let app = caller.app;
    let Some(session) = app.ask_for_a_login().await? else { return Ok(Login { logged_in: false }) };
    app.secrets.set(SecretName::TiktokSession, session).await.map_err(|error| match error {
        SetError::Fault(fault) => Failure::new(FailureCode::PageNotShown, format!("what the login gave: {fault}")),
        SetError::Keychain(error) => unusable(&error),
    })?;
    app.go_on_logged_in().await;
    Ok(Login { logged_in: true })
}

/// Forgets the login.
pub(super) async fn log_out(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    let app = caller.app;
    app.secrets.remove(SecretName::TiktokSession).await.map_err(|error| unusable(&error))?;
    app.visitor.forget();
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::dto::{CallerRole, FailureCode};
    use crate::stage::Stage;

    #[tokio::test]
    async fn only_the_window_logs_in_and_out_and_shows_pages() {
        let stage = Stage::new();
        for command in ["solve_page", "log_in_tiktok", "log_out_tiktok"] {
            for role in [CallerRole::Remote, CallerRole::Full] {
                let failure = stage.door.call(role, command, json!({})).await.expect_err("it is refused");
                assert_eq!(failure.code, FailureCode::NotAllowed, "{command} as {role:?}");
            }
        }
    }

    #[tokio::test]
    async fn no_page_is_shown_where_tiktok_wants_no_captcha() {
        let stage = Stage::new();
        let asked = stage.door.call(CallerRole::Window, "solve_page", json!({})).await;
        let failure = asked.expect_err("nothing goes on");
        assert_eq!(failure.code, FailureCode::NotNow, "{failure:?}");
    }

    #[tokio::test]
    async fn whoever_is_not_logged_in_can_log_out() {
        let stage = Stage::new();
        let done = stage.door.call(CallerRole::Window, "log_out_tiktok", json!({})).await;
        assert_eq!(done.expect("nothing is left to do"), json!({}));
    }
}

//! The start: everything that the window shows, in one answer.

use super::{Caller, Nothing};
use crate::dto::{About, Failure, Opened, Service, Settings};
use crate::rulebook::rulebook;

/// Events of the open session that the window begins with: a few screens full; older ones are asked for.
const LINES: u32 = 500;

pub(super) async fn open(caller: Caller<'_>, _: Nothing) -> Result<Opened, Failure> {
    let app = caller.app;
    // The number first: what changes while the rest is read is told again.
    let seq = app.push.seq();
    let services = app.read(|reader| reader.services()).await?;
    let settings = Settings::from(&*app.settings.borrow());
    Ok(Opened {
        seq,
        about: About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            role: caller.role,
            system: std::env::consts::OS.to_owned(),
            keychain: app.secrets.has_keychain().await,
        },
        settings,
        live: app.live_status().await?,
        health: app.healths().await,
        services: services.into_iter().map(Service::from).collect(),
        statuses: app.statuses().await?,
        now_and_next: app.now_and_next().await?,
        rulebook: rulebook(app).await?,
        lines: app.lines_of_open_session(LINES).await?,
        action_kinds: app.registry.kinds().collect(),
        banner: app.banner(&app.live.watch().borrow()),
    })
}

//! What may mend the failure of a way: a table, of each failure one row.

use cuelight_core::way::Way;

use crate::source::SourceError;

/// What may mend a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Remedy {
    /// While there are other ways.
    pub(super) among_others: AmongOthers,
    /// Where there is no other.
    pub(super) alone: Alone,
}

/// What may mend a failure while there are other ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AmongOthers {
    /// Nothing that we could do, by whatever way.
    Nothing,
    /// The same again as somebody else, once.
    AnotherIdentity,
    /// The same again, once.
    OnceMore,
    /// A way that asks somebody else.
    AnotherHost,
    /// Any other way.
    AnotherWay,
}

/// What may mend a failure of the only way that can be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// Nothing that we could do.
    Nothing,
    /// The same again as somebody else, and in the end time.
    AnotherIdentity,
    /// Time.
    Time,
    /// Time, once we were in. Before the first visit the streamer waits at the screen and is told at once.
    TimeOnceIn,
}

/// Whom a way asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// TikTok.
    Tiktok,
    /// A sign server.
    Signer,
    /// A program beside us.
    ThisMachine,
}

/// The table.
pub(super) fn remedy(way: Way, error: &SourceError) -> Remedy {
    let (among_others, alone) = match (error, way) {
        (SourceError::Refused { .. }, Way::Direct) => (AmongOthers::AnotherIdentity, Alone::AnotherIdentity),
        // A signature is good for half a minute, so a refused one may have been too old.
        (SourceError::Refused { .. }, Way::Sign) => (AmongOthers::OnceMore, Alone::AnotherIdentity),
        (SourceError::Refused { .. }, Way::Cookie | Way::Page | Way::Tikfinity) => {
            (AmongOthers::AnotherWay, Alone::AnotherIdentity)
        }
        (SourceError::Unreachable { .. }, _) => (AmongOthers::OnceMore, Alone::Time),
        (SourceError::RateLimited { .. }, _) => (AmongOthers::AnotherHost, Alone::TimeOnceIn),
        (SourceError::Blocked { .. } | SourceError::NotPublic { .. }, _) => {
            (AmongOthers::AnotherWay, Alone::TimeOnceIn)
        }
        (
            SourceError::WayClosed { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::Denied { .. },
            _,
        ) => (AmongOthers::AnotherWay, Alone::Nothing),
        (
            SourceError::NotLive { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_),
            _,
        ) => (AmongOthers::Nothing, Alone::Nothing),
    };
    Remedy { among_others, alone }
}

/// Whom that way asks first.
pub(super) fn host_of(way: Way) -> Host {
    match way {
        Way::Direct | Way::Cookie | Way::Page => Host::Tiktok,
        Way::Sign => Host::Signer,
        Way::Tikfinity => Host::ThisMachine,
    }
}

/// Whether that way leads in although the room could not be looked up, for that reason.
pub(super) fn does_without_the_room(way: Way, error: &SourceError, has_account: bool) -> bool {
    match error {
        // TikFinity has a connection of its own.
        SourceError::Blocked { .. } | SourceError::Captcha { .. } => {
            matches!(way, Way::Page | Way::Sign | Way::Tikfinity)
        }
        // The page asks the host that counts our requests.
        SourceError::RateLimited { .. } => matches!(way, Way::Sign | Way::Tikfinity),
        SourceError::AgeRestricted { .. } => way == Way::Page && has_account,
        SourceError::NotLive { .. }
        | SourceError::NoSuchUser { .. }
        | SourceError::Refused { .. }
        | SourceError::NotPublic { .. }
        | SourceError::WayClosed { .. }
        | SourceError::NoWayLeft { .. }
        | SourceError::NotUnderstood { .. }
        | SourceError::Unreachable { .. }
        | SourceError::Denied { .. }
        | SourceError::Unreadable { .. }
        | SourceError::Closed(_) => false,
    }
}

//! What every request is answered with, from the opening of the ports to their closing.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::Shared;
use super::connections::Entered;
use super::refusal::token_refused;
use super::token::Token;
use super::tokens::Admitted;
use super::visitor::Visitor;
use crate::api::Door;
use crate::dto::{Failure, FailureCode};

/// An open server, seen from inside.
pub(super) struct House {
    pub(super) door: Door,
    pub(super) shared: Arc<Shared>,
    /// Cancelled when the ports are closed.
    pub(super) closing: CancellationToken,
    /// Other machines of the network may come in.
    pub(super) is_open_to_network: bool,
}

impl House {
    /// Who shows that token there; where from decides too.
    pub(super) fn admit(&self, token: &str, visitor: &Visitor) -> Result<Admitted, Failure> {
        let admitted = Token::parse(token).ok().and_then(|token| self.shared.tokens.admit(&token));
        let admitted = admitted.filter(|it| visitor.is_here() || it.role.may_be_elsewhere());
        admitted.ok_or_else(token_refused)
    }

    /// Gives a place for a conversation to somebody who was let in.
    pub(super) fn enter(&self, admitted: &Admitted, visitor: &Visitor) -> Result<Entered, Failure> {
        let Shared { connections, clock, tokens, .. } = &*self.shared;
        let entered = connections.enter(admitted.role.clone(), visitor.from, clock.now_ms(), &self.closing);
        let entered = entered.ok_or_else(|| {
            Failure::new(FailureCode::NotNow, format!("too many pages are connected as {}", admitted.role))
        })?;
        // Tokens that were renewed in this moment have closed the other conversations, and not this one.
        if tokens.still_admits(admitted) { Ok(entered) } else { Err(token_refused()) }
    }
}

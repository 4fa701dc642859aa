//! How a failure is told over HTTP.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::dto::{Failure, FailureCode};

/// A failure with its status; the body is the failure as JSON.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    failure: Failure,
    retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, failure: Failure) -> Self {
        Self { status, failure, retry_after: None }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::new(status_of(failure.code), failure)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut answer = (self.status, Json(self.failure)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs_f64().ceil().max(1.0) as u64;
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

/// More requests than the limits allow.
pub(super) fn too_often(wait: Duration) -> Refusal {
    let failure = Failure::new(FailureCode::NotNow, "too many requests from this address");
    Refusal { retry_after: Some(wait), ..Refusal::new(StatusCode::TOO_MANY_REQUESTS, failure) }
}

/// A request that did not come to an end.
pub(super) fn too_slow() -> Refusal {
    Refusal::new(StatusCode::REQUEST_TIMEOUT, Failure::new(FailureCode::NotNow, "the request took too long"))
}

/// No token, or one that lets nobody in.
pub(super) fn token_refused() -> Failure {
    Failure::new(FailureCode::TokenRefused, "this token lets nobody in, or not from here")
}

fn status_of(code: FailureCode) -> StatusCode {
    match code {
        FailureCode::BadInput => StatusCode::BAD_REQUEST,
        FailureCode::TokenRefused => StatusCode::UNAUTHORIZED,
        FailureCode::NotAllowed => StatusCode::FORBIDDEN,
        FailureCode::NotFound | FailureCode::UnknownCommand => StatusCode::NOT_FOUND,
        FailureCode::ChangedMeanwhile
        | FailureCode::NotNow
        | FailureCode::AlreadyLive
        | FailureCode::EngineElsewhere => StatusCode::CONFLICT,
        FailureCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FailureCode::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        FailureCode::KeyRefused | FailureCode::Unreachable | FailureCode::PageNotShown => StatusCode::BAD_GATEWAY,
        FailureCode::PageTimedOut => StatusCode::REQUEST_TIMEOUT,
        FailureCode::KeychainMissing | FailureCode::KeychainLocked => StatusCode::SERVICE_UNAVAILABLE,
        FailureCode::DatabaseDamaged
        | FailureCode::DatabaseSetAside
        | FailureCode::DatabaseNewer
        | FailureCode::FolderUnusable
        | FailureCode::Defect => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

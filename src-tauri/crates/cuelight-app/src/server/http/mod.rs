//! `/api/v1/`: the commands that scripts and Stream Decks need, one request each, made from one table.

mod openapi;
mod table;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, State};
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, on};
use axum::{Extension, Json, Router};
use serde_json::{Map, Value};

pub(super) use self::table::ROUTES;
use self::table::{Method, Route};
use super::house::House;
use super::refusal::{Refusal, token_refused};
use super::visitor::Visitor;
use super::{feed, limits};
use crate::dto::{Failure, FailureCode};

/// What every address here begins with.
pub(super) const PREFIX: &str = "/api/v1";

/// The routes of the table, the feed, and their description.
pub(super) fn routes() -> Router<Arc<House>> {
    let mut router = Router::new()
        .route(&format!("{PREFIX}/openapi.json"), get(async || Json(openapi::document())))
        .route(&format!("{PREFIX}{}", table::FEED), get(feed::open));
    for route in ROUTES {
        let method = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let call = move |State(house): State<Arc<House>>,
                         Extension(visitor): Extension<Visitor>,
                         places: RawPathParams,
                         headers: HeaderMap,
                         body: Body| async move {
            match call(&house, &visitor, route, &places, &headers, body).await {
                Ok(answer) => Json(answer).into_response(),
                Err(failure) => Refusal::from(failure).into_response(),
            }
        };
        router = router.route(&format!("{PREFIX}{}", route.path), on(method, call));
    }
    router.fallback(unknown)
}

/// The token that a program shows.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

async fn call(
    house: &House,
    visitor: &Visitor,
    route: &Route,
    places: &RawPathParams,
    headers: &HeaderMap,
    body: Body,
) -> Result<Value, Failure> {
    let admitted = house.admit(bearer(headers).ok_or_else(token_refused)?, visitor)?;
    if route.method == Method::Post && !admitted.role.may_act() {
        return Err(Failure::new(FailureCode::NotAllowed, format!("{} may only read", admitted.role)));
    }
    let input = input(body, places).await?;
    Box::pin(house.door.call(admitted.role.caller(), route.command, Value::Object(input))).await
}

/// The command's input: the fields of the body, and what stands in the address.
async fn input(body: Body, places: &RawPathParams) -> Result<Map<String, Value>, Failure> {
    let too_large = |_| Failure::new(FailureCode::TooLarge, "the body breaks off or is larger than is taken");
    let bytes = to_bytes(body, limits::BODY_BYTES).await.map_err(too_large)?;
    let mut input: Map<String, Value> = if bytes.is_empty() {
        Map::new()
    } else {
        let bad = |error| Failure::new(FailureCode::BadInput, format!("the body is no JSON object: {error}"));
        serde_json::from_slice(&bytes).map_err(bad)?
    };
    for (name, value) in places {
        if input.insert(name.to_owned(), Value::from(value)).is_some() {
            return Err(Failure::new(FailureCode::BadInput, "it stands in the address already").about(name));
        }
    }
    Ok(input)
}

async fn unknown() -> Response {
    Refusal::from(Failure::not_found("such address")).into_response()
}

#[cfg(test)]
mod tests {
    use super::super::tests::Served;
    use super::*;
    use crate::api::COMMANDS;

    #[test]
    fn every_route_is_a_command_of_the_door() {
        for route in ROUTES {
            assert!(COMMANDS.iter().any(|it| it.name == route.command), "there is no command {}", route.command);
        }
    }

    #[tokio::test]
    async fn every_route_answers_and_is_described_and_nothing_else_is() {
        let served = Served::begin().await;
        let (status, document) = served.ask("GET", "/api/v1/openapi.json", "", "").await;
        assert_eq!(status, 200, "the description needs no token");
        let paths = document["paths"].as_object().expect("paths");
        let described: usize = paths.values().map(|it| it.as_object().map_or(0, Map::len)).sum();
        assert_eq!(described, ROUTES.len() + 1, "each route once, and the feed");
        for route in ROUTES {
            let method = openapi::method(route.method);
            assert!(paths[route.path][method].is_object(), "{method} {} is described", route.path);
            let filled = ["{rule}", "{service}", "{name}"]
                .iter()
                .fold(route.path.to_owned(), |path, place| path.replace(place, "none"));
            let path = format!("{PREFIX}{filled}");
            // A list is no input of any command, so nothing is done.
            let (status, answer) = served.ask(&method.to_uppercase(), &path, &served.token("full"), "[]").await;
            assert_eq!((status, answer["code"].as_str()), (400, Some("bad_input")), "{path} reads its input");
            let (status, _) = served.ask(&method.to_uppercase(), &path, "", "").await;
            assert_eq!(status, 401, "{path} asks for a token");
        }
        let (status, _) = served.ask("GET", &format!("{PREFIX}/nothing"), &served.token("full"), "").await;
        assert_eq!(status, 404, "what is not described is not there");
        served.end().await;
    }
}

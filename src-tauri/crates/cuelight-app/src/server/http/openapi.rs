//! The description of the interface for programs (OpenAPI 3.1), made from the table of its routes.

use serde_json::{Map, Value, json};

use super::PREFIX;
use super::table::{FEED, Field, Method, ROUTES, Route};
use crate::api::{COMMANDS, Needs};

/// The whole document.
pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cuelight",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Control a running Cuelight, and follow its live. Addresses and tokens stand in Settings, \
                            Local server, and in what `cuelight serve` and `cuelight run` print.",
        },
        "servers": [{ "url": PREFIX }],
        "security": [{ "token": [] }],
        "paths": paths(),
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
        },
    })
}

fn paths() -> Map<String, Value> {
    let mut paths: Map<String, Value> = Map::new();
    let described = ROUTES.iter().map(|route| (route.path, method(route.method), operation(route)));
    for (path, method, operation) in described.chain([(FEED, "get", feed())]) {
        let of_path = paths.entry(path).or_insert_with(|| Value::Object(Map::new()));
        of_path[method] = operation;
    }
    paths
}

pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
    }
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": route.command,
        "summary": route.what,
        "description": format!("Needs a token of the role {}.", role(route)),
        "responses": {
            "200": answer("Done.", route.answer),
            "4XX": answer("It could not be done.", "Failure"),
            "5XX": answer("It could not be done.", "Failure"),
        },
    });
    let places: Vec<Value> = places(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if !places.is_empty() {
        operation["parameters"] = Value::Array(places);
    }
    if !route.fields.is_empty() {
        operation["requestBody"] = body(route.fields);
    }
    operation
}

/// The lowest role that may.
fn role(route: &Route) -> &'static str {
    let needs = COMMANDS.iter().find(|command| command.name == route.command).map(|command| command.needs);
    match (route.method, needs) {
        (_, Some(Needs::Full)) => "full",
        (Method::Get, _) => "overlay",
        (Method::Post, _) => "remote",
    }
}

/// The names between braces.
fn places(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

fn body(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.name.to_owned(), json!({ "type": field.kind, "description": field.what })))
        .collect();
    let needed: Vec<&str> = fields.iter().filter(|field| field.needed).map(|field| field.name).collect();
    let schema = json!({ "type": "object", "properties": properties, "required": needed });
    json!({ "required": !needed.is_empty(), "content": { "application/json": { "schema": schema } } })
}

fn answer(what: &str, component: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{component}") });
    json!({ "description": what, "content": { "application/json": { "schema": schema } } })
}

fn feed() -> Value {
    json!({
        "operationId": "events",
        "summary": "The event feed: a WebSocket with one committed event in each message.",
        "description": "Needs a token of the role overlay, in the Authorization header or as the first message \
                        {\"token\": \"…\"}. A token that lets nobody in is answered with {\"error\": …} and code 4401.",
        "parameters": [
            {
                "name": "since", "in": "query", "schema": { "type": "string", "examples": ["3-17"] },
                "description": "The id of the last event that the follower has; without it the feed begins with what comes.",
            },
            {
                "name": "all", "in": "query", "schema": { "type": "boolean" },
                "description": "Also what does not count: your own events, combo steps, viewer counts, history, unknown messages.",
            },
        ],
        "responses": {
            "101": { "description": "Every message is an Event." },
            "4XX": answer("It could not be done.", "Failure"),
        },
    })
}

/// What answers look like; those that the window shares are told by their outline.
fn schemas() -> Value {
    let number = || json!({ "type": "integer" });
    json!({
        "Nothing": { "type": "object", "maxProperties": 0 },
        "Failure": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": { "type": "string", "description": "What kind of failure it is, such as not_found." },
                "message": { "type": "string", "description": "What was tried, on what, and what stopped it." },
                "field": { "type": "string", "description": "The part of the input that is wrong." },
            },
        },
        "Event": {
            "type": "object",
            "required": ["id", "event_type", "data"],
            "properties": {
                "id": { "type": "string", "description": "Its session and its number in it, such as 3-17." },
                "event_type": { "type": "string" },
                "data": { "type": "object" },
            },
        },
        "LiveStatus": {
            "type": "object",
            "required": ["phase", "totals", "paused", "silenced"],
            "properties": {
                "phase": { "type": "object", "description": "How the connection stands: `state` and what belongs to it." },
                "creator": { "type": ["string", "null"] },
                "session": { "type": ["integer", "null"] },
                "totals": {
                    "type": "object",
                    "properties": {
                        "viewers": number(), "likes": number(), "diamonds": number(),
                        "newFollowers": number(), "events": number(),
                    },
                },
                "paused": { "type": "boolean" },
                "silenced": { "type": "boolean" },
            },
        },
        "Services": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "name", "active"],
                "properties": {
                    "id": { "type": "string" }, "name": { "type": "string" }, "active": { "type": "boolean" },
                },
            },
        },
        "Rulebook": {
            "type": "object",
            "required": ["revision", "rules"],
            "properties": {
                "revision": number(),
                "rules": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["rule"],
                        "properties": { "rule": { "type": "object", "description": "In the form of rules files." } },
                    },
                },
            },
        },
        "Queue": {
            "type": "object",
            "required": ["service", "running", "waiting"],
            "properties": {
                "service": { "type": "string" },
                "running": { "type": "array", "items": { "type": "object" } },
                "waiting": { "type": "array", "items": { "type": "object" } },
            },
        },
        "StartedRun": {
            "type": "object",
            "required": ["run"],
            "properties": { "run": { "type": "string", "description": "The number of the run." } },
        },
        "Skipped": {
            "type": "object",
            "required": ["jobs"],
            "properties": { "jobs": { "type": "integer", "description": "How many jobs ran." } },
        },
        "OverlayToken": {
            "type": "object",
            "required": ["role", "token"],
            "properties": { "role": { "type": "string" }, "token": { "type": "string" } },
        },
    })
}

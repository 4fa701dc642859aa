//! The window's own files, for browsers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;

use super::house::House;
use super::refusal::Refusal;
use crate::dto::Failure;

/// What building the window leaves: part of a release's program, read from the folder by a debug build.
#[derive(RustEmbed)]
#[folder = "../../../ui/dist/"]
#[allow_missing = true]
struct Built;

const NOT_BUILT: &str = "The window was not built into this program. Build it with `npm --prefix ui run build`, then build \
                         Cuelight again.\n";

/// The page itself.
pub(super) async fn page() -> Response {
    match file("index.html", "no-store") {
        Some(page) => page,
        None => (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response(),
    }
}

/// A script, style, font or picture whose name says what is in it, so it is never asked for twice.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let found = is_plain(&name).then(|| file(&format!("assets/{name}"), "public, max-age=31536000, immutable"));
    found.flatten().unwrap_or_else(|| missing(&name).into_response())
}

/// A picture of a gift or a viewer whose address the app has seen.
pub(super) async fn picture(State(house): State<Arc<House>>, Path(id): Path<String>) -> Response {
    match house.door.app().pictures.read(&id).await {
        Some(picture) => {
            let keep = HeaderValue::from_static("private, max-age=86400");
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(picture.kind.media_type())),
                (header::CACHE_CONTROL, keep),
            ];
            (headers, picture.bytes.to_vec()).into_response()
        }
        None => missing(&id).into_response(),
    }
}

/// Whatever else is asked for.
pub(super) async fn nothing(uri: Uri) -> Response {
    missing(uri.path()).into_response()
}

fn missing(what: &str) -> Refusal {
    Failure::not_found(format!("page {what:?}")).into()
}

/// Names of files as the build makes them; nothing that leads out of their folder.
fn is_plain(name: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.starts_with('.') && name.bytes().all(is_fine)
}

fn file(name: &str, keep: &'static str) -> Option<Response> {
    let file = Built::get(name)?;
    let kind = HeaderValue::from_str(file.metadata.mimetype()).ok()?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, HeaderValue::from_static(keep))];
    Some((headers, file.data).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_the_folder_are_no_files() {
        for (name, is_fine) in [
            ("index-DiwrgTda.js", true),
            ("inter_latin.woff2", true),
            ("..", false),
            ("../index.html", false),
            ("..\\index.html", false),
            (".hidden", false),
            ("a/../../b", false),
            ("a\0b", false),
        ] {
            assert_eq!(is_plain(name), is_fine, "{name:?}");
        }
    }
}

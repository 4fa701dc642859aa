//! What the page is served: its own files, which are in the program, and the pictures of gifts and viewers.

use std::borrow::Cow;

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::bridge::Bridge;

/// The scheme of the page itself. Served here, pictures have the same place in the window as in a browser.
pub(crate) const SCHEME: &str = "tauri";

/// Where pictures are.
const PICTURES: &str = "/pictures/";

/// A picture of an id never changes.
const KEEP: &str = "max-age=86400, immutable";

type Body = Cow<'static, [u8]>;

/// Answers one request of the page.
pub(crate) fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, answer: UriSchemeResponder) {
    let app = context.app_handle().clone();
    let path = request.uri().path().to_owned();
    tauri::async_runtime::spawn(async move {
        let response = match path.strip_prefix(PICTURES) {
            Some(id) => picture(&app, id).await,
            None => file(&app, path),
        };
        answer.respond(response.unwrap_or_else(not_found));
    });
}

async fn picture(app: &AppHandle, id: &str) -> Option<Response<Body>> {
    let door = app.state::<Bridge>().door().await.ok()?;
    let picture = door.app().pictures.read(id).await?;
    let response = Response::builder()
        .header(header::CONTENT_TYPE, picture.kind.media_type())
        .header(header::CACHE_CONTROL, KEEP)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response.body(Cow::Owned(picture.bytes.to_vec())).ok()
}

/// A path that is no file is the page itself, which knows its own addresses.
fn file(app: &AppHandle, path: String) -> Option<Response<Body>> {
    let file = app.asset_resolver().get(path)?;
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, &file.mime_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(policy) = &file.csp_header {
        response = response.header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.body(Cow::Owned(file.bytes)).ok()
}

fn not_found() -> Response<Body> {
    let mut response = Response::new(Cow::Borrowed(&[][..]));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

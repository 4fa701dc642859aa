//! A page in a webview, followed: what it was answered with, what its sockets are, what of it is a signal.

use cuelight_runtime::source::page::script::FIRST_ERROR;
use cuelight_runtime::source::page::{PageCookie, PageFault, PageSignal, SocketHosts};
use tauri::Url;

use super::teller::Happening;
use super::told::{Hearing, Unheard};
use super::view::{Look, View};

/// A page that is open.
pub(super) struct Page {
    pub(super) view: View,
    pub(super) hearing: Hearing,
    /// What its document was answered with, once it was.
    http_status: Option<u16>,
    /// What TikTok refuses ends it; people may go on from there.
    is_unseen: bool,
}

impl Page {
    /// Makes an empty page that has these cookies.
    pub(super) async fn open(look: Look, hosts: SocketHosts, cookies: Vec<PageCookie>) -> Result<Self, PageFault> {
        let is_unseen = matches!(look, Look::Unseen { .. });
        let view = View::open(look, cookies).await?;
        Ok(Self { view, hearing: Hearing::new(hosts), http_status: None, is_unseen })
    }

    /// Waits for what happens next on the way to that address; what of it is a signal is added.
    pub(super) async fn next(&mut self, url: &Url, signals: &mut Vec<PageSignal>) -> Result<(), PageFault> {
        let gone = |cause: String| PageFault::Gone { cause };
        match self.view.happenings.recv().await {
            Some(Happening::Committed { http_status }) => {
                self.http_status = Some(http_status);
                signals.extend(self.hearing.turn_over());
                if self.is_unseen && http_status >= FIRST_ERROR {
                    return Err(PageFault::Blocked { http_status });
                }
                Ok(())
            }
            Some(Happening::Moved { url }) => {
                signals.push(PageSignal::Moved { url });
                Ok(())
            }
            Some(Happening::Loaded) => {
                self.hearing.is_there |= self.http_status.is_some();
                Ok(())
            }
            // What is stopped by the page itself, such as by another address, is no failure of it.
            Some(Happening::Failed { .. }) if self.http_status.is_some() => Ok(()),
            Some(Happening::Failed { cause }) => {
                Err(PageFault::Unreachable { place: url.host_str().unwrap_or_default().to_owned(), cause })
            }
            Some(Happening::Told { batch, at_s, .. }) => {
                self.hearing.take(&batch, at_s, signals).map_err(|unheard| gone(unheard.to_string()))
            }
            Some(Happening::Crashed) => Err(gone("the page crashed".to_owned())),
            Some(Happening::Closed) => Err(PageFault::Closed),
            None => Err(gone(Unheard::Flood.to_string())),
        }
    }
}

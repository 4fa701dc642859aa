//! One webview: it lives on the desktop's own thread, is asked over one channel and tells over another.

use std::rc::Rc;

use cuelight_runtime::source::page::script::{CAPTCHA, COOKIES, QUIET, WHO, cookie_of};
use cuelight_runtime::source::page::{PageCookie, PageFault, TIKTOK_HOSTS};
use gtk::glib::{Cast as _, MainContext, ObjectExt as _, Propagation};
use gtk::prelude::{ContainerExt as _, GtkWindowExt as _, WidgetExt as _};
use javascriptcore::ValueExt as _;
use tauri::Url;
use tokio::sync::{Notify, mpsc, oneshot};
use webkit2gtk::{
    CookieManagerExt as _, DownloadExt as _, HardwareAccelerationPolicy, LoadEvent, NavigationPolicyDecision,
    NavigationPolicyDecisionExt as _, NetworkProxyMode, NetworkProxySettings, PermissionRequestExt as _,
    PolicyDecision, PolicyDecisionExt as _, Settings, URIRequestExt as _, URIResponseExt as _,
    UserContentInjectedFrames, UserContentManager, UserContentManagerExt as _, UserScript, UserScriptInjectionTime,
    WebContext, WebContextExt as _, WebResourceExt as _, WebView, WebViewExt as _, WebsiteDataManagerExt as _,
};

use super::teller::{HAPPENINGS, Happening, MOST_WAITING, Teller};

/// Run before the first script of every document.
const HOOK: &str = include_str!("hook.js");

/// The name by which the hook speaks to us.
const HANDLER: &str = "page";

/// The world of scripts in which we ask, where none of the page's scripts can be in the way.
const OUR_WORLD: &str = "cuelight";

/// A proxy that nobody runs: requests for hosts that are not TikTok's go there and end.
const NOWHERE: &str = "http://127.0.0.1:1";

/// The size of a page for nobody, in pixels: that of a common screen.
const SIZE_UNSEEN: (i32, i32) = (1_920, 1_080);

/// The size of a page for the person, in pixels: it fits on a small screen.
const SIZE_SHOWN: (i32, i32) = (1_000, 760);

/// For whom a page is.
#[derive(Debug, Clone)]
pub(super) enum Look {
    /// For nobody: it is muted, and asks these hosts and TikTok's only.
    Unseen { hosts: Vec<String> },
    /// For the person at the screen.
    Shown,
}

/// What a webview shows now.
#[derive(Debug)]
pub(super) struct Seen {
    /// It shows a captcha.
    pub(super) is_captcha: bool,
    /// The cookies that it would show the address.
    pub(super) cookies: Vec<PageCookie>,
}

enum Question {
    GoTo(Url),
    ComeToTheFront,
    Who(oneshot::Sender<String>),
    Look(Url, oneshot::Sender<Seen>),
}

/// A webview, from wherever it is used. It is closed when this is dropped.
pub(super) struct View {
    questions: mpsc::Sender<Question>,
    /// What happens in it, in its order. The end of it means that the page tells more than can be taken.
    pub(super) happenings: mpsc::Receiver<Happening>,
    /// Closed when nothing of it is left.
    is_over: oneshot::Receiver<()>,
}

impl View {
    /// Makes a webview with nothing but these cookies in it.
    pub(super) async fn open(look: Look, cookies: Vec<PageCookie>) -> Result<Self, PageFault> {
        let (questions, asked) = mpsc::channel(1);
        let (out, happenings) = mpsc::channel(HAPPENINGS);
        let (ready, is_ready) = oneshot::channel();
        let (over, is_over) = oneshot::channel();
        // What is spawned there goes on by itself, and ends with the questions.
        drop(MainContext::default().spawn_from_within(move || async move {
            serve(&look, cookies, asked, out, ready).await;
            drop(over);
        }));
        let broke = || PageFault::NotStarted { cause: "the desktop's thread does not answer".to_owned() };
        is_ready.await.map_err(|_| broke())??;
        Ok(Self { questions, happenings, is_over })
    }

    /// Leads it to an address.
    pub(super) async fn go_to(&self, url: &Url) {
        // One that is gone tells so itself.
        let _ = self.questions.send(Question::GoTo(url.clone())).await;
    }

    /// Puts its window before the others.
    pub(super) async fn come_to_the_front(&self) {
        // As above.
        let _ = self.questions.send(Question::ComeToTheFront).await;
    }

    /// What its scripts are told about the browser, in JSON; none when it is gone.
    pub(super) async fn who(&self) -> Option<String> {
        let (answer, answered) = oneshot::channel();
        self.questions.send(Question::Who(answer)).await.ok()?;
        answered.await.ok()
    }

    /// What it looks like now, with the cookies for that address; none when it is gone.
    pub(super) async fn look(&self, url: &Url) -> Option<Seen> {
        let (answer, answered) = oneshot::channel();
        self.questions.send(Question::Look(url.clone(), answer)).await.ok()?;
        answered.await.ok()
    }

    /// Closes it and waits until nothing of it is left.
    pub(super) async fn close(self) {
        let Self { questions, is_over, .. } = self;
        drop(questions);
        // Its end is the end of the channel.
        let _ = is_over.await;
    }
}

/// Makes the webview and answers questions until nobody is left who could ask any.
async fn serve(
    look: &Look,
    cookies: Vec<PageCookie>,
    mut asked: mpsc::Receiver<Question>,
    out: mpsc::Sender<Happening>,
    ready: oneshot::Sender<Result<(), PageFault>>,
) {
    let webview = Webview::new(look, Teller::new(out));
    let prepared = webview.take_cookies(cookies).await;
    // Whoever asked for it may be gone, which the questions tell as well.
    let _ = ready.send(prepared);
    while let Some(question) = asked.recv().await {
        match question {
            Question::GoTo(url) => webview.web.load_uri(url.as_str()),
            Question::ComeToTheFront => webview.window.present(),
            Question::Who(answer) => webview.answer(answer, webview.who()).await,
            Question::Look(url, answer) => webview.answer(answer, webview.look(&url)).await,
        }
    }
    webview.close();
}

/// A webview and the window that it is in, on the desktop's own thread.
struct Webview {
    context: WebContext,
    web: WebView,
    window: gtk::Window,
    /// Wakes whoever waits for an answer: the person closed the window.
    is_closed: Rc<Notify>,
}

impl Webview {
    fn new(look: &Look, teller: Teller) -> Self {
        let context = WebContext::new_ephemeral();
        context.connect_download_started(|_, download| download.cancel());
        let scripts = UserContentManager::new();
        let settings = Settings::builder().enable_page_cache(false);
        let is_closed = Rc::new(Notify::new());
        let (settings, window) = match look {
            Look::Unseen { hosts } => {
                ask_only(&context, hosts);
                hear_scripts(&scripts, &teller);
                let settings = settings
                    .media_playback_requires_user_gesture(true)
                    .hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
                (settings.build(), unseen_window())
            }
            Look::Shown => (settings.build(), shown_window(&teller, &is_closed)),
        };
        let web = WebView::builder()
            .web_context(&context)
            .user_content_manager(&scripts)
            .settings(&settings)
            .is_muted(matches!(look, Look::Unseen { .. }))
            .build();
        follow(&web, &teller);
        window.add(&web);
        window.show_all();
        if matches!(look, Look::Shown) {
            tell_host(&web, &window);
            window.present();
        }
        Self { context, web, window, is_closed }
    }

    async fn take_cookies(&self, cookies: Vec<PageCookie>) -> Result<(), PageFault> {
        let jar = self.context.cookie_manager();
        let jar = jar.ok_or_else(|| PageFault::NotStarted { cause: "a webview without cookies".to_owned() })?;
        for cookie in cookies {
            let mut kept = soup::Cookie::new(&cookie.name, &cookie.value, &cookie.domain, "/", -1);
            kept.set_http_only(cookie.is_of_account() || cookie.name == "ttwid");
            // A test's host on loopback has no encryption.
            kept.set_secure(cookie.domain.ends_with(".tiktok.com"));
            let taken = jar.add_cookie_future(&mut kept).await;
            taken.map_err(|error| PageFault::NotStarted { cause: format!("a cookie was not taken: {error}") })?;
        }
        Ok(())
    }

    /// Answers, unless whoever asked has no more patience: a page that is busy with itself answers never, and neither does
    /// one that went with its window.
    async fn answer<T>(&self, mut answer: oneshot::Sender<T>, answering: impl Future<Output = Option<T>>) {
        tokio::select! {
            found = answering => {
                if let Some(found) = found {
                    // Whoever asked may be gone.
                    let _ = answer.send(found);
                }
            }
            () = answer.closed() => {}
            () = self.is_closed.notified() => {}
        }
    }

    async fn who(&self) -> Option<String> {
        let told = self.web.evaluate_javascript_future(WHO, Some(OUR_WORLD), None).await;
        told.ok().map(|told| told.to_str().into())
    }

    async fn look(&self, url: &Url) -> Option<Seen> {
        // A page that is just being replaced shows nothing.
        let is_captcha = self.web.evaluate_javascript_future(CAPTCHA, Some(OUR_WORLD), None).await;
        let is_captcha = is_captcha.is_ok_and(|it| it.to_boolean());
        let cookies = self.context.cookie_manager()?.cookies_future(url.as_str()).await.unwrap_or_default();
        let cookies = cookies
            .into_iter()
            .filter_map(|mut it| cookie_of(it.name()?.into(), it.value()?.into(), it.domain()?.into()));
        Some(Seen { is_captcha, cookies: cookies.take(COOKIES).collect() })
    }

    fn close(self) {
        self.web.terminate_web_process();
        // A window that the person closed has let it go already.
        if self.web.parent().is_some() {
            self.window.remove(&self.web);
        }
        self.window.close();
    }
}

/// Lets requests go to TikTok's hosts and these only.
fn ask_only(context: &WebContext, hosts: &[String]) {
    let allowed: Vec<&str> = TIKTOK_HOSTS.iter().copied().chain(hosts.iter().map(String::as_str)).collect();
    let mut proxy = NetworkProxySettings::new(Some(NOWHERE), &allowed);
    if let Some(network) = context.website_data_manager() {
        network.set_network_proxy_settings(NetworkProxyMode::Custom, Some(&mut proxy));
    }
}

/// Puts the hook into the outermost document, and listens to it before there is any.
fn hear_scripts(scripts: &UserContentManager, teller: &Teller) {
    let teller = teller.clone();
    scripts.connect_script_message_received(Some(HANDLER), move |_, said| {
        let Some(said) = said.js_value() else { return };
        // Asked before it is copied: scripts may say anything, of any length.
        let length = said.object_get_property("length").map_or(f64::NAN, |length| length.to_double());
        if said.is_string() && length < MOST_WAITING {
            teller.tell_batch(said.to_str().into());
        } else {
            teller.give_up();
        }
    });
    scripts.register_script_message_handler(HANDLER);
    let (frames, time) = (UserContentInjectedFrames::TopFrame, UserScriptInjectionTime::Start);
    scripts.add_script(&UserScript::new(HOOK, frames, time, &[], &[]));
    scripts.add_script(&UserScript::new(QUIET, UserContentInjectedFrames::AllFrames, time, &[], &[]));
}

/// A window that is drawn nowhere. A page in it is as awake as one that is seen.
fn unseen_window() -> gtk::Window {
    let window = gtk::OffscreenWindow::new();
    window.set_default_size(SIZE_UNSEEN.0, SIZE_UNSEEN.1);
    window.upcast()
}

fn shown_window(teller: &Teller, is_closed: &Rc<Notify>) -> gtk::Window {
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("TikTok");
    window.set_default_size(SIZE_SHOWN.0, SIZE_SHOWN.1);
    let (teller, is_closed) = (teller.clone(), Rc::clone(is_closed));
    window.connect_delete_event(move |_, _| {
        teller.tell(Happening::Closed);
        is_closed.notify_one();
        Propagation::Proceed
    });
    window
}

/// Says in the title whose page it is: people may go wherever they want in it, and type a password there.
fn tell_host(web: &WebView, window: &gtk::Window) {
    let window = window.downgrade();
    web.connect_uri_notify(move |web| {
        if let (Some(window), Some(uri)) = (window.upgrade(), web.uri()) {
            let url = Url::parse(&uri).ok();
            window.set_title(url.as_ref().and_then(Url::host_str).unwrap_or(&uri));
        }
    });
}

/// Tells how loading goes, and keeps the page from everything but being a page.
fn follow(web: &WebView, teller: &Teller) {
    let told = teller.clone();
    web.connect_load_changed(move |web, event| match event {
        LoadEvent::Committed => {
            let answer = web.main_resource().and_then(|resource| resource.response());
            let http_status = answer.map(|answer| answer.status_code()).unwrap_or_default();
            told.tell(Happening::Committed { http_status: u16::try_from(http_status).unwrap_or_default() });
        }
        LoadEvent::Finished => told.tell(Happening::Loaded),
        _ => {}
    });
    let told = teller.clone();
    web.connect_uri_notify(move |web| {
        if let Some(uri) = web.uri() {
            told.tell(Happening::Moved { url: uri.into() });
        }
    });
    let told = teller.clone();
    web.connect_load_failed(move |_, _, _, error| {
        told.tell(Happening::Failed { cause: error.message().to_owned() });
        true
    });
    let told = teller.clone();
    web.connect_web_process_terminated(move |_, _| told.tell(Happening::Crashed));
    let told = teller.clone();
    web.connect_close(move |_| told.tell(Happening::Closed));
    web.connect_permission_request(|_, request| {
        request.deny();
        true
    });
    // Alerts would wait for somebody.
    web.connect_script_dialog(|_, _| true);
    web.connect_decide_policy(|_, decision, _| {
        if leads_to_a_program(decision) {
            decision.ignore();
            return true;
        }
        false
    });
}

/// Whether an address would start a program of the desktop, such as TikTok's own app.
fn leads_to_a_program(decision: &PolicyDecision) -> bool {
    let Some(navigation) = decision.downcast_ref::<NavigationPolicyDecision>() else { return false };
    let uri = navigation.navigation_action().and_then(|it| it.request()).and_then(|it| it.uri());
    let scheme = uri.as_deref().and_then(|uri| Url::parse(uri).ok()).map(|url| url.scheme().to_owned());
    !scheme.is_some_and(|scheme| matches!(scheme.as_str(), "https" | "http" | "about" | "blob"))
}

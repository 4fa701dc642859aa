//! What only a person can do for a live: solve TikTok's captcha, or log in, on a page that is shown for it.

use cuelight_core::handle::Handle;
use cuelight_runtime::equipped::{Equipment, session_of};
use cuelight_runtime::secrets::Secret;
use cuelight_runtime::source::page::{PageCookie, PageFault, PageHost as _, PersonWanted};
use reqwest::Url;

use crate::app::App;
use crate::dto::{Failure, FailureCode, Phase};

impl App {
    /// Shows the page that wants a captcha solved, and tries the live again once that is done; false where the page was
    /// closed first. A page that a capture shows already comes to the front, and its capture goes on by itself.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where none is wanted, or another page is shown; [`FailureCode::PageNotShown`] where it could
    /// not be shown, [`FailureCode::PageTimedOut`] where the person took too long.
    pub async fn solve_captcha(&self) -> Result<bool, Failure> {
        let standing = self.live.standing.borrow().clone();
        if standing.phase == (Phase::Captcha { is_shown: true }) {
            self.pages.raise();
            return Ok(false);
        }
        let creator = standing.creator.filter(|_| standing.phase == Phase::Captcha { is_shown: false });
        let creator = creator.and_then(|creator| Handle::parse(&creator).ok());
        let creator = creator.ok_or_else(|| Failure::new(FailureCode::NotNow, "TikTok wants no captcha solved"))?;
        let equipment = self.equipment();
        let (page, cookies) = (equipment.bases.live_page(&creator), equipment.cookies().await);
        let asked = self.ask_person(&equipment, page, cookies, PersonWanted::Captcha).await?;
        let Some(cookies) = asked else { return Ok(false) };
        self.visitor.become_that_of(cookies);
        // Whatever was begun in the meantime is no business of that captcha.
        let now = self.live.standing.borrow().clone();
        if now.phase == (Phase::Captcha { is_shown: false }) && now.creator.as_deref() == Some(creator.as_str()) {
            self.live.retry_now().await?;
        }
        Ok(true)
    }

    /// Shows TikTok's login until somebody logged in; none where the page was closed first.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where a page is shown already; [`FailureCode::PageNotShown`] where it could not be shown,
    /// [`FailureCode::PageTimedOut`] where the person took too long.
    pub async fn ask_for_a_login(&self) -> Result<Option<Secret>, Failure> {
        let equipment = self.equipment();
        let page = equipment.bases.login_page();
        let cookies = self.ask_person(&equipment, page, Vec::new(), PersonWanted::Login).await?;
        Ok(cookies.as_deref().and_then(session_of))
    }

    /// Tries a live again that is only for those who logged in, or may be.
    pub async fn go_on_logged_in(&self) {
        // Whoever solved a captcha before did so as a stranger.
        self.visitor.forget();
        let phase = self.live.standing.borrow().phase.clone();
        if !matches!(phase, Phase::AgeRestricted | Phase::NotPublic) {
            return;
        }
        if let Err(failure) = self.live.retry_now().await {
            tracing::info!(%failure, "the live is not tried again after the login");
        }
    }

    /// Shows the person a page; none where it was closed before its end. One that is shown already comes to the front.
    async fn ask_person(
        &self,
        equipment: &Equipment,
        page: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> Result<Option<Vec<PageCookie>>, Failure> {
        if self.pages.is_shown() {
            self.pages.raise();
            return Err(Failure::new(FailureCode::NotNow, "a page is shown to the person already"));
        }
        let place = page.host_str().unwrap_or_default().to_owned();
        tokio::select! {
            asked = equipment.page.ask_person(page, cookies, why) => match asked {
                Ok(cookies) => Ok(Some(cookies)),
                Err(PageFault::Closed) => Ok(None),
                Err(fault) => Err(not_done(&place, &fault)),
            },
            () = self.ended.cancelled() => Err(Failure::new(FailureCode::NotNow, "Cuelight is ending")),
        }
    }
}

/// What it means that a page came to nothing before the person.
fn not_done(place: &str, fault: &PageFault) -> Failure {
    tracing::warn!(%place, %fault, "a page of TikTok's that the person was shown came to nothing");
    if *fault == PageFault::TimedOut {
        return Failure::new(FailureCode::PageTimedOut, format!("nobody finished on the page of {place} in time"));
    }
    Failure::new(FailureCode::PageNotShown, format!("the page of {place} was not shown: {fault}"))
}

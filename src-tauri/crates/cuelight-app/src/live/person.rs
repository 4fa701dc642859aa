//! What only a person can do for a live: solve TikTok's captcha, or log in, on a page that is shown for it.

use cuelight_core::handle::Handle;
use cuelight_runtime::equipped::{Equipment, session_of};
use cuelight_runtime::secrets::Secret;
use cuelight_runtime::source::page::{PageCookie, PageFault, PersonWanted};
use reqwest::Url;

use crate::app::App;
use crate::dto::{Failure, FailureCode, Phase};

impl App {
    /// Shows the page that wants a captcha solved, and tries the live again once that is done.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where none is wanted, or the page was closed first, or is shown already; [`FailureCode::PageNotShown`] where it
    /// could not be shown.
    pub async fn solve_captcha(&self) -> Result<(), Failure> {
        let standing = self.live.standing.borrow().clone();
        let creator = standing.creator.filter(|_| standing.phase == Phase::Captcha { is_shown: false });
        let creator = creator
            .and_then(|creator| Handle::parse(&creator).ok())
            .ok_or_else(|| Failure::new(FailureCode::NotNow, "TikTok wants no captcha solved"))?;
        let equipment = self.equipment();
        let (page, cookies) = (equipment.bases.live_page(&creator), equipment.cookies().await);
        let solved = self.ask_person(&equipment, page, cookies, PersonWanted::Captcha).await?;
        let cookies = solved.ok_or_else(|| Failure::new(FailureCode::NotNow, "the page was closed before its end"))?;
        self.visitor.become_that_of(cookies);
        self.live.retry_now().await
    }

    /// Shows TikTok's login until somebody logged in; none where the page was closed first.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where a page is shown already; [`FailureCode::PageNotShown`] where it could not be shown.
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

    /// Shows the person a page; none where it was closed before its end.
    async fn ask_person(
        &self,
        equipment: &Equipment,
        page: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> Result<Option<Vec<PageCookie>>, Failure> {
        if self.pages.is_shown() {
            return Err(Failure::new(FailureCode::NotNow, "a page is shown to the person already"));
        }
        let place = page.host_str().unwrap_or_default().to_owned();
        tokio::select! {
            asked = equipment.page.ask_person(page, cookies, why) => match asked {
                Ok(cookies) => Ok(Some(cookies)),
                Err(PageFault::Closed) => Ok(None),
                Err(fault) => {
                    Err(Failure::new(FailureCode::PageNotShown, format!("the page of {place} was not shown: {fault}")))
                }
            },
            () = self.ended.cancelled() => Err(Failure::new(FailureCode::NotNow, "Cuelight is ending")),
        }
    }
}

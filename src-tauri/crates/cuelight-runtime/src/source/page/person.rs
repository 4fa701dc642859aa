//! What a person is asked to do on a page that is shown for it: how long that may take, and when it is done.

use std::time::Duration;

use tokio::time::Instant;

use super::PageCookie;

/// How long a person may take; a login may need a telephone that lies in another room.
pub const PERSON_WITHIN: Duration = Duration::from_secs(600);

/// How often their page is looked at.
pub const PERSON_LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How long a page has to be without a captcha: one comes a moment after the page, and a page after one.
const WITHOUT_CAPTCHA: Duration = Duration::from_secs(3);

/// The cookie without which nobody is logged in.
const LOGIN: &str = "sessionid";

/// What a person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonWanted {
    /// Solve a captcha.
    Captcha,
    /// Log in.
    Login,
}

/// What a page that is shown to a person looks like at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLook {
    /// Its document is there, and was looked at.
    pub is_there: bool,
    /// It shows a captcha.
    pub is_captcha: bool,
    /// The cookies that it would show TikTok.
    pub cookies: Vec<PageCookie>,
}

/// A person at work on a page.
#[derive(Debug)]
pub struct PersonAtWork {
    wanted: PersonWanted,
    free_since: Option<Instant>,
}

impl PersonAtWork {
    /// A person who begins with that now.
    #[must_use]
    pub fn begin(wanted: PersonWanted) -> Self {
        Self { wanted, free_since: None }
    }

    /// Whether it is done, as the page looks `now`. Looks come in their order, every [`PERSON_LOOK_AGAIN`].
    pub fn is_done(&mut self, look: &PageLook, now: Instant) -> bool {
        match self.wanted {
            PersonWanted::Captcha if !look.is_there || look.is_captcha => {
                self.free_since = None;
                false
            }
            PersonWanted::Captcha => now.duration_since(*self.free_since.get_or_insert(now)) >= WITHOUT_CAPTCHA,
            PersonWanted::Login => look.cookies.iter().any(|cookie| cookie.name == LOGIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn look(is_there: bool, is_captcha: bool) -> PageLook {
        PageLook { is_there, is_captcha, cookies: Vec::new() }
    }

    #[test]
    fn a_captcha_is_solved_once_the_page_was_without_one_for_three_seconds() {
        let mut person = PersonAtWork::begin(PersonWanted::Captcha);
        let mut now = Instant::now();
        // Seconds since the look before, whether the page is there, whether it shows a captcha, whether that is the end.
        for (after_s, is_there, is_captcha, expected) in [
            (0, false, false, false),
            (9, true, false, false),
            (2, true, true, false),
            (9, true, false, false),
            (2, false, false, false),
            (1, true, false, false),
            (2, true, false, false),
            (1, true, false, true),
        ] {
            now += Duration::from_secs(after_s);
            assert_eq!(
                person.is_done(&look(is_there, is_captcha), now),
                expected,
                "{after_s} s, {is_there}, {is_captcha}"
            );
        }
    }

    #[test]
    fn a_login_is_done_with_its_cookie_whatever_the_page_looks_like() {
        let mut person = PersonAtWork::begin(PersonWanted::Login);
        let named = |name: &str| {
            let (value, domain) = (Zeroizing::new("a".to_owned()), ".tiktok.com".to_owned());
            PageLook { cookies: vec![PageCookie { name: name.to_owned(), value, domain }], ..look(false, true) }
        };
        let now = Instant::now();
        assert!(!person.is_done(&named("ttwid"), now), "every visitor has that");
        assert!(person.is_done(&named("sessionid"), now), "whoever logged in has this");
    }
}

//! The session of a TikTok account as the keychain keeps it: the cookies by which TikTok knows it, in one line.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::secrets::Secret;
use crate::source::page::PageCookie;

/// The cookie without which there is no session.
const ID: &str = "sessionid";

/// The names under which TikTok's pages look for one and the same id.
const ID_NAMES: [&str; 3] = [ID, "sessionid_ss", "sid_tt"];

/// The characters of a bare id, which are hexadecimal digits.
const ID_DIGITS: usize = 32;

/// What is kept of the cookies of a page on which somebody logged in; none where nobody did.
#[must_use]
pub fn session_of(cookies: &[PageCookie]) -> Option<Secret> {
    let account = cookies.iter().filter(|cookie| cookie.is_of_account());
    let account: BTreeMap<&str, &str> = account.map(|it| (it.name.as_str(), it.value.as_str())).collect();
    account.get(ID)?;
    serde_json::to_string(&account).ok().map(Secret::new)
}

/// Whether that could be a session: what a login gives, or the bare id that people copy out of a browser.
#[must_use]
pub fn is_session(secret: &Secret) -> bool {
    match kept(secret) {
        Some(cookies) => cookies.contains_key(ID),
        None => {
            let id = secret.expose();
            id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        }
    }
}

/// The cookies of that session, for that domain.
pub(super) fn cookies_of(secret: &Secret, domain: &str) -> Vec<PageCookie> {
    let cookie =
        |name: &str, value: Zeroizing<String>| PageCookie { name: name.to_owned(), value, domain: domain.to_owned() };
    match kept(secret) {
        Some(cookies) => {
            let cookies = cookies.into_iter().map(|(name, value)| cookie(&name, value));
            cookies.filter(PageCookie::is_of_account).collect()
        }
        None => ID_NAMES.map(|name| cookie(name, Zeroizing::new(secret.expose().to_owned()))).to_vec(),
    }
}

/// The cookies by their names; none where it is a bare id.
fn kept(secret: &Secret) -> Option<BTreeMap<String, Zeroizing<String>>> {
    let cookies: BTreeMap<String, String> = serde_json::from_str(secret.expose()).ok()?;
    Some(cookies.into_iter().map(|(name, value)| (name, Zeroizing::new(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "0fa1e5e55101dfa1e5e55101d0000001";

    fn cookie(name: &str, value: &str) -> PageCookie {
        PageCookie { name: name.to_owned(), value: Zeroizing::new(value.to_owned()), domain: ".tiktok.com".to_owned() }
    }

    fn shown(cookies: &[PageCookie]) -> Vec<(&str, &str, &str)> {
        cookies.iter().map(|it| (it.name.as_str(), it.value.as_str(), it.domain.as_str())).collect()
    }

    #[test]
    fn a_login_is_kept_without_what_every_visitor_has_and_given_back_to_tiktok() {
        let page = [cookie("ttwid", "1%7Cab"), cookie("sessionid", BARE), cookie("sid_guard", "a%7C\"b")];
        let session = session_of(&page).expect("somebody logged in");
        assert!(!session.expose().contains("ttwid"), "that is no part of an account");
        assert!(is_session(&session), "it can be tested");
        let cookies = cookies_of(&session, "127.0.0.1");
        assert_eq!(
            shown(&cookies),
            [("sessionid", BARE, "127.0.0.1"), ("sid_guard", "a%7C\"b", "127.0.0.1")],
            "as they were"
        );
    }

    #[test]
    fn a_page_on_which_nobody_logged_in_is_no_session() {
        for page in [vec![], vec![cookie("ttwid", "1%7Cab")], vec![cookie("sid_guard", "a")]] {
            assert_eq!(session_of(&page).map(|it| it.expose().to_owned()), None, "{page:?}");
        }
    }

    #[test]
    fn a_bare_id_stands_under_all_its_names() {
        let cookies = cookies_of(&Secret::new(BARE.to_owned()), ".tiktok.com");
        let names: Vec<&str> = cookies.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["sessionid", "sessionid_ss", "sid_tt"]);
        assert!(cookies.iter().all(|it| it.value.as_str() == BARE && it.domain == ".tiktok.com"), "{cookies:?}");
    }

    #[test]
    fn what_is_no_session_is_told_from_one() {
        for (text, expected) in [
            (BARE, true),
            (r#"{"sessionid":"ab"}"#, true),
            (r#"{"sid_guard":"ab"}"#, false),
            ("5", false),
            ("0fa1e5e55101dfa1e5e55101d000000", false),
            ("0fa1e5e55101dfa1e5e55101d000000x", false),
        ] {
            assert_eq!(is_session(&Secret::new(text.to_owned())), expected, "{text}");
        }
    }

    #[test]
    fn nothing_but_cookies_of_an_account_is_shown_to_tiktok() {
        let secret = Secret::new(r#"{"sessionid":"ab","ttwid":"cd"}"#.to_owned());
        assert_eq!(shown(&cookies_of(&secret, ".tiktok.com")), [("sessionid", "ab", ".tiktok.com")]);
    }
}

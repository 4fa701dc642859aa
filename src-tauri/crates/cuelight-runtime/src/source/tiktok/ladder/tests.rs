//! Which way follows which, and when: the table of the ladder, row by row.

use reqwest::header::HeaderMap;

use super::*;
use crate::source::tiktok::refusal::Refusal;

const NOW_MS: i64 = 1_000_000;

fn pace() -> Pace {
    Pace::default()
}

/// Nothing was tried before, and we were never in.
fn fresh() -> Situation {
    Situation { was_in: false, now_ms: NOW_MS }
}

fn after_being_in() -> Situation {
    Situation { was_in: true, ..fresh() }
}

fn all() -> Ladder {
    Ladder::new(WaySwitches::default())
}

fn user() -> String {
    "luna".to_owned()
}

fn refused() -> SourceError {
    let refusal = Refusal::of(403, &HeaderMap::new()).expect("it is one");
    SourceError::Refused { refusal }
}

fn unreachable() -> SourceError {
    SourceError::Unreachable { place: "a.example".to_owned(), cause: "cut".to_owned() }
}

fn blocked(until_ms: i64) -> SourceError {
    SourceError::Blocked { place: "a.example".to_owned(), cause: "HTTP 403".to_owned(), until_ms }
}

fn limited(until_ms: i64) -> SourceError {
    SourceError::RateLimited { place: "a.example".to_owned(), cause: "HTTP 429".to_owned(), until_ms }
}

fn closed(way: Way) -> SourceError {
    SourceError::WayClosed { way, cause: "it is not there".to_owned() }
}

/// What is done when the first failure of that way, which stands above all others, is this one.
#[track_caller]
fn check(way: Way, error: SourceError, expected: Move) {
    let mut ladder = all();
    ladder.begin_with(way, NOW_MS);
    let told = error.to_string();
    assert_eq!(ladder.after(error, fresh(), &pace()), expected, "{way}: {told}");
}

#[test]
fn every_failure_of_a_way_leads_to_what_may_mend_it() {
    let again = Move::Again(Duration::from_secs(2));
    check(Way::Direct, refused(), again);
    check(Way::Cookie, refused(), Move::To(Way::Page));
    check(Way::Sign, refused(), again);
    for way in [Way::Direct, Way::Cookie, Way::Page, Way::Sign, Way::Tikfinity] {
        check(way, unreachable(), again);
        check(way, SourceError::NotLive { user: user() }, Move::Stop);
        check(way, SourceError::NoSuchUser { user: user() }, Move::Stop);
        check(way, SourceError::NotUnderstood { user: user(), code: 1, message: String::new() }, Move::Stop);
    }
    check(Way::Direct, blocked(NOW_MS), Move::To(Way::Cookie));
    check(Way::Direct, SourceError::NotPublic { user: user() }, Move::To(Way::Cookie));
    check(Way::Cookie, closed(Way::Cookie), Move::To(Way::Page));
    check(Way::Page, SourceError::Captcha { user: user() }, Move::To(Way::Sign));
    check(Way::Page, SourceError::AgeRestricted { user: user() }, Move::To(Way::Sign));
    check(Way::Direct, limited(NOW_MS), Move::To(Way::Sign));
    check(Way::Sign, limited(NOW_MS), Move::To(Way::Tikfinity));
    check(Way::Tikfinity, closed(Way::Tikfinity), Move::Stop);
}

#[test]
fn a_refused_way_is_left_after_the_second_refusal() {
    let mut ladder = all();
    assert_eq!(ladder.after(refused(), fresh(), &pace()), Move::Again(pace().refused_wait), "as somebody else");
    assert_eq!(ladder.after(refused(), fresh(), &pace()), Move::To(Way::Cookie), "two refusals are enough");
}

#[test]
fn the_network_is_tried_twice_on_each_way() {
    let mut ladder = all();
    assert_eq!(ladder.after(unreachable(), fresh(), &pace()), Move::Again(Duration::from_secs(2)), "once more");
    assert_eq!(ladder.after(unreachable(), fresh(), &pace()), Move::To(Way::Cookie), "then another way");
    assert_eq!(ladder.after(unreachable(), fresh(), &pace()), Move::Again(Duration::from_secs(2)), "it begins anew");
}

#[test]
fn the_only_way_that_can_be_gone_has_all_its_tries() {
    let mut ladder = all();
    assert_eq!(ladder.after(refused(), fresh(), &pace()), Move::Again(pace().refused_wait), "the second try");
    assert_eq!(ladder.after(refused(), fresh(), &pace()), Move::To(Way::Cookie), "there seem to be others");
    for way in [Way::Cookie, Way::Page, Way::Sign] {
        assert!(matches!(ladder.after(closed(way), fresh(), &pace()), Move::To(_)), "{way} is not there");
    }
    let mut tries = 2;
    let mut next = ladder.after(closed(Way::Tikfinity), fresh(), &pace());
    while next != Move::Stop {
        assert_eq!(ladder.way(), Some(Way::Direct), "only the direct way is left");
        tries += 1;
        next = ladder.after(refused(), fresh(), &pace());
    }
    assert_eq!(tries, 6, "as many as if it were alone");
    let told = ladder.last_word("luna", NOW_MS).to_string();
    assert!(told.contains("direct: HTTP 403"), "{told} must say what TikTok said");
    assert!(told.contains("page: it is not there"), "and what could be done about it: {told}");
}

#[test]
fn a_live_that_we_were_in_is_tried_from_the_top_after_a_rest() {
    let mut ladder = all();
    let mut next = Move::Again(Duration::ZERO);
    let mut order = Vec::new();
    while !matches!(next, Move::Rest(_) | Move::Stop) {
        order.extend(ladder.way());
        next = ladder.after(blocked(NOW_MS + 70_000), after_being_in(), &pace());
    }
    assert_eq!(order, Way::ALL, "each once, in order");
    assert_eq!(next, Move::Rest(Duration::from_secs(70)), "as long as TikTok said");
    assert_eq!(ladder.way(), Some(Way::Direct), "from the top");
}

#[test]
fn a_rest_is_told_with_the_cause_that_people_can_mend_and_not_with_the_last_one() {
    let rest_after = |errors: Vec<SourceError>| {
        let mut ladder = all();
        let moves: Vec<Move> = errors.into_iter().map(|it| ladder.after(it, after_being_in(), &pace())).collect();
        assert!(matches!(moves.last(), Some(Move::Rest(_))), "every way was tried: {moves:?}");
        ladder
    };
    let with_nobody_else =
        |page| vec![blocked(NOW_MS), closed(Way::Cookie), page, closed(Way::Sign), closed(Way::Tikfinity)];
    let mut ladder = rest_after(with_nobody_else(blocked(NOW_MS)));
    let told = ladder.cause().expect("there is one");
    assert!(told.contains("HTTP 403"), "TikTok sent us away, whatever else is not there: {told}");
    assert!(!ladder.a_person_helps(NOW_MS), "nobody met one");
    ladder.after(unreachable(), after_being_in(), &pace());
    assert!(ladder.cause().expect("there is one").contains("cut"), "what comes then is told as itself");

    let captcha = SourceError::Captcha { user: user() };
    let mut ladder = rest_after(with_nobody_else(captcha));
    assert!(ladder.a_person_helps(NOW_MS), "a person can solve it before the rest");
    assert_eq!(ladder.cause(), Some(SourceError::Captcha { user: user() }.to_string()), "and reads of it");
    assert!(ladder.begin_with(Way::Page, NOW_MS), "which is worth another page");
    assert!(!ladder.a_person_helps(NOW_MS), "it is not in the way any longer");
}

#[test]
fn a_way_that_may_be_tried_at_once_is_never_waited_for_because_of_the_quota_of_another() {
    let tomorrow_ms = NOW_MS + 24 * 60 * 60 * 1_000;
    let errors = || {
        let closed_ways = [Way::Cookie, Way::Page].map(closed);
        [refused(), refused()].into_iter().chain(closed_ways).chain([limited(tomorrow_ms), closed(Way::Tikfinity)])
    };
    let mut ladder = all();
    let moves: Vec<Move> = errors().map(|error| ladder.after(error, after_being_in(), &pace())).collect();
    assert_eq!(moves.last(), Some(&Move::Rest(Duration::from_secs(30))), "the direct way has no quota");
    assert_eq!(ladder.way(), Some(Way::Direct), "and is the one that is tried");
    let mut ladder = all();
    for error in errors() {
        ladder.after(error, fresh(), &pace());
    }
    let told = ladder.last_word("luna", NOW_MS);
    let SourceError::NoWayLeft { until_ms, .. } = told else { panic!("no way is left, not {told:?}") };
    assert_eq!(until_ms, NOW_MS + 30_000, "before the first visit it is tried again as soon");
}

#[test]
fn whoever_wants_to_be_left_alone_is_passed_over_in_every_round_until_then() {
    let in_an_hour_ms = NOW_MS + 60 * 60 * 1_000;
    let stubborn = Pace { never_gives_up: true, ..pace() };
    let mut ladder = all();
    let mut now_ms = NOW_MS;
    let mut signs = Vec::new();
    while now_ms <= in_an_hour_ms + 960_000 {
        let way = ladder.way().expect("there is one");
        let failure = match way {
            Way::Sign => limited(in_an_hour_ms),
            Way::Direct => refused(),
            Way::Cookie | Way::Page | Way::Tikfinity => closed(way),
        };
        signs.extend((way == Way::Sign).then_some(now_ms));
        match ladder.after(failure, Situation { was_in: true, now_ms }, &stubborn) {
            Move::Again(wait) | Move::Rest(wait) => now_ms += ms(wait),
            Move::To(_) => {}
            Move::Stop => panic!("it is never given up"),
        }
    }
    assert_eq!(signs.len(), 2, "asked once, and once more after the hour: {signs:?}");
    assert!(signs[1] >= in_an_hour_ms, "not before {in_an_hour_ms}: {signs:?}");
}

#[test]
fn a_limit_of_tiktok_counts_for_every_way_that_asks_it() {
    let mut ladder = Ladder::new(WaySwitches { tikfinity: false, ..WaySwitches::default() });
    assert_eq!(ladder.after(limited(NOW_MS + 600_000), after_being_in(), &pace()), Move::To(Way::Sign), "elsewhere");
    ladder.after(unreachable(), after_being_in(), &pace());
    let rest = ladder.after(unreachable(), after_being_in(), &pace());
    assert_eq!(rest, Move::Rest(Duration::from_secs(30)), "the sign server may be asked by then");
    assert_eq!(ladder.way(), Some(Way::Sign), "and TikTok may not");
}

#[test]
fn rests_become_longer_and_come_to_an_end_unless_we_never_give_up() {
    let rests = |pace: &Pace, most: usize| {
        let mut ladder = all();
        let mut rests = Vec::new();
        while rests.len() < most {
            match ladder.after(blocked(NOW_MS), after_being_in(), pace) {
                Move::Rest(wait) => rests.push(wait.as_secs()),
                Move::Stop => break,
                Move::To(_) | Move::Again(_) => {}
            }
        }
        rests
    };
    assert_eq!(rests(&pace(), 99), [30, 60, 120, 240, 480], "five rests, then it is given up");
    let stubborn = Pace { never_gives_up: true, ..pace() };
    assert_eq!(rests(&stubborn, 7), [30, 60, 120, 240, 480, 960, 960], "for as long as it lasts");
}

#[test]
fn the_way_that_held_goes_first_from_then_on() {
    let mut ladder = all();
    ladder.begin_with(Way::Page, NOW_MS);
    ladder.has_held();
    let next = [(); 4].map(|()| ladder.after(blocked(NOW_MS), fresh(), &pace()));
    let rest = [Way::Direct, Way::Cookie, Way::Sign, Way::Tikfinity];
    assert_eq!(next, rest.map(Move::To), "the page, then all others in their order");
}

#[test]
fn a_switched_off_way_is_never_gone() {
    let switches = WaySwitches { cookie: false, page: false, ..WaySwitches::default() };
    let mut ladder = Ladder::new(switches);
    assert_eq!(ladder.after(blocked(NOW_MS), fresh(), &pace()), Move::To(Way::Sign), "the next that is on");
    let none = WaySwitches { direct: false, sign: false, tikfinity: false, ..switches };
    let mut ladder = Ladder::new(none);
    assert_eq!(ladder.way(), None, "nothing is left to try");
    let told = ladder.last_word("luna", NOW_MS).to_string();
    assert!(told.contains("switched off"), "{told} must say why");
}

#[test]
fn one_way_alone_has_its_waits_and_then_its_own_error() {
    let waits = |error: fn() -> SourceError, situation: Situation| {
        let mut ladder = Ladder::new(WaySwitches::only(Way::Direct));
        let mut waits = Vec::new();
        while let Move::Again(wait) = ladder.after(error(), situation, &pace()) {
            waits.push(wait.as_secs());
        }
        (waits, ladder.last_word("luna", NOW_MS).to_string())
    };
    let (refusals, told) = waits(refused, fresh());
    assert_eq!(refusals, [2; 5], "a new identity mends a refusal, time does not");
    assert!(told.contains("refused"), "{told}");
    assert_eq!(waits(unreachable, fresh()).0, [2, 4, 8, 16, 30], "the network gets more and more time");
    let (blocks, told) = waits(|| blocked(NOW_MS + 60_000), fresh());
    assert!(blocks.is_empty() && told.contains("HTTP 403"), "the streamer waits at the screen: {told}");
    assert_eq!(waits(|| blocked(NOW_MS + 60_000), after_being_in()).0, [60; 5], "as long as TikTok said");
}

#[test]
fn ways_that_need_no_room_are_gone_when_the_lookup_fails_and_all_of_them_once_it_is_known() {
    let gone = |ladder: &mut Ladder| {
        let mut gone = vec![ladder.way().expect("there is one")];
        while let Move::To(way) = ladder.after(blocked(NOW_MS), fresh(), &pace()) {
            gone.push(way);
        }
        gone
    };
    let left = |error: &SourceError, has_account| {
        let mut ladder = all();
        let helps = ladder.do_without_the_room(error, has_account);
        helps.then(|| ladder.rungs.iter().filter(|rung| rung.is_open()).map(|rung| rung.way).collect::<Vec<_>>())
    };
    let roomless = vec![Way::Page, Way::Sign, Way::Tikfinity];
    assert_eq!(left(&blocked(NOW_MS), false), Some(roomless.clone()), "TikFinity has a connection of its own");
    assert_eq!(left(&SourceError::Captcha { user: user() }, false), Some(roomless.clone()), "so here");
    let elsewhere = vec![Way::Sign, Way::Tikfinity];
    assert_eq!(left(&limited(NOW_MS), false), Some(elsewhere), "the page asks whoever counts us");
    let mut ladder = all();
    ladder.do_without_the_room(&blocked(NOW_MS), false);
    assert_eq!(gone(&mut ladder), roomless, "no other is tried");
    ladder.find_the_room();
    ladder.begin_with(Way::Direct, NOW_MS);
    assert_eq!(gone(&mut ladder), Way::ALL, "none is lost for the rest of the capture");
    let adults = SourceError::AgeRestricted { user: user() };
    assert_eq!(left(&adults, true), Some(vec![Way::Page]), "the person's own account may watch it");
    assert_eq!(left(&adults, false), None, "a stranger may not");
    assert_eq!(left(&SourceError::NotLive { user: user() }, true), None, "nobody is there");
}

#[test]
fn the_cause_that_can_be_mended_is_told_alone() {
    let last_word = |errors: Vec<SourceError>| {
        let mut ladder = all();
        for error in errors {
            ladder.after(error, fresh(), &pace());
        }
        ladder.last_word("luna", NOW_MS)
    };
    let private = || SourceError::NotPublic { user: user() };
    let told = last_word(vec![private(), private(), closed(Way::Page)]);
    assert!(matches!(told, SourceError::NotPublic { .. }), "as somebody else, too: {told:?}");
    let told = last_word(vec![private(), closed(Way::Cookie), closed(Way::Page)]);
    let SourceError::NoWayLeft { tried, .. } = told else { panic!("TikTok may refuse our kind so: {told:?}") };
    assert!(tried[0].1.contains("private"), "what it may be is told all the same: {tried:?}");
    let captcha = last_word(vec![blocked(NOW_MS), closed(Way::Cookie), SourceError::Captcha { user: user() }]);
    assert!(matches!(captcha, SourceError::Captcha { .. }), "{captcha:?}");
    let mut errors = vec![blocked(NOW_MS + 90_000)];
    errors.extend([Way::Cookie, Way::Page, Way::Sign, Way::Tikfinity].map(closed));
    let none = last_word(errors);
    let SourceError::NoWayLeft { tried, until_ms, .. } = none else { panic!("every way failed, not {none:?}") };
    assert_eq!(tried.len(), 5, "each with its cause: {tried:?}");
    assert_eq!(until_ms, NOW_MS + 90_000, "not before TikTok lets us in again");
}

#[test]
fn the_way_that_led_in_last_time_goes_first_and_falls_through_to_the_others() {
    let mut ladder = all().beginning_with(Some(Way::Page));
    let mut tried = vec![ladder.way().expect("there is one")];
    while let Move::To(way) = ladder.after(blocked(NOW_MS), fresh(), &pace()) {
        tried.push(way);
    }
    assert_eq!(tried, [Way::Page, Way::Direct, Way::Cookie, Way::Sign, Way::Tikfinity], "each has its turn");
    let switches = WaySwitches { page: false, ..WaySwitches::default() };
    let ladder = Ladder::new(switches).beginning_with(Some(Way::Page));
    assert_eq!(ladder.way(), Some(Way::Direct), "what is switched off meanwhile is not gone");
}

#[test]
fn a_person_is_asked_only_where_the_page_may_be_gone() {
    let captcha = || SourceError::Captcha { user: user() };
    let helps = |switches, page: Option<SourceError>| {
        let mut ladder = Ladder::new(switches);
        ladder.begin_with(Way::Cookie, NOW_MS);
        ladder.after(captcha(), after_being_in(), &pace());
        if let Some(error) = page {
            ladder.after(error, after_being_in(), &pace());
        }
        ladder.a_person_helps(NOW_MS)
    };
    let all = WaySwitches::default();
    assert!(helps(all, None), "the page is shown what the person solved");
    assert!(!helps(WaySwitches { page: false, ..all }, None), "the cookie is not, and the page is switched off");
    assert!(!helps(WaySwitches::only(Way::Cookie), None), "so here");
    assert!(!helps(all, Some(closed(Way::Page))), "there is no browser");
    assert!(!helps(all, Some(limited(NOW_MS + 90_000))), "TikTok is to be left alone");
    let mut ladder = Ladder::new(all);
    ladder.do_without_the_room(&limited(NOW_MS), false);
    assert!(!ladder.begin_with(Way::Page, NOW_MS), "a page that lacks the room is not gone");
    ladder.find_the_room();
    assert!(ladder.begin_with(Way::Page, NOW_MS), "once it is known, it is");
    assert!(!ladder.leaves_tiktok_alone(NOW_MS), "nobody said so");
    ladder.after(limited(NOW_MS + 90_000), after_being_in(), &pace());
    assert!(!ladder.begin_with(Way::Page, NOW_MS), "nor one that asks whoever wants to be left alone");
    assert!(ladder.leaves_tiktok_alone(NOW_MS), "by all of us");
}

#[test]
fn ways_that_were_closed_are_looked_at_again_while_only_one_is_left() {
    let stubborn = Pace { never_gives_up: true, ..pace() };
    let (mut ladder, mut direct, mut pages) = (all(), 0, Vec::new());
    while direct < 18 {
        let way = ladder.way().expect("there is one");
        direct += usize::from(way == Way::Direct);
        pages.extend((way == Way::Page).then_some(direct));
        let failure = if way == Way::Direct { refused() } else { closed(way) };
        let next = ladder.after(failure, after_being_in(), &stubborn);
        assert_ne!(next, Move::Stop, "it is never given up");
    }
    assert_eq!(pages, [2, 6, 12], "after how many tries of the only way that is there");
}

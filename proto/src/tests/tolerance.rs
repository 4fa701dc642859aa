//! What the reader makes of bytes that prost refuses, and of valid bytes that are unusual.

use super::wire_bytes::{bytes_field, group_field, key, number_field, varint};
use crate::{
    read::{BadgeStruct, ChatMessage, GiftMessage, ImDeleteMessage, Image, LikeMessage, User, UserIdentity},
    wire::{Faults, MAX_ELEMENTS, MAX_GROUP_DEPTH},
};

const COUNT: u64 = 2;
const TOTAL: u64 = 3;
const USER: u64 = 5;
const NICKNAME: u64 = 3;

fn read_like(bytes: &[u8]) -> (LikeMessage<'_>, Faults) {
    let mut faults = Faults::default();
    let like = LikeMessage::read(bytes, &mut faults);
    (like, faults)
}

#[test]
fn malformed_bytes_end_the_message_and_keep_what_came_before() {
    #[track_caller]
    fn check(case: &str, tail: &[u8]) {
        let bytes = [number_field(COUNT, 7), tail.to_vec(), number_field(TOTAL, 9)].concat();
        let (like, faults) = read_like(&bytes);
        assert!(faults.broken, "{case}: must be noted");
        assert_eq!(like.count, 7, "{case}: what came before is kept");
        assert_eq!(like.total, 0, "{case}: what comes after cannot be trusted");
    }
    check("field number 0", &[0x00, 0x01]);
    check("field number 0 of a longer key", &[0x80, 0x00, 0x01]);
    check("end of a group that was not open", &key(9, 4));
    check("end of another group", &[key(9, 3), key(8, 4)].concat());
    check("wire type 6", &[9 << 3 | 6]);
    check("wire type 7", &[9 << 3 | 7]);
    check("varint of eleven bytes", &[key(9, 0), vec![0xff; 10], vec![0x01]].concat());
    check("varint beyond 64 bits", &[key(9, 0), vec![0xff; 9], vec![0x02]].concat());
    check("key beyond 32 bits", &[0xf8, 0xff, 0xff, 0xff, 0x1f, 0x01]);
    check("length past the end", &[key(9, 2), varint(100)].concat());
    check("length near 2^64", &[key(9, 2), varint(u64::MAX)].concat());
}

#[test]
fn a_message_cut_short_anywhere_keeps_its_whole_fields() {
    let whole = [
        number_field(COUNT, 300),
        bytes_field(USER, &bytes_field(NICKNAME, b"luna")),
        number_field(TOTAL, 70_000),
        [key(9, 1), vec![1; 8]].concat(),
        [key(10, 5), vec![1; 4]].concat(),
    ];
    let bytes = whole.concat();
    let mut ends = vec![0];
    for field in &whole {
        ends.push(ends[ends.len() - 1] + field.len());
    }
    for cut in 0..bytes.len() {
        let (like, faults) = read_like(&bytes[..cut]);
        assert_eq!(faults.broken, !ends.contains(&cut), "cut at {cut}: broken unless it falls between two fields");
        assert_eq!(like.count, if cut >= ends[1] { 300 } else { 0 }, "cut at {cut}");
        assert_eq!(like.user.is_some(), cut >= ends[2], "cut at {cut}");
        assert_eq!(like.total, if cut >= ends[3] { 70_000 } else { 0 }, "cut at {cut}");
    }
}

#[test]
fn a_broken_nested_message_ends_alone() {
    let user = [bytes_field(NICKNAME, b"luna"), vec![0x00], bytes_field(38, b"luna.plays")].concat();
    let bytes = [bytes_field(USER, &user), number_field(TOTAL, 9)].concat();
    let (like, faults) = read_like(&bytes);
    let user = like.user.expect("the user was there");
    assert!(faults.broken, "the fault within is noted outside");
    assert_eq!(user.nickname, "luna", "what came before the fault is kept");
    assert!(user.display_id.is_empty(), "what came after it is not");
    assert_eq!(like.total, 9, "the message around it goes on");
}

#[test]
fn a_declared_field_of_another_wire_type_is_skipped_and_counted() {
    #[track_caller]
    fn check(case: &str, odd: &[u8], mismatched: u32) {
        let bytes = [number_field(COUNT, 7), odd.to_vec(), number_field(TOTAL, 9)].concat();
        let (like, faults) = read_like(&bytes);
        assert_eq!((like.count, like.total), (7, 9), "{case}: the other fields are read");
        assert_eq!((faults.mismatched, faults.broken), (mismatched, false), "{case}: counted, and not broken");
    }
    check("number as bytes", &bytes_field(COUNT, b"abc"), 1);
    check("number as eight bytes", &[key(COUNT, 1), vec![9; 8]].concat(), 1);
    check("number as four bytes", &[key(COUNT, 5), vec![9; 4]].concat(), 1);
    check("number as a group", &group_field(COUNT, &number_field(1, 5)), 1);
    check("message as a number", &number_field(USER, 5), 1);
    check("text within a message as a number", &bytes_field(USER, &number_field(NICKNAME, 5)), 1);
    check("two of them", &[number_field(USER, 5), number_field(USER, 6)].concat(), 2);
    check("an undeclared field of any type", &[key(99, 5), vec![9; 4]].concat(), 0);
}

#[test]
fn groups_are_skipped_as_a_whole() {
    let inner = group_field(3, &[number_field(COUNT, 99), group_field(2, b""), bytes_field(1, b"x")].concat());
    let fixed = [key(4, 1), vec![1; 8], key(5, 5), vec![1; 4]].concat();
    let bytes = [number_field(COUNT, 7), group_field(77, &[inner, fixed].concat()), number_field(TOTAL, 9)].concat();
    let (like, faults) = read_like(&bytes);
    assert_eq!((like.count, like.total), (7, 9), "fields within a group are not the message's own");
    assert!(faults.is_empty(), "an undeclared group is no fault");
}

#[test]
fn groups_may_lie_a_hundred_deep_and_no_deeper() {
    let nested = |depth: usize| {
        let starts = key(77, 3).repeat(depth);
        let ends = key(77, 4).repeat(depth);
        [starts, ends, number_field(TOTAL, 9)].concat()
    };
    let bytes = nested(MAX_GROUP_DEPTH);
    assert_eq!(read_like(&bytes).0.total, 9, "the limit itself is allowed");
    let bytes = nested(MAX_GROUP_DEPTH + 1);
    assert!(read_like(&bytes).1.broken, "one more is not");
    let bytes = key(77, 3).repeat(1_000_000);
    assert!(read_like(&bytes).1.broken, "a million opened groups need no deep stack");
}

#[test]
fn the_last_scalar_wins_and_messages_merge() {
    let first = [number_field(1, 11), bytes_field(NICKNAME, b"old"), bytes_field(64, &number_field(3, 1))].concat();
    let second = [bytes_field(NICKNAME, b"new"), bytes_field(64, &number_field(3, 8))].concat();
    let bytes = [number_field(TOTAL, 1), bytes_field(USER, &first), number_field(TOTAL, 2), bytes_field(USER, &second)]
        .concat();
    let (like, faults) = read_like(&bytes);
    let user = like.user.expect("the user was there");
    assert_eq!(like.total, 2, "the last scalar wins");
    assert_eq!(user.id, 11, "what only the first part has is kept");
    assert_eq!(user.nickname, "new", "what both have comes from the last");
    let scenes: Vec<i32> = user.badge_list.iter().map(|badge| badge.scene_type).collect();
    assert_eq!(scenes, [1, 8], "lists grow");
    assert!(faults.is_empty(), "none of this is a fault");
}

#[test]
fn fields_come_in_any_order() {
    let mut faults = Faults::default();
    let bytes = [bytes_field(14, b"en"), bytes_field(3, b"hi"), bytes_field(1, &number_field(2, 5))].concat();
    let chat = ChatMessage::read(&bytes, &mut faults);
    assert_eq!(chat.content_language, "en", "a late field first");
    assert_eq!(chat.common.expect("common was there").msg_id, 5, "the first field last");
    assert!(faults.is_empty(), "order is no fault");
}

#[test]
fn repeated_numbers_come_packed_or_not() {
    #[track_caller]
    fn check(case: &str, bytes: &[u8], expected: &[i64], broken: bool) {
        let mut faults = Faults::default();
        let delete = ImDeleteMessage::read(bytes, &mut faults);
        assert_eq!(delete.delete_msg_ids, expected, "{case}");
        assert_eq!(faults.broken, broken, "{case}");
    }
    let packed = [varint(1), varint(300), varint(u64::MAX)].concat();
    check("packed", &bytes_field(2, &packed), &[1, 300, -1], false);
    check("one by one", &[number_field(2, 1), number_field(2, 300)].concat(), &[1, 300], false);
    check("mixed", &[number_field(2, 9), bytes_field(2, &packed)].concat(), &[9, 1, 300, -1], false);
    check("packed and cut", &bytes_field(2, &[0x05, 0x80]), &[5], true);
    check("packed and empty", &bytes_field(2, b""), &[], false);
}

#[test]
fn numbers_are_cut_to_their_type() {
    let mut faults = Faults::default();
    let bytes = [number_field(5, 0x1_0000_0003), number_field(2, u64::MAX), number_field(9, u64::MAX)].concat();
    let gift = GiftMessage::read(&bytes, &mut faults);
    assert_eq!(gift.repeat_count, 3, "an int32 keeps its lower half");
    assert_eq!(gift.gift_id, -1, "an int64 is the two's complement");
    assert_eq!(gift.repeat_end, -1, "a negative int32 travels in ten bytes");
    let bytes = [number_field(1, 2), [key(2, 0), vec![0x80, 0x00]].concat()].concat();
    let identity = UserIdentity::read(&bytes, &mut faults);
    assert!(identity.is_gift_giver_of_anchor, "any number but 0 is true");
    assert!(!identity.is_subscriber_of_anchor, "0 in two bytes is still 0");
    assert!(faults.is_empty(), "none of this is a fault");
}

#[test]
fn broken_utf8_is_kept() {
    let mut faults = Faults::default();
    let bytes = bytes_field(NICKNAME, b"luna \xf0\x9f\x8c");
    let user = User::read(&bytes, &mut faults);
    assert_eq!(user.nickname.as_bytes(), b"luna \xf0\x9f\x8c", "the bytes stay as they came");
    assert_eq!(user.nickname.to_str(), "luna \u{fffd}", "and can be shown");
    assert!(faults.is_empty(), "the rest of the message is sound");
}

#[test]
fn elements_beyond_the_limit_are_left_out_and_counted() {
    let bytes = bytes_field(1, b"").repeat(MAX_ELEMENTS as usize + 5);
    let mut faults = Faults::default();
    let image = Image::read(&bytes, &mut faults);
    assert_eq!(image.url_list.len(), MAX_ELEMENTS as usize, "the limit holds");
    assert_eq!(faults.dropped, 5, "what is left out is counted");
    assert!(!faults.broken, "the bytes were sound");
}

#[test]
fn the_limit_on_elements_holds_across_nested_lists() {
    let badges = bytes_field(64, b"").repeat(400);
    let bytes = bytes_field(2, &bytes_field(2, &badges)).repeat(100);
    let mut faults = Faults::default();
    let viewers = crate::read::RoomUserSeqMessage::read(&bytes, &mut faults);
    let badges = viewers.ranks.iter().flat_map(|rank| &rank.user).map(|user| user.badge_list.len()).sum::<usize>();
    assert_eq!(viewers.ranks.len() + badges, MAX_ELEMENTS as usize, "one limit for the whole message");
    assert!(faults.dropped > 0, "and the rest is counted");
}

#[test]
fn a_badge_hands_out_its_picture_undecoded() {
    let mut faults = Faults::default();
    let picture = bytes_field(1, b"https://example.test/ranklist_top_gifter_1");
    let image = bytes_field(2, &picture);
    let bytes = [number_field(3, 6), bytes_field(20, &image)].concat();
    let badge = BadgeStruct::read(&bytes, &mut faults);
    let image = crate::read::ImageBadge::read(badge.image, &mut faults).image.expect("the picture was there");
    assert_eq!(image.url_list[0], "https://example.test/ranklist_top_gifter_1", "and it can be decoded when needed");
}

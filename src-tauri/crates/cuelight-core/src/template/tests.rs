use std::fmt::Write as _;

use serde_json::json;

use super::*;
use crate::event::EventType;
use crate::facts::{EmoteFact, GiftFact, ViewerFact};
use crate::id::{SessionId, UserId};
use crate::limits::FILLED_CHARACTERS;

pub(super) fn full() -> Facts {
    Facts {
        event_type: Some(EventType::Gift),
        viewer: Some(ViewerFact {
            user_id: UserId::new("73500"),
            unique_id: "mia_live".into(),
            nickname: "Mia".into(),
            profile_picture: Some("https://p.example/m.webp".into()),
            follow_role: Some(1),
            is_moderator: Some(true),
            is_subscriber: Some(false),
            team_level: Some(7),
            gifter_level: Some(23),
            top_gifter_rank: Some(2),
        }),
        text: Some("!spin red fast".into()),
        arguments: Some("red fast".into()),
        matches: vec!["spin".into(), "wheel".into()],
        gift: Some(GiftFact {
            id: 5655,
            name: "Rose".into(),
            diamond_count: Some(5),
            image_url: Some("https://p.example/rose.webp".into()),
        }),
        count: Some(1200),
        diamonds: Some(6000),
        total_likes: Some(1_234_567),
        viewers: Some(41),
        months: Some(3),
        emote: Some(EmoteFact { id: "e1".into(), image_url: Some("https://p.example/e.webp".into()) }),
        session: Some(SessionId(12)),
        creator: "luna".into(),
        outputs: [("reply".into(), "Hello!".into()), ("score".into(), "88".into()), ("answer".into(), "42".into())]
            .into(),
        ..Facts::default()
    }
}

pub(super) fn saying(text: &str) -> Facts {
    Facts { text: Some(text.into()), ..Facts::default() }
}

pub(super) fn values() -> Values {
    Values {
        counters: [("deaths".into(), 4), ("Big Wins".into(), -2)].into(),
        variables: [("playername".into(), "Steve".into()), ("mood".into(), "happy".into()), ("none".into(), "".into())]
            .into(),
    }
}

fn check_with(facts: &Facts, target: Target, cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        assert_eq!(fill(template, facts, &values(), target), *expected, "{template:?} for {target:?}");
    }
}

fn check(cases: &[(&str, &str)]) {
    check_with(&full(), Target::Plain, cases);
}

/// A comment filled into `{comment}` for that target.
fn check_escaped(target: Target, cases: &[(&str, &str)]) {
    for (comment, expected) in cases {
        check_with(&saying(comment), target, &[("{comment}", expected)]);
    }
}

#[test]
fn names_of_other_programs_are_understood_without_regard_to_case() {
    check(&[
        ("{username} {nickname} {comment}", "mia_live Mia !spin red fast"),
        ("{giftname} {coins} {repeatcount} {amount}", "Rose 6000 1200 6000"),
        ("{totallikecount} {submonth} {playername}", "1234567 3 Steve"),
        ("{level} {rank} [{points}{currencyname}{destination}{likecount}]", "7 2 []"),
        ("{uniqueId} {giftName} {giftCount} {followRole}", "mia_live Rose 1200 1"),
        ("{chatname}: {chatmessage}", "Mia: !spin red fast"),
        ("{name} {message}", "Mia !spin red fast"),
        ("%userId% %username% %nickname%", "73500 mia_live Mia"),
        ("%profilePicturUrl% %profilePictureUrl%", "https://p.example/m.webp https://p.example/m.webp"),
        ("%commandParams%|%giftId%|%giftName%|%coins%|%repeatCount%", "red fast|5655|Rose|6000|1200"),
        ("%likeCount%|%totalLikeCount%|%subMonth%", "|1234567|3"),
        ("%emoteId% %emoteImageUrl%", "e1 https://p.example/e.webp"),
        ("%rawInput% %input0% %input1% %match[1]% %match[2]%", "red fast red fast spin wheel"),
        ("{NICKNAME}{NickName}%NICKNAME%", "MiaMiaMia"),
    ]);
    let like = Facts { event_type: Some(EventType::Like), count: Some(9), ..Facts::default() };
    check_with(&like, Target::Plain, &[("{likeCount} {count}", "9 9")]);
}

#[test]
fn our_own_names_are_filled() {
    check(&[
        ("{count} {diamonds} {viewers} {total_likes}", "1200 6000 41 1234567"),
        ("{args}/{arg1}/{arg2}/{arg3}/{match1}/{match2}/{match3}", "red fast/red/fast//spin/wheel/"),
        ("{reply} {score} {answer} {ANSWER}", "Hello! 88 42 42"),
        ("{counter:deaths} {Counter:DEATHS} {counter:big wins} {counter:never}", "4 4 -2 0"),
        ("{variable:mood}{variable:never}", "happy"),
        ("{user_id} {gift_id} {diamond_count} {team_level} {gifter_level}", "73500 5655 5 7 23"),
        ("{is_moderator} {is_subscriber} {event_type} {session} {creator} {others}", "true false gift #12 luna 0"),
    ]);
}

#[test]
fn fields_of_custom_events_are_placeholders_where_they_are_there() {
    let fields = json!({"lamp": 3, "Colour": "red", "message": "hi", "off": null, "list": [1, "a"]});
    let facts = Facts {
        event_type: Some(EventType::Custom),
        fields: fields.as_object().cloned().expect("an object"),
        ..Facts::default()
    };
    check_with(
        &facts,
        Target::Plain,
        &[
            ("{lamp} {colour} %Lamp%", "3 red 3"),
            ("{message}", "hi"),
            ("[{off}] {list}", r#"[] [1,"a"]"#),
            ("{elsewhere}", "{elsewhere}"),
        ],
    );
}

#[test]
fn what_is_no_known_name_stays_as_typed() {
    for text in [
        r#"summon creeper ~ ~ ~ {CustomName:'{"text":"hi"}',Tags:["x"],NoAI:1b}"#,
        r#"{"a":{"b":[1,2]}} {{}} {{ }} }{ {} %% % {%} %{}"#,
        "{ nickname } { nickname} {nick name} {nickname",
        "100% sure, 50%off, 20%",
        "https://x.example/?q=%20a%C3%BC%C3%A9%20",
        "{arg0} {match0} {arg1000} {arg} {match[x]} {counter:} {variable}",
        "{nickname|shout} {nickname|max} {nickname|max:0} {nickname|or}",
        "{nick\nname} {yes|no}",
        "ünï 😀\r\n\t",
    ] {
        check(&[(text, text)]);
    }
    check(&[
        ("{{nickname}}", "{Mia}"),
        ("5%off%nickname%!", "5%offMia!"),
        ("100% of %nickname% 5%", "100% of Mia 5%"),
        ("{CustomName:'{\"text\":\"{nickname}\"}'}", "{CustomName:'{\"text\":\"Mia\"}'}"),
    ]);
}

#[test]
fn filters_are_applied_in_order() {
    check(&[
        ("{nickname|upper} {nickname|lower} {creator|capitalize}", "MIA mia Luna"),
        ("{comment|max:5}|{comment|max:5|upper}|{comment|first}", "!spin|!SPIN|!spin"),
        ("{total_likes|number} {viewers|number} {nickname|number} {count|number}", "1,234,567 41 Mia 1,200"),
        ("{total_likes|short} {diamonds|short} {viewers|short} {counter:big wins|number}", "1.2M 6K 41 -2"),
        ("{nickname | UPPER | max: 2 } %nickname|upper%", "MI MIA"),
        ("[{args|trim}]", "[red fast]"),
    ]);
    check_with(&saying(" 👨‍👩‍👧é123456.75 "), Target::Plain, &[("{comment|trim|max:2}", "👨‍👩‍👧é")]);
    check_with(&saying("123456.75"), Target::Plain, &[("{comment|number}", "123,456.75")]);
}

#[test]
fn a_fallback_stands_where_there_is_nothing() {
    let nobody = Facts::default();
    let cases = [
        ("[{nickname}] [{count}]", "[] []"),
        ("{nickname|or:somebody} {team_level|or:0}", "somebody 0"),
        ("{nickname|or:somebody|upper} {nickname|upper|or:}", "SOMEBODY "),
        ("{variable:none|or:-} {answer|or:no answer} {answer}", "- no answer {answer}"),
        ("{comment|or:5%}", "5%"),
    ];
    check_with(&nobody, Target::Plain, &cases);
    check_with(&saying("\u{3164}\u{200b}"), Target::Plain, &[("{comment|or:nothing to see}", "nothing to see")]);
}

#[test]
fn names_say_how_many_more_there_were() {
    let mut facts = full();
    facts.others = (0..6).map(|number| UserId::new(number.to_string())).collect();
    check_with(&facts, Target::Plain, &[("{nickname}/{username}/{others}", "Mia and 6 more/mia_live and 6 more/6")]);
}

#[test]
fn a_value_is_never_read_as_a_template() {
    let facts = saying("{comment}%comment%{nickname}{counter:deaths}");
    for target in [Target::Plain, Target::Argument, Target::Minecraft, Target::Html] {
        let filled = fill("{comment} %comment%", &facts, &values(), target);
        let said = "{comment}%comment%{nickname}{counter:deaths}";
        assert_eq!(filled, format!("{said} {said}"), "for {target:?}: a loop would grow for ever");
    }
}

#[test]
fn values_are_bounded() {
    let facts = saying(&"\"".repeat(FILLED_CHARACTERS * 3));
    for (target, length) in [
        (Target::Plain, FILLED_CHARACTERS),
        (Target::Json, FILLED_CHARACTERS * 2),
        (Target::Url, FILLED_CHARACTERS * 3),
        (Target::Minecraft, 256),
        (Target::FileName, 120),
    ] {
        assert_eq!(fill("{comment}", &facts, &values(), target).len(), length, "for {target:?}");
    }
}

#[test]
fn json_values_stay_inside_their_string() {
    check_escaped(Target::Json, &[("a\"b\\c\nd\u{1}é", r#"a\"b\\c\nd\u0001é"#), ("{}%", "{}%")]);
}

#[test]
fn url_values_are_one_component() {
    check_escaped(Target::Url, &[("a b&c=d/é?#%", "a%20b%26c%3Dd%2F%C3%A9%3F%23%25"), ("-._~Az9", "-._~Az9")]);
}

#[test]
fn html_values_open_nothing() {
    check_escaped(
        Target::Html,
        &[("<b onload='x'>\"&", "&lt;b onload=&#39;x&#39;&gt;&quot;&amp;"), ("a\u{202e}b\nc", "ab c")],
    );
}

#[test]
fn minecraft_values_cannot_leave_the_strings_of_the_command() {
    let facts = saying("it's \"x\"\\\n/stop");
    check_with(
        &facts,
        Target::Minecraft,
        &[
            ("say {comment}", r#"say it's "x"\ /stop"#),
            (r#"tellraw @a {"text":"{comment}"}"#, r#"tellraw @a {"text":"it's \"x\"\\ /stop"}"#),
            (r#"x {Name:'{"text":"{comment}"}'}"#, r#"x {Name:'{"text":"it\'s \\"x\\"\\\\ /stop"}'}"#),
            (r#"x {Name:"{\"text\":\"{comment}\"}"}"#, r#"x {Name:"{\"text\":\"it's \\\"x\\\"\\\\ /stop\"}"}"#),
            (r#"say "a" {comment}"#, r#"say "a" it's "x"\ /stop"#),
            ("say it's {comment}", r#"say it's it's "x"\ /stop"#),
            ("say '{comment}'", r#"say 'it\'s "x"\\ /stop'"#),
        ],
    );
}

#[test]
fn arguments_hold_no_control_characters() {
    check_escaped(Target::Argument, &[("a\0b\u{1b}[2J\nc $(d) `e`", "ab[2J c $(d) `e`")]);
}

#[test]
fn speech_leaves_out_what_a_voice_would_read_for_minutes() {
    check_escaped(
        Target::Speech,
        &[
            ("look https://x.example/a?b=c now", "look now"),
            ("www.spam.biz or spam.com or t.me/spam", "or or"),
            ("sooooooooo goooood!!!!!!!", "sooo goood!!!"),
            ("hmm 1000000", "hmm 1000000"),
            ("hi 😀😀😀😂 there ❤️❤️", "hi 😀 there ❤️"),
            ("😀 😀 😀", "😀"),
            ("\u{202e}abc\u{7}  d\ne", "abc d e"),
            ("Mia. Good job", "Mia. Good job"),
        ],
    );
}

#[test]
fn file_names_are_names_on_every_system() {
    check_escaped(
        Target::FileName,
        &[
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x|y?z*\"<>", "C__x_y_z____"),
            ("con", "_con"),
            ("COM1.txt", "_COM1.txt"),
            ("LPT¹", "_LPT¹"),
            ("COM10", "COM10"),
            (".hidden. ", "hidden"),
            ("...", "_"),
            ("", ""),
            ("mia 😀\n", "mia 😀"),
        ],
    );
}

#[test]
fn a_template_tells_its_names_for_the_editor() {
    let template =
        Template::parse("{nickname} {NAME} {arg2}{counter:x} {nicknam} %foo% {foo} {a b} {count|nunber} %C3%BC%");
    assert_eq!(
        template.placeholders(),
        [Placeholder::Nickname, Placeholder::Argument, Placeholder::Counter],
        "each once, whatever it was called"
    );
    assert_eq!(template.unknown_names(), ["nicknam", "foo"], "names only, each once");
    assert_eq!(template.unknown_filters(), ["nunber"], "a typing error is told, not filled");
}

#[test]
fn the_editor_can_warn_of_what_an_event_does_not_have() {
    for (placeholder, event_type, is_given) in [
        (Placeholder::GiftName, EventType::Gift, true),
        (Placeholder::GiftName, EventType::Comment, false),
        (Placeholder::Comment, EventType::Question, true),
        (Placeholder::Comment, EventType::Like, false),
        (Placeholder::Nickname, EventType::Follow, true),
        (Placeholder::Nickname, EventType::ViewerCount, false),
        (Placeholder::Diamonds, EventType::Envelope, true),
        (Placeholder::Months, EventType::Subscribe, true),
        (Placeholder::Counter, EventType::LiveEnd, true),
        (Placeholder::GiftName, EventType::Custom, true),
    ] {
        assert_eq!(placeholder.given_by(event_type), is_given, "{placeholder:?} in {event_type}");
    }
}

#[test]
fn no_two_placeholders_share_a_name_and_every_name_is_read() {
    let mut seen = std::collections::BTreeSet::new();
    for placeholder in Placeholder::ALL.iter().copied() {
        for name in placeholder.aliases().iter().copied().chain([placeholder.name()]) {
            assert!(seen.insert(name.to_owned()), "{name} would mean two things");
            assert_eq!(name, name.to_ascii_lowercase(), "the table is in lower case");
            let template = Template::parse(&format!("{{{name}}}"));
            assert_eq!(template.placeholders(), [placeholder], "{name} must be read as what the table says");
        }
    }
}

#[test]
fn a_megabyte_of_signs_is_read_at_once() {
    for sign in ["{", "%", "{a", "%a", "{a|", "{nickname|or:", "%a%", "'\"", "{nickname}"] {
        let text = sign.repeat((1 << 20) / sign.len());
        let template = Template::parse(&text);
        let typed: usize = template
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.len(),
                Piece::Slot(slot) => slot.typed.len(),
            })
            .sum();
        assert_eq!(typed, text.len(), "nothing of {sign:?} is lost; a search that goes back would not end here");
    }
}

/// The tables of `docs/templates.md`, made from the one table here.
fn reference() -> String {
    let mut table = String::from("| placeholder | also | what it stands for |\n|---|---|---|\n");
    for placeholder in Placeholder::ALL {
        let also: Vec<String> = placeholder.aliases().iter().map(|alias| format!("`{{{alias}}}`")).collect();
        writeln!(table, "| `{{{}}}` | {} | {} |", placeholder.name(), also.join(" "), placeholder.meaning())
            .expect("a string takes everything");
    }
    table
}

#[test]
fn the_reference_for_users_lists_every_placeholder() {
    let page = include_str!("../../../../../docs/templates.md").replace("\r\n", "\n");
    let table = reference();
    assert!(page.contains(&table), "docs/templates.md must hold this table:\n{table}");
}

//! Names of invented people, from many languages, and the oddest ones that real traffic has taught us to expect.

use super::dice::Dice;

/// A handle and a display name; bytes, because some on the wire are no valid UTF-8.
pub(super) struct Name {
    pub(super) handle: String,
    pub(super) nickname: Vec<u8>,
}

const GIVEN: &[&str] = &[
    "Amara",
    "Mateo",
    "Ngọc Anh",
    "Søren",
    "Zoë",
    "Łucja",
    "さくら",
    "李雪",
    "Иван",
    "محمد",
    "김하늘",
    "आरव",
    "Σοφία",
    "דניאל",
    "Chidi",
    "Anaïs",
    "Björn",
    "ทิพย์",
    "Ömer",
    "Priya",
    "João",
    "Mehmet",
    "Yuki",
    "Tariq",
    "Inés",
    "Kofi",
    "Оксана",
    "Rania",
    "Tomás",
    "Wren",
    "Noor",
    "Hana",
    "Đạt",
    "Eero",
    "Mirela",
    "Jonas",
    "Ayşe",
    "Luca",
    "Farah",
];

const TAILS: &[&str] = &[
    "",
    "",
    "",
    " 🔥",
    " ✨",
    " 🦋",
    " 🎮",
    "_live",
    " (fan)",
    " ❤️‍🔥",
    " 👑",
    " 👨‍👩‍👧‍👦",
    " ᴼᶠᶠ",
    " 𝓠𝓾𝓮𝓮𝓷",
    " 🌙",
    " jr",
    " 2",
];

const SYLLABLES: &[&str] = &[
    "ka", "mi", "lo", "ra", "ne", "to", "su", "vi", "da", "pe", "zu", "ri", "an", "el", "or", "yu", "sha", "bo", "ti",
    "na",
];

const WORDS: &[&str] =
    &["live", "plays", "draws", "cat", "sky", "moon", "gg", "daily", "music", "bakes", "runs", "reads"];

/// A name as most have one; `number` makes the handle unlike any other of the run.
pub(super) fn ordinary(dice: &mut Dice, number: usize) -> Name {
    let syllables = dice.between(2..=4);
    let mut handle: String = (0..syllables).map(|_| dice.pick(SYLLABLES)).collect();
    if dice.percent(60) {
        handle.push_str(dice.pick(&[".", "_", ""]));
        handle.push_str(dice.pick(WORDS));
    }
    handle.push_str(&(number + 10).to_string());
    let mut nickname = dice.pick(GIVEN).to_owned();
    if dice.percent(40) {
        nickname.push(' ');
        nickname.push_str(dice.pick(GIVEN));
    }
    nickname.push_str(dice.pick(TAILS));
    Name { handle, nickname: nickname.into_bytes() }
}

/// Every kind of odd name: each once has broken a console, a file name, a template or a decoder somewhere.
pub(super) fn odd() -> Vec<Name> {
    let zalgo: String = std::iter::once('Z').chain("\u{337}\u{321}\u{350}\u{489}".chars().cycle().take(60)).collect();
    let butterfly = "Zoë 🦋".as_bytes();
    [
        ("emoji.only", "🦋👩‍👩‍👧‍👦✨".as_bytes().to_vec()),
        ("right.to.left", "ليلى نجمة".into()),
        ("override", "\u{202E}desrever\u{202C}".into()),
        ("combining", "e\u{301}\u{302}\u{303}n\u{304}g".into()),
        ("zalgo", zalgo.into()),
        ("no.nickname", Vec::new()),
        ("", "Incognito".into()),
        ("sixty.letters", "Abcdefghij".repeat(6).into()),
        ("cut.in.the.middle", butterfly[..butterfly.len() - 2].to_vec()),
        ("markup", "<b>bold</b><script>1</script>".into()),
        ("quotes", "\"Dot\" 'n' `Dash` \\ /".into()),
        ("braces", "{nickname} {{gift}} ${x} %s".into()),
        ("newline", "two\nlines\r\nand\ttab".into()),
        ("invisible", "\u{7}bell\u{200B}zero\u{FEFF}width".into()),
        ("squared", "🅰🅱 𝓢𝓬𝓻𝓲𝓹𝓽 ㊗".into()),
    ]
    .map(|(handle, nickname)| Name { handle: handle.to_owned(), nickname })
    .into()
}

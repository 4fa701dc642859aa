//! What simulated viewers write, with the language tag that TikTok would give it.

use super::dice::Dice;

/// A comment's text and language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) language: &'static str,
}

impl Phrase {
    pub(super) fn new(text: impl Into<String>, language: &'static str) -> Self {
        Self { text: text.into(), language }
    }

    /// Something that a viewer would write.
    pub(super) fn any(dice: &mut Dice) -> Self {
        let (language, texts) = dice.pick(TEXTS);
        let mut text = dice.pick(texts).to_owned();
        // Few write more than one sentence.
        while dice.percent(22) {
            text.push(' ');
            text.push_str(dice.pick(texts));
        }
        if dice.percent(35) {
            text.push(' ');
            text.push_str(dice.pick(EMOJI));
        }
        Self { text, language }
    }
}

const EMOJI: &[&str] = &["🔥", "😂😂😂", "❤️", "💯", "👏👏", "🎉", "🙏", "🥹", "👀", "🫶🏽"];

/// English is thrown more often than the others.
const TEXTS: &[(&str, &[&str])] = &[
    ("en", ENGLISH),
    ("en", ENGLISH),
    ("en", ENGLISH),
    ("es", &["¡Hola a todos!", "saludos desde Lima", "qué buena música", "me encanta este juego", "jajaja"]),
    ("vi", &["xin chào mọi người", "hay quá", "chơi tiếp đi", "bài này tên gì vậy", "cố lên nha"]),
    ("tr", &["merhaba", "çok güzel", "nereden yayın yapıyorsun", "harikasın"]),
    ("de", &["hallo zusammen", "wie geht es dir", "das war knapp", "weiter so"]),
    ("pt", &["oi gente", "que lindo", "boa noite do Recife", "toca outra"]),
    ("fr", &["salut", "trop bien", "tu joues depuis quand ?", "bravo"]),
    ("ja", &["こんにちは", "かわいい", "すごい！", "初見です"]),
    ("ko", &["안녕하세요", "너무 좋아요", "화이팅"]),
    ("ar", &["مرحبا", "كيف الحال", "رائع جدا"]),
    ("hi", &["नमस्ते", "बहुत अच्छा", "अगला गाना"]),
    ("th", &["สวัสดี", "เก่งมาก", "น่ารัก"]),
    ("ru", &["привет всем", "как дела?", "красиво"]),
    ("un", &["100", "7777", "gg", "🔥🔥", "?!"]),
];

const ENGLISH: &[&str] = &[
    "Love your stream!",
    "hello from the train",
    "first time here, this is great",
    "what song is this?",
    "one more round please",
    "so close!!",
    "gg",
    "how long have you been doing this",
    "!jump",
    "!spin 3",
    "say hi to my sister",
    "that was the best run so far",
    "wait what happened, I just came back",
    "good morning everyone",
    "lol",
    "can you play the one from yesterday again? it was so good that I told everybody about it",
];

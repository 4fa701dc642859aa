//! What tray and dialogs say, in the languages of the window.

use cuelight_app::dto::Language;

/// Something that is said outside the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The tray: nothing runs.
    NotLive,
    /// The tray: the live is looked for.
    Awaited,
    /// The tray: live.
    Live,
    /// The tray: the connection is made again.
    Reconnecting,
    /// The tray: a rehearsal runs.
    Rehearsal,
    /// Opens the window.
    Open,
    /// Pauses all services.
    PauseAll,
    /// Lets them go on.
    ResumeAll,
    /// Stops sound.
    Silence,
    /// Lets sound be heard again.
    Unsilence,
    /// Ends the app.
    Quit,
    /// Asks whether to end the app though it is live.
    QuitQuestion,
    /// Does not.
    Stay,
}

/// The word in that language.
pub(crate) fn word(word: Word, language: Language) -> &'static str {
    match language {
        Language::En => english(word),
        Language::Es => spanish(word),
        Language::Vi => vietnamese(word),
        Language::System => match system_language().get(..2) {
            Some("es") => spanish(word),
            Some("vi") => vietnamese(word),
            Some(_) | None => english(word),
        },
    }
}

/// The first language of the system, such as `es-MX`; empty where it names none.
fn system_language() -> String {
    sys_locale::get_locale().unwrap_or_default().to_lowercase()
}

fn english(word: Word) -> &'static str {
    match word {
        Word::NotLive => "Not live",
        Word::Awaited => "Waiting for the live",
        Word::Live => "Live",
        Word::Reconnecting => "Reconnecting …",
        Word::Rehearsal => "Rehearsal",
        Word::Open => "Open Cuelight",
        Word::PauseAll => "Pause all",
        Word::ResumeAll => "Resume all",
        Word::Silence => "Silence",
        Word::Unsilence => "Sound on",
        Word::Quit => "Quit",
        Word::QuitQuestion => "You are live. If Cuelight quits, your rules stop working.",
        Word::Stay => "Stay",
    }
}

fn spanish(word: Word) -> &'static str {
    match word {
        Word::NotLive => "Sin directo",
        Word::Awaited => "Esperando el directo",
        Word::Live => "En directo",
        Word::Reconnecting => "Reconectando…",
        Word::Rehearsal => "Ensayo",
        Word::Open => "Abrir Cuelight",
        Word::PauseAll => "Pausar todo",
        Word::ResumeAll => "Reanudar todo",
        Word::Silence => "Silenciar",
        Word::Unsilence => "Activar el sonido",
        Word::Quit => "Salir",
        Word::QuitQuestion => "Estás en directo. Si Cuelight se cierra, tus reglas dejan de funcionar.",
        Word::Stay => "Quedarse",
    }
}

fn vietnamese(word: Word) -> &'static str {
    match word {
        Word::NotLive => "Chưa live",
        Word::Awaited => "Đang chờ buổi live",
        Word::Live => "Đang live",
        Word::Reconnecting => "Đang kết nối lại…",
        Word::Rehearsal => "Diễn tập",
        Word::Open => "Mở Cuelight",
        Word::PauseAll => "Tạm dừng tất cả",
        Word::ResumeAll => "Tiếp tục tất cả",
        Word::Silence => "Tắt tiếng",
        Word::Unsilence => "Bật tiếng",
        Word::Quit => "Thoát",
        Word::QuitQuestion => "Bạn đang live. Nếu thoát Cuelight, các quy tắc sẽ ngừng hoạt động.",
        Word::Stay => "Ở lại",
    }
}

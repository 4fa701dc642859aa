//! The console speaks the language that `--lang` names, from the catalogues of the window, and English unless it is told.

use serde_json::json;

use crate::support::Workplace;
use crate::support::lives::session_frames;

/// A data folder with a rule of its own that warns, and no other.
fn workplace() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(["init"]).expect_status(0);
    let rule = |id: &str, when: serde_json::Value| {
        json!({ "id": id, "name": "Note", "when": when, "cooldown": { "seconds": 3600 },
                "do": [{ "action": "log_write", "with": { "text": "{gift_name} of {nickname}" } }] })
    };
    let file = json!({ "cuelight_rules": 1, "rules": [
        rule("every-gift", json!({ "on": "gift" })),
        rule("big-gift", json!({ "on": "gift_value", "min_diamonds": 100 })),
        rule("hello", json!({ "on": "keyword", "words": ["hello", "hola"] })),
    ]});
    std::fs::write(workplace.path("rules.json"), file.to_string()).expect("writable");
    workplace
}

#[track_caller]
fn check(workplace: &Workplace, args: &[&str], language: &str, parts: &[&str]) {
    let finished = workplace.run(args.iter().copied().chain(["--lang", language]));
    for part in parts {
        assert!(
            finished.stdout.contains(part),
            "{args:?} in {language} must say {part:?}:\n{}{}",
            finished.stdout,
            finished.stderr
        );
    }
}

#[test]
fn rules_are_listed_and_checked_in_the_language_that_was_asked_for() {
    let workplace = workplace();
    workplace.run(["rules", "import", "rules.json", "--yes"]).expect_status(0);
    let list = ["rules", "list"];
    check(
        &workplace,
        &list,
        "en",
        &["any gift → log_write", "gift of 100 diamonds or more", "comment with hello or hola"],
    );
    check(
        &workplace,
        &list,
        "es",
        &["cualquier regalo → log_write", "regalo de 100 diamantes o más", "comentario con hello o hola"],
    );
    check(
        &workplace,
        &list,
        "vi",
        &["quà bất kỳ → log_write", "quà từ 100 kim cương trở lên", "bình luận có hello hoặc hola"],
    );
    let check_file = ["rules", "check", "rules.json"];
    check(&workplace, &check_file, "en", &["⚠️ rule hello, ", "3 rules in rules.json: no faults; warnings: "]);
    check(
        &workplace,
        &check_file,
        "es",
        &["⚠️ regla hello, ", "{gift_name}; quedará vacío.", "3 reglas en rules.json: sin errores; avisos: "],
    );
    check(
        &workplace,
        &check_file,
        "vi",
        &["⚠️ quy tắc hello, ", "3 quy tắc trong rules.json: không có lỗi; cảnh báo: "],
    );
}

#[test]
fn a_replay_says_why_not_in_the_language_that_was_asked_for() {
    let workplace = workplace();
    let recording = session_frames(1);
    let replay = ["replay", recording.to_str().expect("UTF-8"), "--rules", "rules.json"];
    check(
        &workplace,
        &replay,
        "en",
        &[" gift @", "every-gift: fired → ", "every-gift: did not fire. It fired a moment ago and waits "],
    );
    check(
        &workplace,
        &replay,
        "es",
        &[" regalo @", "every-gift: se activó → ", "every-gift: no se activó. en espera, faltan "],
    );
    check(&workplace, &replay, "vi", &[" quà tặng @", "every-gift: không kích hoạt. "]);
    let json = workplace.run(replay.into_iter().chain(["--json"])).expect_status(0).stdout;
    let spanish = workplace.run(replay.into_iter().chain(["--json", "--lang", "es"])).expect_status(0).stdout;
    assert_eq!(json, spanish, "machines read one language");
}

#[test]
fn jobs_and_findings_are_told_in_the_language_that_was_asked_for() {
    let workplace = workplace();
    workplace.run(["do", "log_write", "text=hello", "--service", "overlays"]);
    check(&workplace, &["jobs", "list"], "en", &["by hand"]);
    check(&workplace, &["jobs", "list"], "es", &["a mano"]);
    check(&workplace, &["doctor"], "en", &["✅ Data folder: ", "✅ Database: sound; 0 sessions, "]);
    check(&workplace, &["doctor"], "es", &["✅ Carpeta de datos: ", "✅ Base de datos: en buen estado; 0 sesiones, "]);
    check(&workplace, &["doctor"], "vi", &["✅ Thư mục dữ liệu: "]);
    let refused = workplace.run(["doctor", "--lang", "de"]).expect_status(2);
    assert!(refused.stderr.contains("en (English), es (Spanish) and vi (Vietnamese)"), "{}", refused.stderr);
}

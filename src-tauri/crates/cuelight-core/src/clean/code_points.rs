//! Which code points are what, as far as cleaning asks.

/// Joins emoji to one picture, and hides between other characters.
pub(super) const JOINER: char = '\u{200D}';

/// The frame of a keycap emoji.
pub(super) const ENCLOSING_KEYCAP: char = '\u{20E3}';

/// What moves to the next line or column.
pub(super) fn is_line_break(code_point: char) -> bool {
    matches!(code_point, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What asks for the text or the picture form of an emoji.
pub(super) fn is_variation_selector(code_point: char) -> bool {
    matches!(code_point, '\u{FE0E}' | '\u{FE0F}')
}

/// What a keycap emoji is built on.
pub(super) fn is_keycap_base(code_point: char) -> bool {
    matches!(code_point, '0'..='9' | '#' | '*')
}

/// The colours of skin that follow an emoji of people.
pub(super) fn is_skin_tone(code_point: char) -> bool {
    matches!(code_point, '\u{1F3FB}'..='\u{1F3FF}')
}

/// The letters and digits of a region's code behind a black flag.
pub(super) fn is_flag_tag(code_point: char) -> bool {
    matches!(code_point, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}')
}

/// What shows nothing of its own, turns the direction of writing, or is no character at all.
///
/// Unicode's Default_Ignorable_Code_Point and bidirectional controls, control characters, noncharacters, and the blanks that
/// are used as invisible names.
pub(super) fn is_invisible(code_point: char) -> bool {
    matches!(
        code_point,
        '\0'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D159}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || code_point as u32 & 0xFFFE == 0xFFFE
}

/// Unicode's Extended_Pictographic: what emoji are built of.
pub(super) fn is_pictograph(code_point: char) -> bool {
    matches!(
        code_point,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
            | '\u{2194}'..='\u{2199}'
            | '\u{21A9}'..='\u{21AA}'
            | '\u{231A}'..='\u{231B}'
            | '\u{2328}' | '\u{2388}' | '\u{23CF}'
            | '\u{23E9}'..='\u{23F3}'
            | '\u{23F8}'..='\u{23FA}'
            | '\u{24C2}'
            | '\u{25AA}'..='\u{25AB}'
            | '\u{25B6}' | '\u{25C0}'
            | '\u{25FB}'..='\u{25FE}'
            | '\u{2600}'..='\u{2605}'
            | '\u{2607}'..='\u{2612}'
            | '\u{2614}'..='\u{2685}'
            | '\u{2690}'..='\u{2705}'
            | '\u{2708}'..='\u{2712}'
            | '\u{2714}' | '\u{2716}' | '\u{271D}' | '\u{2721}' | '\u{2728}'
            | '\u{2733}'..='\u{2734}'
            | '\u{2744}' | '\u{2747}' | '\u{274C}' | '\u{274E}'
            | '\u{2753}'..='\u{2755}'
            | '\u{2757}'
            | '\u{2763}'..='\u{2767}'
            | '\u{2795}'..='\u{2797}'
            | '\u{27A1}' | '\u{27B0}' | '\u{27BF}'
            | '\u{2934}'..='\u{2935}'
            | '\u{2B05}'..='\u{2B07}'
            | '\u{2B1B}'..='\u{2B1C}'
            | '\u{2B50}' | '\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
            | '\u{1F000}'..='\u{1F0FF}'
            | '\u{1F10D}'..='\u{1F10F}'
            | '\u{1F12F}'
            | '\u{1F16C}'..='\u{1F171}'
            | '\u{1F17E}'..='\u{1F17F}'
            | '\u{1F18E}'
            | '\u{1F191}'..='\u{1F19A}'
            | '\u{1F1AD}'..='\u{1F1E5}'
            | '\u{1F201}'..='\u{1F20F}'
            | '\u{1F21A}' | '\u{1F22F}'
            | '\u{1F232}'..='\u{1F23A}'
            | '\u{1F23C}'..='\u{1F23F}'
            | '\u{1F249}'..='\u{1F3FA}'
            | '\u{1F400}'..='\u{1F53D}'
            | '\u{1F546}'..='\u{1F64F}'
            | '\u{1F680}'..='\u{1F6FF}'
            | '\u{1F774}'..='\u{1F77F}'
            | '\u{1F7D5}'..='\u{1F7FF}'
            | '\u{1F80C}'..='\u{1F80F}'
            | '\u{1F848}'..='\u{1F84F}'
            | '\u{1F85A}'..='\u{1F85F}'
            | '\u{1F888}'..='\u{1F88F}'
            | '\u{1F8AE}'..='\u{1F8FF}'
            | '\u{1F90C}'..='\u{1F93A}'
            | '\u{1F93C}'..='\u{1F945}'
            | '\u{1F947}'..='\u{1FAFF}'
            | '\u{1FC00}'..='\u{1FFFD}'
    )
}

//! Types as text, in the layout in which the window's own files are written.

use super::syntax::{Member, Type};

/// The longest line that the window's files have.
pub(crate) const WIDTH: usize = 120;

/// The declaration of a type under that name.
pub(crate) fn declaration(name: &str, definition: &Type) -> String {
    let start = format!("export type {name} =");
    let Type::Union(types) = definition else {
        return format!("{start} {};\n", broken(definition, 0));
    };
    if fits(definition, WIDTH - start.len() - 2) {
        return format!("{start} {};\n", flat(definition));
    }
    if fits(definition, WIDTH - 3) {
        return format!("{start}\n  {};\n", flat(definition));
    }
    let lines: String = types.iter().map(|each| format!("\n  | {}", one_of(each, 4))).collect();
    format!("{start}{lines};\n")
}

/// What `ts-rs` makes of a doc comment, on one line where it is one sentence.
pub(crate) fn comment(docs: &str, indent: usize) -> String {
    let room = " ".repeat(indent);
    let stripped = docs.trim().trim_start_matches("/**").trim_end_matches("*/");
    let lines = stripped.lines().map(|line| line.trim().trim_start_matches('*').trim());
    let lines: Vec<&str> = lines.skip_while(|line| line.is_empty()).collect();
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    match &lines[..end] {
        [] => String::new(),
        [line] => format!("{room}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{room} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{room}/**\n{lines}{room} */\n")
        }
    }
}

fn broken(shown: &Type, indent: usize) -> String {
    if fits(shown, WIDTH - indent - 4) {
        return flat(shown);
    }
    let room = " ".repeat(indent + 2);
    match shown {
        Type::Object(members) => {
            let lines: String = members
                .iter()
                .map(|each| {
                    format!(
                        "{}{room}{};\n",
                        comment(&each.docs, indent + 2),
                        member(each, &broken(&each.value, indent + 2))
                    )
                })
                .collect();
            format!("{{\n{lines}{}}}", " ".repeat(indent))
        }
        Type::Union(types) => types.iter().map(|each| format!("\n{room}| {}", one_of(each, indent + 4))).collect(),
        Type::Both(types) => {
            let types = types.iter().map(|each| match each {
                Type::Union(_) if !fits(each, WIDTH - indent) => {
                    format!("({}\n{})", broken(each, indent), " ".repeat(indent))
                }
                _ => grouped(each, broken(each, indent)),
            });
            types.collect::<Vec<_>>().join(" & ")
        }
        Type::Generic(name, types) => {
            let types: Vec<String> = types.iter().map(|each| broken(each, indent)).collect();
            format!("{name}<{}>", types.join(", "))
        }
        Type::Plain(name) => name.clone(),
    }
}

/// A type as one of a union.
fn one_of(shown: &Type, indent: usize) -> String {
    match shown {
        Type::Both(_) => format!("({})", broken(shown, indent)),
        Type::Union(_) | Type::Object(_) | Type::Generic(..) | Type::Plain(_) => broken(shown, indent),
    }
}

fn member(shown: &Member, value: &str) -> String {
    let mark = if shown.optional { "?" } else { "" };
    format!("{}{mark}: {value}", shown.name)
}

fn flat(shown: &Type) -> String {
    match shown {
        Type::Object(members) if members.is_empty() => "Record<never, never>".to_owned(),
        Type::Object(members) => {
            let members: Vec<String> = members.iter().map(|each| member(each, &flat(&each.value))).collect();
            format!("{{ {} }}", members.join("; "))
        }
        Type::Union(types) => types.iter().map(flat).collect::<Vec<_>>().join(" | "),
        Type::Both(types) => types.iter().map(|each| grouped(each, flat(each))).collect::<Vec<_>>().join(" & "),
        Type::Generic(name, types) => {
            format!("{name}<{}>", types.iter().map(flat).collect::<Vec<_>>().join(", "))
        }
        Type::Plain(name) => name.clone(),
    }
}

fn grouped(shown: &Type, text: String) -> String {
    match shown {
        Type::Union(_) => format!("({text})"),
        Type::Both(_) | Type::Object(_) | Type::Generic(..) | Type::Plain(_) => text,
    }
}

/// Whether it stands on one line: short enough, and without comments that need lines of their own.
fn fits(shown: &Type, width: usize) -> bool {
    !has_docs(shown) && flat(shown).chars().count() <= width
}

fn has_docs(shown: &Type) -> bool {
    match shown {
        Type::Object(members) => members.iter().any(|member| !member.docs.is_empty() || has_docs(&member.value)),
        Type::Union(types) | Type::Both(types) | Type::Generic(_, types) => types.iter().any(has_docs),
        Type::Plain(_) => false,
    }
}

//! Generates the borrowed reader: one struct for each message, and the loop that fills it from wire bytes.

use std::fmt::Write;

use crate::schema::{Field, Keeping, Kind, Message};

/// The source of module `read`.
pub(crate) fn generate(messages: &[Message]) -> String {
    let mut out = String::from("// Generated from webcast.proto by build/reader.rs.\n");
    for message in messages {
        structure(&mut out, message);
        implementation(&mut out, message);
    }
    out
}

fn structure(out: &mut String, message: &Message) {
    documentation(out, "", &message.documentation);
    line(out, "#[derive(Clone, Debug, Default, PartialEq, Eq)]");
    line(out, &format!("pub struct {} {{", message.type_name()));
    for field in message.fields.iter().filter(|field| field.keeping != Keeping::Walked) {
        documentation(out, "    ", &field.documentation);
        line(out, &format!("    pub {}: {},", field.name, type_of(field)));
    }
    if message.is_walked() {
        line(out, "    body: &'a [u8],");
    }
    line(out, "}\n");
}

fn implementation(out: &mut String, message: &Message) {
    let generics = if message.borrows { "<'a>" } else { "" };
    let input = if message.borrows { "&'a [u8]" } else { "&[u8]" };
    let name = &message.name;
    line(out, &format!("impl{generics} {} {{", message.type_name()));
    line(
        out,
        &format!(
            "    /// Reads `{name}` from wire bytes, keeping what can be kept and noting in `faults` what cannot."
        ),
    );
    line(out, "    #[must_use]");
    line(out, &format!("    pub fn read(bytes: {input}, faults: &mut Faults) -> Self {{"));
    line(out, "        let mut message = Self::default();");
    line(out, "        message.merge(bytes, faults);");
    line(out, "        message");
    line(out, "    }\n");
    line(out, "    /// Reads further wire bytes into this message: the last scalar wins, messages merge, lists grow.");
    line(out, &format!("    pub fn merge(&mut self, bytes: {input}, faults: &mut Faults) {{"));
    if message.is_walked() {
        line(out, "        self.body = bytes;");
    }
    line(out, "        let mut fields = Fields::new(bytes);");
    line(out, "        for (number, value) in fields.by_ref() {");
    line(out, "            match (number, value) {");
    for field in &message.fields {
        arms(out, field);
    }
    line(out, &format!("                ({}, _) => faults.note_mismatch(),", numbers(&message.fields)));
    line(out, "                _ => {}");
    line(out, "            }");
    line(out, "        }");
    line(out, "        faults.broken |= fields.is_broken();");
    line(out, "    }");
    for field in message.fields.iter().filter(|field| field.keeping == Keeping::Walked) {
        walk(out, field);
    }
    line(out, "}\n");
}

/// The arms of the match that take a field when it has the wire type it is declared with.
fn arms(out: &mut String, field: &Field) {
    let Field { name, number, kind, keeping, .. } = field;
    let (pattern, value) = match kind {
        Kind::Message(message, _) => ("Bytes(bytes)", format!("{message}::read(bytes, faults)")),
        Kind::String => ("Bytes(bytes)", "Str::new(bytes)".to_owned()),
        Kind::Bytes => ("Bytes(bytes)", "bytes".to_owned()),
        Kind::Int32 => ("Varint(varint)", "varint as i32".to_owned()),
        Kind::Int64 => ("Varint(varint)", "varint as i64".to_owned()),
        Kind::Uint64 => ("Varint(varint)", "varint".to_owned()),
        Kind::Bool => ("Varint(varint)", "varint != 0".to_owned()),
    };
    let is_scalar = pattern.starts_with("Varint");
    match keeping {
        Keeping::Walked => arm(out, &format!("({number}, Value::Bytes(_)) => {{}}")),
        Keeping::Single | Keeping::SingleBoxed if matches!(kind, Kind::Message(_, _)) => {
            let merge = format!("self.{name}.get_or_insert_default().merge(bytes, faults)");
            arm(out, &format!("({number}, Value::{pattern}) => {merge},"));
        }
        Keeping::Single | Keeping::SingleBoxed => {
            arm(out, &format!("({number}, Value::{pattern}) => self.{name} = {value},"));
        }
        Keeping::Repeated | Keeping::RepeatedInline(_) => {
            let push = format!("if !faults.admit_element() {{ continue; }} self.{name}.push({value});");
            arm(out, &format!("({number}, Value::{pattern}) => {{ {push} }}"));
            if is_scalar {
                arm(out, &format!("({number}, Value::Bytes(bytes)) => {{"));
                arm(out, "    let mut packed = Packed::new(bytes);");
                arm(out, &format!("    for varint in packed.by_ref() {{ {push} }}"));
                arm(out, "    faults.broken |= packed.is_broken();");
                arm(out, "}");
            }
        }
    }
}

/// A pattern of the numbers of all fields, neighbours as ranges.
fn numbers(fields: &[Field]) -> String {
    let mut ranges: Vec<(i32, i32)> = Vec::new();
    for field in fields {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == field.number => *last = field.number,
            _ => ranges.push((field.number, field.number)),
        }
    }
    let pattern = |(first, last): &(i32, i32)| match last - first {
        0 => first.to_string(),
        1 => format!("{first} | {last}"),
        _ => format!("{first}..={last}"),
    };
    ranges.iter().map(pattern).collect::<Vec<_>>().join(" | ")
}

/// The method that reads a repeated field on demand.
fn walk(out: &mut String, field: &Field) {
    let Field { name, number, kind, .. } = field;
    let Kind::Message(message, borrows) = kind else {
        unreachable!("only lists of messages are walked, {name} is none");
    };
    let item = if *borrows { format!("{message}<'a>") } else { message.clone() };
    line(out, "");
    documentation(out, "    ", &field.documentation);
    line(out, "    ///");
    line(out, "    /// Read one by one, each with the faults found in it alone, so that a broken one costs no other.");
    line(out, &format!("    pub fn {name}(&self) -> impl Iterator<Item = ({item}, Faults)> + use<'a> {{"));
    line(out, &format!("        Nested::new(self.body, {number}).map(|bytes| {{"));
    line(out, "            let mut faults = Faults::default();");
    line(out, &format!("            ({message}::read(bytes, &mut faults), faults)"));
    line(out, "        })");
    line(out, "    }");
}

fn type_of(field: &Field) -> String {
    let element = match &field.kind {
        Kind::Int32 => "i32".to_owned(),
        Kind::Int64 => "i64".to_owned(),
        Kind::Uint64 => "u64".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::String => "Str<'a>".to_owned(),
        Kind::Bytes => "&'a [u8]".to_owned(),
        Kind::Message(name, true) => format!("{name}<'a>"),
        Kind::Message(name, false) => name.clone(),
    };
    match (field.keeping, &field.kind) {
        (Keeping::Single, Kind::Message(_, _)) => format!("Option<{element}>"),
        (Keeping::Single, _) => element,
        (Keeping::SingleBoxed, _) => format!("Option<Box<{element}>>"),
        (Keeping::Repeated | Keeping::Walked, _) => format!("Vec<{element}>"),
        (Keeping::RepeatedInline(count), _) => format!("SmallVec<[{element}; {count}]>"),
    }
}

fn documentation(out: &mut String, indent: &str, lines: &[String]) {
    for text in lines {
        line(out, &format!("{indent}/// {text}"));
    }
}

/// A line within the match of a message's loop.
fn arm(out: &mut String, text: &str) {
    line(out, &format!("                {text}"));
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to a String cannot fail");
}

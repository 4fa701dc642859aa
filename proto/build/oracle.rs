//! Generates what tests and fuzz targets need to compare the reader with prost: conversions and invented messages.

use std::fmt::Write;

use crate::schema::{Field, Keeping, Kind, Message};

/// The source included by module `oracle`.
pub(crate) fn generate(messages: &[Message]) -> String {
    let mut out = String::from("// Generated from webcast.proto by build/oracle.rs.\n");
    for message in messages {
        conversion(&mut out, message);
        invention(&mut out, message);
    }
    table(&mut out, messages);
    out
}

fn conversion(out: &mut String, message: &Message) {
    let name = &message.name;
    let lifetime = if message.borrows { "<'_>" } else { "" };
    line(out, &format!("impl read::{name}{lifetime} {{"));
    line(out, "    /// The same message in prost's form; broken UTF-8 becomes replacement characters.");
    line(out, "    #[must_use]");
    line(out, &format!("    pub fn to_owned_message(&self) -> owned::{name} {{"));
    line(out, &format!("        owned::{name} {{"));
    for field in &message.fields {
        line(out, &format!("            {}: {},", field.name, converted(field)));
    }
    line(out, "        }");
    line(out, "    }");
    line(out, "}\n");
}

fn converted(field: &Field) -> String {
    let name = &field.name;
    let one = match &field.kind {
        Kind::Int32 | Kind::Int64 | Kind::Uint64 | Kind::Bool => "*value",
        Kind::String => "value.to_str().into_owned()",
        Kind::Bytes => "value.to_vec()",
        Kind::Message(_, _) => "value.to_owned_message()",
    };
    match (field.keeping, &field.kind) {
        (Keeping::Single | Keeping::SingleBoxed, Kind::Message(_, _)) => {
            format!("self.{name}.as_ref().map(|value| {one})")
        }
        (Keeping::Single | Keeping::SingleBoxed, _) => {
            format!("{{ let value = &self.{name}; {one} }}")
        }
        (Keeping::Repeated, Kind::Int32 | Kind::Int64 | Kind::Uint64 | Kind::Bool) => {
            format!("self.{name}.clone()")
        }
        (Keeping::Repeated | Keeping::RepeatedInline(_), _) => {
            format!("self.{name}.iter().map(|value| {one}).collect()")
        }
        (Keeping::Walked, _) => format!("self.{name}().map(|(value, _)| {one}).collect()"),
    }
}

fn invention(out: &mut String, message: &Message) {
    let name = &message.name;
    line(out, &format!("impl Invent for owned::{name} {{"));
    line(out, "    fn invent(entropy: &mut Entropy<'_>) -> Self {");
    line(out, "        Self {");
    for field in &message.fields {
        line(out, &format!("            {}: Invent::invent(entropy),", field.name));
    }
    line(out, "        }");
    line(out, "    }");
    line(out, "}\n");
}

fn table(out: &mut String, messages: &[Message]) {
    line(out, "/// Every message of the schema.");
    line(out, "pub const MESSAGE_TYPES: &[MessageType] = &[");
    for Message { name, .. } in messages {
        line(out, "    MessageType {");
        line(out, &format!("        name: \"{name}\","));
        line(out, "        compare: |bytes| {");
        line(out, "            let mut faults = Faults::default();");
        line(out, &format!("            let message = read::{name}::read(bytes, &mut faults);"));
        line(
            out,
            &format!(
                "            verdict(bytes, &message.to_owned_message(), faults, <owned::{name} as prost::Message>::decode(bytes))"
            ),
        );
        line(out, "        },");
        line(
            out,
            &format!("        invent: |entropy| prost::Message::encode_to_vec(&owned::{name}::invent(entropy)),"),
        );
        line(out, "    },");
    }
    line(out, "];");
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to a String cannot fail");
}

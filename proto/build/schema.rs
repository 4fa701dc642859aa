//! The messages of the .proto file as the generators see them, with the decisions on how each field is kept.

use std::collections::{HashMap, HashSet};

use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

/// Message fields that are seldom sent, so that they do not make every struct around them large.
const BOXED: &[(&str, &str)] = &[
    ("BarrageMessage", "common_barrage_content"),
    ("BarrageMessage", "fans_level_param"),
    ("BarrageMessage", "user"),
    ("BarrageMessage", "user_grade_param"),
    ("ChatMessage", "at_user"),
    ("Gift", "icon"),
    ("GiftMessage", "to_user"),
    ("MemberMessage", "operator"),
    ("TextPiece", "gift_value"),
    ("TextPiece", "user_value"),
    ("User", "avatar_large"),
];

/// Repeated fields that nearly every message has, with how many elements are kept without an allocation.
const INLINE: &[(&str, &str, usize)] = &[("Image", "url_list", 4), ("User", "badge_list", 4)];

/// Repeated message fields that are read one by one on demand instead of being collected.
const WALKED: &[(&str, &str)] = &[("FetchResult", "messages")];

/// One message of the schema.
pub(crate) struct Message {
    pub(crate) name: String,
    pub(crate) documentation: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// True when the struct keeps slices of the bytes it was read from, so that it needs a lifetime.
    pub(crate) borrows: bool,
}

impl Message {
    /// The type as written in generated code, with its lifetime if it has one.
    pub(crate) fn type_name(&self) -> String {
        if self.borrows { format!("{}<'a>", self.name) } else { self.name.clone() }
    }

    /// True when some repeated field is read on demand.
    pub(crate) fn is_walked(&self) -> bool {
        self.fields.iter().any(|field| field.keeping == Keeping::Walked)
    }
}

/// One field of a message.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) kind: Kind,
    pub(crate) keeping: Keeping,
    pub(crate) documentation: Vec<String>,
}

/// What a field holds.
pub(crate) enum Kind {
    Int32,
    Int64,
    Uint64,
    Bool,
    String,
    Bytes,
    /// A message: its name, and whether it borrows.
    Message(String, bool),
}

/// How a field is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    Single,
    SingleBoxed,
    Repeated,
    RepeatedInline(usize),
    Walked,
}

/// Reads every message of the only file of `descriptors`.
pub(crate) fn messages(descriptors: &FileDescriptorSet) -> Result<Vec<Message>, String> {
    let [file] = descriptors.file.as_slice() else {
        return Err(format!("expected one .proto file, found {}", descriptors.file.len()));
    };
    let comments = comments(file);
    let borrowing = borrowing(file);
    file.message_type
        .iter()
        .zip(0..)
        .map(|(message, index)| {
            let fields = message
                .field
                .iter()
                .zip(0..)
                .map(|(field, position)| {
                    let documentation = documentation(&comments, &[4, index, 2, position]);
                    read_field(message, field, documentation, &borrowing)
                })
                .collect::<Result<_, _>>()?;
            Ok(Message {
                name: message.name().to_owned(),
                documentation: documentation(&comments, &[4, index]),
                fields,
                borrows: borrowing.contains(message.name()),
            })
        })
        .collect()
}

fn read_field(
    message: &DescriptorProto,
    field: &FieldDescriptorProto,
    documentation: Vec<String>,
    borrowing: &HashSet<String>,
) -> Result<Field, String> {
    let place = (message.name(), field.name());
    let kind = match field.r#type() {
        Type::Int32 => Kind::Int32,
        Type::Int64 => Kind::Int64,
        Type::Uint64 => Kind::Uint64,
        Type::Bool => Kind::Bool,
        Type::String => Kind::String,
        Type::Bytes => Kind::Bytes,
        Type::Message => {
            let name = local_name(field);
            Kind::Message(name.to_owned(), borrowing.contains(name))
        }
        other => {
            return Err(format!("{}.{}: the reader knows no type {other:?}", place.0, place.1));
        }
    };
    let inline = INLINE.iter().find(|(message, field, _)| (*message, *field) == place);
    let keeping = if field.label() != Label::Repeated {
        if BOXED.contains(&place) { Keeping::SingleBoxed } else { Keeping::Single }
    } else if WALKED.contains(&place) {
        Keeping::Walked
    } else {
        inline.map_or(Keeping::Repeated, |(_, _, count)| Keeping::RepeatedInline(*count))
    };
    let name = if field.name() == "type" { "r#type" } else { field.name() };
    Ok(Field { name: name.to_owned(), number: field.number(), kind, keeping, documentation })
}

/// Names of the messages that hold text or bytes, themselves or through others.
fn borrowing(file: &FileDescriptorProto) -> HashSet<String> {
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for message in &file.message_type {
            let borrows = message.field.iter().any(|field| match field.r#type() {
                Type::String | Type::Bytes => true,
                Type::Message => found.contains(local_name(field)),
                _ => false,
            });
            if borrows {
                found.insert(message.name().to_owned());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn local_name(field: &FieldDescriptorProto) -> &str {
    field.type_name().rsplit('.').next().unwrap_or_default()
}

fn comments(file: &FileDescriptorProto) -> HashMap<Vec<i32>, String> {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    locations.map(|location| (location.path.clone(), location.leading_comments().to_owned())).collect()
}

fn documentation(comments: &HashMap<Vec<i32>, String>, path: &[i32]) -> Vec<String> {
    let text = comments.get(path).map(String::as_str).unwrap_or_default();
    let escape = |line: &str| line.trim().replace('[', "\\[").replace(']', "\\]");
    text.trim().lines().map(escape).collect()
}

//! The TypeScript that types are made of, as a tree: as much of it as `ts-rs` writes.

use std::iter::Peekable;
use std::vec::IntoIter;

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    /// One of several.
    Union(Vec<Type>),
    /// All of them at once.
    Both(Vec<Type>),
    /// Members by name.
    Object(Vec<Member>),
    /// A name or literal.
    Plain(String),
    /// A name with types, such as `Array<…>`.
    Generic(String, Vec<Type>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// What the Rust source says of it.
    pub(crate) docs: String,
    /// Its name, or `[key in K]`.
    pub(crate) name: String,
    /// It may be left out.
    pub(crate) optional: bool,
    /// Its type.
    pub(crate) value: Type,
}

impl Type {
    /// The name or literal that it is; empty for all else.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Union(_) | Self::Both(_) | Self::Object(_) | Self::Generic(..) => "",
        }
    }

    /// The same without what the Rust source says of its members.
    pub(crate) fn without_docs(self) -> Self {
        let all = |types: Vec<Type>| types.into_iter().map(Self::without_docs).collect();
        match self {
            Self::Union(types) => Self::Union(all(types)),
            Self::Both(types) => Self::Both(all(types)),
            Self::Generic(name, types) => Self::Generic(name, all(types)),
            Self::Plain(text) => Self::Plain(text),
            Self::Object(members) => {
                let bare =
                    |member: Member| Member { docs: String::new(), value: member.value.without_docs(), ..member };
                Self::Object(members.into_iter().map(bare).collect())
            }
        }
    }
}

impl Member {
    /// A member that is always there and of which nothing is said.
    pub(crate) fn plain(name: &str, value: Type) -> Self {
        Self { docs: String::new(), name: name.to_owned(), optional: false, value }
    }
}

/// Reads a type.
pub(crate) fn parse(text: &str) -> Type {
    let mut reader = Reader { tokens: tokens(text).into_iter().peekable() };
    let read = reader.union();
    assert!(reader.tokens.next().is_none(), "all of {text} should be read");
    read
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Mark(char),
    Docs(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").expect("a comment ends") + 2
        } else if first == '"' {
            rest[1..].find('"').expect("a text ends") + 2
        } else {
            let word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '.' | '-');
            rest.find(|it| !word(it)).unwrap_or(rest.len()).max(first.len_utf8())
        };
        let (token, after) = rest.split_at(length);
        found.push(match first {
            '/' => Token::Docs(token.to_owned()),
            '{' | '}' | '[' | ']' | '(' | ')' | '<' | '>' | '|' | '&' | ':' | '?' | ',' | ';' => Token::Mark(first),
            _ => Token::Word(token.to_owned()),
        });
        rest = after.trim_start();
    }
    found
}

struct Reader {
    tokens: Peekable<IntoIter<Token>>,
}

impl Reader {
    fn union(&mut self) -> Type {
        let mut types = vec![self.both()];
        while self.took('|') {
            types.push(self.both());
        }
        // A union within a union is one union.
        let mut flat = Vec::new();
        for each in types {
            match each {
                Type::Union(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Type::Union(flat) }
    }

    fn both(&mut self) -> Type {
        let mut types = vec![self.single()];
        while self.took('&') {
            types.push(self.single());
        }
        if types.len() == 1 { types.remove(0) } else { Type::Both(types) }
    }

    fn single(&mut self) -> Type {
        if self.took('(') {
            let inner = self.union();
            self.expect(')');
            return inner;
        }
        if self.took('{') {
            return Type::Object(self.members());
        }
        let Some(Token::Word(name)) = self.tokens.next() else { panic!("a type begins with a name") };
        if !self.took('<') {
            return Type::Plain(name);
        }
        let mut types = vec![self.union()];
        while self.took(',') {
            types.push(self.union());
        }
        self.expect('>');
        Type::Generic(name, types)
    }

    fn members(&mut self) -> Vec<Member> {
        let mut members = Vec::new();
        while !self.took('}') {
            let docs = match self.tokens.next_if(|token| matches!(token, Token::Docs(_))) {
                Some(Token::Docs(docs)) => docs,
                _ => String::new(),
            };
            let name = self.member_name();
            let optional = self.took('?');
            self.expect(':');
            members.push(Member { docs, name, optional, value: self.union() });
            // The last one may have neither.
            let _ = self.took(',') || self.took(';');
        }
        members
    }

    fn member_name(&mut self) -> String {
        if !self.took('[') {
            let Some(Token::Word(name)) = self.tokens.next() else { panic!("a member has a name") };
            return name.trim_matches('"').to_owned();
        }
        let mut words = Vec::new();
        while let Some(Token::Word(word)) = self.tokens.next_if(|token| matches!(token, Token::Word(_))) {
            words.push(word);
        }
        self.expect(']');
        format!("[{}]", words.join(" "))
    }

    fn took(&mut self, mark: char) -> bool {
        self.tokens.next_if_eq(&Token::Mark(mark)).is_some()
    }

    fn expect(&mut self, mark: char) {
        assert!(self.took(mark), "{mark} should come next, not {:?}", self.tokens.peek());
    }
}

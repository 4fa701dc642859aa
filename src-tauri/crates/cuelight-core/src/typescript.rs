//! How plain values and events look to TypeScript, where a derive would not say what serde writes.

use ts_rs::{Config, TS, TypeVisitor};

use crate::event::Event;

/// Says that TypeScript sees a type as a plain text or number: ids, moments, priorities.
macro_rules! plain_in_typescript {
    ($type:ident, $plain:literal) => {
        impl ts_rs::TS for $type {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &ts_rs::Config) -> String {
                $plain.to_owned()
            }

            fn inline(config: &ts_rs::Config) -> String {
                Self::name(config)
            }
        }
    };
}

pub(crate) use plain_in_typescript;

/// Events are told apart by `event_type`; each has exactly its own fields beside the stamp.
impl TS for Event {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn docs() -> Option<String> {
        Some("/**\n * One normalised thing that happened on the live.\n */\n".to_owned())
    }

    fn name(_: &Config) -> String {
        "LiveEvent".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::inline_in_typescript(config)
    }

    fn decl(config: &Config) -> String {
        format!("type {} = {};", Self::name(config), Self::inline(config))
    }

    fn visit_dependencies(visitor: &mut impl TypeVisitor)
    where
        Self: 'static,
    {
        Self::visit_in_typescript(visitor);
    }

    fn output_path() -> Option<std::path::PathBuf> {
        Some("LiveEvent.ts".into())
    }
}

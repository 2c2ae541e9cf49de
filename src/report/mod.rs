//! Reports: one file a format.
//!
//! [`wire`] is the stable format that `json` and `jsonl` print and `rhetor schema`
//! describes; [`terminal`] is for people, and [`svg`] a picture of it.

mod fit;
pub mod json;
pub mod summary;
pub mod svg;
pub mod terminal;
pub mod wire;

/// Goes with every output.
pub const CAVEAT: &str = "Labels describe rhetoric and sourcing: how a text works on its reader \
     and what it says about where its claims come from. They say nothing of truth, of intent, or \
     of a person, and each can be wrong: see the model card for how often.";

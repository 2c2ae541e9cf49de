//! rhetor
pub mod document;
pub mod span;

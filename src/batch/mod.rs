//! A corpus into a run folder: three tables, in parts that are written whole or not at all.
//!
//! [`pipeline`](run) reads, scores and writes; [`RunFolder`] keeps a run safe and continues
//! one that was interrupted; [`Tables`] says what is in the tables. The result follows from
//! the input, the model and the settings alone: not from the threads, the interruptions or
//! the clock.

mod column;
mod entry;
mod error;
mod field;
mod file;
mod folder;
mod inputs;
mod labels;
mod manifest;
mod merge;
#[cfg(feature = "parquet")]
mod parquet;
mod part;
mod pipeline;
mod read;
mod rows;
mod seen;
mod shard;
mod tables;
mod tally;

pub use self::column::{Cell, Column, Described, Kind, Row};
pub use self::entry::{Entry, Failure, Outcome};
pub use self::error::BatchError;
pub use self::file::Finished;
pub use self::folder::{Existing, Part, RunFolder};
pub use self::inputs::{InputFacts, Surveyed, survey};
pub use self::labels::Looked;
pub use self::manifest::{FORMAT, MANIFEST, Manifest, Status};
pub use self::merge::merge;
pub use self::pipeline::{Plan, run};
pub use self::read::read_table;
pub use self::rows::Format;
pub use self::shard::Shard;
pub use self::tables::{Name as Table, Shape, Tables, underscored};
pub use self::tally::Tally;

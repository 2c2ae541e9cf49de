//! rhetor labels framing devices and sourcing gaps in news text, sentence by sentence.
//!
//! Labels describe rhetoric and sourcing: never truth, intent or a person.
//!
//! # The line
//!
//! `source bytes → Document → Sentence → Encoding → Scores → Finding → Report`
//!
//! Each arrow is one function, and only [`analyze`] knows the order:
//!
//! | stage | module | what it does |
//! |---|---|---|
//! | read | [`ingest`] | decodes and strips markup; blocks with roles and a map back to the source |
//! | cut | [`segment`] | blocks to sentences |
//! | encode | [`tokenize`] | sentences to token ids |
//! | run | [`backend`] | token ids to logits |
//! | calibrate | [`calibrate`] | logits to probabilities and decisions |
//! | decode | [`decode`] | token probabilities to spans |
//! | attribute | [`attribution`], [`quotation`], [`voice`], [`ledger`] | who says what and how much, and whose words a finding is about |
//! | find | [`sourcing`], [`repetition`] | what rules find |
//! | report | [`report`] | the wire format, and what people see |
//!
//! [`model`] holds a model folder, [`mapping`] what the labels of other people's checkpoints
//! stand for, [`label`] the taxonomy, [`span`], [`document`] and [`finding`] the types. Spans are byte ranges of the clean text; only [`report`]
//! resolves them to the source. Imports point one way along the line.
//!
//! [`corpus`] reads what people marked in texts, [`evaluate`] scores a model on it and fits its
//! decision.
//!
//! [`Analyzer`] is the front of the line; [`baseline`] knows findings again.
//!
//! [`pipe`] answers JSON lines with reports, for engines that bring their own cluster.
//!
//! [`records`] reads a corpus, whatever files it lies in, one document at a time.
//! [`batch`] scores a corpus into a folder of tables, safely; [`summary`] sums them up by group.
//!
//! # Example
//!
//! [`Analyzer`] is the front of it all:
//!
//! ```
//! # #[cfg(feature = "embedded-model")] {
//! use rhetor::Analyzer;
//!
//! let analyzer = Analyzer::new()?.select(&["framing", "hearsay"])?;
//! let text = "The mayor and her shameless cronies have reportedly betrayed this city.";
//! let analysis = analyzer.analyze(text)?;
//! for sentence in &analysis.sentences {
//!     for finding in sentence.findings.iter().filter(|finding| finding.is_shown(false)) {
//!         println!("{}: {} {:?}", sentence.sentence.index, finding.message, finding.probability);
//!     }
//! }
//! # let found = |label: &str| analysis.sentences[0].findings.iter().any(|f| f.label.id == label);
//! # assert!(found("name-calling") && found("hearsay") && !found("vague-source"));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analyze;
mod analyzer;
pub mod attribution;
pub mod backend;
pub mod baseline;
pub mod batch;
pub mod calibrate;
pub mod corpus;
pub mod decode;
pub mod document;
pub mod evaluate;
pub mod finding;
pub mod ingest;
pub mod label;
pub mod ledger;
pub mod mapping;
pub mod model;
mod parallel;
pub mod pipe;
pub mod quotation;
pub mod records;
pub mod repetition;
pub mod report;
pub mod segment;
pub mod sourcing;
pub mod span;
pub mod summary;
pub mod tokenize;
pub mod voice;
mod window;

pub use analyzer::{Analyzer, AnalyzerError};

//! Gold documents with the model's logits: the model reads each sentence once, everything
//! that is measured or fitted afterwards is arithmetic on what is kept here.

use std::num::NonZeroUsize;

use super::{ANY_DEVICE, is_device};
use crate::corpus::GoldDocument;
use crate::model::{Model, ModelError, Raw};
use crate::parallel;
use crate::span::{Positions, Span};

/// A gold document and what the model says of it.
pub struct Read<'g> {
    /// What people marked.
    pub gold: &'g GoldDocument,
    /// One for each of its sentences, which was scored alone.
    pub raw: Vec<Raw>,
    positions: Positions<'g>,
}

/// Scores every sentence of the documents.
///
/// # Errors
/// When the model fails on one.
pub fn read<'g>(
    documents: &[&'g GoldDocument],
    model: &Model,
    threads: NonZeroUsize,
) -> Result<Vec<Read<'g>>, ModelError> {
    let sentences: Vec<&str> = documents
        .iter()
        .flat_map(|gold| gold.sentences.iter().map(|s| s.span.of(&gold.text)))
        .collect();
    let raw = parallel::map(
        sentences.len(),
        threads,
        || model.scorer(),
        |scorer, at| scorer.logits(sentences[at]),
    );
    let mut raw = raw.into_iter();
    documents
        .iter()
        .map(|&gold| {
            Ok(Read {
                gold,
                raw: raw
                    .by_ref()
                    .take(gold.sentences.len())
                    .collect::<Result<_, _>>()?,
                positions: Positions::new(&gold.text),
            })
        })
        .collect()
}

impl Read<'_> {
    /// Whether people marked the spans of this token output here.
    #[must_use]
    pub fn annotates(&self, output: &str) -> bool {
        self.gold.token.iter().any(|own| own == output)
    }

    /// The gold spans of a token output, in bytes; those of `any-device` are those of all
    /// devices.
    #[must_use]
    pub fn gold_bytes(&self, output: &str) -> Vec<Span> {
        let belongs = |own: &str| own == output || output == ANY_DEVICE && is_device(own);
        self.gold
            .spans
            .iter()
            .filter(|own| belongs(&own.output))
            .map(|own| own.span)
            .collect()
    }

    /// The same in code points.
    #[must_use]
    pub fn gold_spans(&self, output: &str) -> Vec<Span> {
        let bytes = self.gold_bytes(output).into_iter();
        bytes.map(|span| self.in_code_points(span)).collect()
    }

    /// The spans that `decode` finds in each sentence (its index, its text; byte ranges of
    /// the sentence), in code points of the document.
    pub fn spans(&self, mut decode: impl FnMut(usize, &str) -> Vec<Span>) -> Vec<Span> {
        let mut spans = Vec::new();
        for (at, sentence) in self.gold.sentences.iter().enumerate() {
            for span in decode(at, sentence.span.of(&self.gold.text)) {
                spans.push(self.in_code_points(span.shifted(sentence.span.start)));
            }
        }
        spans
    }

    fn in_code_points(&self, span: Span) -> Span {
        let place = |byte| self.positions.units(byte).0;
        Span::new(place(span.start), place(span.end))
    }
}

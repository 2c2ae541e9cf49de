//! Text to token ids: sentences become windows of at most the model's positions.
//!
//! A window is `[CLS] … [SEP]`, or `<s> … </s>` where a vocabulary calls them so, with the
//! byte range of every token in the sentence.
//! Nearly every sentence is one window. A longer one is cut into windows that overlap,
//! so that each token is seen with context on both sides; the scores of the parts are
//! merged by maximum (see [`crate::model`]).

use crate::model::ModelError;
use crate::span::Span;

/// Tokens that two neighbouring windows of one sentence share.
const OVERLAP: usize = 128;

/// The tokens of one window, `[CLS]` first and `[SEP]` last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Token ids.
    pub ids: Vec<u32>,
    /// Index in the sentence of the first token after `[CLS]`.
    pub first: usize,
}

/// A sentence as the encoder will see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding {
    /// The windows, in order; one unless the sentence is longer than the model's positions.
    pub windows: Vec<Window>,
    /// Byte range in the sentence of each token, `[CLS]` and `[SEP]` left out.
    pub offsets: Vec<Span>,
}

impl Encoding {
    /// Whether the sentence did not fit into one window.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.windows.len() > 1
    }
}

/// A tokenizer with one special token before a sentence and one behind it.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    cls: u32,
    sep: u32,
    positions: usize,
}

impl Tokenizer {
    /// Reads a `tokenizer.json`. `positions` is the most tokens that the model takes, the
    /// two special ones included.
    ///
    /// # Errors
    /// When it is no tokenizer, or adds other special tokens.
    pub fn from_json(json: &[u8], positions: usize) -> Result<Self, ModelError> {
        let invalid = |reason: String| ModelError::Invalid {
            file: "tokenizer.json",
            reason,
        };
        let mut inner =
            tokenizers::Tokenizer::from_bytes(json).map_err(|e| invalid(e.to_string()))?;
        // Base models often cut at 128 tokens and pad; both would lose or invent text.
        inner
            .with_truncation(None)
            .map_err(|e| invalid(e.to_string()))?;
        inner.with_padding(None);
        let sample = inner
            .encode("a", true)
            .map_err(|e| invalid(e.to_string()))?;
        let (ids, special) = (sample.get_ids(), sample.get_special_tokens_mask());
        let (cls, sep) = match (special, ids) {
            ([1, between @ .., 1], [cls, .., sep]) if between.iter().all(|&s| s == 0) => {
                (*cls, *sep)
            }
            _ => {
                return Err(invalid(format!(
                    "it adds special tokens to a sentence in another way than one before it and \
                     one behind it: {}",
                    sample.get_tokens().join(" ")
                )));
            }
        };
        if positions < 2 + 2 * OVERLAP {
            return Err(ModelError::Invalid {
                file: "config.json",
                reason: format!(
                    "max_position_embeddings is {positions}; at least {} are needed",
                    2 + 2 * OVERLAP
                ),
            });
        }
        Ok(Self {
            inner,
            cls,
            sep,
            positions,
        })
    }

    /// The id of a token, if the vocabulary has it.
    #[must_use]
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Encodes one sentence.
    ///
    /// # Errors
    /// When the tokenizer fails, which the word-piece model does on no text we know.
    pub fn encode(&self, sentence: &str) -> Result<Encoding, ModelError> {
        let encoding = self
            .inner
            .encode(sentence, false)
            .map_err(|e| ModelError::Tokenize {
                reason: e.to_string(),
            })?;
        let ids = encoding.get_ids();
        let offsets = encoding
            .get_offsets()
            .iter()
            .map(|&(start, end)| {
                let start = sentence.floor_char_boundary(start);
                let token = Span::new(start, sentence.ceil_char_boundary(end).max(start));
                // Some vocabularies count the space before a word to the word.
                token.trimmed(sentence)
            })
            .collect();

        let room = self.positions - 2;
        let mut windows = Vec::new();
        let mut first = 0;
        loop {
            let last = ids.len().min(first + room);
            let mut window = Vec::with_capacity(last - first + 2);
            window.push(self.cls);
            window.extend_from_slice(&ids[first..last]);
            window.push(self.sep);
            windows.push(Window { ids: window, first });
            if last == ids.len() {
                break;
            }
            first = last - OVERLAP;
        }
        Ok(Encoding { windows, offsets })
    }
}

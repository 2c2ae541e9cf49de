//! What an engine must know of a network before it loads its weights: the architecture,
//! the head, and how many tokens and outputs it has.

/// Architectures whose checkpoints can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// BERT (Devlin et al., NAACL 2019).
    Bert,
    /// DistilBERT (Sanh et al., 2019).
    DistilBert,
    /// RoBERTa (Liu et al., 2019).
    Roberta,
    /// XLM-RoBERTa (Conneau et al., ACL 2020).
    XlmRoberta,
    /// ELECTRA (Clark et al., ICLR 2020).
    Electra,
    /// ALBERT (Lan et al., ICLR 2020).
    Albert,
    /// MPNet (Song et al., NeurIPS 2020).
    Mpnet,
    /// DeBERTa (He et al., ICLR 2021).
    Deberta,
    /// DeBERTa-v2 and -v3 (He et al., ICLR 2023).
    DebertaV2,
}

/// What stands on top of the encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A row of logits for every token.
    Token,
    /// One row of logits for the whole sentence.
    Sequence,
}

/// A network, as `config.json` describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Its encoder.
    pub architecture: Architecture,
    /// Its head.
    pub head: Head,
    /// Columns of the logits.
    pub outputs: usize,
    /// The most tokens that one window may have, the special ones included.
    pub positions: usize,
}

impl Architecture {
    /// Each with its `model_type` in `config.json` and the stem of its classes in
    /// `transformers`.
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Bert, "bert", "Bert"),
        (Self::DistilBert, "distilbert", "DistilBert"),
        (Self::Roberta, "roberta", "Roberta"),
        (Self::XlmRoberta, "xlm-roberta", "XLMRoberta"),
        (Self::Electra, "electra", "Electra"),
        (Self::Albert, "albert", "Albert"),
        (Self::Mpnet, "mpnet", "MPNet"),
        (Self::Deberta, "deberta", "Deberta"),
        (Self::DebertaV2, "deberta-v2", "DebertaV2"),
    ];

    /// Whether its positions are counted from behind the id of the padding token, so that
    /// the table holds as many places that no token takes.
    #[must_use]
    pub fn counts_from_padding(self) -> bool {
        matches!(self, Self::Roberta | Self::XlmRoberta | Self::Mpnet)
    }
}

impl Network {
    /// Rows of the logits of a window of so many tokens.
    #[must_use]
    pub fn rows(&self, tokens: usize) -> usize {
        match self.head {
            Head::Token => tokens,
            Head::Sequence => 1,
        }
    }
}

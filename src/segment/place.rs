//! A possible boundary as the vetoes see it: what stands on either side.

use super::absorb::without_citations;
use super::passage::Passage;
use super::words::{is_closer, is_opener, last_token};

/// The two sides of a cut.
pub(super) struct Place<'t> {
    /// The block around it.
    pub(super) passage: &'t Passage<'t>,
    /// The sentence that would end here, without white space around it.
    pub(super) left: &'t str,
    /// `left` without the closers and citations at its end.
    pub(super) core: &'t str,
    /// The last word of `core` with its final marks.
    pub(super) token: &'t str,
    /// The same in lower case, without its final marks.
    pub(super) word: String,
    /// The last character of `core`: mostly `.`, `!`, `?` or `…`.
    pub(super) terminator: char,
    /// Whether no white space separates the sides.
    pub(super) glued: bool,
    /// What follows, without white space around it.
    pub(super) right: &'t str,
    /// `right` without the openers before its first word.
    pub(super) next: &'t str,
    /// The first character of `next`.
    pub(super) first: char,
}

impl<'t> Place<'t> {
    /// The cut at `at` that would end the sentence beginning at `start`.
    pub(super) fn new(passage: &'t Passage<'t>, start: usize, at: usize) -> Self {
        let left = passage.text[start..at].trim();
        let core = without_citations(left);
        let token = last_token(core);
        let rest = &passage.text[at..passage.end()];
        let right = rest.trim_start();
        let next = right.trim_start_matches(is_opener);
        Self {
            passage,
            left,
            core,
            token,
            word: token.trim_end_matches(['.', '!', '?', '…']).to_lowercase(),
            terminator: core.chars().next_back().unwrap_or(' '),
            glued: right.len() == rest.len(),
            right,
            next,
            first: next.chars().next().unwrap_or(' '),
        }
    }

    /// Whether closers or citations stand between the last word and the cut.
    pub(super) fn is_closed(&self) -> bool {
        self.core.len() < self.left.len()
    }

    /// Whether the sentence ends with a quotation mark.
    pub(super) fn is_quoted(&self) -> bool {
        self.is_closed() && self.left.ends_with(['"', '”', '’', '\'', '»', '*'])
    }

    /// Whether the sentence ends with `!` or `?`, closers aside.
    pub(super) fn is_emphatic(&self) -> bool {
        matches!(self.terminator, '!' | '?')
    }
}

/// The text without closers and white space at its end.
pub(super) fn without_closers(text: &str) -> &str {
    text.trim_end_matches(|c: char| is_closer(c) || c.is_whitespace())
}

//! How the cases beside the rules are written and checked.
//!
//! A case is a text with `|` at the end of every sentence but the last, so that what a
//! rule does can be read off its cases: `"It fell.| It rose."` is two sentences and
//! `"Dr. Mirov rose."` is one. White space after a bar belongs to the text.

use crate::span::Span;

/// The text of a case with a bar after every sentence but the last, as `segment` cuts it.
pub(super) fn cut(case: &str, segment: impl Fn(&str) -> Vec<Span>) -> String {
    let text = case.replace('|', "");
    let mut shown = String::new();
    let mut done = 0;
    for sentence in segment(&text) {
        if done > 0 {
            shown.push('|');
        }
        shown.push_str(&text[done..sentence.end]);
        done = sentence.end;
    }
    shown + &text[done..]
}

/// Fails unless the case is cut where its bars are.
#[track_caller]
pub(super) fn assert_cut(rule: &str, case: &str, segment: impl Fn(&str) -> Vec<Span>) {
    assert_eq!(cut(case, segment), case, "{rule}");
}

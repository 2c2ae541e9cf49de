//! Where a block of text is in quotation marks.
//!
//! Direct speech belongs to its speaker, so findings need to know it. Typographic marks
//! say by themselves whether they open or close; a straight `"` opens after a space or a
//! bracket and closes after anything else. A single mark opens only where a later one can
//! close it, since most of them are apostrophes. Quotations inside a quotation are part of
//! it.

use crate::span::Span;

/// Fewer words than this in quotation marks are a term or a scare quote, unless an
/// attribution claims them.
pub const SPEECH_WORDS: usize = 4;

/// The quoted stretches of one block, marks left out, as byte ranges of `text`.
///
/// A quotation that opens the block and never closes runs to its end: the next paragraph
/// goes on quoting. Any other unclosed mark is ignored.
#[must_use]
pub fn quotations(text: &str) -> Vec<Span> {
    let apostrophes = Apostrophes::of(text);
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut before = ' ';
    // Up to where a single quotation runs, whose end is known from its beginning.
    let mut single_until = 0;
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let opens = match c {
            _ if at < single_until => None,
            '“' | '„' | '«' => Some(true),
            '”' | '»' => Some(false),
            '"' => Some(before.is_whitespace() || "([{—–-‘'*_".contains(before)),
            '‘' | '\''
                if open.is_none() && (before.is_whitespace() || "([{—–*_".contains(before)) =>
            {
                if let Some(end) = apostrophes.closing(text, after) {
                    found.push(Span::new(after, end).trimmed(text));
                    single_until = end;
                }
                None
            }
            _ => None,
        };
        match (opens, open) {
            // Inside straight marks a mark after a space is a spaced closing one.
            (Some(true), None) => open = Some((at, after)),
            (Some(true), Some(_)) if c == '"' && closes_spaced(text, after) => {
                close(&mut found, &mut open, at, text);
            }
            (Some(false), Some(_)) => close(&mut found, &mut open, at, text),
            _ => {}
        }
        before = c;
    }
    if let Some((mark, start)) = open
        && text[..mark].trim().is_empty()
    {
        found.push(Span::new(start, text.len()).trimmed(text));
    }
    found.retain(|span| !span.is_empty());
    found
}

/// The quoted stretches of a block of a text, as byte ranges of the text.
pub fn quotations_in(text: &str, block: Span) -> impl Iterator<Item = Span> {
    let found = quotations(block.of(text)).into_iter();
    found.map(move |span| span.shifted(block.start))
}

fn close(found: &mut Vec<Span>, open: &mut Option<(usize, usize)>, at: usize, text: &str) {
    if let Some((_, start)) = open.take() {
        found.push(Span::new(start, at).trimmed(text));
    }
}

fn closes_spaced(text: &str, after: usize) -> bool {
    text[after..]
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ".,;:!?)".contains(c))
}

/// The single marks of a text that may close a quotation: behind a word or punctuation, and
/// no letter behind them.
struct Apostrophes {
    /// Where each stands, and whether punctuation stands before it, as behind speech.
    closing: Vec<(usize, bool)>,
    /// For each the next with punctuation before it, itself included.
    punctuated: Vec<Option<usize>>,
}

impl Apostrophes {
    fn of(text: &str) -> Self {
        let mut closing = Vec::new();
        let mut before = ' ';
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let last = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
            if (c == '’' || c == '\'') && last && !before.is_whitespace() {
                closing.push((at, ".,!?…—".contains(before)));
            }
            before = c;
        }
        let mut next = None;
        let mut punctuated: Vec<Option<usize>> = closing
            .iter()
            .rev()
            .map(|&(at, behind)| {
                if behind {
                    next = Some(at);
                }
                next
            })
            .collect();
        punctuated.reverse();
        Self {
            closing,
            punctuated,
        }
    }

    /// Where the quotation ends that a single mark before `start` opens, if it opens one.
    fn closing(&self, text: &str, start: usize) -> Option<usize> {
        const ELISIONS: [&str; 8] = ["tis", "twas", "em", "til", "cause", "n", "bout", "round"];
        let word: String = text[start..]
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .take(8)
            .collect();
        let opens = text[start..].starts_with(|c: char| c.is_alphabetic() || "“\"…[(".contains(c));
        if !opens || ELISIONS.contains(&word.to_lowercase().as_str()) {
            return None;
        }
        let next = self.closing.partition_point(|&(at, _)| at <= start);
        let &(first, punctuated) = self.closing.get(next)?;
        // "the dockers’ names": the mark of a plural, when speech ends behind it.
        let plural = text[..first].ends_with('s');
        match self.punctuated[next] {
            Some(later) if plural && !punctuated && !text[first..later].contains('‘') => {
                Some(later)
            }
            _ => Some(first),
        }
    }
}

/// Whether a sentence ends as one does that goes on with a quotation.
#[must_use]
pub fn leads_in(sentence: &str) -> bool {
    let sentence = sentence.trim_end();
    sentence.ends_with([':', ','])
        || ["saying", "said", "added", "adding", "wrote", "writing"]
            .iter()
            .any(|word| sentence.trim_end_matches('.').ends_with(word))
}

/// Whether a quoted stretch is long enough to be speech.
#[must_use]
pub fn is_speech(text: &str, quotation: Span) -> bool {
    quotation
        .of(text)
        .split_whitespace()
        .take(SPEECH_WORDS)
        .count()
        == SPEECH_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_stretches() {
        for (text, expected) in [
            (
                r#""We are thankful," he said. "We will stay.""#,
                vec!["We are thankful,", "We will stay."],
            ),
            ("He called it a “triumph” of will.", vec!["triumph"]),
            (r#"A 6" pipe and a 9" pipe."#, vec![]),
            (
                r#"the inability "to... become independent"."#,
                vec!["to... become independent"],
            ),
            (r#"It was " spaced out " badly."#, vec!["spaced out"]),
            (
                r#""We go on and the paragraph ends"#,
                vec!["We go on and the paragraph ends"],
            ),
            ("They said “we never close", vec![]),
            ("«Nous» and «vous» differ", vec!["Nous", "vous"]),
            (
                "‘We don’t know the dockers’ names,’ she said. ‘Nobody does.’",
                vec!["We don’t know the dockers’ names,", "Nobody does."],
            ),
            (
                "'It isn't ours,' he said of the 'free' press in the '90s.",
                vec!["It isn't ours,", "free"],
            ),
            ("‘90s music, rock ‘n’ roll and the dockers’ union", vec![]),
            (
                "He said: ‘They wrote “never” on it.’",
                vec!["They wrote “never” on it."],
            ),
            (
                "“He said ‘never’ to me,” she said.",
                vec!["He said ‘never’ to me,"],
            ),
            ("*\"We stay,\"* she said.", vec!["We stay,"]),
            ("", vec![]),
        ] {
            let found: Vec<_> = quotations(text).iter().map(|s| s.of(text)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

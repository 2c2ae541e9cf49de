//! Plain text: paragraphs between blank lines.
//!
//! Two habits must be told apart: lines wrapped at a fixed column, where a line end is a
//! space, and one paragraph a line. A text is wrapped when no line is longer than
//! [`WRAPPED`] and most line ends inside its paragraphs stand in mid-sentence.

use std::sync::LazyLock;

use regex::Regex;

use super::draft::{Draft, Kind};
use crate::span::Span;

/// Longest line of a wrapped text, in code points.
const WRAPPED: usize = 100;
/// Most words of a heading.
const HEADING: usize = 12;

static ITEM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(?:[-*•▪–]|\(?\d{1,2}[.)])\s").expect("a constant pattern"));

/// The blocks of a plain text, read from byte `start`.
pub(super) fn drafts(source: &str, start: usize) -> Vec<Draft> {
    let paragraphs = paragraphs(source, start);
    let wrapped = is_wrapped(source, &paragraphs);
    let mut drafts: Vec<Draft> = Vec::new();
    for (i, lines) in paragraphs.iter().enumerate() {
        let last = i + 1 == paragraphs.len();
        let mut open: Option<Draft> = None;
        for (n, &line) in lines.iter().enumerate() {
            let text = line.of(source);
            let item = ITEM.is_match(text);
            let joins = open.is_some() && wrapped && !item;
            if !joins {
                drafts.extend(open.take());
            }
            let draft = open.get_or_insert_with(|| {
                let heading = lines.len() == 1 && !last && is_heading(text);
                Draft::new(match (item, heading) {
                    (true, _) => Kind::ListItem,
                    (false, true) => Kind::Heading,
                    (false, false) => Kind::Paragraph,
                })
            });
            if joins {
                let end = lines[n - 1].end;
                draft.push(" ", Span::new(end, line.start));
            }
            draft.push(text, line);
        }
        drafts.extend(open);
    }
    drafts
}

/// The lines of each paragraph, without white space at their ends.
fn paragraphs(source: &str, start: usize) -> Vec<Vec<Span>> {
    let mut paragraphs = vec![Vec::new()];
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trimmed(source);
        at += line.len();
        if !span.is_empty() {
            paragraphs
                .last_mut()
                .expect("there is always one")
                .push(span);
        } else if paragraphs.last().is_some_and(|lines| !lines.is_empty()) {
            paragraphs.push(Vec::new());
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

fn is_wrapped(source: &str, paragraphs: &[Vec<Span>]) -> bool {
    let too_long = |line: &Span| line.of(source).chars().nth(WRAPPED).is_some();
    if paragraphs.iter().flatten().any(too_long) {
        return false;
    }
    let (mut ends, mut open) = (0, 0);
    for pair in paragraphs.iter().flat_map(|lines| lines.windows(2)) {
        if !ITEM.is_match(pair[1].of(source)) {
            ends += 1;
            open += usize::from(!is_closed(pair[0].of(source)));
        }
    }
    open * 2 >= ends
}

fn is_closed(line: &str) -> bool {
    line.ends_with(['.', '!', '?', '…', ':', '"', '”'])
}

fn is_heading(line: &str) -> bool {
    !is_closed(line)
        && !line.ends_with([',', ';', '-'])
        && line.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        && line.split_whitespace().nth(HEADING).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<(Kind, String)> {
        drafts(source, 0)
            .into_iter()
            .map(|d| (d.kind, d.text))
            .collect()
    }

    fn paragraph(text: &str) -> (Kind, String) {
        (Kind::Paragraph, text.to_owned())
    }

    #[test]
    fn wrapped_lines_are_joined_and_paragraph_lines_are_not() {
        assert_eq!(
            read("The port was shut on\r\nMonday after a\r\nstorm.\r\n\r\nIt opens soon."),
            [
                paragraph("The port was shut on Monday after a storm."),
                paragraph("It opens soon.")
            ]
        );
        assert_eq!(
            read("The port was shut.\nIt opens soon.\nNobody knows when."),
            [
                paragraph("The port was shut."),
                paragraph("It opens soon."),
                paragraph("Nobody knows when.")
            ]
        );
    }

    #[test]
    fn headings_and_items() {
        let source =
            "Festival returns\n\nThe plan is\nsimple:\n\n1. Boats in\nthe morning\n2. Fire.\n";
        assert_eq!(
            read(source),
            [
                (Kind::Heading, "Festival returns".to_owned()),
                paragraph("The plan is simple:"),
                (Kind::ListItem, "1. Boats in the morning".to_owned()),
                (Kind::ListItem, "2. Fire.".to_owned()),
            ]
        );
    }
}

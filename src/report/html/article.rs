//! The article as readable text, the evidence marked in place and told of beside it.

use maud::{Markup, html};

use super::clean;
use super::item::{Item, Items};
use super::segment::{Segment, segments};
use crate::analyze::{Analysis, AnalyzedSentence};
use crate::document::{Document, Link, Role, Sentence};
use crate::ingest::language::Language;
use crate::span::Span;

pub(super) fn article(analysis: &Analysis, items: &Items<'_>) -> Markup {
    let language = match analysis.language {
        Language::English => Some("en"),
        Language::Other { code, .. } => Some(code),
        Language::Undetermined => None,
    };
    let sentences = &analysis.sentences;
    let blocks: Vec<&[AnalyzedSentence]> = sentences
        .chunk_by(|a, b| a.sentence.block == b.sentence.block)
        .collect();
    let role = |block: &&[AnalyzedSentence]| block[0].sentence.role;
    let list = |role: Role| role == Role::ListItem;
    // The entries of a list that follow each other are one list.
    let runs: Vec<&[&[AnalyzedSentence]]> = blocks
        .chunk_by(|a, b| list(role(a)) && list(role(b)))
        .collect();
    let before = |at: usize| at.checked_sub(1).map(|at| role(&runs[at][0]));
    html! {
        article #article lang=[language] {
            @for (at, run) in runs.iter().enumerate() {
                @let role = role(&run[0]);
                @if list(role) {
                    ul { @for block in *run { li.row dir="auto" { (content(analysis, items, block)) } } }
                } @else {
                    div.row.(role.as_str()) dir="auto" {
                        (content(analysis, items, run[0]))
                        @if !role.scored() && before(at) != Some(role) {
                            p.role { (role.as_str()) ", not scored" }
                        }
                    }
                }
            }
        }
    }
}

/// The words of a block and the notes on them.
fn content(analysis: &Analysis, items: &Items<'_>, block: &[AnalyzedSentence]) -> Markup {
    let text = &analysis.document.text;
    let words = html! {
        @for (at, analyzed) in block.iter().enumerate() {
            @let sentence = &analyzed.sentence;
            @if at > 0 {
                (words(Span::new(block[at - 1].sentence.span.end, sentence.span.start).of(text)))
            }
            (marked(&analysis.document, sentence, &items.sentences[sentence.index]))
        }
    };
    let notes: Vec<&Item<'_>> = block
        .iter()
        .flat_map(|analyzed| &items.sentences[analyzed.sentence.index])
        .collect();
    html! {
        @match block[0].sentence.role {
            Role::Title => h2.t { (words) },
            Role::Heading => h3.t { (words) },
            Role::Quote => blockquote.t { (words) },
            _ => p.t { (words) },
        }
        @if !notes.is_empty() {
            ul.notes hidden[notes.iter().all(|item| !item.kind.on)] {
                @for item in notes { (item.note(false)) }
            }
        }
    }
}

/// The class of a mark for a sentence as a whole.
const WHOLE: &str = "whole";
/// The class of white space between two marks: marked too, and nothing to stop at.
const GAP: &str = "gap";

/// One sentence with its marks, and the links that end in it. What is told of the sentence as
/// a whole has a mark before it.
fn marked(document: &Document, sentence: &Sentence, items: &[Item<'_>]) -> Markup {
    let (text, span) = (&document.text, sentence.span);
    let in_span = |item: &Item<'_>| item.evidence().iter().any(|e| e.overlaps(span));
    let (parts, whole): (Vec<&Item<'_>>, Vec<&Item<'_>>) = items.iter().partition(|i| in_span(i));
    let from = document
        .links
        .partition_point(|link| link.span.end <= span.start);
    let links = document.links[from..]
        .iter()
        .take_while(|link| link.span.end <= span.end);
    let links: Vec<(&Link, &str)> = links.filter_map(|l| Some((l, host(&l.target)?))).collect();
    // A link is one more mark, cut out and set as itself.
    let marks = parts.iter().map(|item| item.evidence());
    let marks: Vec<&[Span]> = marks
        .chain(
            links
                .iter()
                .map(|(link, _)| std::slice::from_ref(&link.span)),
        )
        .collect();
    let items_of = |marks: &[usize]| -> Vec<&Item<'_>> {
        marks
            .iter()
            .filter_map(|&m| parts.get(m).copied())
            .collect()
    };
    html! {
        span.s id={ "s" (sentence.index + 1) } {
            @if !whole.is_empty() {
                (mark(&whole, &whole, WHOLE, &html! { span.vh { "This sentence:" } }))
            }
            @for Segment { span, marks, ending } in segments(span, &marks) {
                @let words = words(span.of(text));
                @let of = items_of(&marks);
                @if of.is_empty() {
                    (words)
                } @else {
                    @let class = if span.trimmed(text).is_empty() { GAP } else { "" };
                    (mark(&of, &items_of(&ending), class, &words))
                }
                @for (link, host) in ending.iter().filter_map(|&m| links.get(m.checked_sub(parts.len())?)) {
                    a.out href=(link.target) title=(clean(host)) aria-label={ "Link to " (clean(host)) } rel="noopener noreferrer" { "↗" }
                }
            }
        }
    }
}

/// The host of a link that leads out of the page.
fn host(target: &str) -> Option<&str> {
    let (scheme, rest) = target.split_once("://")?;
    let web = ["http", "https"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web));
    let host = rest.split(['/', '?', '#']).next()?;
    web.then_some(host).filter(|host| !host.is_empty())
}

/// Words that items are told of; the numbers of those that end here follow. A mark none of
/// whose items is shown is no link until the page's script makes it one.
fn mark(items: &[&Item<'_>], ending: &[&Item<'_>], class: &str, words: &Markup) -> Markup {
    let numbers: Vec<String> = items.iter().map(|i| i.number.to_string()).collect();
    let on: Vec<&&Item<'_>> = items.iter().filter(|i| i.kind.on).collect();
    let mut classes: Vec<&str> = on.iter().map(|i| i.family().as_str()).collect();
    classes.sort_unstable();
    classes.dedup();
    if !on.is_empty() && on.iter().all(|i| i.is_light()) {
        classes.push("light");
    }
    if !class.is_empty() {
        classes.push(class);
    }
    let (classes, numbers) = (classes.join(" "), numbers.join(" "));
    let inner = html! {
        (words)
        @for item in ending {
            sup.(item.family().as_str()) data-n=(item.number) hidden[!item.kind.on] { (item.number) }
        }
    };
    let target = on.first().map(|item| format!("#f{}", item.number));
    html! {
        @if class == GAP {
            span.m.(classes) data-f=(numbers) { (inner) }
        } @else {
            a.m.(classes) href=[target] data-f=(numbers) { (inner) }
        }
    }
}

/// Text as it may stand on the page, with its line breaks.
fn words(text: &str) -> Markup {
    html! {
        @for (i, line) in text.split('\n').enumerate() {
            @if i > 0 { br; }
            (clean(line))
        }
    }
}

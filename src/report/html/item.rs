//! What the page tells of, each thing once and by its number: the findings, and framing of
//! no kind that stands out.

use maud::{Markup, html};

use super::clean;
use crate::analyze::{Analysis, AnyDevice};
use crate::finding::{Finding, Level, Status, VoiceKind};
use crate::label::Family;
use crate::span::Span;

/// Something that is told of a sentence or of the document.
pub(super) struct Item<'a> {
    /// From 1, in reading order: first those that are shown at once, then the others.
    pub number: usize,
    pub what: What<'a>,
    pub kind: Kind,
}

#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Finding(&'a Finding),
    /// Some framing device, of no kind that stands out.
    Unclear(&'a AnyDevice),
}

/// What decides whether an item is shown at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// As the page's script knows it.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// Whether it is shown at once.
    pub on: bool,
}

impl Kind {
    pub const UNCLEAR: Self = Self {
        id: "unclear",
        name: "some framing, of no kind that stands out",
        on: false,
    };

    fn of(status: Status, preview: bool) -> Self {
        match status {
            Status::Reported => Self {
                id: "reported",
                name: "reported",
                on: true,
            },
            Status::Preview => Self {
                id: "preview",
                name: "of a kind that the model knows too little of",
                on: preview,
            },
            Status::Abstained => Self {
                id: "abstained",
                name: "too near the threshold to call",
                on: preview,
            },
            Status::Ignored => Self {
                id: "ignored",
                name: "ignored by a comment in the text",
                on: false,
            },
            Status::Baseline => Self {
                id: "baseline",
                name: "known from the baseline",
                on: false,
            },
        }
    }

    /// `preview: of a kind that the model knows too little of`.
    pub fn in_words(self) -> String {
        format!("{}: {}", self.id, self.name)
    }
}

/// Everything that the page tells.
pub(super) struct Items<'a> {
    /// Of each sentence.
    pub sentences: Vec<Vec<Item<'a>>>,
    /// Of the document.
    pub document: Vec<Item<'a>>,
}

impl<'a> Items<'a> {
    pub fn new(analysis: &'a Analysis, preview: bool) -> Self {
        let item = |finding: &'a Finding| Item {
            number: 0,
            what: What::Finding(finding),
            kind: Kind::of(finding.status, preview),
        };
        let mut items = Self {
            sentences: analysis
                .sentences
                .iter()
                .map(|s| {
                    let unclear = s.unclear_device(false).map(|any| Item {
                        number: 0,
                        what: What::Unclear(any),
                        kind: Kind::UNCLEAR,
                    });
                    s.findings.iter().map(item).chain(unclear).collect()
                })
                .collect(),
            document: analysis.findings.iter().map(item).collect(),
        };
        let mut number = 0;
        for on in [true, false] {
            let sentences = items.sentences.iter_mut().flatten();
            for item in items.document.iter_mut().chain(sentences) {
                if item.kind.on == on {
                    number += 1;
                    item.number = number;
                }
            }
        }
        items
    }

    pub fn all(&self) -> impl Iterator<Item = &Item<'a>> {
        self.document.iter().chain(self.sentences.iter().flatten())
    }

    /// The kinds of items that are not simply reported, with how many there are.
    pub fn kinds(&self) -> Vec<(Kind, usize)> {
        let mut kinds: Vec<(Kind, usize)> = Vec::new();
        for item in self.all().filter(|item| item.kind.id != "reported") {
            match kinds.iter_mut().find(|(kind, _)| *kind == item.kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((item.kind, 1)),
            }
        }
        kinds
    }
}

impl<'a> Item<'a> {
    pub fn finding(&self) -> Option<&'a Finding> {
        match self.what {
            What::Finding(finding) => Some(finding),
            What::Unclear(_) => None,
        }
    }

    pub fn family(&self) -> Family {
        self.finding().map_or(Family::Framing, |f| f.label.family)
    }

    pub fn evidence(&self) -> &'a [Span] {
        match self.what {
            What::Finding(finding) => &finding.evidence,
            What::Unclear(any) => &any.evidence,
        }
    }

    /// Whether it weighs less than a finding that is reported.
    pub fn is_light(&self) -> bool {
        self.finding()
            .is_none_or(|f| f.status != Status::Reported || f.level == Level::Info)
    }

    fn probability(&self) -> Option<f32> {
        match self.what {
            What::Finding(finding) => finding.probability,
            What::Unclear(any) => Some(any.probability),
        }
    }

    fn name(&self) -> String {
        match self.what {
            What::Finding(finding) => clean(&finding.label.name),
            What::Unclear(_) => "Some framing device".to_owned(),
        }
    }

    fn message(&self) -> String {
        match self.what {
            What::Finding(finding) => sentence(&clean(&finding.message)),
            What::Unclear(_) => "Of no kind that stands out.".to_owned(),
        }
    }

    /// The entry of the list beside the text that tells of it, folded unless `open`.
    pub fn note(&self, open: bool) -> Markup {
        let finding = self.finding();
        let voice = finding.map(|f| f.voice.kind.as_str());
        let whose = finding.map(|f| match (f.voice.kind, &f.voice.speaker) {
            (kind, Some(speaker)) => format!("{}: {}", kind.as_str(), clean(speaker)),
            (kind, None) => kind.as_str().to_owned(),
        });
        let charged = finding.is_some_and(|f| f.voice.kind != VoiceKind::Author);
        let info = finding.is_some_and(|f| f.level == Level::Info);
        let probability = self.probability().map(|p| format!("{p:.2}"));
        html! {
            li.note.light[self.is_light()].(self.family().as_str()) id={ "f" (self.number) } hidden[!self.kind.on]
                data-label=[finding.map(|f| &f.label.id)] data-family=(self.family().as_str())
                data-voice=[voice] data-p=[&probability] data-kind=(self.kind.id) {
                details open[open] {
                    summary {
                        span.n { (self.number) } " "
                        strong { (self.name()) } " "
                        span.p title=(if probability.is_some() { "probability" } else { "found by a rule" }) {
                            (probability.as_deref().unwrap_or("rule"))
                        }
                        @if info { " " span.tag { "info" } }
                        @if self.kind.id != "reported" { " " span.tag { (self.kind.id) } }
                        @if charged { " " span.whose { (whose.as_deref().unwrap_or_default()) } }
                    }
                    div.more {
                        p { (self.message()) }
                        @if let Some(whose) = &whose { p.voice { "Voice: " (whose) } }
                        @if info { p { "Level: info; worth knowing, but proper where it stands." } }
                        @if let Some(f) = finding {
                            @if f.status != Status::Reported { p.why { (sentence(&self.kind.in_words())) } }
                            p.link { a href={ "#label-" (f.label.id) } { "What " (f.label.id) " means" } }
                        }
                    }
                }
            }
        }
    }
}

/// Begins with a capital and ends with a full stop.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let stop = if message.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{first}{}{stop}", chars.as_str())
}

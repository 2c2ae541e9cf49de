//! What moves the page: the map of the article, the filters, the steps from finding to
//! finding. Hidden where there are no scripts, but for the map, whose cells are links.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::clean;
use super::item::{Item, Items};
use crate::analyze::Analysis;
use crate::document::Role;
use crate::finding::VoiceKind;
use crate::label::{Family, Label};

pub(super) fn bar(analysis: &Analysis, items: &Items<'_>) -> Markup {
    let findings = || items.all().filter(|item| item.finding().is_some());
    let all = findings().count();
    let shown = findings().filter(|item| item.kind.on).count();
    html! {
        section.bar aria-label="Map and filters" {
            (map(analysis, items))
            div.steps {
                p #shown role="status" { "Showing " (shown) " of " (all) " findings" }
                span.scripted hidden {
                    button #previous type="button" aria-label="Previous finding" { "↑" } " "
                    button #next type="button" aria-label="Next finding" { "↓" }
                }
                button.scripted #filters type="button" aria-expanded="false" aria-controls="filter" hidden { "Filters" }
            }
            (filters(items))
        }
    }
}

/// One cell a sentence, framing above sourcing.
fn map(analysis: &Analysis, items: &Items<'_>) -> Markup {
    let sentences = analysis.sentences.len().max(1);
    // In a long article a cell is wider than its sentence, so as to be seen.
    #[expect(clippy::cast_precision_loss, reason = "a width on the screen")]
    let width = (sentences as f32 / 250.0).max(0.9);
    html! {
        figure.map {
            svg #map viewBox={ "0 0 " (sentences) " 20" } preserveAspectRatio="none" aria-hidden="true" {
                rect.lane width=(sentences) height="9" {}
                rect.lane y="11" width=(sentences) height="9" {}
                @for analyzed in &analysis.sentences {
                    @let at = analyzed.sentence.index;
                    @if matches!(analyzed.sentence.role, Role::Title | Role::Heading) {
                        rect.heading x=(at) width={ (width / 3.0) } height="20" {}
                    }
                    @for (family, y) in [(Family::Framing, 0), (Family::Other, 0), (Family::Sourcing, 11)] {
                        (cell(at, width, y, family, &items.sentences[at]))
                    }
                }
                rect #here width=(width) height="20" hidden {}
            }
            figcaption.vh { (in_words(items)) }
        }
    }
}

fn cell(at: usize, width: f32, y: u8, family: Family, items: &[Item<'_>]) -> Markup {
    let own = |item: &&Item<'_>| item.finding().is_some() && item.family() == family;
    let numbers: Vec<String> = items
        .iter()
        .filter(own)
        .map(|i| i.number.to_string())
        .collect();
    let on = items.iter().filter(own).any(|item| item.kind.on);
    html! {
        @if !numbers.is_empty() {
            a href={ "#s" (at + 1) } tabindex="-1" {
                rect.cell.(family.as_str()).off[!on] data-f=(numbers.join(" "))
                    x=(at) y=(y) width=(width) height="9" {}
            }
        }
    }
}

/// The map for those who do not see it.
fn in_words(items: &Items<'_>) -> String {
    const PARTS: usize = 4;
    let sentences = items.sentences.len();
    let parts: Vec<String> = (0..PARTS)
        .map(|part| {
            let of = sentences * part / PARTS..sentences * (part + 1) / PARTS;
            let findings = items.sentences[of].iter().flatten();
            let findings = findings.filter(|item| item.finding().is_some() && item.kind.on);
            let (sourcing, framing): (Vec<_>, Vec<_>) =
                findings.partition(|item| item.family() == Family::Sourcing);
            format!("{} framing and {} sourcing", framing.len(), sourcing.len())
        })
        .collect();
    format!(
        "Map of the article: findings in its four quarters, as shown at first: {}.",
        parts.join("; ")
    )
}

fn filters(items: &Items<'_>) -> Markup {
    let findings = || items.all().filter_map(Item::finding);
    let mut labels: BTreeMap<(Family, &str), (&Label, usize)> = BTreeMap::new();
    for finding in findings() {
        let label = finding.label;
        labels
            .entry((label.family, &label.id))
            .or_insert((label, 0))
            .1 += 1;
    }
    let kinds = items.kinds();
    let count = |of: &dyn Fn(VoiceKind) -> bool| findings().filter(|f| of(f.voice.kind)).count();
    html! {
        form #filter autocomplete="off" hidden {
            fieldset {
                legend { "Family" }
                @for family in Family::ALL.into_iter().chain([Family::Other]) {
                    @let number = findings().filter(|f| f.label.family == family).count();
                    // Framing of no clear kind is of a family too, and no finding.
                    @if items.all().any(|item| item.family() == family) { (choice("family", family.as_str(), family.as_str(), number, true)) }
                }
            }
            fieldset {
                legend { "Whose words" }
                @for (voice, name) in [
                    (VoiceKind::Author, "the author’s"),
                    (VoiceKind::Quoted, "quoted"),
                    (VoiceKind::Reported, "in reported speech"),
                ] {
                    (choice("voice", voice.as_str(), name, count(&|kind| kind == voice), true))
                }
            }
            fieldset {
                legend { "Probability" }
                label.slider {
                    span { "At least " output #least { "0.00" } }
                    input #threshold type="range" min="0" max="1" step="0.01" value="0";
                    small { "What a rule found has none and stays." }
                }
            }
            @if !kinds.is_empty() {
                fieldset {
                    legend { "Also show" }
                    @for (kind, number) in &kinds { (choice("kind", kind.id, &kind.in_words(), *number, kind.on)) }
                }
            }
            fieldset.labels {
                legend { "Label" }
                @for ((_, id), (label, number)) in &labels {
                    (choice("label", id, &clean(&label.name), *number, true))
                }
            }
            p.actions {
                button type="button" #none { "No label" } " "
                button type="reset" { "Everything as at first" }
            }
        }
    }
}

fn choice(name: &str, value: &str, words: &str, number: usize, on: bool) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name=(name) value=(value) checked[on] autocomplete="off";
            " " span { (words) } " " small { (number) }
        }
    }
}

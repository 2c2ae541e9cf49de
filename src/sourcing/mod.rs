//! Sourcing gaps: what the reader is not told about where a claim comes from.
//!
//! A first, simple layer over attributions: numbers without a source, hearsay, and vague
//! sources. Only running prose is judged, never a direct quotation. A claim's attribution
//! window is its own sentence and the two before it in the same section; a sentence that
//! opens with a year of its own ("In 2015, …") goes on from nobody's words, so the window
//! begins there. A weak source (hearsay, a vague group) replaces the finding that there is
//! none.

mod quantity;

use std::sync::LazyLock;

use regex::Regex;

use crate::attribution::{Attribution, SourceKind};
use crate::document::Sentence;
use crate::finding::{Detector, Finding, Level, Status};
use crate::label::known;
use crate::span::Span;
use crate::voice::Speech;

/// The labels that this version looks for.
pub const LABELS: [&str; 3] = ["unsourced-number", "vague-source", "hearsay"];

/// Sentences before a claim in which its source may stand.
const WINDOW: usize = 2;

/// A sentence as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The sentence.
    pub sentence: &'a Sentence,
    /// How many headings stand before it.
    pub section: usize,
    /// The attributions in it.
    pub attributions: &'a [Attribution],
    /// Whether a link stands in it.
    pub linked: bool,
    /// For the voice of its words.
    pub speech: Speech<'a>,
}

/// The sourcing gaps of `claims[at]`; `claims` are the sentences of a document in order.
#[must_use]
pub fn findings(claims: &[Claim<'_>], at: usize) -> Vec<Finding> {
    let claim = &claims[at];
    if !claim.sentence.role.bears_sourcing_gaps() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = vague_sources(claim)
        .into_iter()
        .chain(hearsay(claim))
        .collect();
    if findings.is_empty() {
        findings.extend(unsourced_numbers(claims, at));
    }
    findings
}

fn finding(claim: &Claim<'_>, label: &str, evidence: Vec<Span>, message: String) -> Finding {
    Finding {
        label: known(label),
        probability: None,
        level: Level::Finding,
        status: Status::Reported,
        voice: claim.speech.voice(&evidence),
        detector: Detector::Sourcing,
        evidence,
        message,
    }
}

/// Phrases that name an unnamed group, whether or not the model marked them as a source.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(?:
            (?i:(?:some|many|most|several|numerous|countless|other)\s)
            (?:[a-z]+\s){0,2}
            (?:experts|critics|observers|analysts|commentators|people|economists|scholars|historians|scientists|officials|residents|insiders)
          | (?i:critics|observers|analysts|experts|commentators|insiders|some|many)
        )
        \s(?:also\s|now\s|have\s(?:long\s)?|fear\s)?
        (?:say|says|said|argue|argued|believe|believed|claim|claimed|note|noted|warn|warned|fear|feared|agree|agreed|suggest|suggested|think|maintain|insist|point\sout|suspect)\b",
    )
    .expect("the vague-source pattern is tested")
});

fn vague_sources(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let sentence = claim.sentence.span;
    let mut evidence: Vec<Span> = claim
        .attributions
        .iter()
        .filter(|a| a.source_kind == SourceKind::VagueGroup)
        .flat_map(|a| a.source.iter().copied())
        .chain(
            VAGUE
                .find_iter(sentence.of(text))
                .map(|m| Span::new(m.start(), m.end()).shifted(sentence.start)),
        )
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect();
    evidence.sort_unstable();
    evidence.dedup_by(|later, kept| {
        let same = kept.overlaps(*later);
        if same {
            kept.end = kept.end.max(later.end);
        }
        same
    });
    let first = evidence.first()?.of(text);
    let message = format!("“{first}” names nobody the reader could ask or check");
    Some(finding(claim, "vague-source", evidence, message))
}

static HEARSAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i:reportedly|allegedly|purportedly|supposedly|rumou?red|rumou?rs\shave\sit|word\shas\sit|(?:is|are|was|were)\s(?:widely\s|often\s)?(?:said|rumou?red|reputed|alleged|thought)\sto)\b",
    )
    .expect("the hearsay pattern is tested")
});

/// Beside courts and charges the hedge is what the presumption of innocence asks for.
static COURT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i:courts?|judges?|jury|prosecutors?|indicted|indictment|charged|charges|trial|tribunal|warrants?|arrest(?:ed)?|convicted|suspects?|defendants?|accused|lawsuit|police|crimes?|detained)\b",
    )
    .expect("the court pattern is tested")
});

fn hearsay(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let sentence = claim.sentence.span;
    let reported = |words: Span| {
        claim.attributions.iter().any(|a| {
            !a.source.is_empty() && a.content.iter().any(|content| content.contains(words))
        })
    };
    let court = COURT.is_match(sentence.of(text));
    let evidence: Vec<Span> = HEARSAY
        .find_iter(sentence.of(text))
        .map(|m| Span::new(m.start(), m.end()).shifted(sentence.start))
        .filter(|&words| (court || !reported(words)) && !claim.speech.is_quoted(words))
        .collect();
    let first = evidence.first()?.of(text);
    let message = if court {
        format!("“{first}” is the proper hedge beside courts and charges")
    } else {
        format!("“{first}”: somebody reported this, but the reader is not told who")
    };
    let mut finding = finding(claim, "hearsay", evidence, message);
    if court {
        finding.level = Level::Info;
    }
    Some(finding)
}

/// A year, or a date with one, at the beginning of a sentence.
static OPENS_WITH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:In|By|On|Since|During|Between|From)\s(?:\w+\s){0,2}(?:\w+,\s)?(?:1[5-9]|20)\d\d\b",
    )
    .expect("the date pattern is tested")
});

/// The attribution window of `claims[at]`: its own sentence and those before it.
fn window<'a, 'c>(claims: &'a [Claim<'c>], at: usize) -> &'a [Claim<'c>] {
    let opens = |i: usize| {
        let claim = &claims[i];
        OPENS_WITH_YEAR.is_match(claim.sentence.span.of(claim.speech.text))
    };
    let mut from = at;
    while from > at.saturating_sub(WINDOW)
        && claims[from - 1].section == claims[at].section
        && !opens(from)
    {
        from -= 1;
    }
    &claims[from..=at]
}

fn unsourced_numbers(claims: &[Claim<'_>], at: usize) -> Option<Finding> {
    let claim = &claims[at];
    let window = window(claims, at);
    let sourced = window.iter().any(|before| {
        before.linked
            || before
                .attributions
                .iter()
                .any(|a| a.source_kind.can_be_asked())
    });
    if sourced {
        return None;
    }
    let nowhere = match window.len() {
        1 => "no source in this sentence",
        2 => "no source here or in the sentence before",
        _ => "no source here or in the two sentences before",
    };
    let text = claim.speech.text;
    let sentence = claim.sentence.span;
    let evidence: Vec<Span> = quantity::quantities(sentence.of(text))
        .into_iter()
        .map(|words| words.shifted(sentence.start))
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect();
    let message = match evidence.as_slice() {
        [] => return None,
        [one] => format!("“{}” has {nowhere}", one.of(text)),
        several => format!("{} quantities have {nowhere}", several.len()),
    };
    Some(finding(claim, "unsourced-number", evidence, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{Marked, Places, join};
    use crate::document::Role;
    use crate::quotation::quotations;

    /// The labels of the last sentence. Sentences are separated by ` | `, sections by
    /// ` || `; the words in `source` are the source of the first attribution, whose cue is
    /// the word behind them and whose content is the rest of that sentence.
    fn labels(text: &str, source: &str, role: Role) -> Vec<(String, Level, Vec<String>)> {
        let mut sentences = Vec::new();
        let mut section = 0;
        let mut sections = Vec::new();
        let mut at = 0;
        for part in text.split('|') {
            section += usize::from(part.is_empty());
            let span = Span::new(at, at + part.len()).trimmed(text);
            at += part.len() + 1;
            if !span.is_empty() {
                let index = sentences.len();
                sentences.push(Sentence {
                    index,
                    role,
                    block: 0,
                    span,
                    source: None,
                });
                sections.push(section);
            }
        }
        let quoted = quotations(text);
        let attributions: Vec<Vec<Attribution>> = sentences
            .iter()
            .map(|sentence| {
                let words = sentence.span.of(text);
                let Some(from) = words.find(source).filter(|_| !source.is_empty()) else {
                    return Vec::new();
                };
                let start = sentence.span.start + from;
                let end = start + source.len();
                let cue_end = text[end + 1..]
                    .find(' ')
                    .map_or(text.len(), |i| end + 1 + i);
                let marked = Marked {
                    sources: vec![Span::new(start, end)],
                    cues: vec![Span::new(end + 1, cue_end)],
                    contents: vec![Span::new(cue_end, sentence.span.end)],
                };
                join(text, sentence.index, &marked, &quoted, &Places::default())
            })
            .collect();
        let claims: Vec<Claim<'_>> = sentences
            .iter()
            .zip(&attributions)
            .zip(&sections)
            .map(|((sentence, attributions), &section)| Claim {
                sentence,
                section,
                attributions,
                linked: false,
                speech: Speech {
                    text,
                    role,
                    quoted: &quoted,
                    attributions,
                },
            })
            .collect();
        findings(&claims, claims.len() - 1)
            .into_iter()
            .map(|f| {
                let evidence = f
                    .evidence
                    .iter()
                    .map(|span| span.of(text).to_owned())
                    .collect();
                (f.label.id.clone(), f.level, evidence)
            })
            .collect()
    }

    fn fires(text: &str, source: &str, label: &str, evidence: &[&str]) {
        let found = labels(text, source, Role::Body);
        assert_eq!(
            found,
            [(
                label.to_owned(),
                Level::Finding,
                evidence.iter().map(ToString::to_string).collect()
            )],
            "{text:?}"
        );
    }

    fn silent(text: &str, source: &str) {
        assert_eq!(labels(text, source, Role::Body), [], "{text:?}");
    }

    #[test]
    fn a_number_needs_a_source_in_its_window() {
        fires(
            "The wall cost 40 million crowns.",
            "",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent("Roke said the wall cost 40 million crowns.", "Roke");
        silent(
            "Roke said it was dear. | It is long. | It cost 40 million crowns.",
            "Roke",
        );
        fires(
            "Roke said it was dear. | It is. | It is long. | It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        fires(
            "Roke said it was dear. || It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent("“It cost us 40 million crowns,” he said.", "");
        fires(
            "Roke said it was dear. | In May 2015, the firm dug 46,000 tons of gold.",
            "Roke",
            "unsourced-number",
            &["46,000 tons"],
        );
        fires(
            "Roke said it was dear. | In 2015 they dug. | It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent("In 2015, Roke said it cost 40 million crowns.", "Roke");
    }

    #[test]
    fn hearsay_is_somebody_nobody_names() {
        fires(
            "The mine reportedly holds 60% of it.",
            "",
            "hearsay",
            &["reportedly"],
        );
        fires(
            "The mine is said to be rich.",
            "",
            "hearsay",
            &["is said to"],
        );
        silent("Tolland said the mine allegedly leaks.", "Tolland");
        let court = labels("He allegedly shot a guard, a court heard.", "", Role::Body);
        assert_eq!(court[0].1, Level::Info);
        let sourced = "Prosecutors say he allegedly shot a guard.";
        let sourced = labels(sourced, "Prosecutors", Role::Body);
        assert_eq!(sourced[0].1, Level::Info);
    }

    #[test]
    fn a_vague_source_is_a_crowd_without_names() {
        fires(
            "Many experts say it will sink.",
            "",
            "vague-source",
            &["Many experts say"],
        );
        fires("Some fear the worst.", "", "vague-source", &["Some fear"]);
        fires(
            "Critics claimed 90% of it.",
            "Critics",
            "vague-source",
            &["Critics claimed"],
        );
        silent("Some ships left.", "");
        silent(
            "Two economists at the Velda Institute said it will sink.",
            "the Velda Institute",
        );
    }

    #[test]
    fn only_prose_is_judged() {
        let heading = "The wall cost 40 million crowns";
        assert!(labels(heading, "", Role::Heading).is_empty());
        assert!(labels(heading, "", Role::Quote).is_empty());
    }
}

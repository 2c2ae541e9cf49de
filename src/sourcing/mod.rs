//! Sourcing gaps: what the reader is not told about where a claim comes from.
//!
//! Rules over attributions, a file a kind: weak sources (`weak`), numbers without a
//! source (`number`), quotations without a speaker (`quoted`), a source's claim that
//! goes on in the author's voice (`drift`), verbs that judge (`verb`), claims about what is
//! hidden (`claim`). Only running prose is judged, never a direct quotation. A weak source, or
//! drift, replaces the finding that a number has none, and that one the finding that a claim
//! has none. What is well sourced is counted beside them (`coverage`).

mod claim;
mod coverage;
mod drift;
mod number;
mod opinion;
mod quantity;
mod quoted;
mod verb;
mod weak;

use regex::Regex;

use crate::attribution::Attribution;
use crate::document::Sentence;
use crate::finding::{Detector, Finding, Level, Status, Voice};
use crate::label::known;
use crate::ledger::Ledger;
use crate::span::Span;
use crate::voice::{SentenceVoice, Speech};

pub use coverage::{Coverage, coverage};
pub(crate) use quantity::quantities;

/// The labels that are right too seldom to be shown by default.
pub const PREVIEWS: [&str; 2] = ["unattributed-claim", "opinion-as-fact"];

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
    /// Whether the output `check-worthy` is on for it.
    pub checkable: bool,
    /// The probability of the output `subjective`, where the model has one.
    pub subjective: Option<f32>,
    /// For the voice of its words.
    pub speech: Speech<'a>,
    /// Its voice as a whole.
    pub voice: SentenceVoice,
}

/// The sourcing gaps of `claims[at]`; `claims` are the sentences of a document in order.
#[must_use]
pub fn findings(claims: &[Claim<'_>], at: usize) -> Vec<Finding> {
    let claim = &claims[at];
    if !claim.sentence.role.bears_sourcing_gaps() {
        return Vec::new();
    }
    let mut findings = weak::sources(claim);
    if findings.is_empty() {
        findings.extend(drift::drift(claims, at));
    }
    if findings.is_empty() {
        findings.extend(number::unsourced(claims, at));
    }
    if findings.is_empty() {
        findings.extend(claim::unattributed(claims, at));
    }
    findings.extend(quoted::unattributed(claims, at));
    findings.extend(verb::verbs(claim));
    findings.extend(opinion::opinion(claim));
    findings
}

/// That a whole document rests on one source.
#[must_use]
pub fn single_source(ledger: &Ledger) -> Option<Finding> {
    let source = ledger.single()?;
    Some(Finding {
        label: known("single-source"),
        probability: None,
        level: Level::Finding,
        status: Status::Reported,
        voice: Voice::AUTHOR,
        detector: Detector::Sourcing,
        evidence: Vec::new(),
        message: format!(
            "“{}” has {:.0} % of all attributed words, and nobody named answers",
            source.name,
            100.0 * source.share
        ),
        reason: None,
    })
}

/// A pattern of these rules, which are all tested. Its word boundaries are those of ASCII:
/// with Unicode's, the first curly quotation mark would take the search off its fast path.
fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace(r"\b", r"(?-u:\b)")).expect("a constant pattern")
}

/// The parts of a sentence that a pattern finds, outside direct quotations.
fn matches(claim: &Claim<'_>, pattern: &Regex) -> Vec<Span> {
    let sentence = claim.sentence.span;
    pattern
        .find_iter(sentence.of(claim.speech.text))
        .map(|m| Span::new(m.start(), m.end()).shifted(sentence.start))
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect()
}

fn finding(claim: &Claim<'_>, label: &str, evidence: Vec<Span>, message: String) -> Finding {
    Finding {
        label: known(label),
        probability: None,
        level: Level::Finding,
        status: if PREVIEWS.contains(&label) {
            Status::Preview
        } else {
            Status::Reported
        },
        voice: claim.speech.voice(&evidence),
        detector: Detector::Sourcing,
        evidence,
        message,
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{Marked, Places, SourceKind, join};
    use crate::document::Role;
    use crate::quotation::quotations;

    /// The labels of the last sentence. Sentences are separated by ` | `, sections by
    /// ` || `; the words in `source` are the source of the first attribution, whose cue is
    /// the word behind them and whose content is the rest of that sentence.
    fn labels(text: &str, source: &str, role: Role) -> Vec<(String, Level, Vec<String>)> {
        read(text, source, role).0
    }

    fn read(text: &str, source: &str, role: Role) -> (Vec<(String, Level, Vec<String>)>, Coverage) {
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
            .map(|((sentence, attributions), &section)| {
                let speech = Speech {
                    text,
                    role,
                    quoted: &quoted,
                    attributions,
                };
                Claim {
                    sentence,
                    section,
                    attributions,
                    linked: false,
                    checkable: true,
                    subjective: None,
                    speech,
                    voice: speech.sentence(sentence.span),
                }
            })
            .collect();
        let found = findings(&claims, claims.len() - 1)
            .into_iter()
            .map(|f| {
                let evidence = f
                    .evidence
                    .iter()
                    .map(|span| span.of(text).to_owned())
                    .collect();
                (f.label.id.clone(), f.level, evidence)
            })
            .collect();
        (found, coverage(&claims))
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
            "Roke said 3,000 men built it. | It is long. | It cost 40 million crowns.",
            "Roke",
        );
        // A source of something else is none of the number.
        fires(
            "Roke said it was dear. | It is long. | It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent(
            "Its report for 2023 puts the cost at 40 million crowns.",
            "",
        );
        fires(
            "Roke said 3,000 men built it. | It is. | It is long. | It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        fires(
            "Roke said 3,000 men built it. || It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent("“It cost us 40 million crowns,” he said.", "");
        fires(
            "Roke said 3,000 men built it. | In May 2015, the firm dug 46,000 tons of gold.",
            "Roke",
            "unsourced-number",
            &["46,000 tons"],
        );
        fires(
            "Roke said 3,000 men built it. | In 2015 they dug. | It cost 40 million crowns.",
            "Roke",
            "unsourced-number",
            &["40 million crowns"],
        );
        silent("In 2015, Roke said it cost 40 million crowns.", "Roke");
    }

    #[test]
    fn every_kind_of_weak_source_and_of_gap() {
        for (text, source, label, evidence) in [
            (
                "A person familiar with the talks said it would close.",
                "A person familiar with the talks",
                "anonymous-source",
                "A person familiar with the talks",
            ),
            (
                "The wall is widely seen as a failure.",
                "",
                "agentless-attribution",
                "is widely seen as",
            ),
            (
                "It emerged that the wall had cracks.",
                "",
                "agentless-attribution",
                "It emerged",
            ),
            (
                "Recent studies suggest that the wall leaks.",
                "",
                "unspecified-document",
                "Recent studies suggest",
            ),
            (
                "Tolland insisted the wall was safe.",
                "Tolland",
                "loaded-reporting-verb",
                "insisted",
            ),
            (
                "Tolland said the wall would hold. | The harbour would never flood again.",
                "Tolland",
                "attribution-drift",
                "would",
            ),
            (
                "The ministry was bribed.",
                "",
                "unattributed-claim",
                "bribed",
            ),
            (
                "“We were never asked about the wall at all.”",
                "",
                "unattributed-quotation",
                "We were never asked about the wall at all.",
            ),
        ] {
            fires(text, source, label, &[evidence]);
        }
        for (text, source) in [
            (
                "Mira Tolland, a dock worker, said it would close.",
                "Mira Tolland, a dock worker,",
            ),
            ("The wall is seen as a failure by the Harbour Board.", ""),
            ("Tolland was seen in the corridor.", ""),
            ("The Velda Atlas 2023 shows that the wall leaks.", ""),
            ("Tolland warned that the wall was unsafe.", "Tolland"),
            (
                "Tolland said the wall held. | A queue could be seen from the pier.",
                "Tolland",
            ),
            (
                "Tolland said the wall held. | The harbour masters impose their will on the town.",
                "Tolland",
            ),
            ("“We were never asked,” Tolland said.", "Tolland"),
            ("He claimed the prize and left.", ""),
            ("Roke said the ministry was bribed.", "Roke"),
            ("Was the ministry bribed?", ""),
            ("“We were never asked about it at all,” reads the sign.", ""),
            ("She wrote “The Long Wall of Karsa City”.", ""),
        ] {
            silent(text, source);
        }
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
            "Critics said 90% of it sank.",
            "Critics",
            "vague-source",
            &["Critics said"],
        );
        silent("Some ships left.", "");
        silent(
            "Two economists at the Velda Institute said it will sink.",
            "the Velda Institute",
        );
    }

    #[test]
    fn what_is_well_sourced_is_seen_to_be() {
        let (found, coverage) = read(
            "Roke said it was dear. | It is long. | It fell. | It was rebuilt. | The wall stands.",
            "Roke",
            Role::Body,
        );
        assert_eq!(found, []);
        assert_eq!(coverage.claims, 5);
        assert_eq!(coverage.by_kind[&SourceKind::NamedPerson], 3);
        assert_eq!((coverage.sourced(), coverage.without), (3, 2));
        // Whom the pronoun stands for was not found.
        let (_, coverage) = read("They said it was dear. | It is long.", "They", Role::Body);
        assert_eq!(coverage.by_kind[&SourceKind::Pronoun], 2);
        assert_eq!((coverage.sourced(), coverage.without), (0, 0));
    }

    #[test]
    fn only_prose_is_judged() {
        let heading = "The wall cost 40 million crowns";
        assert!(labels(heading, "", Role::Heading).is_empty());
        assert!(labels(heading, "", Role::Quote).is_empty());
    }
}

//! Weak sources: somebody is said to say it, and the reader could not ask them.
//!
//! Anonymous sources, vague groups, reports without a reporter, hearsay, and documents
//! that nobody could find.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding, matches};
use crate::attribution::SourceKind;
use crate::finding::{Finding, Level};
use crate::span::Span;

/// Every weak source of a sentence.
pub(super) fn sources(claim: &Claim<'_>) -> Vec<Finding> {
    anonymous(claim)
        .into_iter()
        .chain(vague(claim))
        .chain(agentless(claim))
        .chain(hearsay(claim))
        .chain(documents(claim))
        .collect()
}

/// The sources of a kind in a sentence, outside direct quotations.
fn of_kind(claim: &Claim<'_>, kind: SourceKind) -> Vec<Span> {
    let attributions = claim.attributions.iter();
    attributions
        .filter(|a| a.source_kind == kind)
        .flat_map(|a| a.source.iter().copied())
        .filter(|&words| !claim.speech.is_quoted(words))
        .collect()
}

/// Whether somebody with a name of some kind says these words.
fn in_content(claim: &Claim<'_>, words: Span) -> bool {
    claim
        .attributions
        .iter()
        .any(|a| !a.source.is_empty() && a.content.iter().any(|content| content.contains(words)))
}

fn anonymous(claim: &Claim<'_>) -> Option<Finding> {
    let evidence = of_kind(claim, SourceKind::Anonymous);
    let first = evidence.first()?.of(claim.speech.text);
    let message = format!("“{first}” is not named: the reader cannot ask who it is");
    Some(finding(claim, "anonymous-source", evidence, message))
}

/// Phrases that name an unnamed group, whether or not the model marked them as a source.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?x)\b(?:
            (?i:(?:some|many|most|several|numerous|countless|other)\s)
            (?:[a-z]+\s){0,2}
            (?:experts|critics|observers|analysts|commentators|people|economists|scholars|historians|scientists|officials|residents|insiders)
          | (?i:critics|observers|analysts|experts|commentators|insiders|some|many)
        )
        \s(?:also\s|now\s|have\s(?:long\s)?|fear\s)?
        (?:say|says|said|argue|argued|believe|believed|claim|claimed|note|noted|warn|warned|fear|feared|agree|agreed|suggest|suggested|think|maintain|insist|point\sout|suspect|puts?|expect|predict|describe|complain|called?)\b
        | \b(?:People|Everyone|Everybody)\s(?:tells?\s(?:me|us)|says?|knows?|agrees?|believes?)\b",
    )
});

fn vague(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let mut evidence = of_kind(claim, SourceKind::VagueGroup);
    evidence.extend(matches(claim, &VAGUE));
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

/// A passive or an "it" that reports with nobody reporting.
static AGENTLESS: LazyLock<Regex> = LazyLock::new(|| {
    let often = r"(?:(?:widely|generally|commonly|broadly|universally|often|frequently|increasingly|long|still|now|also|usually|popularly|once|sometimes|rightly|wrongly|already|reportedly|fondly|privately)\s)*";
    let is = r"(?:is|are|was|were|(?:has|have|had)\s(?:also\s|long\s|often\s|since\s)?been)";
    super::pattern(&format!(
        r"(?x)
          \b[Ii]t\s{is}\s{often}(?:understood|believed|thought|said|reported|claimed|assumed|feared|alleged|suggested|accepted|agreed|acknowledged|argued|felt|held|rumoured|known|hoped)\s(?:(?:in|by\ssome\sin|across|around)\s[^,.;]{{1,40}}\s)?(?:that|to)\b
        | \b[Ii]t\s{is}\s{often}(?:considered|deemed)\b
        | \b[Ii]t\s(?:has\s|had\s|later\s|then\s|since\s|also\s)*(?:emerged|transpired)\b
        | \b{is}\s{often}(?:seen|regarded|viewed|hailed|described|perceived|recognised|recognized|branded|dismissed|denounced|touted|billed|portrayed|praised|celebrated|credited|blamed)\s(?:as|with|for)\b
        | \b{is}\s{often}(?:considered|thought|believed|held|deemed|understood|assumed|reckoned|feared|reported|known|estimated)\sto\b
        | \b{is}\s{often}(?:considered|deemed|called|dubbed|nicknamed|labelled|hailed)\s(?:an?|the|one|by\s(?:many|some|most))\b
        | \b{is}\stold(?:\s(?:in|at|on)\s[^,.:;]{{1,30}})?(?:,|:|\sthat)
        "
    ))
});

/// "by the Harbour Board": somebody reports after all.
static BY: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(r"^[^.;:]{0,60}?\bby\s(?:the\s|its\s|his\s|her\s|their\s)?[\w’'-]*\p{Lu}")
});

fn agentless(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let evidence: Vec<Span> = matches(claim, &AGENTLESS)
        .into_iter()
        .filter(|&words| {
            let before = text[claim.sentence.span.start..words.end].trim_end();
            let rest = &text[before.len() + claim.sentence.span.start..claim.sentence.span.end];
            !BY.is_match(rest) && !in_content(claim, words)
        })
        .collect();
    let first = evidence.first()?.of(text);
    let message = format!("“{first}”: a report, and nobody who reports it");
    Some(finding(claim, "agentless-attribution", evidence, message))
}

static HEARSAY: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b(?i:reportedly|allegedly|purportedly|supposedly|rumou?red|rumou?rs\shave\sit|word\shas\sit|(?:is|are|was|were)\s(?:widely\s|often\s)?(?:said|rumou?red|reputed|alleged)\sto)\b",
    )
});

/// Beside courts and charges the hedge is what the presumption of innocence asks for.
static COURT: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"\b(?i:courts?|judges?|jury|prosecutors?|indicted|indictment|charged|charges|trial|tribunal|warrants?|arrest(?:ed)?|convicted|suspects?|defendants?|accused|lawsuit|police|crimes?|detained)\b",
    )
});

fn hearsay(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let court = COURT.is_match(claim.sentence.span.of(text));
    let evidence: Vec<Span> = matches(claim, &HEARSAY)
        .into_iter()
        .filter(|&words| court || !in_content(claim, words))
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

/// Nouns of documents behind words that tell nobody which one.
static DOCUMENTS: LazyLock<Regex> = LazyLock::new(|| {
    let which = r"(?:[Rr]ecent|[Nn]ew|[Oo]fficial|[Ii]nternal|[Ii]ndependent|[Ll]eaked|[Cc]onfidential|[Cc]linical|[Ss]everal|[Ss]ome|[Mm]any|[Mm]ost|[Nn]umerous|[Ss]cientific|[Ee]arly|[Ss]ecret|[Pp]revious|[Gg]overnment|[Cc]ountless|[Oo]ther|[Pp]ublished|[Uu]npublished|[Ll]ate[rs]t?|[Mm]edical|[Ii]ndustry|[Pp]olice|[Cc]ourt)";
    let shows = r"(?:have\s|has\s|had\s|long\s|also\s|now\s|consistently\s|repeatedly\s)*(?:shown?|shows|showed|suggest(?:s|ed)?|f(?:ind|inds|ound)|indicate[sd]?|link(?:s|ed)?|puts?|confirm(?:s|ed)?|prove[sdn]?|reveal(?:s|ed)?|says?|said|warn(?:s|ed)?|estimate[sd]?|points?|pointed|describe[sd]?|conclude[sd]?|record(?:s|ed)?)\b";
    super::pattern(&format!(
        r"(?x)
          (?:^|[,;:—]\s|\b(?:but|and|that|as|yet|while|though)\s)
          (?:{which}\s)*(?:[Ss]tudies|[Rr]esearch|[Ss]urveys|[Pp]olls|[Ss]tatistics|[Ff]igures|[Dd]ata|[Ee]stimates|[Rr]eports|[Dd]ocuments|[Ff]iles|[Pp]apers|[Rr]ecords|[Ss]urvey\safter\ssurvey|[Ss]tudy\safter\sstudy|[Pp]oll\safter\spoll)
          (?:\s(?:seen|obtained|reviewed)\sby\s[^,.]{{1,40}})?\s{shows}
        | \b(?:[Aa]|[Aa]n|[Aa]nother|[Oo]ne)\s(?:{which}\s)*(?:study|survey|poll|report|audit|memo|memorandum|analysis|paper|review|document|estimate|dossier|assessment)
          (?:\s(?:seen|obtained|reviewed|leaked)\s(?:by|to)\s[^,.]{{1,40}})?\s{shows}
        | \baccording\sto\s(?:an?\s)?(?:{which}\s)*(?:studies|research|surveys|polls|statistics|figures|data|estimates|reports|study|survey|poll|report)\b
        "
    ))
});

/// What tells which document is meant: a name, a number, a date.
fn is_identified(source: &str) -> bool {
    let own = ["seen by", "obtained by", "reviewed by", "leaked to"]
        .iter()
        .filter_map(|phrase| source.find(phrase))
        .min()
        .map_or(source, |at| &source[..at]);
    let later = own.char_indices().skip(1).collect::<Vec<_>>();
    later
        .windows(2)
        .any(|pair| pair[0].1 == ' ' && pair[1].1.is_uppercase())
        || own.contains(|c: char| c.is_ascii_digit())
}

/// Whether the words speak of one that was not named before: "a report", "studies".
fn is_indefinite(source: &str) -> bool {
    let first = source.split_whitespace().next().unwrap_or_default();
    let first = first.to_lowercase();
    let known = [
        "the", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "both",
        "such",
    ];
    !known.contains(&first.as_str()) && !first.ends_with("’s") && !first.ends_with("'s")
}

fn documents(claim: &Claim<'_>) -> Option<Finding> {
    let text = claim.speech.text;
    let mut evidence: Vec<Span> = of_kind(claim, SourceKind::Document)
        .into_iter()
        .filter(|source| is_indefinite(source.of(text)) && !is_identified(source.of(text)))
        .collect();
    if evidence.is_empty() {
        evidence = matches(claim, &DOCUMENTS)
            .into_iter()
            .filter(|&words| !is_identified(words.trimmed(text).of(text)))
            .collect();
    }
    let first = evidence
        .first()?
        .of(text)
        .trim_matches([',', ';', ':', '—', ' ']);
    let message = format!("“{first}”: nobody could tell which one it is, and look it up");
    Some(finding(claim, "unspecified-document", evidence, message))
}

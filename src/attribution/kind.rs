//! What kind of source some words name.
//!
//! Word lists and capitals only: enough to tell a name from a crowd. The kinds decide
//! which sourcing gaps a sentence has.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

/// What kind of source speaks.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// "Mira Tolland".
    NamedPerson,
    /// "the Harbour Commission".
    NamedOrganisation,
    /// "a report".
    Document,
    /// "the minister": an office, no name.
    Role,
    /// "a senior official": described so as not to be known.
    Anonymous,
    /// "many experts".
    VagueGroup,
    /// "Estavia City believes".
    PlaceAsSource,
    /// "she".
    Pronoun,
    /// Nobody: "it is reported".
    None,
}

impl SourceKind {
    /// Whether a reader could find the source and ask it.
    #[must_use]
    pub fn can_be_asked(self) -> bool {
        !matches!(self, Self::Anonymous | Self::VagueGroup | Self::None)
    }

    /// The name used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NamedPerson => "named-person",
            Self::NamedOrganisation => "named-organisation",
            Self::Document => "document",
            Self::Role => "role",
            Self::Anonymous => "anonymous",
            Self::VagueGroup => "vague-group",
            Self::PlaceAsSource => "place-as-source",
            Self::Pronoun => "pronoun",
            Self::None => "none",
        }
    }
}

const PRONOUNS: &[&str] = &[
    "he", "she", "they", "it", "i", "we", "you", "who", "his", "her", "their", "this", "that",
    "both",
];
const DOCUMENTS: &[&str] = &[
    "report",
    "reports",
    "study",
    "studies",
    "survey",
    "surveys",
    "poll",
    "polls",
    "statement",
    "law",
    "document",
    "documents",
    "letter",
    "data",
    "figures",
    "census",
    "article",
    "paper",
    "research",
    "statistics",
    "memo",
    "record",
    "records",
    "filing",
    "audit",
    "treaty",
    "book",
    "statute",
    "constitution",
    "charter",
    "agreement",
    "resolution",
    "declaration",
    "provisions",
    "communiqué",
    "assessment",
    "analysis",
    "accounts",
    "ruling",
];
/// Crowds that are vague by themselves.
const GROUPS: &[&str] = &[
    "experts",
    "critics",
    "observers",
    "analysts",
    "commentators",
    "some",
    "many",
    "others",
    "insiders",
    "economists",
    "historians",
    "scientists",
    "scholars",
    "researchers",
    "watchers",
];
/// Crowds that are vague when nobody counts them: "some residents", but not "residents".
const PLURALS: &[&str] = &[
    "people",
    "residents",
    "locals",
    "supporters",
    "opponents",
    "voters",
];
/// Words that count without counting.
const QUANTIFIERS: &[&str] = &[
    "most",
    "several",
    "numerous",
    "countless",
    "various",
    "certain",
];
const ANONYMOUS: &[&str] = &[
    "source",
    "sources",
    "official",
    "officials",
    "insider",
    "diplomat",
    "diplomats",
    "anonymity",
    "unnamed",
    "whistleblower",
    "informant",
    "aide",
    "aides",
];
const ROLES: &[&str] = &[
    "minister",
    "president",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "mayor",
    "governor",
    "director",
    "chief",
    "leader",
    "officer",
    "judge",
    "prosecutor",
    "prosecutors",
    "lawyer",
    "general",
    "police",
    "government",
    "ministry",
    "chairman",
    "chairwoman",
    "secretary",
    "ambassador",
    "author",
    "professor",
    "company",
    "army",
    "court",
    "opposition",
    "regime",
    "party",
];
const ORGANISATIONS: &[&str] = &[
    "ministry",
    "commission",
    "university",
    "bank",
    "party",
    "council",
    "agency",
    "institute",
    "union",
    "company",
    "corp",
    "group",
    "times",
    "post",
    "news",
    "association",
    "office",
    "court",
    "department",
    "committee",
    "foundation",
    "centre",
    "center",
    "bureau",
    "authority",
    "house",
    "parliament",
    "senate",
    "congress",
    "organization",
    "organisation",
    "federation",
    "press",
    "society",
    "service",
    "fund",
    "league",
    "front",
    "network",
    "alliance",
    "board",
    "firm",
    "newspaper",
    "airlines",
    "holdings",
    "industries",
    "lines",
];
/// Kinds of organisations whose name follows: "the mining firm Merral".
const CALLED: &[&str] = &["company", "firm", "newspaper", "agency", "group"];
/// Behind these a source is told apart, not named: "a report | by the ministry".
const BEHIND_HEAD: &[&str] = &[
    "of", "by", "from", "in", "on", "at", "for", "with", "to", "close", "who", "that", "which",
];

/// Countries and capitals, one a line: places that news makes speak.
static PLACES: &str = include_str!("places.txt");

/// Names of a document that stand for places in it: those behind "in", "across" or
/// "throughout". What no list knows, the text itself often tells: "the regime in Karsa".
#[derive(Debug, Clone, Default)]
pub struct Places(HashSet<String>);

impl Places {
    /// The places of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout) (\p{Lu}[\w-]+(?: \p{Lu}[\w-]+)*)")
                .expect("a constant pattern")
        });
        let names = BEHIND.captures_iter(text).filter_map(|found| {
            let name = found.get(1)?;
            // "in Roke’s view" is about a person.
            let owner = text[name.end()..].starts_with(['’', '\'']);
            (!owner).then(|| name.as_str().to_owned())
        });
        Self(names.collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// The kind of source that these words name, by word lists, capitals and the places of
/// the document.
#[must_use]
pub fn source_kind(source: &str, places: &Places) -> SourceKind {
    let words: Vec<&str> = words(source).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let any = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let head = head(source);
    let heads = |list: &[&str]| list.contains(&head.as_str());
    // A capital says nothing about a listed word: it may begin the sentence.
    let common = [GROUPS, PLURALS, QUANTIFIERS, ROLES, ANONYMOUS, DOCUMENTS].concat();
    let named = words
        .iter()
        .zip(&lower)
        .any(|(word, lower)| is_capital(word) && !common.contains(&lower.as_str()));

    if words.is_empty() {
        SourceKind::None
    } else if words.len() == 1 && any(PRONOUNS) {
        SourceKind::Pronoun
    } else if are_places(source) {
        SourceKind::PlaceAsSource
    } else if !named && (any(GROUPS) || any(PLURALS) && any(QUANTIFIERS)) {
        SourceKind::VagueGroup
    } else if any(ANONYMOUS) && !words.iter().rev().take(2).all(|word| is_capital(word)) {
        SourceKind::Anonymous
    } else if heads(DOCUMENTS) {
        SourceKind::Document
    } else if is_organisation(source, &words, &lower, &head) {
        SourceKind::NamedOrganisation
    } else if places.has(&words.join(" ")) {
        SourceKind::PlaceAsSource
    } else if named && (!heads(ROLES) || named_behind_comma(source)) {
        SourceKind::NamedPerson
    } else {
        SourceKind::Role
    }
}

/// The words of a source without articles and the "s" of a possessive.
fn words(source: &str) -> impl Iterator<Item = &str> {
    source
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| {
            !word.is_empty() && !["s", "the", "The", "a", "A", "an", "An"].contains(word)
        })
}

/// The word that says what the source is, in small letters: the last before a comma or a
/// preposition. "the port's safety *report* of May".
fn head(source: &str) -> String {
    let before = source
        .split([',', '(', ';'])
        .find(|part| !part.trim().is_empty())
        .unwrap_or_default();
    words(before)
        .map(str::to_lowercase)
        .take_while(|word| !BEHIND_HEAD.contains(&word.as_str()))
        .last()
        .unwrap_or_default()
}

/// "the opposition leader, Mira Tolland".
fn named_behind_comma(source: &str) -> bool {
    source
        .split_once(',')
        .is_some_and(|(_, rest)| words(rest).next().is_some_and(is_capital))
}

/// "Mira", "al-Roke".
fn is_capital(word: &str) -> bool {
    word.split('-')
        .any(|part| part.starts_with(char::is_uppercase))
}

/// "Moscow", "Estavia City", "both Sudan and Congo".
fn are_places(source: &str) -> bool {
    let mut names = source
        .split(',')
        .flat_map(|part| part.split(" and "))
        .map(|name| {
            words(name)
                .filter(|word| !["Both", "both", "and"].contains(word))
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .peekable();
    names.peek().is_some()
        && names.all(|name| {
            let joined = name.join(" ");
            PLACES.lines().any(|known| known == joined)
                || matches!(name[..], [first, "City"] if is_capital(first))
        })
}

/// "the Harbour Commission", "the electoral office", "NPA", "the mining firm Merral"; not
/// "a ministry spokesman".
fn is_organisation(source: &str, words: &[&str], lower: &[String], head: &str) -> bool {
    let listed = |word: &str| ORGANISATIONS.contains(&word);
    let definite = source.starts_with("the ") || source.starts_with("The ");
    let capital = words
        .iter()
        .zip(lower)
        .any(|(word, lower)| is_capital(word) && listed(lower));
    let called = lower
        .iter()
        .zip(&words[1..])
        .any(|(kind, name)| CALLED.contains(&kind.as_str()) && is_capital(name));
    capital || called || definite && listed(head) || words.iter().any(|w| is_acronym(w))
}

fn is_acronym(word: &str) -> bool {
    word.len() >= 2 && word.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_sources() {
        use SourceKind::*;
        let places = Places::of("The regime in Karsa fell. In Roke’s view it was time.");
        for (source, kind) in [
            ("Mira Tolland", NamedPerson),
            ("the Velda minister Ansel Roke", NamedPerson),
            ("Mr. Roke", NamedPerson),
            ("President al-Roke", NamedPerson),
            ("Mira Tolland, the minister", NamedPerson),
            ("Tolland, who chairs the council of the port,", NamedPerson),
            ("the Harbour Commission", NamedOrganisation),
            ("NPA", NamedOrganisation),
            ("the electoral office", NamedOrganisation),
            ("a report by the ministry", Document),
            ("Studies", Document),
            ("Some provisions of the Velda Statute", Document),
            ("the statistics office", NamedOrganisation),
            ("two professors of law", Role),
            ("the mining company Merral", NamedOrganisation),
            ("The Estavian leader", Role),
            ("The Estavian government", Role),
            ("Finance Minister", Role),
            ("The opposition leader, Sten Korvald,", NamedPerson),
            ("the puppets in the ministry", Role),
            ("The regime in Karsa", Role),
            ("The commission’s assessment", Document),
            ("a ministry spokesman", Role),
            ("The minister", Role),
            ("a senior official", Anonymous),
            ("sources close to the talks", Anonymous),
            ("Many experts", VagueGroup),
            ("Critics", VagueGroup),
            ("Some residents", VagueGroup),
            ("most voters", VagueGroup),
            ("residents", Role),
            ("Estavia City", PlaceAsSource),
            ("Moscow", PlaceAsSource),
            ("Sudan, Congo and Senegal", PlaceAsSource),
            ("Both Russia and South Africa", PlaceAsSource),
            ("Karsa", PlaceAsSource),
            ("Roke", NamedPerson),
            ("She", Pronoun),
            ("Both", Pronoun),
            ("", SourceKind::None),
        ] {
            assert_eq!(source_kind(source, &places), kind, "{source:?}");
        }
    }
}

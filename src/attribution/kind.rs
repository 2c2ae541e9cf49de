//! What kind of source some words name.
//!
//! Word lists and capitals only: enough to tell a name from a crowd. The kinds decide
//! which sourcing gaps a sentence has.

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
];

/// Countries and capitals, one a line: places that news makes speak.
static PLACES: &str = include_str!("places.txt");

/// The kind of source that these words name, by word lists and capitals.
#[must_use]
pub fn source_kind(source: &str) -> SourceKind {
    let words: Vec<&str> = source
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| {
            !word.is_empty() && !["s", "the", "The", "a", "A", "an", "An"].contains(word)
        })
        .collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let any = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    // A capital says nothing about a listed word: it may begin the sentence.
    let common = [GROUPS, PLURALS, QUANTIFIERS, ROLES, ANONYMOUS, DOCUMENTS].concat();
    let named = words
        .iter()
        .zip(&lower)
        .any(|(word, lower)| capital(word) && !common.contains(&lower.as_str()));
    let capitals = words.iter().filter(|word| capital(word)).count();
    let place = words.join(" ");

    if words.is_empty() {
        SourceKind::None
    } else if words.len() == 1 && any(PRONOUNS) {
        SourceKind::Pronoun
    } else if PLACES.lines().any(|known| known == place)
        || (words.len() == 2 && words[1] == "City" && capital(&words[0]))
    {
        SourceKind::PlaceAsSource
    } else if !named && (any(GROUPS) || any(PLURALS) && any(QUANTIFIERS)) {
        SourceKind::VagueGroup
    } else if any(ANONYMOUS) && !words.iter().rev().take(2).all(capital) {
        SourceKind::Anonymous
    } else if any(DOCUMENTS) {
        SourceKind::Document
    } else if is_organisation(source, &words, &lower) {
        SourceKind::NamedOrganisation
    } else if named && (!any(ROLES) || words.len() <= 2 || capitals >= 2) {
        SourceKind::NamedPerson
    } else {
        SourceKind::Role
    }
}

/// "the Harbour Commission", "the electoral office", "NPA"; not "a ministry spokesman".
fn is_organisation(source: &str, words: &[&str], lower: &[String]) -> bool {
    let listed = |word: &String| ORGANISATIONS.contains(&word.as_str());
    let definite = source.starts_with("the ") || source.starts_with("The ");
    let capital = words
        .iter()
        .zip(lower)
        .any(|(word, lower)| word.starts_with(char::is_uppercase) && listed(lower));
    capital || definite && lower.last().is_some_and(listed) || words.iter().any(|w| is_acronym(w))
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
        for (source, kind) in [
            ("Mira Tolland", NamedPerson),
            ("the Velda minister Ansel Roke", NamedPerson),
            ("Mr. Roke", NamedPerson),
            ("the Harbour Commission", NamedOrganisation),
            ("NPA", NamedOrganisation),
            ("the electoral office", NamedOrganisation),
            ("a report by the ministry", Document),
            ("Studies", Document),
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
            ("She", Pronoun),
            ("", SourceKind::None),
        ] {
            assert_eq!(source_kind(source), kind, "{source:?}");
        }
    }
}

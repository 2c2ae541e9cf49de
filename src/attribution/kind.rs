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
        .filter(|word| !word.is_empty() && *word != "s")
        .collect();
    let any = |list: &[&str]| {
        words
            .iter()
            .any(|w| list.contains(&w.to_lowercase().as_str()))
    };
    let determiner = |w: &str| matches!(w, "the" | "a" | "an" | "The" | "A" | "An");
    let bare: Vec<&str> = words.iter().copied().filter(|w| !determiner(w)).collect();
    let capitals = bare
        .iter()
        .filter(|w| w.starts_with(char::is_uppercase))
        .count();
    let place = bare.join(" ");
    // A capital at the start of a sentence says nothing about a listed word.
    let named = bare.iter().any(|w| {
        let lower = w.to_lowercase();
        w.starts_with(char::is_uppercase)
            && ![GROUPS, PLURALS, QUANTIFIERS, ROLES, ANONYMOUS, DOCUMENTS]
                .iter()
                .any(|l| l.contains(&lower.as_str()))
    });
    match () {
        () if bare.is_empty() => SourceKind::None,
        () if bare.len() == 1 && any(PRONOUNS) => SourceKind::Pronoun,
        () if PLACES.lines().any(|p| p == place)
            || (place.ends_with(" City") && bare.len() == 2) =>
        {
            SourceKind::PlaceAsSource
        }
        () if !named && (any(GROUPS) || any(PLURALS) && any(QUANTIFIERS)) => SourceKind::VagueGroup,
        () if any(ANONYMOUS)
            && !bare
                .iter()
                .rev()
                .take(2)
                .all(|w| w.starts_with(char::is_uppercase)) =>
        {
            SourceKind::Anonymous
        }
        () if any(DOCUMENTS) => SourceKind::Document,
        () if bare.iter().any(|w| {
            w.starts_with(char::is_uppercase) && ORGANISATIONS.contains(&w.to_lowercase().as_str())
        }) && named
            || bare.iter().any(|w| is_acronym(w)) =>
        {
            SourceKind::NamedOrganisation
        }
        () if named && (capitals >= 2 || bare.len() <= 2) => SourceKind::NamedPerson,
        () if any(ROLES) => SourceKind::Role,
        () if named => SourceKind::NamedPerson,
        () => SourceKind::Role,
    }
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

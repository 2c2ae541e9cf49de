//! The number grammar: quantities that a reader would want a source for.
//!
//! Money, shares, counts and rankings. Dates, times, ages, ordinals and the numbers of
//! articles, chapters and flights are none.

use std::sync::LazyLock;

use regex::Regex;

use crate::span::Span;

/// One form of quantity, with sentences it must find (the words expected) and must not.
struct Rule {
    pattern: &'static str,
    #[cfg(test)]
    finds: &'static [(&'static str, &'static str)],
    #[cfg(test)]
    ignores: &'static [&'static str],
}

macro_rules! rule {
    ($pattern:expr, finds: $finds:expr, ignores: $ignores:expr) => {
        Rule {
            pattern: $pattern,
            #[cfg(test)]
            finds: &$finds,
            #[cfg(test)]
            ignores: &$ignores,
        }
    };
}

const RULES: &[Rule] = &[
    // Money.
    rule!(
        r"(?:US ?|AU ?|C)?[$€£¥]\s?\d[\d,.]*\d*(?:\s?(?:thousand|million|billion|trillion|bn|m|k)\b)?|\b\d[\d,.]*(?:\s(?:thousand|million|billion|trillion))?\s(?:dollars|euros|pounds|crowns|marks|francs|cents|rubles|yuan)\b",
        finds: [
            ("The port cost $298 billion.", "$298 billion"),
            ("It rose by $ 1.29 billion.", "$ 1.29 billion"),
            ("A wall of 40 million crowns.", "40 million crowns"),
        ],
        ignores: ["The dollar fell."]
    ),
    // Shares and rates.
    rule!(
        r"\b\d+(?:[.,]\d+)?(?:\s?%|\s?(?:percent|per cent|percentage points)\b)|\b(?i:one|two|three|four|nine)[ -](?:third|quarter|fifth|tenth|in)s?\b(?: (?:of|ten|five|four|three|two)\b)|\b(?i:half of|a (?:third|quarter|fifth|tenth) of)\b",
        finds: [
            ("It controls 60% of the mines.", "60%"),
            ("Some 4.5 per cent left.", "4.5 per cent"),
            ("Two-thirds of Velda left.", "Two-thirds of"),
            ("A third of the harvest was lost.", "A third of"),
            ("In 2019, 72 percent voted.", "72 percent"),
        ],
        ignores: ["The percentage is unknown."]
    ),
    // Counts: of things, with a scale word or a noun behind them.
    rule!(
        r"\b(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\+)?(?: (?:thousand|million|billion|trillion))?(?: (?:out )?of(?: the)? \d+)?(?:[ -](?:full-fledged|new|more|other|dead|foreign|young|small|large|square|[A-Za-z]{2,}(?:an|ic|al|ed|ous|ive|ary|ish)))* [a-z]{3,}s\b|\b\d{1,3}(?:,\d{3})+\b|\b\d[\d,.]* (?:thousand|million|billion|trillion|people|men|women|children)\b|\b(?i:(?:tens|hundreds) of thousands|(?:dozens|hundreds|thousands|millions|billions) of [a-z]+)",
        finds: [
            ("Reserves stand at 46,000 tons.", "46,000 tons"),
            ("It has more than 40 full-fledged missions here.", "40 full-fledged missions"),
            ("28 out of 55 nations agreed.", "28 out of 55 nations"),
            (
                "It has more than 40 full-fledged diplomatic missions here.",
                "40 full-fledged diplomatic missions",
            ),
            ("Some 12 million fled.", "12 million"),
            ("Of these 1,200 were fired.", "1,200"),
            ("Tens of thousands marched.", "Tens of thousands"),
            ("They buried hundreds of dockers.", "hundreds of dockers"),
        ],
        ignores: ["He came in 2015 with ships.", "It happened on 25 November.", "Article 5 was read."]
    ),
    // Spelled-out numbers from ten on, or of a share. Smaller ones are mostly what anybody
    // could count.
    rule!(
        r"\b(?i:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?) (?:(?:hundred|thousand|million|billion)\b(?: [a-z]{3,}s\b)?|(?:[a-z]+ )?[a-z]{3,}s\b)|\b(?i:one|two|three|four|five|six|seven|eight|nine|a|several) (?:hundred|thousand|million|billion)\b(?: [a-z]{3,}s\b)?|\b(?i:one|two|three|four|five|six|seven|eight|nine)(?: [a-z]+)? in (?:ten|five|four|three|a hundred)\b",
        finds: [
            ("It employs nineteen inspectors.", "nineteen inspectors"),
            ("Of the two million homes, few have one.", "two million homes"),
            ("Fewer than forty thousand stand.", "forty thousand"),
            ("Four clinics in ten are shut.", "Four clinics in ten"),
        ],
        ignores: ["Two men sat outside.", "Ten to one he leaves.", "One in the crowd wept."]
    ),
    // Rankings and firsts.
    rule!(
        r"\b(?:ranks?|ranked|is|are|was|were|as) (?:the )?(?:first|second|third|number one) (?:in|among)\b|\b(?:the|[A-Z][a-z]+[’']s|its|country[’']s|world[’']s|region[’']s|history[’']s) (?:second |third )?(?:largest|biggest|richest|poorest|oldest|deadliest|worst|fastest-growing|busiest|longest|most (?:populous|powerful|expensive|dangerous))\b|\bthe (?:largest|biggest|worst|deadliest) [a-z]+ in\b",
        finds: [
            ("Norland ranks first in arms sales.", "ranks first in"),
            ("It is the world’s largest port.", "world’s largest"),
            ("They signed the biggest deal.", "the biggest"),
        ],
        ignores: ["The first ship left at noon.", "He was the first to speak."]
    ),
];

/// Words before or after which a number counts nothing: dates, times, ages, references.
/// Tried on each match with its neighbours.
const NOT_QUANTITIES: &[&str] = &[
    // years, decades, months, weekdays
    r"^(?:1\d{3}|20\d{2})\b",
    r"^\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)",
    // clock times and ages
    r"^\d{1,2} (?:hours|days|weeks|months|minutes|years|times|points|votes|seconds|seats|goals)\b",
    r"^(?i:[a-z-]+) (?:[a-z]+ )?(?:hours|days|weeks|months|minutes|years|times|points|votes|seconds|seats|goals|decades)\b",
    r"^\d+[ -]years?[ -]old",
];

static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
    let all: Vec<_> = RULES
        .iter()
        .map(|rule| format!("(?:{})", rule.pattern))
        .collect();
    super::pattern(&all.join("|"))
});

static NOT_QUANTITY: LazyLock<Regex> = LazyLock::new(|| super::pattern(&NOT_QUANTITIES.join("|")));

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?:\b(?:[Aa]rticle|[Cc]hapter|[Ss]ection|[Nn]o\.|[Rr]esolution|[Pp]age|[Ff]light|[Rr]oute|[Rr]oom|[Aa]ged?|[Cc]hannel|January|February|March|April|May|June|July|August|September|October|November|December)|[#:])\s?$|\d[.,]$",
    )
});

/// The quantities in a sentence, as byte ranges of it.
#[must_use]
pub fn quantities(sentence: &str) -> Vec<Span> {
    QUANTITY
        .find_iter(sentence)
        .filter(|found| {
            !NOT_QUANTITY.is_match(found.as_str())
                && !REFERENCE.is_match(tail(&sentence[..found.start()]))
        })
        .map(|found| {
            let text = found.as_str();
            Span::new(
                found.start(),
                found.start() + text.trim_end_matches(['.', ',']).len(),
            )
        })
        .collect()
}

/// The last word or so of a text, so that a long sentence is not read again and again.
fn tail(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(24))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_finds_and_ignores_its_own_cases() {
        for rule in RULES {
            for &(sentence, expected) in rule.finds {
                let found: Vec<_> = quantities(sentence)
                    .iter()
                    .map(|s| s.of(sentence))
                    .collect();
                assert!(found.contains(&expected), "{sentence:?}: {found:?}");
            }
            for &sentence in rule.ignores {
                let found: Vec<_> = quantities(sentence)
                    .iter()
                    .map(|s| s.of(sentence))
                    .collect();
                assert!(found.is_empty(), "{sentence:?}: {found:?}");
            }
        }
    }

    #[test]
    fn dates_times_ages_and_references_are_no_quantities() {
        for sentence in [
            "It closed on 3 March after 14 days.",
            "In 2016 ships came.",
            "Tolland, aged 44 years, left.",
            "Resolution 1701 demands it.",
            "He waited 3 hours.",
        ] {
            assert!(quantities(sentence).is_empty(), "{sentence:?}");
        }
    }
}

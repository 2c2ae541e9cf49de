//! Drift: a source's claim goes on in the author's voice.

use std::sync::LazyLock;

use regex::Regex;

use super::{Claim, finding};
use crate::attribution::QuoteType;
use crate::finding::Finding;
use crate::voice::SentenceVoice;

/// What only somebody's claim, plan or memory would say: how things would be, or had been.
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?x)\b(?:
            would|will|could|might|must|should|ought|cannot|can
          | had\s(?:never|not|always|already|long|since)?\s?[a-z]+(?:ed|en|wn|de|ught|id|ut|ft|nt|ld|ne|me|pt|st)
          | had\sbeen | (?:is|are)\sto\sbe | (?:was|were)\sto\s[a-z]{2,}
        )\b",
    )
});

/// "To impose their will", "the might of the fleet": words of [`GOES_ON`] that are no verbs.
static NOUN: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?x)
        (?: \b(?:the|an?|his|her|its|their|our|my|your|no|free|good|political) | ['’]s )
        \s(?:will|might)\b",
    )
});

/// What anybody could see, or the reporter did.
static SEEN: LazyLock<Regex> = LazyLock::new(|| {
    super::pattern(
        r"(?x)
          \b(?:could|can)\sbe\s(?:seen|heard|found|read) | \bdid\snot\s(?:answer|respond|reply|return)
        | ^(?:I|We|None\sof)\b | \b(?:left|lying|standing|hung)\s(?:at|in|on)\sthe\b
        | \b(?:declined|refused)\sto\s(?:comment|answer|say)
        | \b(?:on|since|until|by|before)\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b",
    )
});

/// Whether `claims[at]` goes on with what the sentence before it gave as a source's claim.
pub(super) fn drift(claims: &[Claim<'_>], at: usize) -> Option<Finding> {
    let claim = &claims[at];
    let before = at.checked_sub(1).map(|at| &claims[at])?;
    let text = claim.speech.text;
    let sentence = claim.sentence.span;
    let words = sentence.of(text);
    let source = before.attributions.iter().rev().find(|a| {
        a.quote_type == QuoteType::Indirect && !a.source.is_empty() && !a.content.is_empty()
    })?;
    // "They" that nobody was named for is often no source at all.
    let speaker = &source.speaker.as_ref()?.name;
    if before.sentence.block != claim.sentence.block
        || before.voice == SentenceVoice::Author
        || !claim.attributions.is_empty()
        || claim.linked
        || claim.voice != SentenceVoice::Author
        || words.contains(['“', '"', '?'])
        || SEEN.is_match(words)
    {
        return None;
    }
    let nouns: Vec<usize> = NOUN.find_iter(words).map(|noun| noun.end()).collect();
    let mut going_on = GOES_ON.find_iter(words);
    let evidence = going_on.find(|verb| !nouns.contains(&verb.end()))?;
    let evidence = crate::span::Span::new(evidence.start(), evidence.end()).shifted(sentence.start);
    let message =
        format!("goes on with what “{speaker}” was said to claim, in the author’s own voice");
    Some(finding(claim, "attribution-drift", vec![evidence], message))
}

//! Cuts that the engine misses.
//!
//! Most additions look at a gap, the white space between two words: how does the word
//! before it end, how does the word after it begin? The gaps are walked once for all of
//! them. What needs more than one gap has a file of its own ([`glue`], [`list`]).

use super::words::{
    FINAL, MONTHS, OPENERS, is_abbreviation, is_closer, is_ordinary, is_word, last_token, tail,
};
use super::{glue, list};

/// A possible end of a sentence, before closers are absorbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// Offset of the first byte that is no longer the sentence.
    pub(super) at: usize,
    /// Whether no veto can speak against it.
    pub(super) sure: bool,
}

impl Cut {
    /// A cut for the vetoes to judge.
    pub(super) fn proposed(at: usize) -> Self {
        Self { at, sure: false }
    }
}

/// White space between two words, with everything on either side.
pub(super) struct Gap<'t> {
    /// The text up to the gap.
    left: &'t str,
    /// The white space itself.
    space: &'t str,
    /// The text after the gap.
    right: &'t str,
}

/// How an addition finds its cuts.
#[derive(Clone, Copy)]
pub(super) enum Find {
    /// By looking at one gap: is there a cut for the vetoes to judge?
    InGap(fn(&Gap) -> bool),
    /// The same, but the cut is sure.
    SureInGap(fn(&Gap) -> bool),
    /// By reading the text on its own.
    InText(fn(&str) -> Vec<Cut>),
}

/// A rule that proposes cuts.
#[derive(Clone, Copy)]
pub(super) struct Addition {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "names the rule where its cases fail")
    )]
    pub(super) name: &'static str,
    pub(super) find: Find,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests check them"))]
    pub(super) cases: &'static [&'static str],
}

/// All additions. Their order does not matter: each proposes on its own.
pub(super) const ADDITIONS: &[Addition] = &[
    PRONOUN_I,
    CLOSED_BRACKET,
    ORDINARY_WORD,
    OMISSION,
    MONTH,
    FINAL_ABBREVIATION,
    SPACED_ELLIPSIS,
    glue::GLUED,
    list::INLINE_LIST,
];

/// The engine takes `I` for an initial, so that `Why? I asked` would go on.
const PRONOUN_I: Addition = Addition {
    name: "pronoun-i",
    find: Find::InGap(|gap| {
        let left = gap.left.trim_end_matches(['"', '”', '’', ')']);
        left.ends_with(['!', '?']) && begins_with_pronoun_i(gap.right)
    }),
    cases: &[
        "What a day!!| I left.",
        "“Will it close?”| “I’m sure of it,” he said.",
        "“Will it close?” I asked.",
    ],
};

/// A sentence in brackets ends where its bracket closes.
const CLOSED_BRACKET: Addition = Addition {
    name: "closed-bracket",
    find: Find::InGap(|gap| {
        ends_inside_bracket(gap.left) && after_openers(gap.right).starts_with(upper)
    }),
    cases: &[
        "The port closed (it was old.)| Ships left.",
        "“It fell (again!).”| “Then it rose.”",
        "The port (see Fig.) Two closed.",
    ],
};

/// `no`, `me` and others are words before they are abbreviations.
const ORDINARY_WORD: Addition = Addition {
    name: "ordinary-word",
    find: Find::InGap(|gap| ends_with_ordinary_word(gap.left) && begins_like_a_sentence(gap.right)),
    cases: &[
        "The minister told me.| The port would close.",
        "Will it close?| The minister says no.| Ships will come.",
        "See No. 5 for that.",
        "Tickets are sold from 2 May.| Entry is free.",
        "Ships of Tal, Va. Beach left.",
    ],
};

/// An omission in brackets or `etc.` may end a sentence.
const OMISSION: Addition = Addition {
    name: "omission",
    find: Find::InGap(|gap| {
        let omits = gap.left.ends_with("[...]")
            || gap.left.ends_with("[…]")
            || ends_with_word(gap.left, "etc.");
        omits && gap.left.len() > 8 && begins_with_name(gap.right)
    }),
    cases: &[
        "They sold ships, ropes, etc.| Nobody bought them.",
        "The port was old […]| Nobody wanted it.",
        "[...] Nobody wanted it.",
    ],
};

/// A date may end with its month. A capital word and then a small one begin a sentence;
/// `Nov. 3` and `Nov. Session Report` do not.
const MONTH: Addition = Addition {
    name: "month",
    find: Find::SureInGap(|gap| {
        MONTHS.iter().any(|month| {
            gap.left
                .strip_suffix('.')
                .is_some_and(|left| ends_with_word(left, month))
        }) && begins_with_capital_then_small_word(gap.right)
    }),
    cases: &[
        "The port will close next Jan.| Nobody objected.",
        "The port will close on Jan. 3 at noon.",
        "The Jan. Harbour Report was late.",
    ],
};

/// A company, a state, a clock time may end a sentence. What follows must be a word that
/// begins sentences and no names: `Merral Corp. Nobody`, but `Merral Corp. Chairman`.
const FINAL_ABBREVIATION: Addition = Addition {
    name: "final-abbreviation",
    find: Find::InGap(|gap| {
        gap.left
            .strip_suffix('.')
            .is_some_and(|left| FINAL.iter().any(|word| ends_with_word(left, word)))
            && begins_with_opener(gap.right)
    }),
    cases: &[
        "It was sold to Tal Corp.| Nobody was asked.",
        "It happened in the U.S.| Not one paper wrote of it.",
        "Tal Corp. Chairman Mirov left.",
        "The U.S. Navy left.",
    ],
};

/// A full stop and then an ellipsis of spaced dots: the sentence ends with the full stop.
const SPACED_ELLIPSIS: Addition = Addition {
    name: "spaced-ellipsis",
    find: Find::InGap(|gap| {
        gap.left
            .strip_suffix('.')
            .is_some_and(|left| left.ends_with(is_word))
            && is_one(gap.space)
            && begins_with_three_spaced_dots(gap.right)
    }),
    cases: &[
        "The port was old.| . . . It closed.",
        "The port . . . was old.",
    ],
};

/// Adds to `cuts` what the additions find in the text.
pub(super) fn add(text: &str, additions: &[Addition], cuts: &mut Vec<Cut>) {
    for gap in gaps(text).filter(|gap| gap.left.ends_with(ends_something)) {
        for addition in additions {
            let (found, sure) = match addition.find {
                Find::InGap(holds) => (holds(&gap), false),
                Find::SureInGap(holds) => (holds(&gap), true),
                Find::InText(_) => continue,
            };
            if found {
                cuts.push(Cut {
                    at: gap.left.len(),
                    sure,
                });
            }
        }
    }
    for addition in additions {
        if let Find::InText(find) = addition.find {
            cuts.extend(find(text));
        }
    }
}

/// The gaps of a text, with those at its ends.
fn gaps(text: &str) -> impl Iterator<Item = Gap<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(char::is_whitespace)?;
        let right = text[start..].trim_start();
        from = text.len() - right.len();
        Some(Gap {
            left: &text[..start],
            space: &text[start..from],
            right,
        })
    })
}

/// What the left side of every gap rule ends with; spares the rules most gaps.
fn ends_something(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | ')' | ']' | '"' | '”' | '’')
}

fn upper(c: char) -> bool {
    c.is_ascii_uppercase()
}

fn lower(c: char) -> bool {
    c.is_ascii_lowercase()
}

/// Whether the text is one character.
fn is_one(text: &str) -> bool {
    text.chars().nth(1).is_none() && !text.is_empty()
}

fn after_openers(right: &str) -> &str {
    right.trim_start_matches(['"', '“', '‘', '('])
}

/// Whether `left` ends with `word` and the word is not part of a longer one.
fn ends_with_word(left: &str, word: &str) -> bool {
    left.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(is_word))
}

/// `I`, `“I’ve`, before white space.
fn begins_with_pronoun_i(right: &str) -> bool {
    let Some(rest) = after_openers(right).strip_prefix('I') else {
        return false;
    };
    let clitic = rest
        .strip_prefix(['\'', '’'])
        .unwrap_or(rest)
        .trim_start_matches(is_word);
    rest.starts_with(char::is_whitespace)
        || (rest.starts_with(['\'', '’']) && clitic.starts_with(char::is_whitespace))
}

/// A terminator and the bracket it stands in: `.)`, `!”]`. The last word is no
/// abbreviation and the bracket no omission.
fn ends_inside_bracket(left: &str) -> bool {
    let quotes = ['"', '”', '’'];
    let inner = left.strip_suffix(quotes).unwrap_or(left);
    let Some(inner) = inner.strip_suffix([')', ']']) else {
        return false;
    };
    let inner = inner.strip_suffix(quotes).unwrap_or(inner);
    let omission = ["...]", "…]", "...]\""]
        .iter()
        .any(|omission| left.ends_with(omission));
    inner.ends_with(['.', '!', '?', '…'])
        && !omission
        && !is_abbreviation(
            &last_token(left.trim_end_matches(is_closer))
                .trim_end_matches('.')
                .to_lowercase(),
        )
}

/// `no.`, `me.”`: in small letters, or a capital that is no abbreviation (`May.`, `Mm.`, `No.`).
fn ends_with_ordinary_word(left: &str) -> bool {
    const LONGEST: usize = 8;
    let Some(left) = left
        .trim_end_matches(['"', '”', '’', ')'])
        .strip_suffix('.')
    else {
        return false;
    };
    let near = tail(left, LONGEST);
    let before = near.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let word = &near[before.len()..];
    let whole = before.ends_with(|c: char| c.is_whitespace() || "(\"“‘".contains(c))
        || (before.is_empty() && near.len() == left.len());
    let form = word.bytes().all(|b| b.is_ascii_lowercase()) || matches!(word, "May" | "Mm" | "No");
    whole && form && is_ordinary(&word.to_lowercase())
}

/// A capital and another letter, or `I`, perhaps in quotation marks.
fn begins_like_a_sentence(right: &str) -> bool {
    let mut chars = after_openers(right).chars();
    match (chars.next(), chars.next()) {
        (Some('I'), Some(second)) if second.is_whitespace() => true,
        (Some(first), Some(second)) => upper(first) && (lower(second) || "’'".contains(second)),
        _ => false,
    }
}

/// One of [`OPENERS`] and, after white space, a small letter.
fn begins_with_opener(right: &str) -> bool {
    let right = after_openers(right);
    begins_with_capital_then_small_word(right)
        && right
            .split_whitespace()
            .next()
            .is_some_and(|word| OPENERS.contains(&word))
}

/// A capital and a small letter.
fn begins_with_name(right: &str) -> bool {
    right
        .strip_prefix(upper)
        .is_some_and(|rest| rest.starts_with(lower))
}

/// A capital word and, after white space, a small letter.
fn begins_with_capital_then_small_word(right: &str) -> bool {
    let after = right.trim_start_matches(char::is_alphabetic);
    let word = &right[..right.len() - after.len()];
    let next = after.trim_start();
    begins_with_name(word)
        && word.chars().skip(1).all(lower)
        && next.len() < after.len()
        && next.starts_with(lower)
}

/// `. . . X`, single spaces between.
fn begins_with_three_spaced_dots(right: &str) -> bool {
    let step = |rest: &str| {
        Some(
            rest.strip_prefix('.')?
                .strip_prefix(char::is_whitespace)?
                .len(),
        )
    };
    let mut rest = right;
    for _ in 0..3 {
        let Some(left) = step(rest) else { return false };
        rest = &rest[rest.len() - left..];
    }
    rest.starts_with(upper)
}

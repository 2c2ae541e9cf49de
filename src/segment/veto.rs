//! Reasons not to cut.
//!
//! Each veto speaks against cuts that would end a sentence where none ends. One is enough,
//! so their order changes no result; the cheap and frequent ones are asked first.

use super::place::Place;
use super::words::{
    BETWEEN, CAPTIONS, EXTENSIONS, PRONOUNS, TIME_ZONES, head, is_abbreviation, is_opener,
    is_speech_verb, is_unsure, is_word,
};

/// A rule that speaks against cuts.
#[derive(Clone, Copy)]
pub(super) struct Veto {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "names the rule where its cases fail")
    )]
    pub(super) name: &'static str,
    pub(super) speaks_against: fn(&Place) -> bool,
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests check them"))]
    pub(super) cases: &'static [&'static str],
}

/// All vetoes, in the order in which they are asked.
pub(super) const VETOES: &[Veto] = &[
    NOTHING_FOLLOWS,
    NOTHING_SAID,
    ABBREVIATION,
    ENUMERATOR,
    CAPTION,
    SMALL_LETTER,
    GLUED_SMALL_LETTER,
    GLUED_ADDRESS,
    FILE_EXTENSION,
    QUESTION_ATTRIBUTED,
    DASH_ATTRIBUTION,
    EMOTICON,
    NUMBERED_REMARK,
    UNTERMINATED_NUMBER,
    TIME_ZONE,
];

/// Marks without a word are no sentence; they stay with the last one.
const NOTHING_FOLLOWS: Veto = Veto {
    name: "nothing-follows",
    speaks_against: |place| {
        let at = place.passage.end() - place.right.len();
        !place.passage.has_words_after(at)
    },
    cases: &[
        "The port closed! ***",
        "The port closed.| Ships left. – – –",
    ],
};

/// A few marks, or dots alone, before the first word begin its sentence.
const NOTHING_SAID: Veto = Veto {
    name: "nothing-said",
    speaks_against: |place| {
        let short = place.left.chars().nth(3).is_none();
        let dots =
            place.left.len() < 12 && place.left.chars().all(|c| c == '.' || c.is_whitespace());
        (short || dots) && !place.left.contains(char::is_alphanumeric)
    },
    cases: &[". . . The port closed.", "!? The port closed."],
};

/// Titles, months and reference words stand before what they belong to.
const ABBREVIATION: Veto = Veto {
    name: "abbreviation",
    speaks_against: |place| {
        place.terminator == '.'
            && is_abbreviation(&place.word)
            && !(is_unsure(&place.word) && place.first.is_uppercase())
    },
    cases: &[
        "Ms. Mirov left.",
        "The port of Ft. Tal closed.",
        "Mirov et al.| The port closed.",
    ],
};

/// The number of a list item belongs to the item.
const ENUMERATOR: Veto = Veto {
    name: "enumerator",
    speaks_against: |place| is_enumerator(place.left),
    cases: &[
        "1. The port closed.",
        "• (b) The port closed.",
        "2.3. The port closed.",
    ],
};

/// So does the number of a caption or heading.
const CAPTION: Veto = Veto {
    name: "caption",
    speaks_against: |place| is_caption_number(place.left),
    cases: &["Figure 1. The port.", "Step 2.1. Close the port."],
};

/// A small letter goes on with the sentence, after a quotation, an ellipsis, an
/// abbreviation or an exclamation. Where the writer does not care for capitals, an
/// exclamation or question may end the sentence all the same; and names like `eBay`
/// begin with a small letter anywhere.
const SMALL_LETTER: Veto = Veto {
    name: "small-letter",
    speaks_against: |place| {
        if !place.first.is_lowercase() {
            return false;
        }
        let end = place
            .next
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(place.next.len());
        let next = &place.next[..end];
        let name = next.chars().skip(1).any(char::is_uppercase);
        let shortened = place.word.contains('.') || place.word.len() == 1;
        let exclaimed =
            place.is_emphatic() && (!place.passage.is_informal() || is_speech_verb(next));
        let goes_on = place.is_closed()
            || place.token.ends_with("..")
            || place.terminator == '…'
            || shortened
            || exclaimed;
        !name && goes_on
    },
    cases: &[
        "“Will it close?” asked the minister.",
        "The firm Yah! sold the port.",
        "so it closed!| nobody came.",
        "Was it sold?| eBay says so.",
    ],
};

/// With no space between, only a capital or an opening mark begins a sentence.
const GLUED_SMALL_LETTER: Veto = Veto {
    name: "glued-small-letter",
    speaks_against: |place| {
        place.glued && !place.first.is_uppercase() && !place.right.starts_with(is_opener)
    },
    cases: &[
        "It was (“Sold at last!”—nearly) over.",
        "It was sold!— Mirov thought so.",
    ],
};

/// Web addresses have full stops inside.
const GLUED_ADDRESS: Veto = Veto {
    name: "glued-address",
    speaks_against: |place| place.glued && place.token.starts_with("www"),
    cases: &["Read www.tal?Port now."],
};

/// So have the names of files.
const FILE_EXTENSION: Veto = Veto {
    name: "file-extension",
    speaks_against: |place| place.glued && begins_with_one_of(place.right, EXTENSIONS),
    cases: &["Open report.PDF now."],
};

/// A question or exclamation in quotation marks does not end the sentence when its
/// speaker follows.
const QUESTION_ATTRIBUTED: Veto = Veto {
    name: "question-attributed",
    speaks_against: |place| {
        matches!(place.terminator, '!' | '?' | ',' | '…')
            && place.is_quoted()
            && begins_with_attribution(place.right)
    },
    cases: &[
        "“Will it close?” Ana Mirov asked.",
        "“It fell!” He then shouted something.",
        "“Will it close?” I wondered.",
        "“Will it close?”| Ana Mirov left.",
    ],
};

/// A dash and a name at the end say whose words these are.
const DASH_ATTRIBUTION: Veto = Veto {
    name: "dash-attribution",
    speaks_against: |place| is_dash_attribution(place.right),
    cases: &[
        "“The port is closed.” — Ana Mirov",
        "The port is closed.| — It rained all day.",
    ],
};

/// A face made of marks belongs to what it smiles about.
const EMOTICON: Veto = Veto {
    name: "emoticon",
    speaks_against: |place| begins_with_emoticon(place.right),
    cases: &["The port closed! :D They left."],
};

/// A number in brackets after an exclamation or question remarks on it.
const NUMBERED_REMARK: Veto = Veto {
    name: "numbered-remark",
    speaks_against: |place| {
        place.is_emphatic()
            && place
                .right
                .strip_prefix('(')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    },
    cases: &["The song Rise! (1998) was old."],
};

/// Without a terminator a number goes on, unless it is the number of a list item.
const UNTERMINATED_NUMBER: Veto = Veto {
    name: "unterminated-number",
    speaks_against: |place| {
        !matches!(place.terminator, '.' | '!' | '?' | '…' | ':' | '。')
            && place.first.is_ascii_digit()
            && !begins_with_item_number(place.right)
    },
    cases: &["The films are Tide (Tal, 1937) – Sold – and Reef (Tal, 1938) – Sold."],
};

/// A clock time is followed by its zone.
const TIME_ZONE: Veto = Veto {
    name: "time-zone",
    speaks_against: |place| {
        matches!(place.word.as_str(), "a.m" | "p.m" | "am" | "pm")
            && begins_with_one_of(place.right, TIME_ZONES)
    },
    cases: &[
        "It closed at 9 p.m. EST on Monday.",
        "It closed at 9 p.m.| Ships left.",
    ],
};

/// Longer than any number of an item, so that the sentence need not be read.
const LONGEST_LABEL: usize = 64;

/// Longer than any name with its verb, in bytes.
const LONGEST_ATTRIBUTION: usize = 256;

/// `1.`, `(b)`, `iv)`, `2.3.)` and nothing else but bullets before it.
fn is_enumerator(left: &str) -> bool {
    if left.len() > LONGEST_LABEL {
        return false;
    }
    let bullet = |c: char| c.is_whitespace() || "*_•⁃●▪◦–-".contains(c);
    let label = left.trim_start_matches(bullet);
    let label = label.strip_prefix('(').unwrap_or(label);
    let Some(label) = label
        .strip_suffix(".)")
        .or_else(|| label.strip_suffix(['.', ')']))
    else {
        return false;
    };
    let letter = label.len() == 1 && label.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = (1..=4).contains(&label.len()) && label.chars().all(|c| "ivxIVX".contains(c));
    letter || roman || is_section_number(label, 3)
}

/// `Figure 1.`, `Section 2.3.`
fn is_caption_number(left: &str) -> bool {
    left.len() <= LONGEST_LABEL
        && left
            .strip_suffix('.')
            .and_then(|left| left.split_once(char::is_whitespace))
            .is_some_and(|(kind, number)| {
                CAPTIONS.contains(&kind) && is_section_number(number.trim_start(), LONGEST_LABEL)
            })
}

/// Numbers of at most so many digits with full stops between them.
fn is_section_number(text: &str, digits: usize) -> bool {
    text.split('.').all(|part| {
        (1..=digits).contains(&part.chars().count()) && part.chars().all(char::is_numeric)
    })
}

/// `1. `, `(12) `.
fn begins_with_item_number(right: &str) -> bool {
    let number = right.strip_prefix('(').unwrap_or(right);
    let after = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = number.len() - after.len();
    let closed = after
        .strip_prefix(".)")
        .or_else(|| after.strip_prefix(['.', ')']));
    (1..=2).contains(&digits) && closed.is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Whether the first word of `right` is in the list.
fn begins_with_one_of(right: &str, words: &[&str]) -> bool {
    let word = right
        .find(|c: char| !is_word(c))
        .map_or(right, |end| &right[..end]);
    words.contains(&word)
}

/// A pronoun or up to three capitalised words, and a verb of speech: `she then asked`,
/// `Ana Mirov said`.
fn begins_with_attribution(right: &str) -> bool {
    let near = head(right, LONGEST_ATTRIBUTION);
    verb_after_pronoun(near)
        .or_else(|| verb_after_name(near))
        .is_some_and(is_speech_verb)
}

fn verb_after_pronoun(right: &str) -> Option<&str> {
    let mut words = right.split_whitespace();
    PRONOUNS.contains(&words.next()?).then_some(())?;
    let second = words.next()?;
    let verb = if BETWEEN.contains(&second) {
        words.next()?
    } else {
        second
    };
    leading_word(verb)
}

fn verb_after_name(right: &str) -> Option<&str> {
    let words: Vec<&str> = right.split_whitespace().take(4).collect();
    let names = words
        .iter()
        .take(3)
        .take_while(|word| is_name(word))
        .count();
    (1..=names)
        .rev()
        .find_map(|names| leading_word(words.get(names)?))
}

/// The letters and digits that a word begins with.
fn leading_word(word: &str) -> Option<&str> {
    let end = word.find(|c: char| !is_word(c)).unwrap_or(word.len());
    (end > 0).then(|| &word[..end])
}

/// A capitalised word as names have it: `Mirov`, `O’Tal`, `J.`
fn is_name(word: &str) -> bool {
    word.strip_prefix(|c: char| c.is_ascii_uppercase())
        .is_some_and(|rest| rest.chars().all(|c| is_word(c) || ".’'-".contains(c)))
}

/// A dash and up to six capitalised words to the end of the text.
fn is_dash_attribution(right: &str) -> bool {
    let dash = ['—', '–', '-'];
    let Some(name) = right
        .strip_prefix(dash)
        .filter(|name| name.len() <= LONGEST_ATTRIBUTION)
    else {
        return false;
    };
    let words: Vec<&str> = name
        .strip_prefix(dash)
        .unwrap_or(name)
        .split_whitespace()
        .take(7)
        .collect();
    (1..=6).contains(&words.len())
        && words
            .iter()
            .all(|word| is_name(word.strip_suffix(',').unwrap_or(word)))
}

/// `:)`, `;-D`, `<3` and their like before white space.
fn begins_with_emoticon(right: &str) -> bool {
    let face = right.strip_prefix([':', ';', '=', '8']).and_then(|face| {
        let face = face.strip_prefix(['-', 'o', '*', '\'']).unwrap_or(face);
        face.strip_prefix([')', ']', '(', '[', 'd', 'D', 'p', 'P', '/', '\\', '|'])
    });
    face.or_else(|| right.strip_prefix("<3"))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

//! What the rules know about words and marks, as data.
//!
//! Words are in lower case and without their final full stop. Those that the engine
//! already knows are listed only where a rule needs them.

/// Titles stand before a name.
const TITLES: &[&str] = &[
    "adm", "amb", "atty", "brig", "capt", "cmdr", "col", "comdr", "cpl", "det", "dr", "fr", "gen",
    "gov", "hon", "insp", "lt", "maj", "messrs", "mr", "mrs", "ms", "mx", "pres", "prof", "pvt",
    "rep", "reps", "rev", "sen", "sens", "sgt", "supt",
];

/// Saint, Fort, Mount: first words of a place name.
const PLACES: &[&str] = &["ft", "mt", "st"];

/// Shortened institutions and `Rt. Hon.`, followed by the rest of a name.
const INSTITUTIONS: &[&str] = &["assn", "dept", "rt", "univ"];

/// Stand before a number or letter: `Fig. 3`, `pp. 4–9`.
const REFERENCES: &[&str] = &[
    "art", "ch", "eq", "eqs", "fig", "figs", "nos", "p", "pp", "sec", "vol", "vols",
];

/// Stand before what they introduce: `e.g. Estavia`, `Mirov vs. Tal`.
const CONNECTIVES: &[&str] = &["al", "approx", "ca", "cf", "e.g", "i.e", "viz", "vs"];

/// Months and week days stand before a day or year.
const CALENDAR: &[&str] = &[
    "apr", "aug", "dec", "feb", "fri", "jan", "jul", "jun", "mar", "mon", "nov", "oct", "sep",
    "sept", "thu", "thur", "thurs", "tue", "tues", "wed",
];

/// The first part of a web address.
const WEB: &[&str] = &["www"];

/// Words that are abbreviations in these lists and also end sentences as ordinary words
/// or names, so that a capital after them may begin a sentence: `et al. The`, `Sec. Two`.
const UNSURE: &[&str] = &["al", "art", "mar", "sec"];

/// The months that an abbreviated date can end a sentence with: `until next Jan.`
pub(super) const MONTHS: &[&str] = &[
    "Jan", "Feb", "Apr", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
];

/// Ordinary words that the engine takes for abbreviations. At the end of a sentence the
/// word is the likelier reading: `He said no.`, `They told me.`
const ORDINARY: &[&str] = &[
    "art", "con", "del", "ex", "ill", "ind", "la", "mad", "may", "me", "mich", "mm", "no", "op",
    "ore", "pa", "pl", "res", "rev", "va",
];

/// Abbreviations that also end sentences: companies, states, times, streets. The engine
/// cuts behind them before `The`, `He` and their like.
pub(super) const FINAL: &[&str] = &[
    "Ave", "Blvd", "Bros", "Co", "Corp", "Inc", "Jr", "Ltd", "Sr", "St", "U.K", "U.N", "U.S",
    "a.m", "p.m",
];

/// Words that begin sentences and no names: behind one of [`FINAL`] they tell that the
/// sentence ended.
pub(super) const OPENERS: &[&str] = &[
    "Although", "Because", "Both", "Despite", "Even", "Everybody", "Everyone", "Few", "Half",
    "However", "Instead", "Many", "Meanwhile", "Most", "Neither", "Nobody", "None", "Not",
    "Nothing", "Now", "Once", "Only", "Several", "Since", "Some", "Somebody", "Someone", "Soon",
    "Still", "Then", "Though", "Under", "Unless", "Unlike", "Until", "Whether", "While", "Who",
    "Why", "Yesterday",
];

/// Verbs that report speech, in the forms that follow a quotation.
const SPEECH: &[&str] = &[
    "added", "adds", "admitted", "answered", "answers", "argued", "ask", "asked", "asks", "began",
    "begins", "called", "calls", "claimed", "concluded", "continued", "continues", "cried",
    "cries", "declared", "demanded", "exclaimed", "explained", "explains", "howled", "insisted",
    "joked", "laughed", "murmured", "muttered", "noted", "notes", "observed", "quipped",
    "recalled", "remarked", "repeated", "replied", "replies", "responded", "said", "say", "says",
    "screamed", "shouted", "shouts", "started", "stated", "tells", "thinks", "thought", "told",
    "tweeted", "urged", "warned", "warns", "whispered", "wondered", "writes", "wrote", "yelled",
];

/// Subjects of a reporting verb that are not names.
pub(super) const PRONOUNS: &[&str] = &[
    "I", "He", "he", "She", "she", "They", "they", "We", "we", "You", "you", "It", "it",
];

/// May stand between a pronoun and its verb: `he then asked`.
pub(super) const BETWEEN: &[&str] = &["then", "also", "had", "later"];

/// Spellings of text that does not care for capitals; alone between white space.
pub(super) const CARELESS: &[&str] = &[
    "i", "im", "ive", "dont", "u", "ur", "lol", "thx", "plz", "pls", "ty",
];

/// What may stand in square brackets after a sentence and belong to it, besides numbers
/// and single letters.
pub(super) const CITATIONS: &[&str] = &[
    "citation needed",
    "better source needed",
    "clarification needed",
    "who?",
    "when?",
    "...",
    "…",
    "sic",
];

/// What numbered captions and headings begin with.
pub(super) const CAPTIONS: &[&str] = &[
    "Figure", "Fig.", "Fig", "Table", "Box", "Exhibit", "Chart", "Listing", "Chapter", "Section",
    "Part", "Step", "Article", "Rule",
];

/// What follows a clock time: `9 p.m. EST`.
pub(super) const TIME_ZONES: &[&str] = &[
    "ET", "EST", "EDT", "CT", "CST", "CDT", "MT", "MST", "MDT", "PT", "PST", "PDT", "GMT", "UTC",
    "BST", "CET", "CEST", "Eastern", "Pacific", "Central", "Mountain", "local",
];

/// File extensions in capitals: `REPORT.PDF`.
pub(super) const EXTENSIONS: &[&str] = &[
    "DOC", "DOCX", "XLS", "XLSX", "PDF", "TXT", "HTM", "HTML", "ZIP", "JPG", "JPEG", "PNG", "GIF",
    "PPT", "PPTX", "CSV", "EXE", "XML", "JSON", "MP3", "MP4",
];

/// Whether a sentence does not end after the word (in lower case) and a full stop.
pub(super) fn is_abbreviation(word: &str) -> bool {
    [
        TITLES, PLACES, INSTITUTIONS, REFERENCES, CONNECTIVES, CALENDAR, WEB,
    ]
    .iter()
    .any(|list| list.contains(&word))
}

/// Whether the abbreviation may also end a sentence, when a capital follows.
pub(super) fn is_unsure(word: &str) -> bool {
    UNSURE.contains(&word)
}

/// Whether the engine takes the word (in lower case) for an abbreviation that it is not.
pub(super) fn is_ordinary(word: &str) -> bool {
    ORDINARY.contains(&word)
}

/// Whether the word, in any case, reports speech.
pub(super) fn is_speech_verb(word: &str) -> bool {
    SPEECH.contains(&word.to_lowercase().as_str())
}

/// Whether the mark may close something that was opened before the end of a sentence.
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '”' | '’' | '\'' | '»' | '›' | ')' | ']' | '}' | '*' | '_'
    )
}

/// Whether the mark may open something at the beginning of a sentence.
pub(super) fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '‘' | '\'' | '«' | '‹' | '(' | '[' | '{' | '*' | '_' | '„' | '¿' | '¡'
    )
}

/// Whether the character belongs to a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The longest stretch without white space that is read as one word.
const LONGEST_WORD: usize = 256;

/// The beginning of `text` up to `bytes`, rounded down to a character.
pub(super) fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The end of `text` from `back` bytes before its end, rounded to a character.
pub(super) fn tail(text: &str, back: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(back))..]
}

/// What stands at the end of `text` after the last white space.
pub(super) fn last_run(text: &str) -> &str {
    let near = tail(text, LONGEST_WORD);
    near.rfind(char::is_whitespace)
        .map_or(near, |at| near[at..].trim_start())
}

/// The last word of `text` with the marks inside and right after it, closers left out:
/// `U.S.` of `in the “U.S.”`.
pub(super) fn last_token(text: &str) -> &str {
    let run = last_run(text.trim_end_matches(is_closer));
    let opens = |c: char| matches!(c, '(' | '[' | '"' | '“' | '‘' | '—' | '–' | '_' | '*' | '/');
    run.rfind(opens)
        .map_or(run, |at| run[at..].trim_start_matches(opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_end_at_closers_and_begin_after_openers() {
        let cases = [
            ("in the “U.S.”", "U.S."),
            ("he left (see fig.)", "fig."),
            ("north/south.", "south."),
            ("Mirov—then Gov.", "Gov."),
            ("word ", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(last_token(text), expected);
        }
    }

    #[test]
    fn an_endless_token_is_read_from_near_its_end() {
        let text = "é".repeat(10_000);
        assert!(last_token(&text).len() <= LONGEST_WORD);
    }

    #[test]
    fn words_are_in_lower_case() {
        let lists = [
            TITLES, PLACES, INSTITUTIONS, REFERENCES, CONNECTIVES, CALENDAR, WEB, UNSURE, ORDINARY,
            SPEECH,
        ];
        for word in lists.concat() {
            assert_eq!(word, word.to_lowercase());
            assert!(!word.ends_with('.'), "{word}");
        }
    }
}

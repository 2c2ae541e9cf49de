//! What each block is in its article.
//!
//! Markup decides for headings, quotations and list items; rules about the words decide
//! whether a paragraph is running prose or one of the lines around it. The rules are data
//! with their own cases. They err towards body: a line that is scored for nothing costs
//! less than prose that is not read.

use std::sync::LazyLock;

use regex::Regex;

use super::draft::{Draft, Kind};
use crate::document::Role;

/// Where a rule may apply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first paragraph of prose.
    Head,
    /// Anywhere.
    Anywhere,
}

/// Paragraphs of at most `words` words that match `pattern` have this role.
struct Rule {
    role: Role,
    place: Place,
    words: usize,
    pattern: &'static str,
    #[cfg(test)]
    yes: &'static [&'static str],
    #[cfg(test)]
    no: &'static [&'static str],
}

macro_rules! rules {
    ($({$role:ident, $place:ident, words: $words:expr, $pattern:expr, yes: $yes:expr, no: $no:expr})*) => {
        &[$(Rule {
            role: Role::$role,
            place: Place::$place,
            words: $words,
            pattern: $pattern,
            #[cfg(test)]
            yes: &$yes,
            #[cfg(test)]
            no: &$no,
        }),*]
    };
}

/// The first that matches decides.
const RULES: &[Rule] = rules![
    {
        Boilerplate, Anywhere, words: usize::MAX,
        r"^(?i:disclaimer)\s*:",
        yes: ["Disclaimer: The views are the author’s own. They bind nobody."],
        no: ["The disclaimer: nobody read it, and nobody was meant to."]
    }
    {
        Boilerplate, Anywhere, words: 60,
        r"^(?:(?i:copyright)\s*(?:©|\([cC]\)|\d{4}|by\s)|©|\([cC]\)\s*\d{4})|(?i:all rights reserved\.?)$",
        yes: ["Copyright © Mira Tolland, Velda Post, 2026", "© 2026 Velda Post. All rights reserved."],
        no: ["Copyright law has not kept up with the port.", "Copyright is what the council fears."]
    }
    {
        Boilerplate, Anywhere, words: 40,
        r"^(?i:the original source of this article is|this (?:article|piece|story|column) (?:was|is|has been) (?:(?:first|originally) )?(?:re)?(?:published|posted)|(?:first|originally) (?:published|appeared) (?:in|by|at|on)|republished (?:from|with))\b",
        yes: [
            "The original source of this article is Velda Post",
            "This article was first published in the Velda Post."
        ],
        no: ["The original source of the river is a bog.", "This article of faith was never theirs."]
    }
    {
        Boilerplate, Anywhere, words: 20,
        r"^(?i:(?:more |other |all )?(?:articles|stories|posts) by:?)\s+[A-Z]",
        yes: ["Articles by: Mira Tolland", "More stories by Ansel Roke"],
        no: ["Stories by the fire are what we miss."]
    }
    {
        Boilerplate, Anywhere, words: 16,
        r"^(?i:comment on .{0,60}\b(?:page|below|article|story)|(?:leave|post|write|add) a (?:comment|reply)|join the (?:conversation|discussion)|share (?:this|on|via)\b|follow (?:us|@)|like us on|find us on|subscribe\b|sign up (?:for|to)\b|become a (?:member|subscriber|supporter|patron)|get our newsletter|support (?:us|our (?:work|journalism|newsroom|site))\b|donate\b|make a donation|click here|print this|download (?:the|our) app|join (?:us on|our (?:mailing|newsletter|channel|telegram|group))|advertisement$|sponsored\b|privacy policy|terms of (?:use|service)|cookie (?:policy|settings)|back to top|skip to\b)",
        yes: [
            "Comment on Velda Post articles on our Facebook page",
            "Become a Member of Velda Post",
            "Subscribe to our newsletter!",
            "Share this:",
            "Leave a comment"
        ],
        no: [
            "Comment on the strike was hard to come by.",
            "Follow the money.",
            "Support our troops and they will win.",
            "Join us, the mayor said, and we will open the port."
        ]
    }
    {
        Boilerplate, Anywhere, words: 12,
        r"^(?i:read (?:more|also|next)|see also|related(?: articles| stories| posts)?|you (?:may|might) also like|recommended)\s*:",
        yes: ["Read more: The port that vanished", "Related: Who owns the quay?"],
        no: ["Read more of the treaty and you will see it.", "Related questions were not asked."]
    }
    {
        Boilerplate, Anywhere, words: 40,
        r"^(?i:for (?:media|press|all other) (?:inquiries|enquiries|requests)|to (?:republish|reprint) this|(?:please )?contact us (?:at|on)\b|tips\? (?:write|mail))",
        yes: ["For media inquiries: press@velda.example"],
        no: ["For media barons the port is a prize."]
    }
    {
        Caption, Anywhere, words: 50,
        r"^(?i:(?:featured |cover |lead )?(?:image|photo|photograph|picture|illustration)(?: credit)?s?)\s*(?::|©|\(|(?i:is from|is by|by|from|courtesy|source)\b)",
        yes: ["Featured image is from the author.", "Photo: NPA / Mira Tolland", "Image credit: Velda Post"],
        no: ["Photographs of the mayor were burnt.", "The image from the quay went round the world."]
    }
    {
        Metadata, Anywhere, words: 25,
        r"^(?i:regions?|themes?|topics?|tags?|categor(?:y|ies)|filed under|keywords|section|subjects?|published(?: on)?|updated(?: on)?|last (?:updated|modified)|posted(?: on| in)?|reading time|word count|sources?|series|language|in-depth report)\s*:\s*\S",
        yes: ["Region: Velda, Norland", "Tags: port, strike", "Published: 3 March 2026"],
        no: ["The region: a land of salt.", "Sources say that the port is shut."]
    }
    {
        Byline, Head, words: 10,
        r"^(?:[Bb]y|BY|Von|Text:|Written by|Story by|Opinion by|Analysis by)\s+(?:(?:[Dd]r|[Pp]rof|[Mm]rs?|[Mm]s)\.?\s+)?[A-Z][\w’'-]*(?:[\s,]+(?:and\s+|&\s+)?[A-Z][\w’'.-]*){0,8}(?:,? [a-z ]{0,40}(?:correspondent|editor|reporter|columnist))?$",
        yes: ["By Mira Tolland", "By Mira Tolland and Ansel Roke, Velda Post", "By Mira Tolland, chief reporter"],
        no: ["By 2030 the port will be gone.", "By Monday Velda was empty, and nobody knew why."]
    }
    {
        Dateline, Head, words: 14,
        r"^[^.!?]{0,80}?\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?,? \d{4}|\d{4}-\d{2}-\d{2})(?:,? (?:at )?\d{1,2}[:.]\d{2}.{0,12})?$",
        yes: ["Velda Post, November 29, 2026", "Velda Post 25 November 2026", "2026-11-25", "3 March 2026, 14:05 CET"],
        no: ["VELDA CITY, 3 March 2026 (NPA) - The port was shut.", "The port was shut on 3 March 2026."]
    }
];

static COMPILED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    RULES
        .iter()
        .map(|rule| Regex::new(rule.pattern).expect("the role rules are tested"))
        .collect()
});

/// The role of each block.
pub(super) fn assign(drafts: &[Draft]) -> Vec<Role> {
    let mut head = true;
    let mut titled = false;
    drafts
        .iter()
        .map(|draft| {
            let role = match draft.kind {
                // A short line of plain text may be a byline as well as a heading.
                Kind::Heading => match by_words(&draft.text, head) {
                    Some(role) => role,
                    None if head && !titled => Role::Title,
                    None => Role::Heading,
                },
                Kind::Quote => Role::Quote,
                Kind::Caption => Role::Caption,
                Kind::Data => Role::Metadata,
                Kind::ListItem => match by_words(&draft.text, head) {
                    Some(Role::Boilerplate) => Role::Boilerplate,
                    _ => Role::ListItem,
                },
                Kind::Paragraph => by_words(&draft.text, head).unwrap_or(Role::Body),
            };
            titled |= role == Role::Title;
            head &= role != Role::Body;
            role
        })
        .collect()
}

fn by_words(text: &str, head: bool) -> Option<Role> {
    RULES
        .iter()
        .zip(COMPILED.iter())
        .find(|(rule, pattern)| {
            (head || rule.place == Place::Anywhere)
                && (rule.words == usize::MAX || text.split_whitespace().nth(rule.words).is_none())
                && pattern.is_match(text)
        })
        .map(|(rule, _)| rule.role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_holds_on_its_own_cases() {
        for rule in RULES {
            for text in rule.yes {
                assert_eq!(by_words(text, true), Some(rule.role), "{text:?}");
            }
            for text in rule.no {
                assert_eq!(by_words(text, true), None, "{text:?}");
            }
        }
    }

    #[test]
    fn bylines_and_datelines_stand_before_the_prose() {
        assert_eq!(by_words("By Mira Tolland", false), None);
        assert_eq!(by_words("Velda Post, November 29, 2026", false), None);
    }
}

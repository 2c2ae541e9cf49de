//! Findings that a comment in the text ignores: `<!-- rhetor: ignore LABEL reason -->`.
//!
//! It speaks of the next block, and of a label of the whole document where it names one. A
//! reason is required, so that whoever reads the text knows why. A comment that cannot be
//! meant ignores nothing and is noted by its line, as is one that has nothing to ignore.

use super::AnalyzedSentence;
use crate::document::{Document, Target};
use crate::finding::{Finding, Status};
use crate::label::{Scope, suggestion, taxonomy};
use crate::span::Positions;

/// The one thing that a comment can ask for.
const IGNORE: &str = "ignore";
/// What stands for every label.
const ALL: &str = "all";
/// How it is written.
const FORM: &str = "write `<!-- rhetor: ignore LABEL reason -->`";

/// Marks the findings that comments ignore, and says what is wrong with the comments.
pub(super) fn ignore(
    document: &Document,
    sentences: &mut [AnalyzedSentence],
    findings: &mut [Finding],
) -> Vec<String> {
    if document.comments.is_empty() {
        return Vec::new();
    }
    let positions = Positions::new(&document.source);
    let mut notes = Vec::new();
    for comment in &document.comments {
        let (line, _) = positions.line_column(comment.source.start);
        let mut note = |text: &str| notes.push(format!("line {line}: {text}"));
        let (names, reason) = match read(&comment.text) {
            Ok(read) => read,
            Err(fault) => {
                note(&fault);
                continue;
            }
        };
        let shown = format!("`rhetor: ignore {}`", names.join(", "));
        if reason.is_empty() {
            note(&format!(
                "{shown} gives no reason, so it ignores nothing; {FORM}"
            ));
            continue;
        }
        let known: Vec<&str> = names
            .into_iter()
            .filter(|name| {
                let unknown = taxonomy().check(name).err().filter(|_| *name != ALL);
                if let Some(unknown) = &unknown {
                    note(&unknown.to_string());
                }
                unknown.is_none()
            })
            .collect();
        if known.is_empty() {
            continue;
        }
        let mut ignored = 0;
        let mut mark = |finding: &mut Finding, meant: bool| {
            if meant && finding.reason.is_none() {
                // What is not shown by default keeps its status: only what would have been is
                // counted as ignored.
                if finding.status == Status::Reported {
                    finding.status = Status::Ignored;
                }
                finding.reason = Some(reason.to_owned());
                ignored += 1;
            }
        };
        for finding in findings.iter_mut() {
            let own = known.contains(&finding.label.id.as_str());
            mark(finding, own && finding.label.scope == Scope::Document);
        }
        if let Target::Block(block) = comment.target {
            let inside = |s: &&mut AnalyzedSentence| s.sentence.block == block;
            for finding in sentences
                .iter_mut()
                .filter(inside)
                .flat_map(|s| &mut s.findings)
            {
                let meant = |name: &&str| *name == ALL || finding.label.is_named(name);
                let meant = known.iter().any(meant);
                mark(finding, meant);
            }
        }
        if ignored == 0 {
            note(&format!("{shown} ignores nothing: {}", why(comment.target)));
        }
    }
    notes
}

fn why(target: Target) -> &'static str {
    match target {
        Target::Block(_) => "the next block has no such finding; remove the comment",
        Target::Inside => {
            "it stands in the middle of a block; put it on a line of its own before the block"
        }
        Target::Nothing => "no block comes after it",
    }
}

/// The names and the reason of a comment, or what is wrong with it.
fn read(text: &str) -> Result<(Vec<&str>, &str), String> {
    let (verb, mut rest) = split(text);
    if verb != IGNORE {
        let near = suggestion(verb, [IGNORE].into_iter());
        return Err(format!("there is no `rhetor: {verb}`{near}; {FORM}"));
    }
    let mut names = Vec::new();
    loop {
        let end = rest
            .find(|c: char| c == ',' || c.is_whitespace())
            .unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        names.push(rest[..end].trim_end_matches(':'));
        rest = rest[end..].trim_start();
        let Some(more) = rest.strip_prefix(',') else {
            break;
        };
        rest = more.trim_start();
    }
    if names.is_empty() {
        return Err(format!("`rhetor: ignore` names no label; {FORM}"));
    }
    // A dash or a colon may lead to the reason.
    let reason = rest.trim_start_matches(['-', '–', '—', ':']).trim();
    Ok((names, reason))
}

/// The first word and what follows it.
fn split(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_reasons() {
        for (text, names, reason) in [
            (
                "ignore doubt quoted on purpose",
                vec!["doubt"],
                "quoted on purpose",
            ),
            (
                "ignore doubt, slogan irony",
                vec!["doubt", "slogan"],
                "irony",
            ),
            (
                "ignore doubt ,slogan,all: irony, we think",
                vec!["doubt", "slogan", "all"],
                "irony, we think",
            ),
            (
                "ignore\n  framing — a\n  letter",
                vec!["framing"],
                "a\n  letter",
            ),
            ("ignore doubt", vec!["doubt"], ""),
            ("ignore doubt --", vec!["doubt"], ""),
            ("ignore doubt,", vec!["doubt"], ""),
        ] {
            assert_eq!(read(text), Ok((names, reason)), "{text:?}");
        }
        for (text, fault) in [
            ("ignore", "names no label; write `<!--"),
            ("ignore , why", "names no label"),
            (
                "ignroe doubt why",
                "no `rhetor: ignroe` (did you mean `ignore`?)",
            ),
            ("", "there is no `rhetor: `"),
        ] {
            assert!(
                read(text).unwrap_err().contains(fault),
                "{text:?}: {:?}",
                read(text)
            );
        }
    }
}

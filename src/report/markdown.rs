//! `markdown`: a report to paste into an issue, a note or a wiki, in `CommonMark` with the
//! tables of GitHub Flavored Markdown.
//!
//! Only sentences with a finding are quoted, with the words in question in bold; lines are
//! those of the source.

use std::fmt::Write as _;
use std::io;

use super::fit::printable;
use super::shown::{Shown, remark, shown, title};
use super::{Analyzed, CAVEAT, Out, Printer, Settings};
use crate::finding::{Detector, VoiceKind};
use crate::span::Span;

/// Sources that the table has room for.
const SOURCES: usize = 10;

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Markdown { out, printed: 0 })
}

struct Markdown {
    out: Out,
    printed: usize,
}

impl Printer for Markdown {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        if self.printed > 0 {
            self.out.write_all(b"\n")?;
        }
        self.printed += 1;
        self.out.write_all(page(document).as_bytes())?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn page(document: &Analyzed<'_>) -> String {
    let report = document.report;
    let shown = shown(document);
    let mut page = format!("# {}\n\n", escaped(title(&report.document.name)));
    let counts = &report.document.counts;
    let _ = writeln!(
        page,
        "{} sentences, {} scored by {} (rhetor {}). {} with at least one finding.\n",
        counts.sentences,
        counts.scored,
        escaped(&report.manifest.model.name),
        report.manifest.rhetor_version,
        report.summary.sentences_with_findings
    );
    for note in &report.document.notes {
        let _ = writeln!(page, "Note: {}.\n", escaped(note));
    }
    let _ = writeln!(page, "> {CAVEAT}");
    summary(&mut page, &shown);
    findings(&mut page, document, &shown);
    sources(&mut page, document);
    page
}

/// The labels that were found, in the order of their first finding.
fn summary(page: &mut String, shown: &[Shown<'_>]) {
    let mut rows: Vec<(&str, [usize; 3])> = Vec::new();
    for finding in shown.iter().map(|shown| shown.finding) {
        let known = rows.iter().position(|row| row.0 == finding.label);
        let at = known.unwrap_or_else(|| {
            rows.push((&finding.label, [0; 3]));
            rows.len() - 1
        });
        let voice = match finding.voice.kind {
            VoiceKind::Author => 0,
            VoiceKind::Quoted => 1,
            VoiceKind::Reported => 2,
        };
        rows[at].1[voice] += 1;
    }
    if rows.is_empty() {
        page.push_str("\nNo findings.\n");
        return;
    }
    page.push_str("\n| label | findings | author | quoted | reported |\n");
    page.push_str("|---|--:|--:|--:|--:|\n");
    for (label, counts @ [author, quoted, reported]) in rows {
        let all: usize = counts.iter().sum();
        let _ = writeln!(
            page,
            "| {label} | {all} | {author} | {quoted} | {reported} |"
        );
    }
}

fn findings(page: &mut String, document: &Analyzed<'_>, shown: &[Shown<'_>]) {
    if shown.is_empty() {
        return;
    }
    page.push_str("\n## Findings\n");
    let of_sentence = |shown: &Shown<'_>| shown.sentence.map(|sentence| sentence.index);
    for group in shown.chunk_by(|a, b| of_sentence(a) == of_sentence(b)) {
        page.push('\n');
        if let Some(index) = of_sentence(&group[0]) {
            let sentence = document.analysis.sentences[index].sentence.span;
            let text = &document.analysis.document.text;
            let place = document.report.sentences[index].span.as_ref();
            let line = place.map_or(String::new(), |place| format!("Line {}: ", place.line));
            let evidence = group.iter().filter(|one| !one.finding.evidence.is_empty());
            let evidence: Vec<Span> = evidence.flat_map(|one| one.clean.clone()).collect();
            let _ = writeln!(page, "> {line}{}\n", bold(text, sentence, evidence));
        }
        for shown in group {
            item(page, shown);
        }
    }
}

fn item(page: &mut String, shown: &Shown<'_>) {
    let finding = shown.finding;
    let _ = write!(page, "- `{}`", finding.label);
    if let Some(probability) = finding.probability {
        let _ = write!(page, " {probability:.2}");
    }
    page.push_str(remark(finding.status, finding.level));
    let quotes = finding.evidence.iter();
    let quotes: Vec<String> = quotes
        .map(|quote| format!("“{}”", escaped(&quote.text)))
        .collect();
    let _ = match (finding.detector, quotes.as_slice()) {
        (Detector::Model, []) => write!(page, ": in the sentence as a whole"),
        (Detector::Model, quotes) => write!(page, ": {}", quotes.join(", ")),
        _ => write!(page, ": {}", escaped(&finding.message)),
    };
    match (finding.voice.kind, &finding.voice.speaker) {
        (VoiceKind::Author, _) => {}
        (kind, None) => {
            let _ = write!(page, " ({})", kind.as_str());
        }
        (kind, Some(speaker)) => {
            let _ = write!(page, " ({}: {})", kind.as_str(), escaped(speaker));
        }
    }
    page.push('\n');
}

fn sources(page: &mut String, document: &Analyzed<'_>) {
    let ledger = &document.report.ledger;
    if ledger.sources.is_empty() {
        return;
    }
    page.push_str("\n## Sources\n\n| source | kind | attributions | words | share |\n");
    page.push_str("|---|---|--:|--:|--:|\n");
    for source in ledger.sources.iter().take(SOURCES) {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {:.0} % |",
            escaped(&source.name),
            source.kind.as_str(),
            source.attributions,
            source.words,
            source.share * 100.0
        );
    }
    let more = ledger.sources.len().saturating_sub(SOURCES);
    if more > 0 {
        let _ = writeln!(page, "\nAnd {more} more.");
    }
}

/// A sentence with these stretches of it in bold.
fn bold(text: &str, sentence: Span, mut evidence: Vec<Span>) -> String {
    evidence.sort_unstable();
    let mut marked = String::new();
    let mut from = sentence.start;
    let mut runs = evidence.into_iter().peekable();
    while let Some(mut run) = runs.next() {
        while let Some(next) = runs.next_if(|next| next.start <= run.end) {
            run.end = run.end.max(next.end);
        }
        let run = run.trimmed(text);
        marked.push_str(&escaped(Span::new(from, run.start).of(text)));
        let _ = write!(marked, "**{}**", escaped(run.of(text)));
        from = run.end;
    }
    marked.push_str(&escaped(Span::new(from, sentence.end).of(text)));
    marked
}

/// Text that stays text in Markdown, and on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(&text.replace(['\n', '\r'], " ")).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

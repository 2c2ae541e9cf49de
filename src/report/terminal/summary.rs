//! The end of the report at a terminal: how much was found, and what was not shown.

use std::fmt::Write as _;

use anstyle::Style;

use super::{BOLD, DIM, GUTTER, Page, count, style};
use crate::analyze::Analysis;
use crate::report::summary::{LabelCounts, Summary};

impl Page<'_> {
    pub(super) fn summary(&mut self, analysis: &Analysis) {
        let summary = Summary::new(analysis);
        let scored = analysis.scored();
        self.line("");
        self.paragraph(BOLD, 0, 0, "Summary");
        self.paragraph(
            Style::new(),
            0,
            0,
            &format!(
                "{} with at least one finding, of {scored} scored.",
                count(summary.sentences_with_findings, "sentence")
            ),
        );
        let shown = summary.shown();
        let most = shown.iter().map(|(_, counts)| counts.shown()).max();
        for (label, counts) in shown {
            self.bar(&label.id, counts, most.unwrap_or(0), style(label));
        }
        let preview = self.layout.preview;
        let hidden = counted(
            &summary,
            &[
                (
                    |c| c.preview,
                    "of a kind that the model knows too little of",
                ),
                (|c| c.abstained, "too near the threshold to call"),
            ],
        );
        if !preview && !hidden.is_empty() {
            self.paragraph(
                DIM,
                0,
                0,
                &format!("Not shown: {hidden}. --preview shows them."),
            );
        }
        let kept = counted(
            &summary,
            &[
                (|c| c.ignored, "ignored by comments in the text"),
                (|c| c.baseline, "known from the baseline"),
            ],
        );
        if !kept.is_empty() {
            self.paragraph(DIM, 0, 0, &format!("{kept}."));
        }
        for finding in analysis.findings.iter().filter(|f| f.is_shown(preview)) {
            self.paragraph(
                style(finding.label),
                0,
                2,
                &format!("{}: {}.", finding.label.id, finding.message),
            );
        }
        self.sources(analysis, &summary);
        let sentences = analysis.sentences.iter().flat_map(|s| &s.findings);
        let mut all = sentences.chain(&analysis.findings);
        if all.any(|finding| finding.is_shown(preview)) {
            self.line("");
            let more = "`rhetor explain LABEL` tells what a label means and how often it is right.";
            self.paragraph(DIM, 0, 0, more);
        }
    }

    /// `label  ████████  12   author 9, quoted 3`; the voices on a line of their own where
    /// the page is narrow.
    fn bar(&mut self, label: &str, counts: &LabelCounts, most: usize, style: Style) {
        let total = counts.shown();
        let room = self.layout.width.saturating_sub(62).clamp(4, 30);
        let bar = "█".repeat((total * room).div_ceil(most));
        let parts = counts.voices();
        let (style, dim) = (self.style(style), self.style(DIM));
        let mut line = format!("  {label:<27}{style}{bar:<room$}{style:#} {total:>4}");
        let used = 2 + 27 + room + 1 + 4;
        if used + 2 + parts.len() <= self.layout.width {
            let _ = write!(line, "  {dim}{parts}{dim:#}");
            self.line(&line);
        } else {
            self.line(&line);
            self.paragraph(DIM, GUTTER, 0, &parts);
        }
    }
}

/// One of the counts of a label.
type Of = fn(&LabelCounts) -> usize;

/// How many findings of all labels are of each kind: `3 of this, 1 of that`; empty without any.
fn counted(summary: &Summary, kinds: &[(Of, &str)]) -> String {
    let all = |of: Of| summary.labels.values().map(of).sum::<usize>();
    let counts = kinds.iter().map(|&(of, words)| (all(of), words));
    let counts = counts.filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    counts.join(", ")
}

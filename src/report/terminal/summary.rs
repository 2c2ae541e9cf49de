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
        let hidden: [usize; 2] = summary.labels.values().fold([0, 0], |sum, counts| {
            [sum[0] + counts.preview, sum[1] + counts.abstained]
        });
        if !self.layout.preview && hidden != [0, 0] {
            self.paragraph(
                DIM,
                0,
                0,
                &format!(
                    "Not shown: {} of labels that the model knows too little of, {} too near \
                     their threshold to call. --preview shows them.",
                    hidden[0], hidden[1]
                ),
            );
        }
        let sum = |of: fn(&LabelCounts) -> usize| summary.labels.values().map(of).sum::<usize>();
        let kept: Vec<String> = [
            (
                sum(|counts| counts.ignored),
                "ignored by comments in the text",
            ),
            (sum(|counts| counts.baseline), "known from the baseline"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, why)| format!("{count} {why}"))
        .collect();
        if !kept.is_empty() {
            self.paragraph(DIM, 0, 0, &format!("{}.", kept.join(", ")));
        }
        let preview = self.layout.preview;
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

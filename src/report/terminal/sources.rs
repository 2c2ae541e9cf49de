//! The sources of a document, for a person at a terminal: who is given how much of what is
//! said, and what the claims that could be checked rest on.

use std::fmt::Write as _;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::{BOLD, DIM, GUTTER, Page, count};
use crate::analyze::Analysis;
use crate::report::fit::{printable, shorten};
use crate::report::summary::Summary;
use crate::sourcing::Coverage;

/// Sources in the table of them.
const SOURCES: usize = 8;

impl Page<'_> {
    /// Who speaks, and how much of what is said is theirs.
    pub(super) fn sources(&mut self, analysis: &Analysis, summary: &Summary) {
        if analysis.attributions.is_empty() {
            return;
        }
        let kinds: Vec<String> = summary
            .attributions
            .iter()
            .map(|(kind, count)| format!("{} {count}", kind.as_str()))
            .collect();
        self.line("");
        self.paragraph(BOLD, 0, 0, "Sources");
        self.paragraph(
            Style::new(),
            0,
            2,
            &format!(
                "{}, {} attributed words; by kind of source: {}.",
                count(analysis.attributions.len(), "attribution"),
                analysis.ledger.words,
                kinds.join(", ")
            ),
        );
        let room = self.layout.width.saturating_sub(62).clamp(4, 30);
        let dim = self.style(DIM);
        for source in analysis.ledger.sources.iter().take(SOURCES) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a few columns"
            )]
            let bar = "█".repeat((source.share * room as f32).ceil() as usize);
            let name = shorten(&printable(&source.name), 25);
            let pad = " ".repeat(27_usize.saturating_sub(name.width()));
            let said = match source.direct {
                0 => count(source.attributions, "time"),
                direct => format!("{}, {direct} quoted", count(source.attributions, "time")),
            };
            let mut line = format!("  {name}{pad}{bar:<room$} {:>3.0} %", 100.0 * source.share);
            // Where the page is narrow, on a line of its own, as in `bar`.
            if 2 + 27 + room + 6 + 2 + said.len() <= self.layout.width {
                let _ = write!(line, "  {dim}{said}{dim:#}");
                self.line(&line);
            } else {
                self.line(&line);
                self.paragraph(DIM, GUTTER, 0, &said);
            }
        }
        let more = analysis.ledger.sources.len().saturating_sub(SOURCES);
        if more > 0 {
            self.paragraph(DIM, 2, 0, &format!("and {more} more"));
        }
        if let Some(coverage) = &analysis.ledger.coverage {
            self.coverage(coverage);
        }
    }

    /// What the checkable claims rest on, the well-sourced ones first.
    fn coverage(&mut self, coverage: &Coverage) {
        if coverage.claims == 0 {
            return;
        }
        let kinds = |asked: bool| {
            let kinds = coverage.kinds(asked).into_iter();
            let kinds = kinds.map(|(kind, count)| format!("{kind} {count}"));
            kinds.collect::<Vec<_>>().join(", ")
        };
        let mut line = format!(
            "Of {}, {} have a source near them that a reader could ask or look up",
            count(coverage.claims, "checkable claim"),
            coverage.sourced()
        );
        if coverage.sourced() > 0 {
            let _ = write!(line, " ({})", kinds(true));
        }
        let weak = coverage.claims - coverage.sourced() - coverage.without;
        if weak > 0 {
            let _ = write!(line, ", {weak} a weaker one ({})", kinds(false));
        }
        let _ = write!(line, ", {} none.", coverage.without);
        self.paragraph(Style::new(), 0, 2, &line);
    }
}

//! The reliability plot: one small panel a stable sentence output, as SVG.
//!
//! A dot a bin, at the mean probability of its sentences (across) and the share of them
//! that are positive (up), its area by their number. Dots on the diagonal mean what they
//! say, dots below it say too much (`DeGroot` and Fienberg, 1983). The colours follow the
//! reader's light or dark setting.

use std::io::{self, Write};

use super::calibration::Calibration;
use super::count;
use super::scores::Evaluation;
use crate::calibrate::Standing;

const COLUMNS: usize = 4;
/// Of a panel's square, in pixels.
const SIDE: f64 = 140.0;
/// Around it: left and right for a margin, above for the title, below for the scale.
const MARGIN: f64 = 30.0;
const ABOVE: f64 = 40.0;
const BELOW: f64 = 30.0;
/// For the title of the plot.
const HEAD: f64 = 44.0;
/// Of the dot of a bin that holds every sentence.
const RADIUS: f64 = 9.0;

const STYLE: &str = "\
text { font: 11px system-ui, sans-serif; fill: #242424 }
.head { font-size: 14px; font-weight: 600 }
.note { fill: #6b6b6b }
.paper { fill: #fcfbf8 }
.frame { fill: none; stroke: #b8b4aa }
.ideal { stroke: #b8b4aa; stroke-dasharray: 3 3 }
.line { fill: none; stroke: #1f5fa8; stroke-opacity: .4 }
.dot { fill: #1f5fa8; fill-opacity: .75 }
@media (prefers-color-scheme: dark) {
text { fill: #e8e6e1 }
.note { fill: #a09c94 }
.paper { fill: #1c1c1e }
.frame, .ideal { stroke: #5c5a55 }
.line { stroke: #7db3f0 }
.dot { fill: #7db3f0 }
}";

/// Draws the calibration of every stable sentence output. `title` says of which model on
/// what.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, title: &str, evaluation: &Evaluation) -> io::Result<()> {
    let panels: Vec<(&str, &Calibration)> = evaluation
        .sentence
        .iter()
        .filter(|own| own.status == Standing::Stable)
        .map(|own| (own.output.as_str(), &own.pooled.calibration))
        .collect();
    let cell = (SIDE + 2.0 * MARGIN, ABOVE + SIDE + BELOW);
    let width = cell.0 * count(COLUMNS);
    let height = HEAD + cell.1 * count(panels.len().div_ceil(COLUMNS).max(1));
    let title = escaped(title);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{title}</title>\n<style>\n{STYLE}\n</style>\n\
         <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n\
         <text class=\"head\" x=\"{MARGIN}\" y=\"28\">{title}</text>"
    )?;
    if panels.is_empty() {
        writeln!(
            out,
            "<text x=\"{MARGIN}\" y=\"{}\">No stable sentence output was scored.</text>",
            HEAD + ABOVE
        )?;
    }
    for (i, (output, calibration)) in panels.into_iter().enumerate() {
        let x = cell.0 * count(i % COLUMNS) + MARGIN;
        let y = HEAD + cell.1 * count(i / COLUMNS) + ABOVE;
        writeln!(out, "<g transform=\"translate({x} {y})\">")?;
        panel(out, output, calibration)?;
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

fn panel(out: &mut impl Write, output: &str, calibration: &Calibration) -> io::Result<()> {
    let all: usize = calibration.reliability.iter().map(|bin| bin.count).sum();
    let dots: Vec<(f64, f64, f64, usize)> = calibration
        .reliability
        .iter()
        .filter_map(|bin| {
            let (p, share) = (bin.mean_probability?, bin.share_positive?);
            let radius = RADIUS * (count(bin.count) / count(all)).sqrt();
            Some((SIDE * p, SIDE * (1.0 - share), radius.max(1.5), bin.count))
        })
        .collect();
    let points: Vec<String> = dots
        .iter()
        .map(|(x, y, ..)| format!("{x:.1},{y:.1}"))
        .collect();
    writeln!(
        out,
        "<text y=\"-20\">{}</text>\n\
         <text class=\"note\" y=\"-7\">ECE {:.3}, {all} sentences</text>\n\
         <rect class=\"frame\" width=\"{SIDE}\" height=\"{SIDE}\"/>\n\
         <line class=\"ideal\" y1=\"{SIDE}\" x2=\"{SIDE}\"/>\n\
         <polyline class=\"line\" points=\"{}\"/>",
        escaped(output),
        calibration.ece,
        points.join(" ")
    )?;
    for (x, y, radius, sentences) in dots {
        writeln!(
            out,
            "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\">\
             <title>{:.0} % said, {:.0} % were, of {sentences}</title></circle>",
            100.0 * x / SIDE,
            100.0 * (1.0 - y / SIDE)
        )?;
    }
    let low = SIDE + 14.0;
    writeln!(
        out,
        "<text class=\"note\" y=\"{low}\">0</text>\n\
         <text class=\"note\" x=\"{}\" y=\"{low}\" text-anchor=\"middle\">probability</text>\n\
         <text class=\"note\" x=\"{SIDE}\" y=\"{low}\" text-anchor=\"end\">1</text>\n\
         <text class=\"note\" transform=\"translate(-6 {}) rotate(-90)\" text-anchor=\"middle\">share positive</text>",
        SIDE / 2.0,
        SIDE / 2.0
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

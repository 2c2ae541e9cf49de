//! The terminal report as a picture.

use std::io::{self, Write};

use anstyle::{Color, RgbColor};
use anstyle_svg::Term;

use super::shown::title;
use super::terminal::{self, Layout};
use super::{Analyzed, Out, Printer, Settings};

const INK: Color = Color::Rgb(RgbColor(0x24, 0x24, 0x24));
const PAPER: Color = Color::Rgb(RgbColor(0xfc, 0xfb, 0xf8));

/// Begins the format.
pub(super) fn start(out: Out, settings: Settings) -> Box<dyn Printer> {
    let settings = Settings {
        colour: true,
        ..settings
    };
    Box::new(Svg {
        out,
        settings,
        pages: Vec::new(),
    })
}

struct Svg {
    out: Out,
    settings: Settings,
    /// What a terminal would show so far.
    pages: Vec<u8>,
}

impl Printer for Svg {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        if !self.pages.is_empty() {
            self.pages.extend(terminal::BETWEEN);
        }
        terminal::write(
            &mut self.pages,
            title(&document.report.document.name),
            document.analysis,
            document.model,
            Layout::new(self.settings, document),
        )
    }

    fn finish(&mut self) -> io::Result<()> {
        let pages = String::from_utf8_lossy(&self.pages);
        write(&mut self.out, &pages, self.settings.width)?;
        self.out.flush()
    }
}

/// Writes what a terminal would show, escape sequences and all, as an SVG. `width` is in
/// columns.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, terminal: &str, width: usize) -> io::Result<()> {
    // A pixel width: the font is 8.4 wide, plus the margins.
    let pixels = width * 42 / 5 + 32;
    let picture = Term::new()
        .fg_color(INK)
        .bg_color(PAPER)
        .min_width_px(pixels)
        .render_svg(terminal);
    out.write_all(picture.as_bytes())
}

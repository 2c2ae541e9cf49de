//! The terminal report as a picture.

use std::io::{self, Write};

use anstyle::{Color, RgbColor};
use anstyle_svg::Term;

const INK: Color = Color::Rgb(RgbColor(0x24, 0x24, 0x24));
const PAPER: Color = Color::Rgb(RgbColor(0xfc, 0xfb, 0xf8));

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

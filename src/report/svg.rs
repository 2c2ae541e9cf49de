//! The terminal report as a picture.

use std::io::{self, Write};

use anstyle_svg::Term;

/// Writes what a terminal would show, escape sequences and all, as an SVG. `width` is in
/// columns.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, terminal: &str, width: usize) -> io::Result<()> {
    // A pixel width: the font is 8.4 wide, plus the margins.
    let pixels = width * 42 / 5 + 32;
    out.write_all(
        Term::new()
            .min_width_px(pixels)
            .render_svg(terminal)
            .as_bytes(),
    )
}

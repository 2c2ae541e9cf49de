//! Where things stand in the source, as other tools count: URIs, and lines with columns in
//! UTF-16 units or bytes.

use std::fmt::Write as _;

use super::wire::Place;

/// Line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub line: usize,
    pub column: usize,
}

/// What columns count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Byte,
    Utf16,
}

/// Where a place starts, and where the character after it stands. Editors and code hosts do
/// not count a byte-order mark, and so neither does this.
pub(super) fn range(source: &str, place: &Place, unit: Unit) -> [Position; 2] {
    let [start, end] = place.byte;
    let lines = source[start..end].matches('\n').count();
    let column = |byte: usize| {
        let before = &source[..byte];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        1 + match unit {
            Unit::Byte => line.len(),
            Unit::Utf16 => line.encode_utf16().count(),
        }
    };
    [(place.line, start), (place.line + lines, end)].map(|(line, byte)| Position {
        line,
        column: column(byte),
    })
}

/// A path as a URI reference: relative as it was given, or with the scheme `file` (RFC 3986,
/// RFC 8089).
pub(super) fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let mut uri = scheme.to_owned();
    // A colon before the first slash would end a scheme.
    if !path.starts_with('/')
        && path
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':'))
    {
        uri.push_str("./");
    }
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Positions;

    fn place(source: &str, words: &str) -> Place {
        let start = source.find(words).unwrap();
        let end = start + words.len();
        let positions = Positions::new(source);
        let (line, column) = positions.line_column(start);
        Place {
            byte: [start, end],
            char: [positions.units(start).0, positions.units(end).0],
            utf16: [positions.units(start).1, positions.units(end).1],
            line,
            column,
        }
    }

    #[test]
    fn columns_are_counted_from_one_in_their_unit() {
        let source = "\u{feff}é𝄞 a\r\nthe port\nof Velda";
        let at = |line, column| Position { line, column };
        let range = |words, unit| range(source, &place(source, words), unit);
        assert_eq!(range("a", Unit::Utf16), [at(1, 5), at(1, 6)]);
        assert_eq!(range("a", Unit::Byte), [at(1, 8), at(1, 9)]);
        assert_eq!(range("port\nof", Unit::Utf16), [at(2, 5), at(3, 3)]);
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("a b/é#.md"), "a%20b/%C3%A9%23.md");
        assert_eq!(uri("/tmp/x?.md"), "file:///tmp/x%3F.md");
        assert_eq!(uri("velda:1.md"), "./velda:1.md");
    }
}

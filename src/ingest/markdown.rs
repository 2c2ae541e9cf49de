//! Markdown, by `pulldown-cmark` events with their byte ranges.
//!
//! What is not prose is kept but told apart: code and front matter are data, the text of
//! an image becomes a caption of its own, a table row is a list item with a break between
//! its cells. Typography is left as it is.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::comments::{self, Mark};
use super::draft::{Draft, Kind};
use crate::document::Link;
use crate::span::Span;

/// The blocks of a Markdown source, read from byte `start`, and its comments to rhetor.
pub(super) fn drafts(source: &str, start: usize) -> (Vec<Draft>, Vec<Mark>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader {
        source,
        start,
        ..Reader::default()
    };
    for (event, range) in Parser::new_ext(&source[start..], options).into_offset_iter() {
        reader.read(event, &range);
    }
    reader.end();
    (reader.done, reader.marks)
}

#[derive(Default)]
struct Reader<'s> {
    source: &'s str,
    start: usize,
    done: Vec<Draft>,
    open: Option<Draft>,
    /// How many of these the reader is inside of.
    quotes: usize,
    items: usize,
    footnotes: usize,
    /// Where the open links began in the open block, and where they point.
    links: Vec<(usize, String)>,
    /// The text of an image, while inside one.
    image: Option<Draft>,
    /// Captions that wait for the end of their block.
    captions: Vec<Draft>,
    marks: Vec<Mark>,
    /// Whether a comment of an earlier line of this block of HTML goes on.
    in_comment: bool,
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>, range: &Range<usize>) {
        let at = Span::new(range.start, range.end).shifted(self.start);
        match event {
            Event::Start(tag) => {
                // A block of HTML comes line by line; a comment may run over several.
                if tag == Tag::HtmlBlock {
                    self.in_comment = false;
                    self.marks.extend(comments::marks(self.source, at));
                }
                self.open_tag(tag);
            }
            Event::End(tag) => self.close_tag(tag),
            Event::Text(text) => self.text(&text, at),
            Event::Code(code) => self.code(&code, at),
            Event::Html(html) => self.html(&html, at),
            Event::InlineHtml(html) => {
                self.marks.extend(comments::marks(self.source, at));
                if html.to_lowercase().starts_with("<br") {
                    self.target().hard_break(at);
                }
            }
            Event::SoftBreak => self.target().push(" ", at),
            Event::HardBreak => self.target().hard_break(at),
            Event::Rule => self.end(),
            // Marks without words of their own.
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn open_tag(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => self.begin(Kind::Heading),
            Tag::Paragraph | Tag::HtmlBlock => self.begin(Kind::Paragraph),
            Tag::BlockQuote(_) => {
                self.end();
                self.quotes += 1;
            }
            Tag::Item => {
                self.end();
                self.items += 1;
                self.begin(Kind::ListItem);
            }
            Tag::List(_) => self.end(),
            Tag::FootnoteDefinition(_) => {
                self.end();
                self.footnotes += 1;
            }
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => self.begin(Kind::Data),
            Tag::TableHead | Tag::TableRow => self.begin(Kind::ListItem),
            Tag::Link { dest_url, .. } => {
                let from = self.target().text.len();
                self.links.push((from, dest_url.into_string()));
            }
            Tag::Image { .. } => self.image = Some(Draft::new(Kind::Caption)),
            _ => {}
        }
    }

    fn close_tag(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::CodeBlock
            | TagEnd::MetadataBlock(_)
            | TagEnd::HtmlBlock
            | TagEnd::TableHead
            | TagEnd::TableRow => self.end(),
            TagEnd::BlockQuote(_) => {
                self.end();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                self.end();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::FootnoteDefinition => {
                self.end();
                self.footnotes = self.footnotes.saturating_sub(1);
            }
            TagEnd::TableCell => {
                if let Some(row) = &mut self.open {
                    row.text.push('\n');
                    let at = row.text.len();
                    row.breaks.push(at);
                }
            }
            TagEnd::Link => {
                if let Some((from, target)) = self.links.pop() {
                    let to = self.target().text.len();
                    if from < to {
                        self.target().links.push(Link {
                            span: Span::new(from, to),
                            target,
                        });
                    }
                }
            }
            TagEnd::Image => self.captions.extend(self.image.take()),
            _ => {}
        }
    }

    /// Ends the open block and begins another.
    fn begin(&mut self, kind: Kind) {
        // The paragraph of a loose list item is the item.
        let empty_item = |draft: &Draft| draft.kind == Kind::ListItem && draft.text.is_empty();
        if kind != Kind::Paragraph || !self.open.as_ref().is_some_and(empty_item) {
            self.end();
        }
        let kind = match kind {
            Kind::Data => Kind::Data,
            _ if self.quotes > 0 => Kind::Quote,
            Kind::Paragraph if self.items + self.footnotes > 0 => Kind::ListItem,
            other => other,
        };
        self.open = Some(Draft::new(kind));
    }

    fn end(&mut self) {
        self.done.extend(self.open.take());
        self.done.append(&mut self.captions);
        self.links.clear();
    }

    /// The block that text goes to. Text outside of any block opens a paragraph.
    fn target(&mut self) -> &mut Draft {
        if let Some(image) = &mut self.image {
            return image;
        }
        self.open.get_or_insert_with(|| Draft::new(Kind::Paragraph))
    }

    fn text(&mut self, text: &str, at: Span) {
        if self.target().kind == Kind::Data {
            self.data(text, at);
            return;
        }
        let source = at.of(self.source);
        // An escape may be part of the range; an entity stands for its character.
        let place = if source.strip_prefix('\\') == Some(text) {
            Span::new(at.start + 1, at.end)
        } else {
            at
        };
        self.target().push(text, place);
    }

    /// Each line of code or front matter is one of its own.
    fn data(&mut self, text: &str, at: Span) {
        let verbatim = at.of(self.source) == text;
        let mut from = 0;
        for line in text.split_inclusive('\n') {
            let words = line.trim_end_matches(['\n', '\r']);
            let place = |a: usize, b: usize| {
                if verbatim {
                    Span::new(at.start + a, at.start + b)
                } else {
                    at
                }
            };
            let (end, next) = (from + words.len(), from + line.len());
            self.target().push(words, place(from, end));
            if next > end {
                self.target().hard_break(place(end, next));
            }
            from = next;
        }
    }

    fn code(&mut self, code: &str, at: Span) {
        let source = at.of(self.source);
        let ticks = source.len() - source.trim_start_matches('`').len();
        let inner = &source[ticks..source.len() - ticks];
        let pad = usize::from(inner.len() == code.len() + 2);
        // A line end inside has become a space; else byte stands for byte.
        let place = if inner.len() == code.len() + 2 * pad {
            Span::new(at.start + ticks + pad, at.start + ticks + pad + code.len())
        } else {
            at
        };
        self.target().push(code, place);
    }

    /// The readable text of a piece of HTML: what is in no tag and no comment.
    fn html(&mut self, html: &str, at: Span) {
        if at.of(self.source) != html {
            return;
        }
        let mut from = 0;
        while from < html.len() {
            let rest = &html[from..];
            let len = if self.in_comment || rest.starts_with("<!--") {
                let open = if self.in_comment { 0 } else { 4 };
                let close = rest[open..].find("-->");
                self.in_comment = close.is_none();
                close.map_or(rest.len(), |end| open + end + 3)
            } else if rest.starts_with('<') {
                rest.find('>').map_or(rest.len(), |end| end + 1)
            } else {
                let len = rest.find('<').unwrap_or(rest.len());
                for (offset, line) in lines(&rest[..len]) {
                    let start = at.start + from + offset;
                    let words = line.trim_end();
                    self.target()
                        .push(words, Span::new(start, start + words.len()));
                    if words.len() < line.len() {
                        let end = start + line.len();
                        self.target().push(" ", Span::new(start + words.len(), end));
                    }
                }
                len
            };
            from += len;
        }
    }
}

/// The lines of a text with their offsets, line ends included.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

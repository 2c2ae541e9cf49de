//! `ptc`: spans as in the Propaganda Techniques Corpus, version 2, and SemEval-2020 task 11,
//! technique classification: `article_id TAB technique TAB start TAB end`, a row a span.
//!
//! Offsets are code points of the source, from 0, the end exclusive: the scorers of the task
//! read the article's own text file. They read CR LF as one character, so articles should
//! have plain line feeds. `article_id` is the name of the file without `article` and
//! extension. Techniques are those of the corpus; sourcing gaps are none and are left out.

use std::io;

use super::shown::{shown, stem, title};
use super::{Analyzed, Out, Printer, Settings};
use crate::label::taxonomy;

pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Ptc { out })
}

struct Ptc {
    out: Out,
}

impl Printer for Ptc {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        let id = article_id(title(&document.report.document.name));
        for shown in shown(document) {
            let label = taxonomy().get(&shown.finding.label);
            let Some(technique) = label.and_then(|label| label.ptc.as_deref()) else {
                continue;
            };
            for place in shown.places() {
                let [start, end] = place.char;
                writeln!(self.out, "{id}\t{technique}\t{start}\t{end}")?;
            }
        }
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The id of an article by its file, as the corpus names them: `article123.txt` is 123.
pub(super) fn article_id(path: &str) -> String {
    let stem = stem(path);
    let number = stem
        .strip_prefix("article")
        .filter(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    // A tab or a line end in a name would be another column or row.
    number
        .unwrap_or(&stem)
        .replace(|c: char| c.is_control(), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_known_by_their_number_or_name() {
        assert_eq!(article_id("train/article111.txt"), "111");
        assert_eq!(article_id("articles.md"), "articles");
        assert_eq!(article_id("a\tb.md"), "a_b");
        assert_eq!(article_id("stdin"), "stdin");
    }
}

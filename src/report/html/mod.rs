//! The report as a page for a browser: one file that needs nothing else and asks for nothing.
//!
//! The article is text to read, with the evidence marked in place and each finding told
//! beside it; without scripts it is all of that. The script adds the filters, the card that
//! opens at a mark, and the way from mark to mark. What an article holds is never markup:
//! `maud` escapes it, `clean` takes out what would steer the page, and the policy in the
//! head lets no script or style run but the two of this folder.

mod about;
mod article;
mod controls;
mod item;
mod segment;

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::item::Items;
use super::fit::printable;
use super::shown::title;
use super::{Analyzed, Out, Printer, Settings};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Begins the format.
pub(super) fn start(out: Out, _: Settings) -> Box<dyn Printer> {
    Box::new(Html(out))
}

struct Html(Out);

impl Printer for Html {
    fn report(&mut self, document: &Analyzed<'_>) -> io::Result<()> {
        write(&mut self.0, document)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes the page of one document. With [`Analyzed::preview`], the findings of preview labels
/// and those that are too near the threshold are shown at once; else a box on the page shows
/// them.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, document: &Analyzed<'_>) -> io::Result<()> {
    let (report, analysis) = (document.report, document.analysis);
    let items = Items::new(analysis, document.preview);
    let body = html! {
        a.skip href="#article" { "Skip to the article" }
        main {
            (about::header(report))
            (about::counts(report, &items))
            (controls::bar(analysis, &items))
            (article::article(analysis, &items))
            (about::sources(report))
            (about::labels(&items))
            (about::manifest(report))
            div #card role="tooltip" hidden {}
        }
    };
    let name = clean(title(&report.document.name));
    out.write_all(page(&name, &body).into_string().as_bytes())
}

fn page(title: &str, body: &Markup) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) " – rhetor" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// How a Content Security Policy names an inline style or script.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

/// Text of the article without controls and without characters that turn the direction of
/// what follows.
fn clean(text: &str) -> String {
    printable(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_policy_allows_is_what_the_page_holds() {
        let page = page("a < b", &html! { p { "x" } }).into_string();
        assert!(page.contains("<title>a &lt; b – rhetor</title>"));
        for (tag, source) in [("style", STYLE), ("script", SCRIPT)] {
            // A browser hashes what stands between the tags, as it stands there.
            let inner = page.split_once(&format!("<{tag}>")).unwrap().1;
            let inner = inner.split_once(&format!("</{tag}>")).unwrap().0;
            assert_eq!(inner, source);
            assert!(page.contains(&format!("{tag}-src '{}'", hash(inner))));
        }
        for outside in ["http:", "https:", "url(", "@import", "fetch(", "innerHTML"] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(
            hash(""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }
}

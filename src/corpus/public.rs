//! Reads a line of a public corpus, as its scheme says.

use super::line::Line;
use super::outputs::Group;
use super::scheme::{Question, Scheme};
use super::{GoldDocument, Part, Reason, derive};

/// The document of one line; `number` is the line's, from 1.
pub(super) fn document(
    line: &Line,
    number: usize,
    scheme: &Scheme,
) -> Result<GoldDocument, Reason> {
    let fields = line.fields();
    if let Some(missing) = scheme.fields.iter().find(|field| !line.has(field)) {
        return Err(Reason::Missing {
            field: (*missing).to_owned(),
            remedy: "the file's first line has it; a file holds lines of one format",
        });
    }
    let mut token = scheme.spans.map(Group::token).unwrap_or_default();
    let mut spans = line.spans(&token, scheme.passed_over)?;
    let mut sentences = derive::sentences(line.text, scheme.cut);
    for question in scheme.questions {
        if let Some(answer) = answer(line, question)? {
            for sentence in &mut sentences {
                let output = question.output.to_owned();
                sentence.labels.insert(output, answer);
            }
        } else {
            // Where the annotators could not say whether the sentence bears a label,
            // nobody knows where in it.
            token.retain(|&output| output != question.output);
            spans.retain(|span| span.output != question.output);
        }
    }
    let token: Vec<String> = token.into_iter().map(str::to_owned).collect();
    for sentence in &mut sentences {
        derive::label(sentence, line.text, &token, &spans);
    }

    let mut id = Vec::new();
    for field in scheme.id {
        id.extend(line.id(field)?);
    }
    if id.is_empty() {
        id.push(number.to_string());
    }
    let split = fields.string("split")?;
    let (corpus, part) = match split {
        Some(split) if scheme.divided.contains(&split) => {
            (scheme.name.to_owned(), Part::of(key(line, scheme)?))
        }
        Some(split) => (format!("{}-{split}", scheme.name), Part::Report),
        None => (scheme.name.to_owned(), Part::Report),
    };
    Ok(GoldDocument {
        corpus,
        id: id.join("/"),
        part,
        text: line.text.to_owned(),
        token,
        sentences,
        spans,
    })
}

/// What decides the part of a document.
fn key<'l>(line: &Line<'l>, scheme: &Scheme) -> Result<&'l str, Reason> {
    for field in scheme.key {
        if let Some(key) = line.fields().string(field)?
            && !key.is_empty()
        {
            return Ok(key);
        }
    }
    Ok(line.text)
}

fn answer(line: &Line, question: &Question) -> Result<Option<bool>, Reason> {
    let value = line.fields().need_string(question.field)?;
    let known = question.answers.iter().find(|known| known.0 == value);
    known.map(|known| known.1).ok_or_else(|| {
        let known: Vec<&str> = question.answers.iter().map(|known| known.0).collect();
        Reason::unknown(question.field.to_owned(), value, &known)
    })
}

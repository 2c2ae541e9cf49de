//! Reads our own format, and the simple gold files of users, which hold less of it.
//!
//! Beside `text`, a line has at least one of these:
//!
//! - `spans`: `start`, `end` and `label` of marked words. Sentences that are not given
//!   are cut by rhetor's segmenter, each line of the text being a paragraph.
//! - `labels`, a list of the labels that the text, one sentence, bears; or an object of
//!   labels and true or false, which also says what was looked for.
//! - `label`: the one label that it bears; null when none.
//! - `sentences`: `start`, `end` and, unless they follow from the spans, `labels`, an
//!   object.
//!
//! And it may have `corpus`, `id` or `doc_id`, `part` (without one, a document is for
//! reporting only) and `token`: what the spans annotate. Without `token`, or with a list
//! of labels, what was looked for is taken from the whole file: where one framing device
//! is marked, all fourteen were looked for, and likewise sources, cues and content.

use std::collections::BTreeMap;

use serde_json::Value;

use super::line::{Fields, Line};
use super::scheme::Cut;
use super::{GoldDocument, GoldSentence, GoldSpan, Part, Reason, derive, outputs};

/// A document that may wait for what the rest of the file says of its annotation.
pub(super) struct Draft {
    document: GoldDocument,
    /// Has spans, and nothing says what they annotate.
    open: bool,
    /// For each sentence, whether its labels follow from the spans.
    derived: Vec<bool>,
    /// The labels of the whole text, when they are a list.
    listed: Option<Vec<&'static str>>,
}

/// Reads one line; `number`, from 1, names a document without an id.
pub(super) fn draft(line: &Line, number: usize) -> Result<Draft, Reason> {
    let fields = line.fields();
    let whole = whole(line)?;
    if whole.is_none() && !line.has("spans") && !line.has("sentences") {
        return Err(Reason::Missing {
            field: "spans".to_owned(),
            remedy: "a line needs `spans`, `labels`, `label` or `sentences` beside its `text`",
        });
    }
    let token = token(fields)?;
    let known = token.clone().unwrap_or_else(outputs::token_outputs);
    let spans = line.spans(&known, &[])?;
    let (mut sentences, mut derived) = sentences(line, whole.is_some())?;
    let mut listed = None;
    match whole {
        Some(Whole::Listed(labels)) => listed = Some(labels),
        Some(Whole::Judged(labels)) => sentences[0].labels = labels,
        None => {}
    }
    if token.is_none() && !line.has("spans") {
        derived.fill(false);
    }
    let id = line.id("id")?.or(line.id("doc_id")?);
    Ok(Draft {
        document: GoldDocument {
            corpus: fields.string("corpus")?.unwrap_or("gold").to_owned(),
            id: id.unwrap_or_else(|| number.to_string()),
            part: part(fields)?,
            text: line.text.to_owned(),
            token: token
                .clone()
                .unwrap_or_default()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            sentences,
            spans,
        },
        open: token.is_none() && line.has("spans"),
        derived,
        listed,
    })
}

/// A text with marked words, of which nothing but the whole file says what was looked for.
pub(super) fn marked(corpus: &str, id: String, text: &str, spans: Vec<GoldSpan>) -> Draft {
    let sentences = derive::sentences(text, Cut::Paragraphs);
    Draft {
        derived: vec![true; sentences.len()],
        document: GoldDocument {
            corpus: corpus.to_owned(),
            id,
            part: Part::Report,
            text: text.to_owned(),
            token: Vec::new(),
            sentences,
            spans,
        },
        open: true,
        listed: None,
    }
}

/// The documents of a file, given what all of its lines say.
pub(super) fn finish(drafts: Vec<Draft>) -> Result<Vec<GoldDocument>, Reason> {
    let open = drafts.iter().filter(|draft| draft.open);
    let marked = open.clone().flat_map(|draft| &draft.document.spans);
    let token = outputs::tokens_with(marked.map(|span| span.output.as_str()));
    let lists = drafts.iter().filter_map(|draft| draft.listed.as_ref());
    let listed = outputs::sentences_with(lists.clone().flatten().copied());
    if open.count() > 0 && token.is_empty() || lists.count() > 0 && listed.is_empty() {
        return Err(Reason::NothingAnnotated);
    }
    let finished = drafts.into_iter().map(|draft| {
        let mut document = draft.document;
        if draft.open {
            document.token = token.iter().map(ToString::to_string).collect();
        }
        for (sentence, derived) in document.sentences.iter_mut().zip(draft.derived) {
            if let Some(labels) = &draft.listed {
                let any = labels.iter().any(|label| outputs::is_device(label));
                for &output in &listed {
                    let borne = labels.contains(&output) || output == outputs::ANY_DEVICE && any;
                    sentence.labels.insert(output.to_owned(), borne);
                }
            }
            if derived {
                derive::label(sentence, &document.text, &document.token, &document.spans);
            }
        }
        document
    });
    Ok(finished.collect())
}

/// Labels of a text that is one sentence.
enum Whole {
    /// Those it bears.
    Listed(Vec<&'static str>),
    /// Those that were looked for, on or off.
    Judged(BTreeMap<String, bool>),
}

fn whole(line: &Line) -> Result<Option<Whole>, Reason> {
    let fields = line.fields();
    let label = |field: String, value: &Value| {
        let name = value
            .as_str()
            .ok_or_else(|| Reason::wrong_type(&field, value, "the name of a label"))?;
        sentence_output(field, name)
    };
    match fields.get("labels") {
        Some(Value::Array(list)) => {
            let labels = list.iter().enumerate();
            let labels = labels.map(|(i, value)| label(format!("labels[{i}]"), value));
            Ok(Some(Whole::Listed(labels.collect::<Result<_, _>>()?)))
        }
        Some(_) => Ok(judged(fields)?.map(Whole::Judged)),
        None if line.mentions("label") => {
            let value = fields.get("label").into_iter();
            let labels = value.map(|value| label("label".to_owned(), value));
            Ok(Some(Whole::Listed(labels.collect::<Result<_, _>>()?)))
        }
        None => Ok(None),
    }
}

/// The object `labels`.
fn judged(fields: &Fields) -> Result<Option<BTreeMap<String, bool>>, Reason> {
    let Some(value) = fields.get("labels") else {
        return Ok(None);
    };
    let place = fields.name("labels");
    let object = value.as_object().ok_or_else(|| {
        Reason::wrong_type(&place, value, "an object of labels and true or false")
    })?;
    let mut labels = BTreeMap::new();
    for (name, value) in object {
        let output = sentence_output(place.clone(), name)?;
        let on = value.as_bool().ok_or_else(|| {
            Reason::wrong_type(&format!("{place}.{name}"), value, "true or false")
        })?;
        labels.insert(output.to_owned(), on);
    }
    Ok(Some(labels))
}

fn sentence_output(field: String, name: &str) -> Result<&'static str, Reason> {
    outputs::of_sentence(name)
        .ok_or_else(|| Reason::unknown(field, name, &outputs::sentence_outputs()))
}

/// The sentences, and for each whether its labels follow from the spans.
fn sentences(line: &Line, whole: bool) -> Result<(Vec<GoldSentence>, Vec<bool>), Reason> {
    if whole || !line.has("sentences") {
        let cut = if whole { Cut::Whole } else { Cut::Paragraphs };
        let sentences = derive::sentences(line.text, cut);
        let derived = vec![true; sentences.len()];
        return Ok((sentences, derived));
    }
    let mut sentences: Vec<GoldSentence> = Vec::new();
    let mut derived = Vec::new();
    for fields in line.fields().objects("sentences")? {
        let span = line.span(&fields)?.trimmed(line.text);
        let before = sentences.last().map_or(0, |sentence| sentence.span.end);
        if span.is_empty() || span.start < before {
            return Err(line.wrong_offsets(
                &fields,
                if span.is_empty() {
                    "which holds white space only"
                } else {
                    "but the sentence before ends later"
                },
            ));
        }
        let labels = judged(&fields)?;
        derived.push(labels.is_none());
        sentences.push(GoldSentence {
            span,
            labels: labels.unwrap_or_default(),
        });
    }
    Ok((sentences, derived))
}

/// The list `token`.
fn token(fields: &Fields) -> Result<Option<Vec<&'static str>>, Reason> {
    let Some(list) = fields.list("token")? else {
        return Ok(None);
    };
    let known = outputs::token_outputs();
    let mut token = Vec::new();
    for (i, value) in list.iter().enumerate() {
        let place = format!("token[{i}]");
        let name = value
            .as_str()
            .ok_or_else(|| Reason::wrong_type(&place, value, "the name of a token output"))?;
        let output = known.iter().find(|&&output| output == name);
        token.push(*output.ok_or_else(|| Reason::unknown(place, name, &known))?);
    }
    Ok(Some(token))
}

fn part(fields: &Fields) -> Result<Part, Reason> {
    let parts = [Part::Train, Part::Tune, Part::Report];
    let Some(name) = fields.string("part")? else {
        return Ok(Part::Report);
    };
    let part = parts.into_iter().find(|part| part.as_str() == name);
    part.ok_or_else(|| Reason::unknown("part".to_owned(), name, &parts.map(Part::as_str)))
}

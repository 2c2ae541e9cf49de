//! The public corpora: what their lines look like and what they annotate, as data.
//!
//! One entry of [`SCHEMES`] is one corpus; to read another, add an entry. The corpora
//! themselves are not part of this repository.
//!
//! Left out on purpose: Wikipedia statements with and without an inline citation, a weak
//! stand-in for check-worthiness, because the length of a statement gives the answer
//! away.

use super::line::Line;
use super::outputs::Group;

/// How the sentences of a corpus are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Each line with words on it is a sentence.
    Lines,
    /// Each line is a paragraph, cut by rhetor's own segmenter.
    Paragraphs,
    /// The text is one sentence.
    Whole,
}

/// A field that answers a yes-or-no question about the whole text.
#[derive(Debug)]
pub(super) struct Question {
    pub field: &'static str,
    pub output: &'static str,
    /// What the field may hold; none where the annotators could not say.
    pub answers: &'static [(&'static str, Option<bool>)],
}

/// A public corpus.
#[derive(Debug)]
pub(super) struct Scheme {
    pub name: &'static str,
    /// The fields of every line, beside `text` and those of `questions`.
    pub fields: &'static [&'static str],
    pub cut: Cut,
    /// The fields that make the id, joined by `/`.
    pub id: &'static [&'static str],
    /// The part goes by the first of these fields that is not empty.
    pub key: &'static [&'static str],
    /// The values of `split` whose documents are divided into the three parts. Every
    /// other split is for reporting only, and its name is added to the corpus's.
    pub divided: &'static [&'static str],
    /// What its spans annotate.
    pub spans: Option<Group>,
    /// Span labels that are passed over.
    pub passed_over: &'static [&'static str],
    pub questions: &'static [Question],
}

/// The first that fits a file's first line is its scheme: PolNeAR has every field that
/// PTC has.
pub(super) const SCHEMES: &[Scheme] = &[
    // PolNeAR (Newell, Margolin and Ruths, LREC 2018). Several people annotated some
    // articles: each reading is a document of its own, all in one part.
    Scheme {
        name: "polnear",
        fields: &["doc_id", "split", "annotator", "publisher", "spans"],
        cut: Cut::Paragraphs,
        id: &["doc_id", "annotator"],
        key: &["doc_id"],
        divided: &["train"],
        spans: Some(Group::Attribution),
        // Once in the whole corpus, on a verb that reports no words, where a cue would
        // stand: none of the three roles, and too rare to say what it means.
        passed_over: &["Discuss"],
        questions: &[],
    },
    // PTC v2 (Da San Martino et al., EMNLP 2019; SemEval-2020 Task 11).
    Scheme {
        name: "ptc",
        fields: &["doc_id", "split", "lang", "spans"],
        cut: Cut::Lines,
        id: &["doc_id"],
        key: &["doc_id"],
        divided: &["train"],
        spans: Some(Group::Framing),
        passed_over: &[],
        questions: &[],
    },
    // WikiWeasel (CoNLL-2010 shared task). Hedges of meaning are no vague sourcing.
    Scheme {
        name: "wikiweasel",
        fields: &["id", "label"],
        cut: Cut::Whole,
        id: &["id"],
        key: &["text"],
        divided: &["train"],
        spans: None,
        passed_over: &[],
        questions: &[Question {
            field: "kind",
            output: "weasel",
            answers: &[
                ("weasel_only", Some(true)),
                ("semantic_uncertainty", Some(false)),
                ("certain", Some(false)),
                ("unknown", None),
            ],
        }],
    },
    // BABE, study group 2 (Spinde et al., Findings of EMNLP 2021).
    Scheme {
        name: "babe",
        fields: &["id", "url", "spans"],
        cut: Cut::Whole,
        id: &["id"],
        key: &["url", "text"],
        divided: &["all"],
        spans: Some(Group::Biased),
        passed_over: &[],
        questions: &[
            Question {
                field: "label",
                output: "biased",
                answers: &[
                    ("Biased", Some(true)),
                    ("Non-biased", Some(false)),
                    ("No agreement", None),
                ],
            },
            Question {
                field: "opinion",
                output: "subjective",
                answers: &[
                    ("Entirely factual", Some(false)),
                    ("Somewhat factual but also opinionated", Some(true)),
                    ("Expresses writer’s opinion", Some(true)),
                    ("No agreement", None),
                ],
            },
        ],
    },
    // CheckThat! 2024, task 1.
    Scheme {
        name: "checkworthy",
        fields: &["id"],
        cut: Cut::Whole,
        id: &["id"],
        key: &["text"],
        divided: &["train", "dev"],
        spans: None,
        passed_over: &[],
        questions: &[Question {
            field: "label",
            output: "check-worthy",
            answers: &[("Yes", Some(true)), ("No", Some(false))],
        }],
    },
    // CheckThat! 2025, task 1.
    Scheme {
        name: "subj",
        fields: &["id"],
        cut: Cut::Whole,
        id: &["id"],
        key: &["text"],
        divided: &["train", "dev", "dev_test"],
        spans: None,
        passed_over: &[],
        questions: &[Question {
            field: "label",
            output: "subjective",
            answers: &[("SUBJ", Some(true)), ("OBJ", Some(false))],
        }],
    },
];

/// The scheme of a file with this first line; none when it is no public corpus's.
pub(super) fn recognise(line: &Line) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| {
        let answered = |question: &Question| {
            let answer = line.fields().get(question.field);
            let answer = answer.and_then(serde_json::Value::as_str);
            question.answers.iter().any(|known| Some(known.0) == answer)
        };
        scheme.fields.iter().all(|field| line.has(field)) && scheme.questions.iter().all(answered)
    })
}

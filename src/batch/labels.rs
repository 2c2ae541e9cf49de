//! Which labels a run looks for, and which of them it can report.

use crate::analyze::marks_sources;
use crate::calibrate::Standing;
use crate::label::{Family, Label, Selection, of_output, taxonomy};
use crate::model::Model;
use crate::sourcing;

/// A label that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Looked {
    /// The label.
    pub label: &'static Label,
    /// Whether its findings are reported, or a preview.
    pub standing: Standing,
}

/// The labels of a selection that a model finds: those of the taxonomy in its order, then the
/// model's own.
pub(super) fn looked_for(model: &Model, selection: &Selection) -> Vec<Looked> {
    let others = model.outputs.sentence.iter();
    let others = others
        .filter_map(|output| of_output(&output.name))
        .filter(|label| label.family == Family::Other);
    taxonomy()
        .labels
        .iter()
        .chain(others)
        .filter(|label| selection.contains(label))
        .filter_map(|label| {
            let standing = standing(label, model)?;
            Some(Looked { label, standing })
        })
        .collect()
}

/// How far a label is found; `None` where it is not looked for.
fn standing(label: &Label, model: &Model) -> Option<Standing> {
    if label.family == Family::Sourcing {
        let preview = sourcing::PREVIEWS.contains(&label.id.as_str());
        return marks_sources(model).then_some(if preview {
            Standing::Preview
        } else {
            Standing::Stable
        });
    }
    let output = model.outputs.sentence_index(&label.id);
    match output.map(|at| &model.outputs.sentence[at].decision) {
        Some(decision) if !decision.is_off() => Some(decision.status),
        // The document is searched for it whatever the model knows.
        _ if label.id == "repetition" => Some(Standing::Preview),
        _ => None,
    }
}

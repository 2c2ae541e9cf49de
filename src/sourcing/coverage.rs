//! Coverage: what the checkable claims of a document rest on.
//!
//! The good side of sourcing gaps: a document whose claims have named sources, documents
//! and links should be seen to have them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Claim, number};
use crate::attribution::SourceKind;

/// What the checkable claims of a document rest on. A claim is a sentence of running prose
/// that the model's output `check-worthy` is on for, quotations included; its sources are
/// those of its attribution window, and it counts once, for the best of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Checkable claims.
    pub claims: usize,
    /// Of these, by the kind of the source: those that somebody vouches for, or is said to.
    pub by_kind: BTreeMap<SourceKind, usize>,
    /// Those with a link and no source but weak ones.
    pub links: usize,
    /// Those with none of these.
    pub without: usize,
}

impl Coverage {
    /// Claims whose source a reader could ask or look up.
    #[must_use]
    pub fn sourced(&self) -> usize {
        let kinds = self.by_kind.iter();
        let good = kinds.filter(|(kind, _)| asked(**kind));
        self.links + good.map(|(_, count)| count).sum::<usize>()
    }

    /// What claims rest on, by name: the good sources, which can be asked, and links; or the
    /// others.
    pub(crate) fn kinds(&self, good: bool) -> Vec<(&'static str, usize)> {
        let kinds = self.by_kind.iter();
        let kinds = kinds.filter(|(kind, _)| asked(**kind) == good);
        let link = (good && self.links > 0).then_some(("link", self.links));
        let kinds = kinds.map(|(kind, &count)| (kind.as_str(), count));
        kinds.chain(link).collect()
    }
}

/// Whether a reader could find a source of this kind, which for a pronoun is the kind of
/// whoever it stands for.
fn asked(kind: SourceKind) -> bool {
    kind.can_be_asked() && kind != SourceKind::Pronoun
}

/// Kinds of sources, those that can be held to account best first.
const BEST: [SourceKind; 8] = [
    SourceKind::Document,
    SourceKind::NamedPerson,
    SourceKind::NamedOrganisation,
    SourceKind::Role,
    SourceKind::PlaceAsSource,
    SourceKind::Pronoun,
    SourceKind::Anonymous,
    SourceKind::VagueGroup,
];

/// The coverage of a document; `claims` are its sentences in order.
#[must_use]
pub fn coverage(claims: &[Claim<'_>]) -> Coverage {
    let mut coverage = Coverage::default();
    for (at, claim) in claims.iter().enumerate() {
        if !claim.checkable || !claim.sentence.role.bears_sourcing_gaps() {
            continue;
        }
        coverage.claims += 1;
        let window = number::window(claims, at);
        let kinds: Vec<SourceKind> = window
            .iter()
            .flat_map(|claim| claim.attributions)
            .map(|a| a.speaker.as_ref().map_or(a.source_kind, |s| s.kind))
            .collect();
        let best = BEST.into_iter().find(|kind| kinds.contains(kind));
        let linked = window.iter().any(|claim| claim.linked);
        match best {
            Some(kind) if asked(kind) || !linked => {
                *coverage.by_kind.entry(kind).or_default() += 1;
            }
            _ if linked => coverage.links += 1,
            _ if number::names_document(claim) => {
                *coverage.by_kind.entry(SourceKind::Document).or_default() += 1;
            }
            _ => coverage.without += 1,
        }
    }
    coverage
}

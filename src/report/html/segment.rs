//! Crossing marks as stretches that do not cross.

use crate::span::Span;

/// A stretch of text between two places where a mark begins or ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub span: Span,
    /// Positions of the marks that cover it, ascending; empty for plain text.
    pub marks: Vec<usize>,
    /// Those of them that cover nothing after it.
    pub ending: Vec<usize>,
}

/// Cuts `text` where one of the marks, each a list of spans, begins or ends. The segments
/// follow each other without a gap; what stands outside `text` is left out.
pub(super) fn segments(text: Span, marks: &[&[Span]]) -> Vec<Segment> {
    let clipped = |span: &Span| {
        let (start, end) = (span.start.max(text.start), span.end.min(text.end));
        (start < end).then(|| Span::new(start, end))
    };
    let marks: Vec<Vec<Span>> = marks
        .iter()
        .map(|spans| spans.iter().filter_map(clipped).collect())
        .collect();
    let mut cuts: Vec<usize> = vec![text.start, text.end];
    cuts.extend(marks.iter().flatten().flat_map(|s| [s.start, s.end]));
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|cut| {
            let span = Span::new(cut[0], cut[1]);
            let covers = |&mark: &usize| marks[mark].iter().any(|s| s.contains(span));
            let covering: Vec<usize> = (0..marks.len()).filter(covers).collect();
            let last = |&mark: &usize| marks[mark].iter().all(|s| s.end <= span.end);
            Segment {
                span,
                ending: covering.iter().copied().filter(last).collect(),
                marks: covering,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each segment with its marks, those that end in it followed by `.`.
    fn shown(text: &str, marks: &[&[Span]]) -> Vec<String> {
        let mark = |segment: &Segment, m: &usize| {
            format!("{m}{}", if segment.ending.contains(m) { "." } else { "" })
        };
        segments(Span::new(0, text.len()), marks)
            .iter()
            .map(|segment| {
                let marks: Vec<String> = segment.marks.iter().map(|m| mark(segment, m)).collect();
                format!("{}|{}", segment.span.of(text), marks.join(" "))
            })
            .collect()
    }

    #[test]
    fn nested_crossing_and_separate_marks() {
        let text = "thugs in good suits sold it";
        assert_eq!(shown(text, &[]), ["thugs in good suits sold it|"]);
        // The second lies in the first.
        assert_eq!(
            shown(text, &[&[Span::new(0, 19)], &[Span::new(9, 13)]]),
            ["thugs in |0", "good|0 1.", " suits|0.", " sold it|"]
        );
        // They cross.
        assert_eq!(
            shown(text, &[&[Span::new(0, 13)], &[Span::new(9, 24)]]),
            ["thugs in |0", "good|0. 1", " suits sold|1.", " it|"]
        );
        // One has two places, the other begins where its first ends.
        assert_eq!(
            shown(
                text,
                &[&[Span::new(0, 5), Span::new(20, 24)], &[Span::new(5, 8)]]
            ),
            ["thugs|0", " in|1.", " good suits |", "sold|0.", " it|"]
        );
        // The same words twice.
        let same = [Span::new(0, 5)];
        assert_eq!(
            shown(text, &[&same, &same]),
            ["thugs|0. 1.", " in good suits sold it|"]
        );
    }

    #[test]
    fn what_stands_outside_is_left_out() {
        let cut = segments(
            Span::new(4, 8),
            &[&[Span::new(0, 6)], &[Span::new(8, 9)], &[Span::new(5, 5)]],
        );
        assert_eq!(
            cut.iter()
                .map(|s| (s.span.start, s.span.end, s.marks.len()))
                .collect::<Vec<_>>(),
            [(4, 6, 1), (6, 8, 0)]
        );
    }

    proptest! {
        #[test]
        fn segments_cover_the_text_and_know_their_marks(
            marks in prop::collection::vec(
                prop::collection::vec((0_usize..40, 1_usize..12), 0..4), 0..6),
        ) {
            let marks: Vec<Vec<Span>> = marks
                .iter()
                .map(|spans| spans.iter().map(|&(s, n)| Span::new(s, s + n)).collect())
                .collect();
            let lists: Vec<&[Span]> = marks.iter().map(Vec::as_slice).collect();
            let text = Span::new(5, 45);
            let cut = segments(text, &lists);
            let mut at = text.start;
            let mut ended = vec![0; marks.len()];
            for segment in &cut {
                prop_assert_eq!(segment.span.start, at);
                at = segment.span.end;
                for byte in segment.span.start..segment.span.end {
                    for (mark, spans) in marks.iter().enumerate() {
                        let covered = spans.iter().any(|s| s.start <= byte && byte < s.end);
                        prop_assert_eq!(segment.marks.contains(&mark), covered);
                    }
                }
                for &mark in &segment.ending {
                    ended[mark] += 1;
                }
            }
            prop_assert_eq!(at, text.end);
            for (mark, spans) in marks.iter().enumerate() {
                let inside = spans.iter().any(|s| s.overlaps(text));
                prop_assert_eq!(ended[mark], usize::from(inside));
            }
        }
    }
}

//! Thresholds that a run asks for in place of the fitted ones.
//!
//! [`Outputs::require_precision`] goes first, [`Outputs::set_threshold`] after it: what is
//! said of one output by name wins over what is said of all.

use thiserror::Error;

use super::{Outputs, SentenceDecision};
use crate::label;

/// A threshold or a precision that the model cannot be run with.
#[derive(Debug, Error, PartialEq)]
pub enum AdjustError {
    /// The model has no such sentence output.
    #[error("`{name}` is no sentence output of the model{suggestion}; it has {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The nearest one, ready to be read out, or nothing.
        suggestion: String,
        /// All that the model has.
        known: String,
    },
    /// Neither a probability nor a precision.
    #[error("{0} is not from 0 to 1")]
    OutOfRange(f32),
    /// Nobody measured it.
    #[error(
        "the model's decision.json says nothing of the precision at each threshold, so none can \
         be asked for; fit it again with `rhetor evaluate --fit`, or set single thresholds"
    )]
    NoPrecision,
}

impl Outputs {
    /// Puts `threshold`, a probability, in the place of the fitted threshold of a sentence
    /// output. The band of abstention under it keeps its proportion.
    ///
    /// # Errors
    /// When the model has no sentence output of this name, or the threshold is not from 0
    /// to 1.
    pub fn set_threshold(&mut self, name: &str, threshold: f32) -> Result<(), AdjustError> {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(AdjustError::OutOfRange(threshold));
        }
        let i = self
            .sentence_index(name)
            .ok_or_else(|| self.unknown(name))?;
        self.sentence[i].decision.move_to(threshold);
        Ok(())
    }

    /// Raises the threshold of every sentence output to the lowest at which its precision
    /// on the tune part is at least `precision`; none falls under its fitted threshold. An
    /// output that never gets there is switched off ([`Outputs::switched_off`]).
    ///
    /// # Errors
    /// When the precision is not from 0 to 1, or was measured for no output.
    pub fn require_precision(&mut self, precision: f32) -> Result<(), AdjustError> {
        if !(0.0..=1.0).contains(&precision) {
            return Err(AdjustError::OutOfRange(precision));
        }
        let measured = |d: &SentenceDecision| !d.precision.is_empty();
        if !self.sentence.iter().any(|o| measured(&o.decision)) {
            return Err(AdjustError::NoPrecision);
        }
        for output in &mut self.sentence {
            let decision = &mut output.decision;
            let lowest = decision.precision.iter().find(|pair| pair.1 >= precision);
            let threshold = lowest.map_or(f32::INFINITY, |pair| pair.0.max(decision.threshold));
            decision.move_to(threshold);
        }
        Ok(())
    }

    /// The sentence outputs that [`Outputs::require_precision`] has switched off, in order.
    #[must_use]
    pub fn switched_off(&self) -> Vec<&str> {
        self.sentence
            .iter()
            .filter(|output| output.decision.is_off())
            .map(|output| output.name.as_str())
            .collect()
    }

    fn unknown(&self, name: &str) -> AdjustError {
        let names: Vec<&str> = self.sentence.iter().map(|o| o.name.as_str()).collect();
        AdjustError::Unknown {
            name: name.to_owned(),
            suggestion: label::suggestion(name, names.iter().copied()),
            known: names.join(", "),
        }
    }
}

impl SentenceDecision {
    /// Whether no probability is high enough.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.threshold.is_infinite()
    }

    /// Another threshold, with a band of abstention as wide in proportion.
    fn move_to(&mut self, threshold: f32) {
        let band = if self.threshold > 0.0 && !self.is_off() {
            self.abstain_from / self.threshold
        } else {
            1.0
        };
        self.threshold = threshold;
        self.abstain_from = band * threshold;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::Decision;
    use crate::finding::Status;

    fn outputs(precision: &[(f32, f32)]) -> Outputs {
        let names = ["doubt", "any-device", "slogan"].map(str::to_owned);
        let mut decision = Decision::unfitted("", &names, &[], false);
        let doubt = decision.sentence.get_mut("doubt").unwrap();
        (doubt.threshold, doubt.abstain_from) = (0.4, 0.3);
        doubt.precision = precision.to_vec();
        Outputs::new(&names, &names, &[], &decision).unwrap()
    }

    /// Where `doubt` is reported from, among hundredths, and where it abstains from.
    fn bounds(outputs: &Outputs) -> (Option<u16>, Option<u16>) {
        let from = |wanted: &[Status]| {
            (0..=100).find(|&hundredth| {
                let verdict = outputs.sentence[0]
                    .decision
                    .verdict(f32::from(hundredth) / 100.0);
                verdict.is_some_and(|status| wanted.contains(&status))
            })
        };
        (
            from(&[Status::Reported]),
            from(&[Status::Reported, Status::Abstained]),
        )
    }

    const PRECISION: [(f32, f32); 4] = [(0.2, 0.5), (0.38, 0.6), (0.5, 0.7), (0.8, 0.9)];

    #[test]
    fn a_precision_raises_thresholds_and_never_lowers_them() {
        for (precision, expected) in [
            (0.0, (Some(40), Some(30))),
            (0.6, (Some(40), Some(30))),
            (0.65, (Some(50), Some(38))),
            (0.7, (Some(50), Some(38))),
            (0.9, (Some(80), Some(60))),
            (0.95, (None, None)),
        ] {
            let mut outputs = outputs(&PRECISION);
            outputs.require_precision(precision).unwrap();
            assert_eq!(bounds(&outputs), expected, "{precision}");
            let off = outputs.switched_off();
            // Nobody measured the other two.
            assert_eq!(off.contains(&"doubt"), precision > 0.9);
            assert!(off.ends_with(&["any-device", "slogan"]));
        }
    }

    #[test]
    fn a_threshold_by_name_wins() {
        let mut outputs = outputs(&PRECISION);
        outputs.set_threshold("doubt", 0.8).unwrap();
        assert_eq!(bounds(&outputs), (Some(80), Some(60)));
        outputs.require_precision(0.95).unwrap();
        outputs.set_threshold("doubt", 0.1).unwrap();
        outputs.set_threshold("any-device", 1.0).unwrap();
        assert_eq!(bounds(&outputs), (Some(10), Some(10)));
        assert_eq!(outputs.switched_off(), ["slogan"]);
        outputs.set_threshold("doubt", 0.0).unwrap();
        assert_eq!(bounds(&outputs), (Some(0), Some(0)));
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        let mut outputs = outputs(&[]);
        assert_eq!(
            outputs.require_precision(0.5),
            Err(AdjustError::NoPrecision)
        );
        for value in [-0.1, 1.1, f32::NAN] {
            let out =
                |result: Result<(), AdjustError>| matches!(result, Err(AdjustError::OutOfRange(_)));
            assert!(out(outputs.require_precision(value)));
            assert!(out(outputs.set_threshold("doubt", value)));
        }
        let mut error = |name| outputs.set_threshold(name, 0.5).unwrap_err().to_string();
        assert_eq!(
            error("any-devise"),
            "`any-devise` is no sentence output of the model (did you mean `any-device`?); it has \
             doubt, any-device, slogan"
        );
        assert!(error("zzz").contains("the model; it has doubt"));
    }
}

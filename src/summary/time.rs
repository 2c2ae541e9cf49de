//! Rates over time: the documents of a group by the year, month or day that their date names.

use chrono::{Datelike, NaiveDate};

use super::draw::{bootstrap, interval, sums};
use super::{Document, Estimate, Groups};

/// Up to so many groups have a line of their own; with more, all documents are one.
pub const LINES: usize = 4;
/// A longer time is cut into years, not months.
const MONTHS: i64 = 60;
/// A longer time is cut into months, not days.
const DAYS: i64 = 92;

/// How exact a date is, and how long a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Unit {
    /// For people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// `2031`, `2031-05` or `2031-05-17`, by the number of a period.
    #[must_use]
    pub fn period(self, number: i64) -> String {
        match self {
            Self::Year => number.to_string(),
            Self::Month => format!("{}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1),
            Self::Day => i32::try_from(number)
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt)
                .map_or_else(String::new, |day| day.to_string()),
        }
    }
}

/// The date of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Its first day.
    day: NaiveDate,
    /// How exact it is.
    unit: Unit,
}

impl Date {
    /// Reads what begins as ISO 8601 does: `2031`, `2031-05`, `2031-05-17`, with a time
    /// behind it or not. `None` for everything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, unit) = match text.len() {
            4 => (format!("{text}-01-01"), Unit::Year),
            7 => (format!("{text}-01"), Unit::Month),
            _ => {
                let (date, time) = text.split_at_checked(10)?;
                if !(time.is_empty() || time.starts_with(['T', ' '])) {
                    return None;
                }
                (date.to_owned(), Unit::Day)
            }
        };
        let day = date.parse().ok()?;
        Some(Self { day, unit })
    }

    /// The number of its period: periods that follow each other have numbers that do.
    fn period(self, unit: Unit) -> i64 {
        let year = i64::from(self.day.year());
        match unit {
            Unit::Year => year,
            Unit::Month => 12 * year + i64::from(self.day.month0()),
            Unit::Day => self.day.num_days_from_ce().into(),
        }
    }
}

/// Rates by period.
#[derive(Debug, Clone, PartialEq)]
pub struct OverTime {
    /// How long a period is.
    pub unit: Unit,
    /// One for each group, or one for all documents.
    pub series: Vec<Series>,
    /// Documents without a date that can be read; they are in no period.
    pub undated: usize,
}

/// The periods of one group in their order; those without documents are left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The group.
    pub group: String,
    /// Its periods.
    pub points: Vec<Point>,
}

/// One period.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its number: one more than that of the period before.
    pub period: i64,
    /// Of each label: per 100 scored sentences.
    pub rates: Vec<Estimate>,
    /// Documents that they are made of.
    pub documents: usize,
    /// Sentences that they are made of.
    pub scored_sentences: u64,
}

/// The rates by period; `None` when fewer than two periods have documents.
#[must_use]
pub fn over_time(groups: &Groups) -> Option<OverTime> {
    let all: Vec<&Document> = groups.groups.values().flat_map(|m| &m.documents).collect();
    let dates: Vec<Date> = all.iter().filter_map(|d| d.date).collect();
    let unit = unit(&dates)?;
    let series: Vec<Series> = if groups.groups.len() <= LINES {
        let groups_of = groups.groups.iter();
        groups_of
            .map(|(name, members)| Series {
                group: name.clone(),
                points: points(members.documents.iter(), unit, groups.labels.len()),
            })
            .collect()
    } else {
        vec![Series {
            group: super::ALL.to_owned(),
            points: points(all.iter().copied(), unit, groups.labels.len()),
        }]
    };
    Some(OverTime {
        unit,
        series,
        undated: all.len() - dates.len(),
    })
}

/// The length of a period that gives a readable number of them, not shorter than the least
/// exact date.
fn unit(dates: &[Date]) -> Option<Unit> {
    let range = |unit: Unit| {
        let periods = dates.iter().map(|date| date.period(unit));
        let (first, last) = (periods.clone().min()?, periods.max()?);
        Some(last - first)
    };
    let by_length = if range(Unit::Month)? > MONTHS {
        Unit::Year
    } else if range(Unit::Day)? > DAYS {
        Unit::Month
    } else {
        Unit::Day
    };
    let unit = dates.iter().map(|d| d.unit).max()?.max(by_length);
    (range(unit)? > 0).then_some(unit)
}

fn points<'d>(
    documents: impl Iterator<Item = &'d Document>,
    unit: Unit,
    labels: usize,
) -> Vec<Point> {
    let mut dated: Vec<(Date, &Document)> = documents
        .filter_map(|document| Some((document.date?, document)))
        .collect();
    dated.sort_by_key(|(date, _)| date.period(unit));
    dated
        .chunk_by(|a, b| a.0.period(unit) == b.0.period(unit))
        .map(|chunk| {
            let date = chunk[0].0;
            let documents: Vec<Document> = chunk.iter().map(|(_, d)| (*d).clone()).collect();
            let sums = sums(&documents, labels);
            let draws = bootstrap(&documents, labels, 0);
            let rate = |at| interval(sums.rate(at), draws.iter().map(|draw| draw.rate(at)));
            Point {
                period: date.period(unit),
                rates: (0..labels).map(rate).collect(),
                documents: documents.len(),
                scored_sentences: sums.sentences,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn dates_as_they_come() {
        for (text, unit, named) in [
            ("2031", Unit::Year, "2031-01-01"),
            ("2031-05", Unit::Month, "2031-05-01"),
            ("2031-05-17", Unit::Day, "2031-05-17"),
            (" 2031-05-17T08:00:00Z", Unit::Day, "2031-05-17"),
            ("2031-05-17 08:00", Unit::Day, "2031-05-17"),
        ] {
            let day = date(text).period(Unit::Day);
            assert_eq!((date(text).unit, &*Unit::Day.period(day)), (unit, named));
        }
        for text in [
            "", "soon", "17.05.2031", "2031-13", "2031-02-30", "2031-05-175", "20é1-05-17",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn periods_are_as_long_as_the_time_asks_for() {
        let of = |texts: &[&str]| unit(&texts.iter().map(|t| date(t)).collect::<Vec<_>>());
        assert_eq!(of(&["2031-05-17", "2031-06-17"]), Some(Unit::Day));
        assert_eq!(of(&["2031-01-17", "2031-06-17"]), Some(Unit::Month));
        assert_eq!(of(&["2021-01-17", "2031-06-17"]), Some(Unit::Year));
        // No date is cut finer than it is.
        assert_eq!(of(&["2031-05", "2031-06-17"]), Some(Unit::Month));
        assert_eq!(of(&["2031", "2031-06-17"]), None);
        assert_eq!(of(&["2031-05-17"]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn the_year_turns() {
        let (before, after) = (date("2030-12-31"), date("2031-01-01"));
        for (unit, named) in [
            (Unit::Day, "2031-01-01"),
            (Unit::Month, "2031-01"),
            (Unit::Year, "2031"),
        ] {
            assert_eq!(before.period(unit) + 1, after.period(unit));
            assert_eq!(unit.period(after.period(unit)), named);
        }
    }
}

//! The plots of the page, as SVG. Their few colours are replaced by the page's style in the
//! dark; every number in them also stands in a table beside them.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Estimate;
use super::time::{LINES, Series, Unit};
use super::together::{FEW, Together};
use crate::evaluate::count;

/// Of a plot over the whole width of the page, in pixels.
const WIDTH: u32 = 700;
/// Of one group or label.
const ROW: u32 = 24;
/// Of the scale under a plot.
const SCALE: u32 = 24;
/// Characters of a name; what is longer is cut.
const NAME: usize = 32;
/// Of one character of a name, on average.
const CHARACTER: u32 = 7;
const TEXT: i32 = 12;

const INK: RGBColor = RGBColor(0x24, 0x24, 0x24);
const SOFT: RGBColor = RGBColor(0x6b, 0x6b, 0x6b);
const FRAME: RGBColor = RGBColor(0xd8, 0xd4, 0xca);
/// Of the lines over time; more than chance, less than chance.
const COLOURS: [RGBColor; LINES] = [
    RGBColor(0x1f, 0x5f, 0xa8),
    RGBColor(0xb4, 0x54, 0x0a),
    RGBColor(0x2f, 0x7d, 0x4f),
    RGBColor(0x8a, 0x3f, 0x8f),
];
/// The marks of the lines over time, as the page names them.
pub(super) const MARKS: [&str; LINES] = ["●", "▲", "✕", "○"];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Failure = Box<dyn std::error::Error>;

/// Draws into a string, which takes everything.
fn draw(width: u32, height: u32, paint: impl FnOnce(&Area<'_>) -> Result<(), Failure>) -> String {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
    paint(&area)
        .and_then(|()| Ok(area.present()?))
        .expect("what is drawn is within the picture, and a string takes it");
    drop(area);
    svg
}

fn text(colour: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    ("sans-serif", TEXT)
        .into_font()
        .color(&colour)
        .pos(Pos::new(horizontal, VPos::Center))
}

/// Pixels as plotters places things.
fn at(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME - 1).collect();
    format!("{}…", kept.trim_end())
}

fn rows(count: usize) -> u32 {
    ROW * u32::try_from(count).unwrap_or(u32::MAX / ROW)
}

/// The width of the names beside a plot.
fn names_width<'n>(names: impl Iterator<Item = &'n str>) -> u32 {
    let longest = names.map(|name| shortened(name).chars().count()).max();
    CHARACTER * u32::try_from(longest.unwrap_or(0)).unwrap_or(0) + 16
}

/// A dot and its interval for each row, on a scale that holds 0.
pub(super) fn intervals(rows_of: &[(&str, Estimate)]) -> String {
    let names = names_width(rows_of.iter().map(|(name, _)| *name));
    let height = rows(rows_of.len());
    let low = rows_of.iter().map(|r| r.1.low).fold(0.0, f64::min);
    let high = rows_of.iter().map(|r| r.1.high).fold(0.0, f64::max);
    let room = if high > low { 0.04 * (high - low) } else { 1.0 };
    let scale = low - if low < 0.0 { room } else { 0.0 }..high + room;
    draw(WIDTH, height + SCALE, |root| {
        let (left, right) = root.split_horizontally(names);
        let bottom = count(rows_of.len());
        let mut chart = ChartBuilder::on(&right)
            .x_label_area_size(SCALE)
            .margin_right(16)
            .build_cartesian_2d(scale, 0.0..bottom)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .y_labels(0)
            .x_labels(6)
            .bold_line_style(FRAME)
            .light_line_style(TRANSPARENT)
            .axis_style(FRAME)
            .label_style(text(SOFT, HPos::Left))
            .draw()?;
        if low < 0.0 {
            chart.draw_series([PathElement::new([(0.0, 0.0), (0.0, bottom)], SOFT)])?;
        }
        for (row, (name, estimate)) in rows_of.iter().enumerate() {
            let middle = at(rows(row) + ROW / 2);
            let style = text(INK, HPos::Right);
            left.draw(&Text::new(shortened(name), (at(names) - 8, middle), style))?;
            let y = bottom - count(row) - 0.5;
            let Estimate { value, low, high } = *estimate;
            let line = COLOURS[0].stroke_width(2);
            chart.draw_series([PathElement::new([(low, y), (high, y)], line)])?;
            chart.draw_series([Circle::new((value, y), 4, COLOURS[0].filled())])?;
        }
        Ok(())
    })
}

/// The rates of one label by period: a mark and its interval for each period of each series,
/// joined where a period follows the one before.
pub(super) fn over_time(series: &[Series], unit: Unit, label: usize) -> String {
    let points = || series.iter().flat_map(|s| &s.points);
    let first = points().map(|p| p.period).min().unwrap_or(0);
    let last = points().map(|p| p.period).max().unwrap_or(0);
    let across = |period: i64| count(usize::try_from(period - first).unwrap_or(0));
    let high = points().map(|p| p.rates[label].high).fold(0.0, f64::max);
    let high = if high > 0.0 { 1.05 * high } else { 1.0 };
    draw(WIDTH, 180, |root| {
        let mut chart = ChartBuilder::on(root)
            .x_label_area_size(SCALE)
            .y_label_area_size(44)
            .margin_top(8)
            .margin_right(16)
            .build_cartesian_2d(-0.5..across(last) + 0.5, 0.0..high)?;
        let named = |x: &f64| {
            let period = first + format!("{x:.0}").parse().unwrap_or(0);
            let whole = (x - x.round()).abs() < 1e-6 && (first..=last).contains(&period);
            if whole {
                unit.period(period)
            } else {
                String::new()
            }
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_labels(8)
            .x_label_formatter(&named)
            .y_labels(4)
            .bold_line_style(FRAME)
            .light_line_style(TRANSPARENT)
            .axis_style(FRAME)
            .label_style(("sans-serif", TEXT).into_font().color(&SOFT))
            .draw()?;
        for (which, own) in series.iter().enumerate() {
            let colour = COLOURS[which];
            // Marks of one period stand side by side.
            let aside = 0.12 * (count(which) - count(series.len() - 1) / 2.0);
            let place = |at: usize| {
                let point = &own.points[at];
                (across(point.period) + aside, point.rates[label])
            };
            for (at, point) in own.points.iter().enumerate() {
                let (x, Estimate { value, low, high }) = place(at);
                if at > 0 && own.points[at - 1].period + 1 == point.period {
                    let (before, rate) = place(at - 1);
                    let line = [(before, rate.value), (x, value)];
                    chart.draw_series([PathElement::new(line, colour)])?;
                }
                let line = PathElement::new([(x, low), (x, high)], colour.mix(0.5));
                chart.draw_series([line])?;
                let mark = (x, value);
                match which {
                    0 => chart.draw_series([Circle::new(mark, 3, colour.filled())])?,
                    1 => chart.draw_series([TriangleMarker::new(mark, 4, colour.filled())])?,
                    2 => chart.draw_series([Cross::new(mark, 3, colour)])?,
                    _ => chart.draw_series([Circle::new(mark, 3, colour)])?,
                };
            }
        }
        Ok(())
    })
}

/// A cell for each two labels: how many sentences bear both, coloured by how far that is from
/// chance.
pub(super) fn grid(together: &Together) -> String {
    const CELL: u32 = 34;
    let labels = &together.labels;
    let names = names_width(labels.iter().map(String::as_str));
    let width = 2 * names + rows(labels.len()) / ROW * CELL;
    draw(width, rows(labels.len()), |root| {
        for (row, label) in labels.iter().enumerate() {
            let top = at(rows(row));
            let middle = top + at(ROW / 2);
            let left = |column: usize| at(names) + at(rows(column) / ROW * CELL);
            let style = text(INK, HPos::Right);
            root.draw(&Text::new(shortened(label), (at(names) - 8, middle), style))?;
            for column in 0..row {
                let both = together.both[row][column];
                let corners = [
                    (left(column) + 1, top + 1),
                    (left(column + 1) - 1, top + at(ROW) - 1),
                ];
                let shade = shade(both, together.lift(row, column));
                root.draw(&Rectangle::new(corners, shade.filled()))?;
                let ink = if both < FEW { SOFT } else { INK };
                let place = (left(column) + at(CELL / 2), middle);
                root.draw(&Text::new(both.to_string(), place, text(ink, HPos::Center)))?;
            }
            let style = text(SOFT, HPos::Left);
            root.draw(&Text::new(shortened(label), (left(row) + 8, middle), style))?;
        }
        Ok(())
    })
}

/// From less than chance over none to more; eight times and an eighth are the ends.
fn shade(both: u64, lift: Option<f64>) -> RGBAColor {
    let Some(lift) = lift.filter(|_| both >= FEW) else {
        return FRAME.mix(0.3);
    };
    let far = (lift.max(0.125).log2() / 3.0).clamp(-1.0, 1.0);
    let colour = if far > 0.0 { COLOURS[1] } else { COLOURS[0] };
    colour.mix(0.06 + 0.5 * far.abs())
}

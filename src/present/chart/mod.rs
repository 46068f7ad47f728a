//! A [`TrendResponse`] → a chart, as SVG or PNG.
//!
//! In SVG text stays text, set in the first font of a list that the viewer has; in PNG it is drawn
//! by `canvas` with letters that the program brings along. Both are drawn by one function.
//!
//! Invariant: the same trend gives the same bytes on every machine.

mod canvas;

use std::io::{Error, Result};

use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};
use plotters::prelude::*;
use plotters::style::FontFamily;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use self::canvas::{Canvas, SIZE};
use super::layout::{clean, shorten, width};
use super::trend::label;
use super::{stamp, trend};
use crate::model::{Language, TrendPoint, TrendResponse, TrendSeries};
use crate::say;

/// Pixels of a chart.
const CHART: (u32, u32) = (1200, 675);
/// Pixels of a line of text, and of the margin.
const LINE: i32 = 22;
const MARGIN: i32 = 24;

/// Colours that those who do not see all of them can tell apart (M. Okabe, K. Ito, Color universal
/// design, 2008), without yellow, which is faint on white.
const COLORS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
];
const GREY: RGBColor = RGBColor(110, 110, 110);
const LIGHT: RGBColor = RGBColor(225, 225, 225);

/// Fonts with Chinese letters of the common systems.
const FONTS: &str = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, \
    WenQuanYi Micro Hei, SimHei, sans-serif";

/// Draws a chart as SVG.
///
/// # Errors
/// If it cannot be drawn.
pub fn svg(response: &TrendResponse, language: Language) -> Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, CHART).into_drawing_area();
        draw(&root, response, language).map_err(Error::other)?;
        root.present()
            .map_err(|error| Error::other(error.to_string()))?;
    }
    Ok(svg)
}

/// Draws a chart as PNG.
///
/// # Errors
/// If it cannot be drawn.
pub fn png(response: &TrendResponse, language: Language) -> Result<Vec<u8>> {
    let mut pixels = vec![0; 3 * CHART.0 as usize * CHART.1 as usize];
    let root = Canvas::new(&mut pixels, CHART).into_drawing_area();
    draw(&root, response, language).map_err(Error::other)?;
    drop(root);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, CHART.0, CHART.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

type Drawn<T> = std::result::Result<T, String>;
type Area<B> = DrawingArea<B, Shift>;

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn draw<B: DrawingBackend>(
    root: &Area<B>,
    response: &TrendResponse,
    language: Language,
) -> Drawn<()> {
    root.fill(&WHITE).map_err(told)?;
    let names: Vec<String> = response
        .series
        .iter()
        .map(|series| clean(&series.term.name))
        .collect();
    let title = title(&names, language);
    write(root, &title, (MARGIN, MARGIN), 2, &BLACK, HPos::Left)?;
    let by = language.pick(response.by.label(), response.by.name());
    let measure = say!(
        language,
        "{}（按{by}）",
        "{}, by {by}",
        label(response.rate, language)
    );
    let below_title = MARGIN + 2 * LINE;
    write(root, &measure, (MARGIN, below_title), 1, &GREY, HPos::Left)?;
    let mut top = below_title + LINE;
    if names.len() > 1 {
        top = legend(root, &names, top)?;
    }
    let foot = foot(response, language);
    let height = CHART.1 as i32;
    for (line, text) in (1..).zip(foot.iter().rev()) {
        let place = (MARGIN, height - MARGIN / 2 - line * LINE);
        write(root, text, place, 1, &GREY, HPos::Left)?;
    }
    let bottom = height - MARGIN - foot.len() as i32 * LINE;
    plot(root, response, top + LINE / 2, bottom)
}

/// Returns the names, as many as fit.
fn title(names: &[String], language: Language) -> String {
    shorten(&names.join(language.pick("、", ", ")), 66)
}

/// Returns what stands below a chart: what it was made from and how.
fn foot(response: &TrendResponse, language: Language) -> Vec<String> {
    let stamp = &response.stamp;
    let made = say!(
        language,
        "{} · {} · 规则 {} · 内容 {} · 相近段落{}",
        "{} · {} · rules {} · content {} · near copies: {}",
        stamp.program,
        stamp.date,
        stamp.index.fingerprint,
        stamp.content,
        stamp::copies(stamp.copies, language)
    );
    let filters = stamp::filters(stamp, language);
    let mut said: Vec<String> = Vec::new();
    if !filters.is_empty() {
        said.push(filters);
    }
    let notes = trend::notes(response).into_iter();
    said.extend(notes.map(|note| language.pick(&note.zh, &note.en).to_owned()));
    let mut lines: Vec<String> = Vec::new();
    if !said.is_empty() {
        lines.push(said.join(" · "));
    }
    lines.push(made);
    lines
        .iter()
        .map(|line| shorten(&clean(line), 140))
        .collect()
}

/// Writes a text; `times` enlarges it.
fn write<B: DrawingBackend>(
    root: &Area<B>,
    text: &str,
    place: (i32, i32),
    times: u32,
    color: &RGBColor,
    side: HPos,
) -> Drawn<()> {
    let style = letters(f64::from(times))
        .color(color)
        .pos(Pos::new(side, VPos::Top));
    root.draw(&Text::new(text.to_owned(), place, style))
        .map_err(told)
}

fn letters(times: f64) -> TextStyle<'static> {
    (FontFamily::Name(FONTS), SIZE * times).into_font().into()
}

/// Writes the names in their colours and returns where the chart may begin.
fn legend<B: DrawingBackend>(root: &Area<B>, names: &[String], top: i32) -> Drawn<i32> {
    let (mut x, mut y) = (MARGIN, top + LINE / 2);
    for (at, name) in names.iter().enumerate() {
        let name = shorten(name, 40);
        let wide = 32 + 8 * width(&name) as i32 + 24;
        if x > MARGIN && x + wide > CHART.0 as i32 - MARGIN {
            (x, y) = (MARGIN, y + LINE);
        }
        let color = COLORS[at % COLORS.len()];
        let middle = y + 8;
        let line = PathElement::new(vec![(x, middle), (x + 24, middle)], color.stroke_width(3));
        root.draw(&line).map_err(told)?;
        root.draw(&mark(at, (x + 12, middle), color))
            .map_err(told)?;
        write(root, &name, (x + 32, y), 1, &BLACK, HPos::Left)?;
        x += wide;
    }
    Ok(y + LINE)
}

/// Returns the mark of a series at a point; beyond seven series, colours come again with another.
fn mark(series: usize, at: (i32, i32), color: RGBColor) -> Polygon<(i32, i32)> {
    let corners: &[(i32, i32)] = match series / COLORS.len() % 3 {
        0 => &[(-3, -3), (3, -3), (3, 3), (-3, 3)],
        1 => &[(0, -5), (5, 4), (-5, 4)],
        _ => &[(0, -5), (5, 0), (0, 5), (-5, 0)],
    };
    let corners: Vec<(i32, i32)> = corners.iter().map(|(x, y)| (at.0 + x, at.1 + y)).collect();
    Polygon::new(corners, color.filled())
}

/// Years with a tick at each that fits, and no other numbers.
struct Years {
    first: i32,
    last: i32,
}

impl Ranged for Years {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, year: &f64, (left, right): (i32, i32)) -> i32 {
        let all = f64::from((self.last - self.first).max(1));
        let share = (year - f64::from(self.first)) / all;
        left + (share * f64::from(right - left)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let fit = hint.max_num_points().max(1) as i32;
        let years = self.last - self.first + 1;
        let steps = [1, 2, 5, 10, 20, 50, 100];
        let step = steps
            .into_iter()
            .find(|step| years / step <= fit)
            .unwrap_or(100);
        let years = (self.first..=self.last).filter(|year| year % step == 0);
        years.map(f64::from).collect()
    }

    fn range(&self) -> std::ops::Range<f64> {
        f64::from(self.first)..f64::from(self.last)
    }
}

impl plotters::coord::ranged1d::ValueFormatter<f64> for Years {
    fn format_ext(&self, year: &f64) -> String {
        format!("{year:.0}")
    }
}

fn plot<B: DrawingBackend>(
    root: &Area<B>,
    response: &TrendResponse,
    top: i32,
    bottom: i32,
) -> Drawn<()> {
    let (Some(first), Some(last)) = (response.years.first(), response.years.last()) else {
        return Ok(());
    };
    let years: Vec<i32> = response.years.iter().map(|year| year.year).collect();
    let (first, last) = (first.year, last.year);
    let values = response.series.iter().flat_map(|series| &series.points);
    let highest = values
        .flatten()
        .filter_map(|point| point.band.map(|band| band[1]).or(point.rate))
        .fold(0.0, f64::max);
    let highest = if highest > 0.0 { highest * 1.06 } else { 1.0 };
    let area = root.margin(top, CHART.1 as i32 - bottom, MARGIN, MARGIN + 16);
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(36)
        .y_label_area_size(72)
        .build_cartesian_2d(
            Years {
                first,
                last: last.max(first + 1),
            },
            0.0..highest,
        )
        .map_err(told)?;
    let decimals = match highest {
        _ if highest >= 20.0 => 0,
        _ if highest >= 2.0 => 1,
        _ if highest >= 0.2 => 2,
        _ => 3,
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(LIGHT)
        .axis_style(GREY)
        .label_style(letters(1.0).color(&GREY))
        .x_labels(14)
        .y_labels(8)
        .y_label_formatter(&|rate| format!("{rate:.decimals$}"))
        .draw()
        .map_err(told)?;
    for (at, series) in response.series.iter().enumerate() {
        let color = COLORS[at % COLORS.len()];
        for run in runs(series, &years, |point| point.band) {
            let low = run.iter().map(|(year, band)| (*year, band[0]));
            let high = run
                .iter()
                .rev()
                .map(|(year, band)| (*year, band[1].min(highest)));
            let around = Polygon::new(low.chain(high).collect::<Vec<_>>(), color.mix(0.15));
            chart.draw_series([around]).map_err(told)?;
        }
        let smooth = response.smooth > 1;
        let thin = if smooth {
            color.mix(0.4)
        } else {
            color.mix(1.0)
        };
        let lines = runs(series, &years, |point| point.rate);
        let stroke = if smooth { 1 } else { 2 };
        for run in &lines {
            let line = PathElement::new(run.clone(), thin.stroke_width(stroke));
            chart.draw_series([line]).map_err(told)?;
        }
        let points = lines
            .iter()
            .flatten()
            .map(|&place| EmptyElement::at(place) + mark(at, (0, 0), color));
        chart.draw_series(points).map_err(told)?;
        for run in runs(series, &years, |point| point.smoothed) {
            let line = PathElement::new(run, color.stroke_width(3));
            chart.draw_series([line]).map_err(told)?;
        }
    }
    Ok(())
}

/// Returns a value of a series as runs of neighbouring years; years without one part them.
fn runs<T>(
    series: &TrendSeries,
    years: &[i32],
    value: impl Fn(&TrendPoint) -> Option<T>,
) -> Vec<Vec<(f64, T)>> {
    let mut runs = vec![Vec::new()];
    for (year, point) in years.iter().zip(&series.points) {
        match point.as_ref().and_then(&value) {
            Some(value) => {
                if let Some(run) = runs.last_mut() {
                    run.push((f64::from(*year), value));
                }
            }
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    #[test]
    fn chinese_is_drawn_without_any_font_of_the_machine() {
        let response = samples::trend();
        let bytes = png(&response, Language::Zh).unwrap();
        assert!(bytes == png(&response, Language::Zh).unwrap());
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        // The title's first letter, 32 pixels at the margin, is neither blank nor a box of hex digits
        // as the font has them for what it does not know.
        let row = |y: i32| {
            let at = 3 * (y as usize * CHART.0 as usize + MARGIN as usize);
            pixels[at..at + 3 * 32]
                .chunks(3)
                .map(|pixel| pixel[0] < 128)
                .collect::<Vec<_>>()
        };
        let drawn: Vec<String> = (MARGIN..MARGIN + 32)
            .step_by(2)
            .map(|y| {
                row(y)
                    .iter()
                    .step_by(2)
                    .map(|dark| if *dark { '#' } else { '.' })
                    .collect()
            })
            .collect();
        insta::assert_snapshot!(drawn.join("\n"), @r"
        ......#.........
        ......#.........
        .....#....#.....
        ....#.....#.....
        ...#.....#......
        ..#######.......
        .......#....#...
        ......#.....#...
        .....#.....#....
        ...########.....
        .........#......
        ........#.......
        .......#........
        .....##.........
        ...##...........
        ###.............
        ");
    }

    #[test]
    fn text_of_svg_stays_text() {
        let svg = svg(&samples::trend(), Language::Zh).unwrap();
        assert!(
            svg.contains("乡村振兴") && svg.contains("Noto Sans CJK SC"),
            "{svg}"
        );
        assert!(svg.contains("每万字次数"));
    }
}

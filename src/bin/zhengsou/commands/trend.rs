//! `trend`: concepts through the years.

use std::path::Path;

use zhengsou::model::{FacetField, Language, Rate, TrendRequest, TrendResponse};
use zhengsou::present::{chart, data, trend as text};
use zhengsou::{Error, ErrorKind, Result, say};

use super::{ExitStatus, Outcome};
use crate::args::{RateChoice, TrendArgs, YearChoice};
use crate::output::{self, message};
use crate::settings::{self, Settings};

/// What a chart's file name asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Picture {
    Svg,
    Png,
}

/// Follows concepts, draws charts and writes the answer in the format asked for.
pub(super) fn run(args: &TrendArgs, settings: &Settings) -> Outcome {
    let charts = args.chart.iter();
    let charts = charts.map(|path| Ok((path.as_path(), picture(path)?)));
    let charts = charts.collect::<Result<Vec<_>>>()?;
    let request = TrendRequest {
        terms: settings::concepts(&args.terms)?,
        by: match args.by {
            YearChoice::Year => FacetField::Year,
            YearChoice::ReportYear => FacetField::ReportYear,
        },
        filters: settings::filters(&args.filters)?,
        copies: args.terms.copies.into(),
        rate: match args.measure {
            RateChoice::Per10k => Rate::Per10kCharacters,
            RateChoice::PerReport => Rate::PerReport,
            RateChoice::ReportShare => Rate::ReportShare,
            RateChoice::Occurrences => Rate::Occurrences,
        },
        smooth: args.smooth,
        band: args.band,
        date: args.terms.date.clone(),
    };
    let response = settings.engine()?.trend(&request)?;
    for (path, picture) in charts {
        draw(path, picture, &response, settings)?;
    }
    let table = text::table(&response);
    output::answer(&args.output, settings, &response, &table, |out, look| {
        text::answer(out, &response, look)
    })?;
    Ok(ExitStatus::Done)
}

fn picture(path: &Path) -> Result<Picture> {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("svg") => Ok(Picture::Svg),
        Some("png") => Ok(Picture::Png),
        _ => Err(Error::new(
            ErrorKind::Usage,
            "--chart 的文件名应以 .svg 或 .png 结尾",
            "the file of --chart must end in .svg or .png",
        )
        .with_path(path)),
    }
}

/// Writes a chart, and its data beside it.
fn draw(
    path: &Path,
    picture: Picture,
    response: &TrendResponse,
    settings: &Settings,
) -> anyhow::Result<()> {
    let language: Language = settings.language;
    let bytes = match picture {
        Picture::Svg => chart::svg(response, language)?.into_bytes(),
        Picture::Png => chart::png(response, language)?,
    };
    let doing = language.pick(
        "无法写入 --chart 指定的文件",
        "cannot write the file of --chart",
    );
    output::to_file(path, doing, |out| Ok(out.write_all(&bytes)?))?;
    let beside = path.with_extension("csv");
    let table = text::table(response);
    output::to_file(&beside, doing, |out| {
        Ok(data::csv(out, &table, false, language)?)
    })?;
    if !settings.quiet {
        let (path, beside) = (path.display(), beside.display());
        message(&say!(
            language,
            "图写入 {path}，数据写入 {beside}",
            "chart written to {path}, its data to {beside}"
        ));
    }
    Ok(())
}

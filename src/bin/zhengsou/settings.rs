//! What is meant: typed options with environment, terminal and defaults resolved.

use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;

use zhengsou::model::{
    Axis, Concept, Copies, FacetField, Filter, Language, Matching, SearchRequest, Sort,
};
use zhengsou::present::Look;
use zhengsou::query::concept;
use zhengsou::schema::{Files, Schema};
use zhengsou::{Engine, Error, ErrorKind, Result, typed};

use crate::args::{
    Color, CopiesChoice, FilterArgs, GlobalArgs, Group, Mode, Order, SearchArgs, TermArgs,
};

/// What holds for every command.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Folder of the index.
    pub(crate) index: PathBuf,
    /// Language of messages.
    pub(crate) language: Language,
    /// Whether only errors are said.
    pub(crate) quiet: bool,
    /// Whether causes and warnings are said.
    pub(crate) verbose: bool,
    /// Whether stderr is coloured.
    pub(crate) color_messages: bool,
    color: bool,
    schema: Option<PathBuf>,
}

impl Settings {
    /// Resolves the options that every command takes.
    pub(crate) fn new(args: &GlobalArgs, language: Language) -> Self {
        let colored = |is_terminal: bool| match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                is_terminal && !set("NO_COLOR") && !dumb
            }
        };
        Settings {
            index: args.index.clone(),
            language,
            quiet: args.quiet,
            verbose: args.verbose,
            color_messages: colored(stderr().is_terminal()),
            color: colored(stdout().is_terminal()),
            schema: args.schema.clone(),
        }
    }

    /// Returns how text on stdout looks.
    pub(crate) fn look(&self) -> Look {
        let columns = || terminal_size::terminal_size_of(stdout()).map(|(width, _)| width.0.into());
        Look {
            language: self.language,
            color: self.color,
            width: stdout().is_terminal().then(columns).flatten(),
        }
    }

    /// Loads the rules and word lists.
    pub(crate) fn schema(&self) -> Result<Schema> {
        match &self.schema {
            Some(folder) => Schema::load(&Files::from_folder(folder)?),
            None => Schema::embedded(),
        }
    }

    /// Opens the index.
    pub(crate) fn engine(&self) -> Result<Engine> {
        Engine::open(&self.index, self.schema()?)
    }
}

impl From<Mode> for Matching {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Auto => Matching::Auto,
            Mode::Verbatim => Matching::Verbatim,
            Mode::Words => Matching::Words,
        }
    }
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Relevance => Sort::Relevance,
            Order::Year => Sort::YearAscending,
            Order::LatestYear => Sort::YearDescending,
        }
    }
}

impl From<CopiesChoice> for Copies {
    fn from(choice: CopiesChoice) -> Self {
        match choice {
            CopiesChoice::Each => Copies::Each,
            CopiesChoice::Once => Copies::Once,
        }
    }
}

/// Reads the concepts that were typed, and those of a word list.
pub(crate) fn concepts(args: &TermArgs) -> Result<Vec<Concept>> {
    let typed = args.words.iter().map(|word| concept::one(word));
    let mut concepts = typed.collect::<Result<Vec<_>>>()?;
    if let Some(path) = &args.terms {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        let text = zhengsou::read::text(bytes).ok_or_else(|| {
            Error::new(ErrorKind::Input, "这不是文本文件", "this is no text file").with_path(path)
        })?;
        let listed = concept::list(&text).map_err(|error| error.with_path(path))?;
        concepts.extend(listed);
    }
    Ok(concepts)
}

/// Reads the name of a facet or of a depth of regions by which passages are told apart.
pub(crate) fn axis(name: &str) -> Result<Axis> {
    const KNOWN: &str = "year report_year province city county region agency system level section \
        report_kind source";
    Axis::parse(name.trim()).ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!("没有叫“{name}”的分组方面"),
            format!("there is nothing called '{name}' to group by"),
        )
        .with_hint(format!("可用：{KNOWN}"), format!("use one of {KNOWN}"))
    })
}

/// Makes a request of what was typed after `search`.
pub(crate) fn request(args: &SearchArgs) -> Result<SearchRequest> {
    let (facets, facet_find) = typed::facets(&args.facets)?;
    Ok(SearchRequest {
        query: args.query.join(" "),
        mode: args.mode.into(),
        any: args.any,
        filters: filters(&args.filters)?,
        facets,
        facet_limit: args.facet_limit,
        facet_find,
        sort: args.sort.into(),
        limit: args.limit,
        offset: args.offset,
        fold: !args.no_fold,
        group_by_report: args.group == Some(Group::Report),
        per_report: args.per_report,
        explain: args.explain,
        snippet_chars: args.snippet,
    })
}

/// Reads facet filters; a leading `!` (or `！`) leaves the value out.
pub(crate) fn filters(args: &FilterArgs) -> Result<Vec<Filter>> {
    let typed = [
        (FacetField::Agency, &args.agency),
        (FacetField::System, &args.system),
        (FacetField::Level, &args.level),
        (FacetField::Region, &args.region),
        (FacetField::Year, &args.year),
        (FacetField::ReportYear, &args.report_year),
        (FacetField::Section, &args.section),
        (FacetField::ReportKind, &args.report_kind),
        (FacetField::Source, &args.source),
    ];
    typed
        .into_iter()
        .flat_map(|(field, values)| values.iter().map(move |value| typed::filter(field, value)))
        .collect()
}

/// Reads filters that are named with their facet, with commas of either width between:
/// `report_year=2013,region=!江苏省`.
pub(crate) fn named_filters(lists: &[String]) -> Result<Vec<Filter>> {
    let parts = lists.iter().flat_map(|list| list.split([',', '，', '、']));
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once(['=', '＝', ':', '：']).ok_or_else(|| {
                Error::new(
                    ErrorKind::Usage,
                    format!("“{part}”没有写明方面"),
                    format!("'{part}' does not name a facet"),
                )
                .with_hint(
                    "写作 方面=值，例如 report_year=2013",
                    "write FACET=VALUE, such as report_year=2013",
                )
            })?;
            let name = name.trim();
            let field = match name {
                "section" => FacetField::Section,
                name => typed::facet(name)?,
            };
            typed::filter(field, value.trim())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn check(typed: &str, expected: std::result::Result<SearchRequest, &str>) {
        let words = ["zhengsou", "search"].into_iter().chain(typed.split(' '));
        let args = Args::try_parse_from(words).unwrap();
        let Command::Search(search) = args.command else {
            panic!("not a search: {typed}");
        };
        let found = request(&search).map_err(|error| error.message(Language::En).to_owned());
        assert_eq!(found, expected.map_err(str::to_owned), "{typed}");
    }

    fn with_filters(filters: &[(FacetField, &str, bool)]) -> SearchRequest {
        let filters = filters.iter().map(|&(field, value, negated)| Filter {
            field,
            value: value.to_owned(),
            negated,
        });
        SearchRequest {
            query: "甲".to_owned(),
            filters: filters.collect(),
            ..SearchRequest::default()
        }
    }

    #[test]
    fn requests() {
        check("甲", Ok(with_filters(&[])));
        check(
            "甲 --year 2019..2023 --agency !教育局 --agency ！财政局 --agency 卫健委",
            Ok(with_filters(&[
                (FacetField::Agency, "教育局", true),
                (FacetField::Agency, "财政局", true),
                (FacetField::Agency, "卫健委", false),
                (FacetField::Year, "2019..2023", false),
            ])),
        );
        check(
            "甲 乙 --mode words --any --sort -year -n 3 --offset 6 --no-fold --group report \
             --explain --snippet 0 --facets agency，report-year --facets 年份,agency＝卫生 \
             --facet-limit 0",
            Ok(SearchRequest {
                query: "甲 乙".to_owned(),
                mode: Matching::Words,
                any: true,
                sort: Sort::YearDescending,
                limit: 3,
                offset: 6,
                fold: false,
                group_by_report: true,
                explain: true,
                snippet_chars: 0,
                facets: vec![FacetField::Agency, FacetField::ReportYear, FacetField::Year],
                facet_limit: 0,
                facet_find: BTreeMap::from([(FacetField::Agency, "卫生".to_owned())]),
                ..SearchRequest::default()
            }),
        );
        check("甲 --year !", Err("the filter on year has no value"));
        check("甲 --facets colour", Err("there is no facet 'colour'"));
    }
}

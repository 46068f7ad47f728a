//! `regions.csv` → the divisions of the country, today's and former ones, with their paths.

use std::cmp::Ordering;

use super::names::Names;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Level;

const FILE: &str = "regions.csv";
const HEADER: [&str; 7] = [
    "code",
    "name",
    "level",
    "parent",
    "until",
    "successors",
    "aliases",
];

/// A division: a province, prefecture or county of today or of former years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Six digits; former divisions share theirs with what came after them.
    pub code: String,
    /// Full name.
    pub name: String,
    /// 省, 市 or 县.
    pub level: Level,
    /// The division above, as an index into the table.
    pub parent: Option<usize>,
    /// The year in which it ended; `None` for today's.
    pub until: Option<i32>,
    /// Codes of what took its place, where the table knows.
    pub successors: Vec<String>,
    /// Short forms under which running text names it: 内蒙古, 恩施州, 南京.
    pub aliases: Vec<String>,
    /// Names from the province down, `江苏省/南京市`.
    pub path: String,
}

/// The table of divisions.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    rows: Vec<Region>,
    names: Names<Vec<usize>>,
}

impl Regions {
    /// Reads and checks `regions.csv`.
    pub(super) fn load(text: &str) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut regions = Regions::default();
        let mut parents = Vec::new();
        for (row, record) in reader.records().enumerate() {
            let line = row + 1;
            let record = record.map_err(|error| {
                broken(line, "不是合格的 CSV", "is not proper CSV").with_cause(error)
            })?;
            if row == 0 {
                if record.iter().ne(HEADER) {
                    return Err(broken(line, "表头不对", "has a wrong header"));
                }
                continue;
            }
            let (region, parent) = parse(&record)
                .ok_or_else(|| broken(line, "有不合格的字段", "has a malformed field"))?;
            if let Some(last) = regions.rows.last()
                && order(last, &region) != Ordering::Less
            {
                return Err(broken(line, "未排序或重复", "is out of order or repeated"));
            }
            regions.rows.push(region);
            parents.push(parent);
        }
        regions.link(&parents)?;
        regions.name()?;
        Ok(regions)
    }

    /// Sets parents and paths; provinces come before what they hold only by luck, hence by level.
    fn link(&mut self, parents: &[String]) -> Result<()> {
        for level in [Level::Province, Level::City, Level::County] {
            for (index, code) in parents.iter().enumerate() {
                let Some(row) = self.rows.get(index).filter(|row| row.level == level) else {
                    continue;
                };
                if code.is_empty() {
                    if level != Level::Province {
                        return Err(broken(index + 2, "缺少上级", "has no parent"));
                    }
                    self.rows[index].path = row.name.clone();
                    continue;
                }
                // A former county stood under the division that bore its parent's code then.
                let year = row.until.unwrap_or(i32::MAX);
                let parent = self
                    .with_code(code)
                    .filter(|&id| self.rows[id].level < level)
                    .min_by_key(|&id| {
                        let until = self.rows[id].until.unwrap_or(i32::MAX);
                        (until < year, until)
                    })
                    .ok_or_else(|| broken(index + 2, "上级不在表中", "names an unknown parent"))?;
                let path = format!("{}/{}", self.rows[parent].path, row.name);
                let row = &mut self.rows[index];
                row.parent = Some(parent);
                row.path = path;
            }
        }
        for (index, row) in self.rows.iter().enumerate() {
            if let Some(code) = row
                .successors
                .iter()
                .find(|code| self.with_code(code).next().is_none())
            {
                return Err(broken(
                    index + 2,
                    &format!("后继 {code} 不在表中"),
                    &format!("names an unknown successor, {code}"),
                ));
            }
        }
        Ok(())
    }

    /// Enters names and aliases.
    fn name(&mut self) -> Result<()> {
        for (id, row) in self.rows.iter().enumerate() {
            for name in std::iter::once(&row.name).chain(&row.aliases) {
                let ids = self
                    .names
                    .entry(name)
                    .ok_or_else(|| broken(id + 2, "名称太短", "has a name of one character"))?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Ok(())
    }

    fn with_code<'a>(&'a self, code: &'a str) -> impl Iterator<Item = usize> + 'a {
        let from = self.rows.partition_point(|row| row.code.as_str() < code);
        (from..self.rows.len()).take_while(move |&id| self.rows[id].code == code)
    }

    /// Returns a division by its index.
    pub fn get(&self, id: usize) -> Option<&Region> {
        self.rows.get(id)
    }

    /// Returns every division, sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = &Region> {
        self.rows.iter()
    }

    /// Returns the divisions with this name or alias, today's and former ones.
    ///
    /// `海南` gives both the province and 海南藏族自治州; nothing is chosen here.
    pub fn named(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the longest name or alias with which `text` begins, and whom it may mean.
    pub fn longest_at(&self, text: &str) -> Option<(&str, &[usize])> {
        let (name, ids) = self.names.longest_at(text)?;
        Some((name, ids))
    }

    /// Returns whether a division lies in another one, or is it.
    pub fn lies_in(&self, id: usize, ancestor: usize) -> bool {
        let mut here = Some(id);
        while let Some(id) = here {
            if id == ancestor {
                return true;
            }
            here = self.rows.get(id).and_then(|row| row.parent);
        }
        false
    }

    /// Returns which of two divisions of one name bore it in a year, as far as the table knows:
    /// the former one, if it had not ended yet and its place is that of today's.
    ///
    /// 巢湖市 was a prefecture until 2011; a county bears the name today.
    pub fn bore_name(&self, today: usize, former: usize, year: i32) -> bool {
        let (Some(now), Some(then)) = (self.get(today), self.get(former)) else {
            return false;
        };
        let same_place =
            self.province(today) == self.province(former) || then.successors.contains(&now.code);
        now.until.is_none() && then.until.is_some_and(|until| year < until) && same_place
    }

    /// Returns the province of a division, which may be itself.
    pub fn province(&self, id: usize) -> usize {
        let mut here = id;
        while let Some(parent) = self.rows.get(here).and_then(|row| row.parent) {
            here = parent;
        }
        here
    }

    /// Returns the paths of the former divisions of its rank that a division took in.
    ///
    /// `湖北省/襄阳市` gives `湖北省/襄樊市`, so that a filter can follow a place through its names.
    pub fn predecessors(&self, path: &str) -> Vec<&str> {
        let Some(heir) = self
            .rows
            .iter()
            .find(|row| row.path == path && row.until.is_none())
        else {
            return Vec::new();
        };
        self.rows
            .iter()
            .filter(|row| row.until.is_some() && row.level == heir.level)
            .filter(|row| row.successors.contains(&heir.code))
            .map(|row| row.path.as_str())
            .collect()
    }
}

fn parse(record: &csv::StringRecord) -> Option<(Region, String)> {
    let field = |index: usize| record.get(index).map(str::trim);
    let list = |index: usize| {
        Some(
            field(index)?
                .split('|')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    };
    let code =
        field(0).filter(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()))?;
    let level = Level::parse(field(2)?)
        .filter(|level| matches!(level, Level::Province | Level::City | Level::County))?;
    let until = match field(4)? {
        "" => None,
        year => Some(year.parse().ok()?),
    };
    let region = Region {
        code: code.to_owned(),
        name: field(1).filter(|name| !name.is_empty())?.to_owned(),
        level,
        parent: None,
        until,
        successors: list(5)?,
        aliases: list(6)?,
        path: String::new(),
    };
    Some((region, field(3)?.to_owned()))
}

/// By code; of one code today's division first, then former ones by the year of their end and name.
fn order(a: &Region, b: &Region) -> Ordering {
    (&a.code, a.until, &a.name).cmp(&(&b.code, b.until, &b.name))
}

fn broken(line: usize, zh: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Schema,
        format!("{FILE} 第 {line} 行{zh}"),
        format!("line {line} of {FILE} {en}"),
    )
    .with_path(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Files;

    fn regions() -> Regions {
        Regions::load(Files::embedded().get(FILE)).unwrap()
    }

    #[test]
    fn paths() {
        let regions = regions();
        let check = |name: &str, wanted: &[&str]| {
            let paths: Vec<_> = regions
                .named(name)
                .iter()
                .filter_map(|&id| regions.get(id))
                .map(|row| row.path.as_str())
                .collect();
            assert_eq!(paths, wanted, "{name}");
        };
        check("江苏", &["江苏省"]);
        check("南京市", &["江苏省/南京市"]);
        check("海淀区", &["北京市/海淀区"]);
        check("恩施州", &["湖北省/恩施土家族苗族自治州"]);
        check(
            "海南",
            &[
                "广东省/海南行政区",
                "广东省/海南黎族苗族自治州",
                "海南省",
                "青海省/海南藏族自治州",
            ],
        );
        check("重庆市", &["重庆市", "四川省/重庆市"]);
        check("巢湖市", &["安徽省/合肥市/巢湖市", "安徽省/巢湖市"]);
        check("襄樊市", &["湖北省/襄樊市"]);
        check("闸北区", &["上海市/闸北区"]);
        check("仙桃市", &["湖北省/仙桃市"]);
        check("石河子市", &["新疆维吾尔自治区/石河子市"]);
        check("香港", &["香港特别行政区"]);
        check("XX县", &[]);
        check("", &[]);
    }

    #[test]
    fn former_names_lead_to_today() {
        let regions = regions();
        assert_eq!(
            regions.predecessors("湖北省/襄阳市"),
            ["湖北省/襄樊市", "湖北省/襄阳地区"]
        );
        assert_eq!(regions.predecessors("上海市/静安区"), ["上海市/闸北区"]);
        assert!(regions.predecessors("nowhere").is_empty());
    }

    #[test]
    fn broken_tables_are_named_by_line() {
        let check = |rows: &str, wanted: &str| {
            let text = format!("{}\n{rows}", HEADER.join(","));
            let error = Regions::load(&text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        };
        check(
            "110000,北京市,省,,,,北京\n110000,北京市,省,,,,北京",
            "line 3 of regions.csv is out of order",
        );
        check(
            "110101,东城区,县,110000,,,",
            "line 2 of regions.csv names an unknown parent",
        );
        check(
            "11,北京市,省,,,,",
            "line 2 of regions.csv has a malformed field",
        );
        check("110000,北京市,省,,,120000,", "unknown successor");
    }
}

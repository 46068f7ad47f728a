//! Values of closed vocabularies → what an English reader calls them.
//!
//! Agencies, regions and titles are names and stay as they are; so do values that a schema of one's
//! own brings along.

use crate::model::FacetField;

/// Kinds of section and of report, levels, policy fields.
const LABELS: &[(FacetField, &[(&str, &str)])] = &[
    (
        FacetField::Section,
        &[
            ("基本情况", "background"),
            ("工作总结", "work done"),
            ("亮点成效", "highlights"),
            ("存在问题", "problems"),
            ("工作计划", "plans"),
            ("工作建议", "proposals"),
            ("其他", "other"),
        ],
    ),
    (
        FacetField::ReportKind,
        &[
            ("政府工作报告", "government work report"),
            ("工作总结和计划", "summary and plan"),
            ("其他", "other"),
        ],
    ),
    (
        FacetField::Level,
        &[
            ("国家", "nation"),
            ("省", "province"),
            ("市", "city"),
            ("县", "county"),
            ("乡", "township"),
        ],
    ),
    (
        FacetField::System,
        &[
            ("乡镇街道", "townships and streets"),
            ("交通运输", "transport"),
            ("人力资源社会保障", "employment and social security"),
            ("人大", "people's congress"),
            ("企业", "enterprises"),
            ("住房城乡建设", "housing and construction"),
            ("供销", "supply and marketing"),
            ("信访", "petitions"),
            ("党委", "party committee"),
            ("公安", "public security"),
            ("农业农村", "agriculture and rural affairs"),
            ("医疗保障", "medical insurance"),
            ("卫生健康", "health"),
            ("发展改革", "development and reform"),
            ("司法", "justice"),
            ("商务", "commerce"),
            ("国有资产", "state assets"),
            ("国防动员", "defence mobilization"),
            ("审计", "audit"),
            ("工业和信息化", "industry and information"),
            ("市场监管", "market regulation"),
            ("应急管理", "emergency management"),
            ("开发区", "development zones"),
            ("政协", "political consultative conference"),
            ("教育", "education"),
            ("文化旅游体育", "culture, tourism and sport"),
            ("林业", "forestry"),
            ("档案史志", "archives and annals"),
            ("检察", "prosecution"),
            ("民政", "civil affairs"),
            ("民族宗教", "ethnic and religious affairs"),
            ("气象", "meteorology"),
            ("水利", "water resources"),
            ("法院", "courts"),
            ("海关", "customs"),
            ("生态环境", "environment"),
            ("科技", "science and technology"),
            ("税务", "taxation"),
            ("统计", "statistics"),
            ("综合政务", "general administration"),
            ("群团", "mass organizations"),
            ("自然资源", "natural resources"),
            ("财政", "finance"),
            ("退役军人", "veterans"),
            ("邮政", "post"),
            ("金融", "banking"),
        ],
    ),
];

/// Returns what an English reader calls a value of a facet; `None` where it is a name.
///
/// ```
/// use zhengsou::model::FacetField;
/// use zhengsou::present::vocabulary::english;
/// assert_eq!(english(FacetField::Level, "县"), Some("county"));
/// assert_eq!(english(FacetField::Agency, "水利局"), None);
/// ```
pub fn english(field: FacetField, value: &str) -> Option<&'static str> {
    let (_, labels) = LABELS.iter().find(|(other, _)| *other == field)?;
    let found = labels.iter().find(|(other, _)| *other == value);
    found.map(|(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Level, ReportKind, SectionKind};
    use crate::schema::Schema;

    #[test]
    fn every_closed_value_has_a_label() {
        let schema = Schema::embedded().unwrap();
        let systems = schema.agencies.iter().map(|agency| agency.system.as_str());
        let values = SectionKind::ALL
            .iter()
            .map(|kind| (FacetField::Section, kind.as_str()))
            .chain(
                ReportKind::ALL
                    .iter()
                    .map(|kind| (FacetField::ReportKind, kind.as_str())),
            )
            .chain(
                Level::ALL
                    .iter()
                    .map(|level| (FacetField::Level, level.as_str())),
            )
            .chain(systems.map(|system| (FacetField::System, system)));
        for (field, value) in values {
            assert!(english(field, value).is_some(), "{field:?} {value}");
        }
        // Labels of one facet tell its values apart.
        for (field, labels) in LABELS {
            let mut names: Vec<&str> = labels.iter().map(|(_, label)| *label).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), labels.len(), "{field:?}");
        }
    }
}

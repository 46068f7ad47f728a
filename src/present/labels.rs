//! Names that the data carries → the reader's words.
//!
//! JSON keeps the names as they are; text for reading shows them in its language.

use crate::model::{FacetField, Language};

/// Names in English and in Chinese: why text was dropped, what a tag was read from, what a score
/// is made of.
const NAMES: &[(&str, &str)] = &[
    // Dropped text: the rules of noise.toml, and markup.
    ("advertisement", "广告"),
    ("bold", "加粗标记"),
    ("breadcrumb", "网页导航"),
    ("comment", "网页注释"),
    ("compilation_title", "汇编标题"),
    ("contents", "目录"),
    ("contents_entry", "目录条目"),
    ("footnote_mark", "脚注标记"),
    ("front_matter", "文件头信息"),
    ("heading_marker", "标题标记"),
    ("invisible", "不可见字符"),
    ("markup", "标记"),
    ("page_furniture", "页眉页脚"),
    ("page_number", "页码"),
    ("pay_mark", "付费标记"),
    ("record_label", "记录题名"),
    ("share_button", "分享按钮"),
    // What a tag was read from.
    ("body", "正文"),
    ("byline", "题注"),
    ("date", "日期"),
    ("given", "自带标签"),
    ("heading", "小标题"),
    ("opening", "开头"),
    ("path", "文件名"),
    ("record label", "记录题名"),
    ("salutation", "称呼"),
    ("session line", "会议题注"),
    ("session number", "会议届次"),
    ("signature", "落款"),
    ("source title", "文件标题"),
    ("speaker", "报告人"),
    ("title", "标题"),
    // Tags without a facet.
    ("agency_raw", "部门原文"),
    // Parts of a score.
    ("words", "词语"),
    ("character pairs", "字组"),
    ("verbatim", "逐字"),
    ("other names", "别名"),
];

/// Returns a name in the reader's language; a name that is not known stays as it is.
pub fn label(name: &str, language: Language) -> &str {
    if let Some(field) = FacetField::ALL.iter().find(|field| field.name() == name) {
        return language.pick(field.label(), field.name());
    }
    NAMES
        .iter()
        .find(|(en, zh)| *en == name || *zh == name)
        .map_or(name, |(en, zh)| language.pick(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_put_into_the_readers_language() {
        for (name, zh, en) in [
            ("signature", "落款", "signature"),
            ("逐字", "逐字", "verbatim"),
            ("report_kind", "文种", "report_kind"),
            (
                "a rule of one's own",
                "a rule of one's own",
                "a rule of one's own",
            ),
        ] {
            assert_eq!(label(name, Language::Zh), zh);
            assert_eq!(label(name, Language::En), en);
        }
    }
}

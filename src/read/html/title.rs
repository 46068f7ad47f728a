//! What a page's head calls its article.

use super::tree::{NodeId, Tree};

/// Ends of the names of sites, which stand beside the article's title in `<title>`.
const SITES: &[&str] = &[
    "网",
    "网站",
    "门户",
    "平台",
    "人民政府",
    "政务公开",
    "信息公开",
    "政府信息公开",
    "首页",
    "频道",
    ".cn",
    ".com",
];

/// Words of which titles are made; what is short and has none of them may be a site's name.
const TITLES: &[&str] = &["报告", "总结", "计划", "要点", "规划", "讲话", "汇报"];

/// What a page's head says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The article's title without the site's name.
    pub(super) title: Option<String>,
    /// Whether an office program wrote the page: all of it is the document, and its title may be
    /// left from another.
    pub(super) is_document: bool,
}

impl Head {
    fn of_document() -> Self {
        Head {
            title: None,
            is_document: true,
        }
    }
}

/// Reads a page's head.
pub(super) fn head(tree: &Tree) -> Head {
    let mut article = None;
    let mut site = Vec::new();
    let mut title = None;
    for node in tree.descendants(NodeId::ROOT) {
        match tree.name(node) {
            "html" if tree.attribute(node, "xmlns:w").is_some() => return Head::of_document(),
            "title" if title.is_none() => {
                let text = tree.first_child(node).and_then(|text| tree.text(text));
                title = text.map(clean).filter(|title| !title.is_empty());
            }
            "meta" => {
                let name = tree
                    .attribute(node, "name")
                    .or_else(|| tree.attribute(node, "property"));
                let content = tree.attribute(node, "content").map(clean);
                match (name.map(str::to_ascii_lowercase).as_deref(), content) {
                    (Some("articletitle"), Some(content)) => {
                        article = article.or(Some(content).filter(|title| !title.is_empty()));
                    }
                    (Some("sitename" | "columnname" | "og:site_name"), Some(content)) => {
                        site.push(content);
                    }
                    (Some("generator" | "progid"), Some(content)) if is_office(&content) => {
                        return Head::of_document();
                    }
                    _ => {}
                }
            }
            "body" => break,
            _ => {}
        }
    }
    Head {
        title: article.or_else(|| title.and_then(|title| without_site(&title, &site))),
        is_document: false,
    }
}

fn is_office(generator: &str) -> bool {
    [
        "Microsoft",
        "Word",
        "Excel",
        "LibreOffice",
        "OpenOffice",
        "WPS",
        "Kingsoft",
    ]
    .iter()
    .any(|name| generator.contains(name))
}

/// Returns the first part of `标题_栏目_某县人民政府` that names no site or column.
fn without_site(title: &str, sites: &[String]) -> Option<String> {
    let parts = title
        .split(['_', '|', '｜', '＿', '>', '»'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| match part.rsplit_once(['-', '—', '–']) {
            // A dash within a title is the title's, such as 2021—2025年.
            Some((before, after)) if is_site(after.trim(), sites) => vec![before, after],
            _ => vec![part],
        });
    parts
        .map(|part| part.trim().trim_matches(['-', '—', '–']).trim())
        .filter(|part| !is_site(part, sites))
        .find(|part| part.chars().count() >= 10 || TITLES.iter().any(|word| part.contains(word)))
        .map(str::to_owned)
}

fn is_site(part: &str, sites: &[String]) -> bool {
    sites.iter().any(|site| site == part) || SITES.iter().any(|end| part.ends_with(end))
}

/// Returns a text on one line.
fn clean(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::limits::Limits;

    fn check(head: &str) -> Option<String> {
        super::head(&Tree::parse(head, &Limits::default()).expect("a tree")).title
    }

    #[test]
    fn the_title_is_that_of_the_article() {
        let report = Some("2023年甲县政府工作报告".to_owned());
        for head in [
            "<meta name=ArticleTitle content=' 2023年甲县政府工作报告'><title>甲县人民政府</title>",
            "<title>2023年甲县政府工作报告_政府工作报告_甲县人民政府</title>",
            "<title>2023年甲县政府工作报告-甲县人民政府门户网站</title>",
            "<title>甲县人民政府 | 2023年甲县政府工作报告</title>",
            "<meta name=SiteName content=甲县在线><title>甲县在线 - 2023年甲县政府工作报告</title>",
        ] {
            assert_eq!(check(head), report, "{head}");
        }
        assert_eq!(
            check("<title>乙市2021—2025年规划</title>").as_deref(),
            Some("乙市2021—2025年规划")
        );
        assert_eq!(check("<title>甲县人民政府</title>"), None);
        assert_eq!(check("<title>甲县水利局</title>"), None);
        assert_eq!(
            check(
                "<meta name=Generator content='Microsoft Word 15'><title>关于印发某方案的通知</title>"
            ),
            None
        );
    }
}

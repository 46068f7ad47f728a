//! The lines of a page → those of its article.
//!
//! Invariant: every paragraph that reads like one stays, wherever it stands; only what stands in
//! boxes around the article, lists of links and short lines beyond its ends go. Names that sites
//! give their boxes are hints: they settle doubts, they do not decide alone.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::Block;
use super::title::Head;
use super::tree::{NodeId, Tree};

/// Classes and ids that common systems (TRS, UCAP and others) give the box of an article, lower
/// case.
const ARTICLE: &[&str] = &[
    "ucap-content",
    "trs_editor",
    "trs_paper_preview",
    "trs_ueditor",
    "trs_editor_view",
    "pages_content",
    "article-content",
    "article_content",
    "articlecontent",
    "zoom",
    "fontzoom",
    "view",
    "vsb_content",
    "bt_content",
    "zwcontent",
    "news_content",
    "newscontent",
    "contenttext",
    "zfxxgk_zw_content",
];

/// Words of which the classes and ids of other boxes are made, lower case.
const AROUND: &[&str] = &[
    "footer",
    "foot",
    "bottom",
    "nav",
    "navbar",
    "navigation",
    "menu",
    "crumb",
    "crumbs",
    "breadcrumb",
    "breadcrumbs",
    "breadcrumbnav",
    "crumbsnav",
    "location",
    "position",
    "share",
    "bshare",
    "bdsharebuttonbox",
    "sidebar",
    "aside",
    "related",
    "relevant",
    "recommend",
    "hot",
    "copyright",
    "friendlink",
    "friendlinks",
    "yqlj",
    "toolbar",
    "tools",
    "qrcode",
    "ewm",
    "erweima",
    "pagination",
    "prevnext",
    "comment",
    "comments",
    "login",
    "search",
    "banner",
    "topbar",
    "top",
    "dqwz",
    "wza",
    "print",
    "banquan",
    "xgwz",
    "xgxx",
    "xgyd",
];

/// Words by which lines are told that stand at the foot of every page.
const LEGAL: &[&str] = &[
    "版权所有",
    "ICP备",
    "ICP证",
    "网安备",
    "网站标识码",
    "主办单位",
    "承办单位",
    "技术支持",
    "建议使用",
    "分辨率",
    "浏览器",
    "Copyright",
    "All Rights",
    "网站地图",
    "您访问的链接",
    "即将离开",
];

/// Words by which lines are told that stand between a title and its article, or behind it.
const AROUND_LINES: &[&str] = &[
    "分享",
    "打印",
    "字体",
    "字号",
    "责任编辑",
    "上一篇",
    "下一篇",
    "浏览次数",
    "点击",
    "扫一扫",
    "当前位置",
    "所在位置",
    "关闭窗口",
    "收藏",
    "相关链接",
    "相关新闻",
    "相关稿件",
    "相关阅读",
    "相关文章",
    "相关信息",
    "推荐阅读",
    "延伸阅读",
    "热点推荐",
    "友情链接",
    "返回顶部",
];

/// Words by which a line on date and source is told.
const IMPRINT: &[&str] = &[
    "来源：",
    "来源:",
    "发布时间",
    "发布日期",
    "发布机构",
    "浏览",
    "阅读",
    "作者：",
    "字体",
    "字号",
    "时间：",
    "日期：",
    "分享",
    "打印",
    "索引号",
    "索 引 号",
];

/// A paragraph that reads like one has at least so many characters.
const MIN_PARAGRAPH: usize = 20;

/// Paragraphs of so many characters may stand outside the known box of an article: a motto, a hint.
const STRAY: usize = 120;

/// A title and its article are at most so many lines apart.
const TITLE_REACH: usize = 16;

/// So many lines before and behind an article's box may belong to it: who signed it, when.
const REACH: usize = 6;

/// What was found on a page.
#[derive(Debug)]
pub(super) struct Article {
    /// Its lines, as indexes, in the order of the page.
    pub(super) lines: Vec<usize>,
    /// The lines of a title that stood outside, to be put first.
    pub(super) title: Range<usize>,
}

/// Returns the article of a page; `None` if it holds nothing but links.
pub(super) fn find(tree: &Tree, blocks: &[Block], head: &Head) -> Option<Article> {
    let page = Page::new(tree, blocks);
    if head.is_document || page.is_bare() {
        return Some(Article {
            lines: (0..blocks.len()).collect(),
            title: 0..0,
        });
    }
    if page.is_list_of_links() {
        return None;
    }
    let (top, is_known) = page.container();
    let inside: Vec<usize> = (0..blocks.len())
        .filter(|index| page.is_within(*index, top))
        .collect();
    let (mut first, last) = (*inside.first()?, *inside.last()?);
    let paragraph = |index: &usize| page.weight[*index] > 0;
    let first_paragraph = inside.iter().copied().find(paragraph).unwrap_or(first);
    let (title, is_stated) = page.title(head.title.as_deref(), first_paragraph);
    let mut lines = Vec::new();
    if title.is_empty() || title.end <= first {
        lines = page.before(first, top, &title);
    } else if is_stated
        && blocks[first..title.start]
            .iter()
            .any(|block| block.links > 0)
    {
        // What stands above a title in one box with links is the site's.
        first = title.start;
    }
    let menus = match is_known {
        true => Vec::new(),
        false => page.menus(first..last + 1),
    };
    lines
        .extend((first..=last).filter(|index| {
            !page.around[*index] && !menus.iter().any(|menu| menu.contains(index))
        }));
    lines.extend(page.behind(last, top));
    // Notes stand behind everything else.
    lines.extend((last + 1..blocks.len()).filter(|index| blocks[*index].note));
    lines.dedup();
    let title = match title.end <= first && !page.repeats(&title, &lines) {
        true => title,
        false => 0..0,
    };
    Some(Article { lines, title })
}

/// What is known of a page's lines.
struct Page<'p> {
    tree: &'p Tree,
    blocks: &'p [Block],
    /// Characters of each line that reads like a paragraph; 0 for others.
    weight: Vec<usize>,
    /// Whether a line stands in a box around the article.
    around: Vec<bool>,
    /// Sum of the weights outside such boxes.
    total: usize,
    /// Whether no line reads like a paragraph, so that short ones are weighed.
    is_short: bool,
}

impl<'p> Page<'p> {
    fn new(tree: &'p Tree, blocks: &'p [Block]) -> Self {
        let mut weight: Vec<usize> = blocks.iter().map(paragraph_weight).collect();
        let is_short = weight.iter().all(|weight| *weight == 0);
        if is_short {
            // Figures, names, half sentences: better than nothing.
            weight = blocks.iter().map(short_weight).collect();
        }
        let all: usize = weight.iter().sum();
        let mut page = Page {
            tree,
            blocks,
            weight,
            around: vec![false; blocks.len()],
            total: all,
            is_short,
        };
        page.mark_boxes(all);
        for (weight, around) in page.weight.iter_mut().zip(&page.around) {
            *weight = if *around { 0 } else { *weight };
        }
        page.total = page.weight.iter().sum();
        page
    }

    /// Returns whether nothing on the page says that it is a site's.
    fn is_bare(&self) -> bool {
        self.blocks
            .iter()
            .zip(&self.around)
            .all(|(block, around)| !around && block.links == 0 && !is_legal(&block.text))
    }

    /// Returns whether the page has no paragraph and more links than other text.
    fn is_list_of_links(&self) -> bool {
        let lines = self.blocks.iter().zip(&self.around);
        let own = lines.filter(|(block, around)| !**around && !is_legal(&block.text));
        let (chars, linked) = own.fold((0, 0), |(chars, linked), (block, _)| {
            (chars + block.chars, linked + block.linked)
        });
        self.is_short && (self.total == 0 || linked * 2 >= chars)
    }

    /// Marks the lines of the boxes around the article: by their names, unless a good part of the
    /// page's paragraphs stands in them.
    fn mark_boxes(&mut self, all: usize) {
        let mut within = vec![0; self.tree.len()];
        for (block, weight) in self.blocks.iter().zip(&self.weight) {
            for node in self.tree.with_ancestors(block.node) {
                within[node.index()] += weight;
            }
        }
        let mut known: HashMap<NodeId, bool> = HashMap::new();
        for (block, around) in self.blocks.iter().zip(&mut self.around) {
            *around = self.tree.with_ancestors(block.node).any(|node| {
                *known
                    .entry(node)
                    .or_insert_with(|| within[node.index()] * 10 <= all && is_box(self.tree, node))
            });
        }
    }

    fn is_within(&self, index: usize, node: NodeId) -> bool {
        self.blocks.get(index).is_some_and(|block| {
            self.tree
                .with_ancestors(block.node)
                .any(|above| above == node)
        })
    }

    /// Returns the smallest element that holds all paragraphs, or the known box of an article that
    /// holds nearly all of them, and which of the two it is.
    fn container(&self) -> (NodeId, bool) {
        let paragraphs = || (0..self.blocks.len()).filter(|index| self.weight[*index] > 0);
        let hinted: Vec<usize> = paragraphs()
            .filter(|index| {
                self.tree
                    .with_ancestors(self.blocks[*index].node)
                    .any(|node| is_article(self.tree, node))
            })
            .collect();
        let held: usize = hinted.iter().map(|index| self.weight[*index]).sum();
        let beyond = self.total - held;
        if held > 0
            && beyond <= STRAY.max(self.total / 20)
            && let Some(top) = self.common(hinted.into_iter())
        {
            // Its own box, where one was hit; several may lie side by side.
            let own = self
                .tree
                .with_ancestors(top)
                .find(|node| is_article(self.tree, *node));
            return (own.unwrap_or(top), true);
        }
        (self.common(paragraphs()).unwrap_or(NodeId::ROOT), false)
    }

    /// Returns the innermost element that holds all of these lines, and is more than a paragraph.
    fn common(&self, mut lines: impl Iterator<Item = usize>) -> Option<NodeId> {
        let first = self.blocks.get(lines.next()?)?;
        // Outermost first.
        let mut path: Vec<NodeId> = self.tree.with_ancestors(first.node).collect();
        path.reverse();
        let mut shared = path.len();
        for index in lines {
            let mut other: Vec<NodeId> =
                self.tree.with_ancestors(self.blocks[index].node).collect();
            other.reverse();
            let same = path.iter().zip(&other).take_while(|(a, b)| a == b).count();
            shared = shared.min(same);
        }
        let is_paragraph = |node: &NodeId| {
            matches!(
                self.tree.name(*node),
                "p" | "li" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "tr"
            )
        };
        path[..shared]
            .iter()
            .rev()
            .copied()
            .find(|node| !is_paragraph(node))
    }

    /// Returns the lines of the page's title: those that say what the head states, else a heading
    /// above the article; and whether it is what the head states.
    fn title(&self, stated: Option<&str>, first_paragraph: usize) -> (Range<usize>, bool) {
        let start = first_paragraph.saturating_sub(TITLE_REACH);
        let stated = stated.map(squeezed).filter(|title| !title.is_empty());
        if let Some(stated) = &stated {
            for at in (start..first_paragraph).rev() {
                let mut together = String::new();
                for end in at + 1..=(at + 3).min(first_paragraph) {
                    together += &squeezed(&self.blocks[end - 1].text);
                    if together == *stated {
                        return (at..end, true);
                    }
                }
            }
        }
        let headings = (start..first_paragraph)
            .filter(|index| matches!(self.blocks[*index].level, 1..=3) && !self.around[*index]);
        let by_level =
            headings.min_by_key(|index| (self.blocks[*index].level, first_paragraph - index));
        let title = match by_level {
            Some(at) => {
                let node = self.blocks[at].node;
                // A title of two lines.
                let lines =
                    (at..first_paragraph).take_while(|index| self.blocks[*index].node == node);
                at..at + lines.count()
            }
            None => 0..0,
        };
        (title, false)
    }

    /// Returns the lines before `first` that belong to the article: those beside its box, or
    /// between its title and its box, up to the first of the site's. What is said there of date
    /// and source is passed over.
    fn before(&self, first: usize, top: NodeId, title: &Range<usize>) -> Vec<usize> {
        let mut lines = Vec::new();
        let reach = match title.is_empty() {
            true => REACH,
            false => TITLE_REACH,
        };
        for index in (title.end..first).rev().take(reach) {
            let is_near = !title.is_empty() || self.is_beside(index, top);
            if is_near && self.is_clean(index) {
                lines.push(index);
            } else if !(is_near && self.is_imprint(index)) {
                break;
            }
        }
        lines.reverse();
        lines
    }

    /// Returns the short lines behind `last` that stand beside the article's box.
    fn behind(&self, last: usize, top: NodeId) -> impl Iterator<Item = usize> {
        (last + 1..self.blocks.len())
            .take(REACH)
            .take_while(move |index| self.is_clean(*index) && self.is_beside(*index, top))
    }

    /// Returns whether a line stands in the box around `top` or the next one outwards.
    fn is_beside(&self, index: usize, top: NodeId) -> bool {
        let outwards = self.tree.with_ancestors(top).skip(1).take(2);
        outwards.into_iter().any(|node| self.is_within(index, node))
    }

    /// Returns whether a line says when and by whom the page was published.
    fn is_imprint(&self, index: usize) -> bool {
        let Some(block) = self.blocks.get(index) else {
            return false;
        };
        is_timestamp(&block.text) || IMPRINT.iter().any(|word| block.text.contains(word))
    }

    /// Returns whether nothing says that a line is the site's.
    fn is_clean(&self, index: usize) -> bool {
        let Some(block) = self.blocks.get(index) else {
            return false;
        };
        let says = |words: &[&str]| words.iter().any(|word| block.text.contains(word));
        !self.around[index]
            && block.links == 0
            && !says(AROUND_LINES)
            && !says(LEGAL)
            && !self.is_imprint(index)
    }

    /// Returns the runs of lines that are nothing but links.
    fn menus(&self, lines: Range<usize>) -> Vec<Range<usize>> {
        let mut menus = Vec::new();
        let mut at = lines.start;
        while at < lines.end {
            let run = (at..lines.end)
                .take_while(|index| {
                    let block = &self.blocks[*index];
                    block.linked * 10 >= block.chars * 9
                })
                .count();
            let links: usize = self.blocks[at..at + run]
                .iter()
                .map(|block| block.links)
                .sum();
            if run > 0 && links >= 3 {
                menus.push(at..at + run);
            }
            at += run.max(1);
        }
        menus
    }

    /// Returns whether the first lines of the article say the title themselves.
    fn repeats(&self, title: &Range<usize>, lines: &[usize]) -> bool {
        let say = |index: &usize| squeezed(&self.blocks[*index].text);
        let title: String = title.clone().map(|index| say(&index)).collect();
        let mut head = String::new();
        lines.iter().take(4).any(|index| {
            head += &say(index);
            head == title || say(index) == title
        })
    }
}

/// Returns the characters of a line if it reads like a paragraph: no link, with a sentence in it.
fn paragraph_weight(block: &Block) -> usize {
    let own = block.chars - block.linked.min(block.chars);
    let sentence = block.text.contains(['。', '；', '！', '？'])
        || (own >= 2 * MIN_PARAGRAPH && block.text.contains('，'));
    match own >= MIN_PARAGRAPH && own * 2 > block.chars && sentence && !is_legal(&block.text) {
        true => own,
        false => 0,
    }
}

fn short_weight(block: &Block) -> usize {
    match block.linked * 2 < block.chars && block.chars >= 8 && !is_legal(&block.text) {
        true => block.chars,
        false => 0,
    }
}

fn is_legal(text: &str) -> bool {
    LEGAL.iter().any(|word| text.contains(word)) && text.chars().count() < 200
}

/// Returns whether a short line holds a day and a time, as no article writes them.
fn is_timestamp(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits == 4 && text[4..].starts_with(['-', '/', '.']) && text.chars().count() < 60
}

/// Returns whether an element is the known box of an article.
fn is_article(tree: &Tree, node: NodeId) -> bool {
    if matches!(tree.name(node), "body" | "html" | "") {
        return false;
    }
    names(tree, node).any(|name| {
        name.split_whitespace()
            .any(|name| ARTICLE.contains(&name.to_ascii_lowercase().as_str()))
    })
}

/// Returns whether an element is by its name a box around the article.
fn is_box(tree: &Tree, node: NodeId) -> bool {
    match tree.name(node) {
        "nav" | "footer" => return true,
        "body" | "html" | "" => return false,
        _ => {}
    }
    !is_article(tree, node)
        && names(tree, node).any(|name| words(name).any(|word| AROUND.contains(&word.as_str())))
}

fn names(tree: &Tree, node: NodeId) -> impl Iterator<Item = &str> {
    ["id", "class"]
        .into_iter()
        .filter_map(move |name| tree.attribute(node, name))
}

/// Returns the words of a name in lower case: `pageFooter-box2` is page, footer, box.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower = false;
    for character in name.chars() {
        let turns = character.is_ascii_uppercase() && lower;
        if (turns || !character.is_ascii_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        lower = character.is_ascii_lowercase();
        if character.is_ascii_alphabetic() {
            word.push(character.to_ascii_lowercase());
        }
    }
    words.push(word);
    words.into_iter()
}

/// Returns a text without blanks.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

//! A page's tree → the lines that a browser would show, each with where it stands.
//!
//! Invariant: what a reader sees comes in the order of the page, every character once; what is
//! hidden, run or drawn (scripts, styles, buttons, pictures) does not come at all.

use std::ops::Range;

use super::style::{self, Display, Marks, Style, WordElement};
use super::table;
use super::tree::{NodeId, Tree};

/// Headings are no longer than this, in characters; what is was set as one for its looks.
const MAX_HEADING: usize = 100;

/// A line of the page.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Its text.
    pub(super) text: String,
    /// The innermost block element that it stands in.
    pub(super) node: NodeId,
    /// Level of the heading that it is, 1 to 6; 0 for none.
    pub(super) level: u8,
    /// Bytes at its start that are set in bold.
    pub(super) bold: usize,
    /// Whether it belongs to a footnote.
    pub(super) note: bool,
    /// Number of its characters that are links to other pages.
    pub(super) linked: usize,
    /// Number of links to other pages.
    pub(super) links: usize,
    /// Number of its characters, blanks left aside.
    pub(super) chars: usize,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Its lines.
    pub(super) blocks: Vec<Block>,
    /// Number of characters that are there but not shown.
    pub(super) hidden: usize,
}

/// Returns the lines within an element. With `all`, also those that the page hides until a script
/// shows them.
pub(super) fn blocks(tree: &Tree, top: NodeId, all: bool) -> Shown {
    let tables = table::data_tables(tree);
    let mut flow = Flow {
        tree,
        all,
        shown: Shown::default(),
        line: Line::default(),
        frames: Vec::new(),
        mark: None,
    };
    flow.frames.push(Frame::new(top));
    flow.run(top, &tables);
    flow.shown
}

/// What holds for everything within an element.
#[derive(Debug, Clone, Copy)]
struct Frame {
    node: NodeId,
    /// The innermost block element.
    block: NodeId,
    is_block: bool,
    level: u8,
    bold: bool,
    note: bool,
    preformatted: bool,
    link: bool,
    is_word_number: bool,
    /// How the items of the innermost list are marked, and the number of the last.
    marks: Marks,
    count: i32,
}

impl Frame {
    fn new(node: NodeId) -> Self {
        Frame {
            node,
            block: node,
            is_block: true,
            level: 0,
            bold: false,
            note: false,
            preformatted: false,
            link: false,
            is_word_number: false,
            marks: Marks::Unnumbered,
            count: 0,
        }
    }
}

/// The line that is being put together.
#[derive(Debug, Default)]
struct Line {
    text: String,
    bold: usize,
    linked: usize,
    links: usize,
    chars: usize,
    /// Where the mark of a list item stands in it.
    mark: Range<usize>,
    /// White space of the source that is shown as one blank, or not at all, by what follows.
    gap: Option<Gap>,
}

/// Shown as one blank, as a tab stop, or as a blank where the script has blanks; the last wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Blank,
    Tab,
    LineEnd,
}

struct Flow<'t> {
    tree: &'t Tree,
    all: bool,
    shown: Shown,
    line: Line,
    /// One for each open element, outermost first.
    frames: Vec<Frame>,
    /// The mark of a list item whose text has not begun.
    mark: Option<String>,
}

impl Flow<'_> {
    fn run(&mut self, top: NodeId, tables: &table::Tables) {
        let mut at = self.tree.first_child(top);
        while let Some(node) = at {
            let enters = match self.tree.text(node) {
                Some(text) => {
                    self.text(text);
                    false
                }
                None if tables.contains(node) => {
                    self.end_line();
                    self.data_table(node);
                    false
                }
                None => self.enter(node),
            };
            let within = match enters {
                true => self.tree.first_child(node),
                false => None,
            };
            if enters && within.is_none() {
                self.leave();
            }
            at = within.or_else(|| self.on(node, top));
        }
        self.end_line();
    }

    /// Returns the next node behind `node` within `top`, leaving the elements that end there.
    fn on(&mut self, node: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = node;
        loop {
            if let Some(next) = self.tree.next_sibling(at) {
                return Some(next);
            }
            at = self.tree.parent(at)?;
            if at == top {
                return None;
            }
            self.leave();
        }
    }

    fn frame(&self) -> Frame {
        // The frame of `top` is never taken away.
        self.frames
            .last()
            .copied()
            .unwrap_or(Frame::new(NodeId::ROOT))
    }

    /// Opens an element; returns whether what is within comes.
    fn enter(&mut self, node: NodeId) -> bool {
        let tree = self.tree;
        let name = tree.name(node);
        let style = tree.attribute(node, "style").map(Style::parse);
        let style = style.unwrap_or_default();
        match name {
            "br" => {
                self.end_line();
                return false;
            }
            "img" | "hr" | "wbr" | "input" => return false,
            _ if is_never_shown(name) || style.word_element == Some(WordElement::Aside) => {
                return false;
            }
            _ if !self.all && is_hidden(tree, node, &style) => {
                self.shown.hidden += characters_within(tree, node);
                return false;
            }
            _ => {}
        }
        let above = self.frame();
        let is_block = match style.display {
            Some(Display::Inline) => false,
            Some(Display::Block) => true,
            _ => is_block(name),
        };
        let class = tree.attribute(node, "class").unwrap_or_default();
        let mut frame = Frame {
            node,
            is_block,
            block: if is_block { node } else { above.block },
            note: above.note
                || style.word_element == Some(WordElement::Note)
                || is_note(tree, node, class),
            preformatted: style
                .preformatted
                .unwrap_or(above.preformatted || name == "pre"),
            is_word_number: above.is_word_number || style.is_word_number,
            bold: style
                .bold
                .unwrap_or(above.bold || matches!(name, "b" | "strong")),
            ..above
        };
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                frame.level = name.as_bytes()[1] - b'0';
            }
            "a" => {
                let leads_away = tree
                    .attribute(node, "href")
                    .is_some_and(|href| !href.trim_start().starts_with('#'));
                frame.link |= leads_away;
                self.line.links += usize::from(leads_away);
            }
            "ol" => {
                let kind = tree.attribute(node, "type");
                frame.marks = style.marks.unwrap_or(style::marks_of_list(kind, class));
                let start = tree.attribute(node, "start").and_then(number);
                frame.count = start.unwrap_or(1).saturating_sub(1);
            }
            "ul" | "menu" | "dir" => {
                frame.marks = style.marks.unwrap_or(Marks::Unnumbered);
                frame.count = 0;
            }
            "li" => {
                self.end_line();
                self.mark = self.mark_of_item(node, style.marks);
            }
            _ => {}
        }
        if is_block {
            self.end_line();
        }
        self.frames.push(frame);
        true
    }

    /// Closes the innermost element.
    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if frame.is_block {
            self.end_line_of(frame);
        }
        if self.tree.name(frame.node) == "li" {
            self.mark = None;
        }
        if frame.is_word_number && !self.frame().is_word_number {
            // Blanks fill the number up to the tab stop.
            let kept = self.line.text.trim_end().len();
            self.line.text.truncate(kept);
            self.line.bold = self.line.bold.min(kept);
            self.line.gap = None;
        }
    }

    /// Counts a list item and returns its mark.
    fn mark_of_item(&mut self, item: NodeId, own: Option<Marks>) -> Option<String> {
        let value = self.tree.attribute(item, "value").and_then(number);
        let list = self.frames.last_mut()?;
        list.count = value.unwrap_or(list.count.saturating_add(1));
        match own.unwrap_or(list.marks) {
            Marks::Unnumbered => None,
            Marks::Numbered(counting, before, behind) => {
                let number = counting.print(u32::try_from(list.count).ok()?);
                Some(format!("{before}{number}{behind}"))
            }
        }
    }

    /// Adds text as it stands in the source.
    fn text(&mut self, text: &str) {
        let frame = self.frame();
        for character in text.chars() {
            match character {
                '\n' | '\r' if frame.preformatted => self.end_line(),
                '\n' | '\r' => self.line.gap = Some(Gap::LineEnd),
                ' ' | '\t' | '\u{c}' if frame.preformatted => self.character(character, frame),
                '\t' => self.line.gap = self.line.gap.max(Some(Gap::Tab)),
                ' ' | '\u{c}' => self.line.gap = self.line.gap.max(Some(Gap::Blank)),
                _ => self.character(character, frame),
            }
        }
    }

    fn character(&mut self, character: char, frame: Frame) {
        let line = &mut self.line;
        if !character.is_whitespace()
            && let Some(mark) = self.mark.take()
        {
            let start = line.text.len();
            line.chars += mark.chars().count();
            line.text.push_str(&mark);
            line.mark = start..line.text.len();
            line.gap = None;
            if frame.bold && frame.level == 0 {
                line.bold = line.text.len();
            }
        }
        if let Some(gap) = line.gap.take()
            && !line.text.is_empty()
        {
            let before = line.text.chars().next_back().unwrap_or(' ');
            match gap {
                Gap::Tab => line.text.push('\t'),
                Gap::LineEnd if joins(before, character) => {}
                _ => line.text.push(' '),
            }
        }
        let is_prefix = line.bold == line.text.len() || line.text.trim_start().is_empty();
        line.text.push(character);
        if frame.bold && is_prefix && frame.level == 0 {
            line.bold = line.text.len();
        }
        if !character.is_whitespace() {
            line.chars += 1;
            line.linked += usize::from(frame.link);
        }
    }

    fn end_line(&mut self) {
        self.end_line_of(self.frame());
    }

    fn end_line_of(&mut self, frame: Frame) {
        let mut line = std::mem::take(&mut self.line);
        if line.text.get(line.mark.end..).is_some_and(is_numbered) {
            line.bold = line.bold.saturating_sub(line.mark.len());
            line.text.replace_range(line.mark, "");
        }
        if line.chars == 0 {
            // A link that has not come to its text yet.
            self.line.links = line.links;
            return;
        }
        let is_heading = frame.level > 0 && line.chars <= MAX_HEADING;
        self.shown.blocks.push(Block {
            bold: line.bold.min(line.text.trim_end().len()),
            text: line.text,
            node: frame.block,
            level: if is_heading { frame.level } else { 0 },
            note: frame.note,
            linked: line.linked,
            links: line.links,
            chars: line.chars,
        });
    }

    /// Adds a table of data: a line for each row, ` | ` between its cells.
    fn data_table(&mut self, node: NodeId) {
        let note = self.frame().note;
        for row in table::rows(self.tree, node) {
            let mut line = Line::default();
            let mut cells = Vec::new();
            for cell in row.cells {
                let shown = self.cell(cell);
                self.shown.hidden += shown.hidden;
                let mut text = String::new();
                for block in shown.blocks {
                    let block_text = block.text.trim();
                    if let (Some(before), Some(after)) =
                        (text.chars().next_back(), block_text.chars().next())
                        && !joins(before, after)
                    {
                        text.push(' ');
                    }
                    text.push_str(block_text);
                    line.linked += block.linked;
                    line.links += block.links;
                    line.chars += block.chars;
                }
                cells.push(text);
            }
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            if line.chars > 0 {
                self.shown.blocks.push(Block {
                    text: cells.join(" | "),
                    node: row.node,
                    level: 0,
                    bold: 0,
                    note,
                    linked: line.linked,
                    links: line.links,
                    chars: line.chars,
                });
            }
        }
    }

    /// Returns the lines of a cell; no table of data holds another.
    fn cell(&self, node: NodeId) -> Shown {
        let mut flow = Flow {
            tree: self.tree,
            all: self.all,
            shown: Shown::default(),
            line: Line::default(),
            frames: vec![Frame::new(node)],
            mark: None,
        };
        let style = self.tree.attribute(node, "style").map(Style::parse);
        if !self.all && is_hidden(self.tree, node, &style.unwrap_or_default()) {
            flow.shown.hidden = characters_within(self.tree, node);
        } else {
            flow.run(node, &table::Tables::default());
        }
        flow.shown
    }
}

/// Returns whether a line end of the source between two characters is no blank: both are as wide
/// as Han, or marks that stand beside them.
fn joins(before: char, after: char) -> bool {
    let wide = |c: char| {
        matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}')
    };
    let mark = |c: char| matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·');
    (wide(before) && (wide(after) || mark(after))) || (mark(before) && wide(after))
}

/// Returns whether a list item brings its own number: most sites switch the numbers of lists off in
/// a style sheet and type them.
fn is_numbered(text: &str) -> bool {
    let text = text.trim_start();
    let open = text.strip_prefix(['（', '(', '第']);
    let rest = open.unwrap_or(text);
    let numeral = |c: char| {
        c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇一二三四五六七八九十百".contains(c)
    };
    let after = rest.trim_start_matches(numeral);
    let counts = (1..=4).contains(&rest[..rest.len() - after.len()].chars().count());
    text.starts_with(|c| matches!(c, '①'..='⑳' | '⑴'..='⒛'))
        || (counts
            && (after.starts_with(['、', '.', '．', ')', '）', '是']) || text.starts_with('第')))
}

fn number(text: &str) -> Option<i32> {
    text.trim().parse().ok()
}

/// Returns whether an element holds nothing to read.
fn is_never_shown(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "title"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "iframe"
            | "frameset"
            | "noframes"
            | "object"
            | "embed"
            | "applet"
            | "audio"
            | "video"
            | "canvas"
            | "svg"
            | "map"
            | "button"
            | "select"
            | "option"
            | "datalist"
            | "textarea"
            | "rp"
            | "rt"
            | "del"
            | "xml"
    )
}

/// Returns whether an element takes lines of its own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
    )
}

fn is_hidden(tree: &Tree, node: NodeId, style: &Style) -> bool {
    style.display == Some(Display::None)
        || tree.attribute(node, "hidden").is_some()
        || tree.attribute(node, "aria-hidden") == Some("true")
}

/// Returns whether an element holds a note, as Word, LibreOffice and Pandoc mark them.
fn is_note(tree: &Tree, node: NodeId, class: &str) -> bool {
    let role = tree.attribute(node, "role").unwrap_or_default();
    let id = tree.attribute(node, "id").unwrap_or_default();
    let numbered = |prefix: &str| {
        id.strip_prefix(prefix)
            .is_some_and(|rest| rest.parse::<u32>().is_ok())
    };
    matches!(role, "doc-footnote" | "doc-endnote" | "doc-endnotes")
        || class.contains("MsoFootnoteText")
        || class.contains("MsoEndnoteText")
        || (tree.name(node) == "div" && (numbered("sdfootnote") || numbered("sdendnote")))
}

/// Returns the number of characters within an element that a page could show.
fn characters_within(tree: &Tree, top: NodeId) -> usize {
    let mut count = 0;
    let mut at = tree.first_child(top);
    while let Some(node) = at {
        let skips = is_never_shown(tree.name(node));
        if let Some(text) = tree.text(node) {
            count += text.chars().filter(|c| !c.is_whitespace()).count();
        }
        at = match skips {
            true => None,
            false => tree.first_child(node),
        }
        .or_else(|| tree.behind(node, top));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::limits::Limits;

    /// Returns the lines of a page's body.
    fn check(page: &str) -> Vec<String> {
        let tree = Tree::parse(page, &Limits::default()).expect("a tree");
        let shown = blocks(&tree, NodeId::ROOT, false);
        shown.blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn lines_are_those_of_a_browser() {
        assert_eq!(
            check(
                "<p>　　全县\n上下  齐心，\n<b>完成</b>“十四五”\n规划 100\nmu。<br>第二行<p> \n<div>甲<p>乙</div>丙"
            ),
            [
                "　　全县上下 齐心，完成“十四五”规划 100 mu。",
                "第二行",
                "甲",
                "乙",
                "丙"
            ]
        );
        assert_eq!(check("<p>目录\t1</p>"), ["目录\t1"]);
        assert_eq!(check("<pre>一\n  二\n</pre>"), ["一", "  二"]);
        assert_eq!(check("A&nbsp;&lt;B&#x4e2d;"), ["A\u{a0}<B中"]);
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        assert_eq!(
            check(
                "<script>var a='<p>x';</script><style>p{}</style><p>甲<span style='display: none'>乙</span>\
                 <p hidden>丙<p aria-hidden=true>丁<noscript>戊</noscript><!--己--><select><option>庚</select>"
            ),
            ["甲"]
        );
        let tree = Tree::parse("<p style='display:none'>甲乙", &Limits::default()).expect("tree");
        assert_eq!(blocks(&tree, NodeId::ROOT, false).hidden, 2);
        assert_eq!(blocks(&tree, NodeId::ROOT, true).blocks.len(), 1);
    }

    #[test]
    fn lists_are_numbered_as_they_are_shown() {
        assert_eq!(
            check(
                "<ol start=3><li>甲<li><p>乙</p><ol type=a><li>子</ol><li value=9>丙</ol><ul><li>丁</ul>"
            ),
            ["3. 甲", "4. 乙", "a. 子", "9. 丙", "丁"]
        );
        assert_eq!(
            check("<ol style='list-style-type:cjk-ideographic'><li>抓项目<li>促改革</ol>"),
            ["一、抓项目", "二、促改革"]
        );
        assert_eq!(
            check("<ol class='custom_cn2 list-paddingleft-1'><li><p>抓项目</p></li></ol>"),
            ["（一）抓项目"]
        );
        // Numbers that are typed are not doubled.
        assert_eq!(
            check("<ol><li>1、甲<li>（二）乙</ol>"),
            ["1、甲", "（二）乙"]
        );
        assert_eq!(check("<ol style='list-style:none'><li>甲</ol>"), ["甲"]);
        assert_eq!(check("<ol start=2147483647><li>甲<li>乙</ol>").len(), 2);
    }

    #[test]
    fn tables_of_data_are_lines_and_those_for_layout_are_not() {
        assert_eq!(
            check(
                "<table><tr><th>指标<th>数值<th><tr><td><p>生产</p><p>总值</p><td>128.6亿元<td>\
                 <tr><td>增长<td><td>6.1%</table>"
            ),
            ["指标 | 数值", "生产总值 | 128.6亿元", "增长 |  | 6.1%"]
        );
        assert_eq!(
            check("<table><tr><td>菜单<td><table><tr><td>正文一<tr><td>正文二</table></table>"),
            ["菜单", "正文一", "正文二"]
        );
    }

    #[test]
    fn headings_bold_and_links_are_known() {
        let page = "<h2>标题</h2><p>　　<b>一、抓项目。</b>全年<strong>完成</strong></p>\
                    <p><a href='/a'>首页</a> <a name=b>锚</a> <a href='#c'>目录</a></p>";
        let tree = Tree::parse(page, &Limits::default()).expect("a tree");
        let shown = blocks(&tree, NodeId::ROOT, false).blocks;
        assert_eq!((shown[0].level, shown[0].bold), (2, 0));
        assert_eq!(shown[1].bold, "　　一、抓项目。".len());
        assert_eq!((shown[2].linked, shown[2].links, shown[2].chars), (2, 1, 5));
    }

    #[test]
    fn what_word_wrote_reads_like_its_document() {
        assert_eq!(
            check(
                "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]-->\
                 <p class=MsoNormal style='mso-list:l0 level1 lfo1'><![if !supportLists]>\
                 <span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>\
                 <span lang=EN-US>2023</span><span>年工作\n回顾</span><o:p></o:p></p>\
                 <div style='mso-element:comment-list'>批注</div>"
            ),
            ["一、2023年工作回顾"]
        );
    }
}

//! Markup → a tree of elements and text, as a browser builds it from tag soup.
//!
//! Invariant: nothing here recurses, the tree is at most [`DEPTH`] deep and a bounded number of
//! nodes large; building and dropping it costs time in proportion to the page.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, ExpandedName, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult, ns};

use crate::error::{Error, ErrorKind, Result};
use crate::read::limits::Limits;

/// Deepest element, as in Chromium: the tree builder looks through all that are open at each tag,
/// so that 100,000 nested ones would cost minutes.
const DEPTH: u16 = 512;

/// Most nodes of a page; a long report with a `span` around each run has some ten thousand.
const NODES: usize = 2_000_000;

/// The clock is looked at after so many bytes.
const CHUNK: usize = 16 << 10;

/// Attributes that are looked at; others are not kept.
const ATTRIBUTES: &[&str] = &[
    "align",
    "aria-hidden",
    "charset",
    "class",
    "content",
    "hidden",
    "href",
    "id",
    "name",
    "property",
    "role",
    "start",
    "style",
    "type",
    "value",
    "xmlns:w",
];

/// Elements that stand within a line; leaving one out leaves no mark.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdo", "big", "code", "em", "font", "i", "ins", "label", "mark", "nobr",
    "o:p", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
];

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// The document.
    pub(super) const ROOT: NodeId = NodeId(0);
    const NONE: NodeId = NodeId(u32::MAX);

    /// Returns its place among all nodes.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    fn some(self) -> Option<NodeId> {
        (self != NodeId::NONE).then_some(self)
    }
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    first: NodeId,
    last: NodeId,
    next: NodeId,
    previous: NodeId,
    depth: u16,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Document,
    Element(LocalName, Box<[(LocalName, Box<str>)]>),
    Text { start: usize, end: usize },
}

/// A page's elements and text.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// The text of all text nodes.
    text: String,
}

impl Tree {
    /// Builds the tree of a page.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] if it has too many elements or the time is over.
    pub(super) fn parse(page: &str, limits: &Limits) -> Result<Tree> {
        let options = TreeBuilderOpts {
            drop_doctype: true,
            ..TreeBuilderOpts::default()
        };
        let shallow = Shallow {
            builder: TreeBuilder::new(Sink::new(), options),
            left_out: RefCell::default(),
        };
        let tokenizer = Tokenizer::new(shallow, TokenizerOpts::default());
        let input = BufferQueue::default();
        let mut rest = page;
        while !rest.is_empty() {
            limits.check()?;
            if tokenizer.sink.builder.sink.tree.borrow().nodes.len() > NODES {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!("网页的标签超过 {NODES} 个，已放弃"),
                    format!("the page has more than {NODES} elements and was given up"),
                ));
            }
            let (chunk, after) = rest.split_at(rest.ceil_char_boundary(CHUNK.min(rest.len())));
            rest = after;
            input.push_back(StrTendril::from_slice(chunk));
            // Scripts are not run and the encoding is known.
            while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        }
        tokenizer.end();
        Ok(tokenizer.sink.builder.sink.finish())
    }

    /// Returns the element's name in lower case; empty for text and the document.
    pub(super) fn name(&self, node: NodeId) -> &str {
        match self.content(node) {
            Some(Content::Element(name, _)) => name,
            _ => "",
        }
    }

    /// Returns an attribute of an element.
    pub(super) fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        let Some(Content::Element(_, attributes)) = self.content(node) else {
            return None;
        };
        let found = attributes.iter().find(|(known, _)| &**known == name);
        found.map(|(_, value)| &**value)
    }

    /// Returns the text of a text node.
    pub(super) fn text(&self, node: NodeId) -> Option<&str> {
        match self.content(node) {
            Some(Content::Text { start, end }) => self.text.get(*start..*end),
            _ => None,
        }
    }

    /// Returns the node that it stands in.
    pub(super) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node.index())?.parent.some()
    }

    /// Returns the first node within.
    pub(super) fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node.index())?.first.some()
    }

    /// Returns the node behind it, on the same level.
    pub(super) fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node.index())?.next.some()
    }

    /// Returns the number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the node itself and what it stands in, inwards out.
    pub(super) fn with_ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), |node| self.parent(*node))
    }

    /// Returns everything within a node, in the order of the page.
    pub(super) fn descendants(&self, top: NodeId) -> impl Iterator<Item = NodeId> {
        let mut next = self.first_child(top);
        std::iter::from_fn(move || {
            let node = next?;
            next = self.first_child(node).or_else(|| self.behind(node, top));
            Some(node)
        })
    }

    /// Returns the next node in the order of the page that is not within `node`, as long as it
    /// stands within `top`.
    pub(super) fn behind(&self, node: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = node;
        while at != top {
            if let Some(next) = self.next_sibling(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
        None
    }

    fn content(&self, node: NodeId) -> Option<&Content> {
        self.nodes.get(node.index()).map(|node| &node.content)
    }

    fn add(&mut self, content: Content) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX - 1));
        self.nodes.push(Node {
            parent: NodeId::NONE,
            first: NodeId::NONE,
            last: NodeId::NONE,
            next: NodeId::NONE,
            previous: NodeId::NONE,
            depth: 0,
            content,
        });
        id
    }

    fn node(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.index())
    }

    /// Puts a node that has no parent behind the last one within `parent`, or before `sibling`.
    fn insert(&mut self, parent: NodeId, sibling: NodeId, id: NodeId) {
        let Some(above) = self.node(parent) else {
            return;
        };
        let depth = above.depth.saturating_add(1);
        let previous = match sibling.some() {
            None => std::mem::replace(&mut above.last, id),
            Some(sibling) => self.node(sibling).map_or(NodeId::NONE, |next| {
                std::mem::replace(&mut next.previous, id)
            }),
        };
        match self.node(previous) {
            Some(previous) => previous.next = id,
            None => {
                if let Some(above) = self.node(parent) {
                    above.first = id;
                }
            }
        }
        if let Some(node) = self.node(id) {
            (node.parent, node.previous, node.next) = (parent, previous, sibling);
            node.depth = depth;
        }
    }

    fn detach(&mut self, id: NodeId) {
        let Some(node) = self.node(id) else {
            return;
        };
        let take = |link: &mut NodeId| std::mem::replace(link, NodeId::NONE);
        let (parent, previous, next) = (
            take(&mut node.parent),
            take(&mut node.previous),
            take(&mut node.next),
        );
        match self.node(previous) {
            Some(previous) => previous.next = next,
            None => {
                if let Some(parent) = self.node(parent) {
                    parent.first = next;
                }
            }
        }
        match self.node(next) {
            Some(next) => next.previous = previous,
            None => {
                if let Some(parent) = self.node(parent) {
                    parent.last = previous;
                }
            }
        }
    }

    /// Adds text before `sibling`, or behind the last node within `parent`.
    fn insert_text(&mut self, parent: NodeId, sibling: NodeId, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        let before = match self.node(sibling) {
            Some(sibling) => sibling.previous,
            None => self.node(parent).map_or(NodeId::NONE, |parent| parent.last),
        };
        if let Some(Content::Text { end: open, .. }) =
            self.node(before).map(|node| &mut node.content)
            && *open == start
        {
            *open = end;
            return;
        }
        let id = self.add(Content::Text { start, end });
        self.insert(parent, sibling, id);
    }
}

/// A node as the tree builder holds it; what is not kept has none.
#[derive(Debug, Clone)]
struct Handle {
    id: NodeId,
    name: Option<Rc<QualName>>,
}

impl Handle {
    /// Of a comment.
    const IGNORED: Handle = Handle {
        id: NodeId::NONE,
        name: None,
    };
}

/// What the tree builder builds.
struct Sink {
    tree: RefCell<Tree>,
    /// Depth of the place that is being filled.
    depth: Cell<u16>,
}

impl Sink {
    fn new() -> Self {
        let mut tree = Tree {
            nodes: Vec::new(),
            text: String::new(),
        };
        tree.add(Content::Document);
        Sink {
            tree: RefCell::new(tree),
            depth: Cell::new(0),
        }
    }

    fn put(&self, parent: NodeId, sibling: NodeId, child: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendText(text) => tree.insert_text(parent, sibling, &text),
            NodeOrText::AppendNode(node) if node.id != NodeId::NONE => {
                tree.detach(node.id);
                tree.insert(parent, sibling, node.id);
                self.depth
                    .set(tree.node(node.id).map_or(0, |node| node.depth));
            }
            NodeOrText::AppendNode(_) => {}
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            id: NodeId::ROOT,
            name: None,
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        const NAMELESS: ExpandedName<'static> = ExpandedName {
            ns: &ns!(),
            local: &html5ever::local_name!(""),
        };
        target.name.as_deref().map_or(NAMELESS, QualName::expanded)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> Handle {
        let content = Content::Element(name.local.clone(), kept(attributes));
        Handle {
            id: self.tree.borrow_mut().add(content),
            name: Some(Rc::new(name)),
        }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle::IGNORED
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        Handle::IGNORED
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.put(parent.id, NodeId::NONE, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let placed = self.tree.borrow().parent(element.id).is_some();
        match placed {
            true => self.append_before_sibling(element, child),
            false => self.append(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &Handle) {
        let mut tree = self.tree.borrow_mut();
        if let Some(node) = tree.node(node.id) {
            self.depth.set(node.depth.saturating_sub(1));
        }
    }

    // What templates hold is not shown, so it may stand in them.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let parent = self.tree.borrow().parent(sibling.id);
        if let Some(parent) = parent {
            self.put(parent, sibling.id, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        if let Some(Content::Element(_, known)) = tree.node(target.id).map(|node| &mut node.content)
        {
            let mut all = std::mem::take(known).into_vec();
            let new = kept(attributes).into_vec();
            all.extend(new);
            // The first of a name counts; a page that adds without end adds nothing.
            all.truncate(2 * ATTRIBUTES.len());
            *known = all.into_boxed_slice();
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.first_child(node.id) {
            tree.detach(child);
            tree.insert(new_parent.id, NodeId::NONE, child);
        }
    }
}

/// Returns the attributes that are looked at.
fn kept(attributes: Vec<Attribute>) -> Box<[(LocalName, Box<str>)]> {
    attributes
        .into_iter()
        .filter(|attribute| ATTRIBUTES.contains(&&*attribute.name.local))
        .map(|attribute| (attribute.name.local, Box::from(&*attribute.value)))
        .collect()
}

/// A tree builder that is shown no element deeper than [`DEPTH`].
struct Shallow {
    builder: TreeBuilder<Handle, Sink>,
    /// Elements that were left out and are still open.
    left_out: RefCell<HashMap<LocalName, u32>>,
}

impl Shallow {
    /// Returns whether a tag is left out, and whether a line ends where it stood.
    fn leaves_out(&self, tag: &Tag) -> Option<bool> {
        let mut left_out = self.left_out.borrow_mut();
        match tag.kind {
            TagKind::StartTag => {
                let deep = self.builder.sink.depth.get() >= DEPTH;
                if !deep || tag.self_closing || is_raw_or_void(&tag.name) {
                    return None;
                }
                *left_out.entry(tag.name.clone()).or_default() += 1;
            }
            TagKind::EndTag => match left_out.get_mut(&tag.name) {
                Some(open) if *open > 1 => *open -= 1,
                Some(_) => {
                    left_out.remove(&tag.name);
                }
                None => return None,
            },
        }
        Some(!INLINE.contains(&&*tag.name))
    }
}

/// Returns whether an element holds no elements, so that it can be let in at any depth.
fn is_raw_or_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "iframe"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "noembed"
            | "noframes"
            | "noscript"
            | "param"
            | "script"
            | "source"
            | "style"
            | "textarea"
            | "title"
            | "track"
            | "wbr"
            | "xmp"
    )
}

impl TokenSink for Shallow {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let ends_line = match &token {
            Token::TagToken(tag) => self.leaves_out(tag),
            _ => None,
        };
        match ends_line {
            None => self.builder.process_token(token, line),
            Some(false) => TokenSinkResult::Continue,
            Some(true) => {
                let line_break = Tag {
                    kind: TagKind::StartTag,
                    name: html5ever::local_name!("br"),
                    self_closing: false,
                    attrs: Vec::new(),
                    had_duplicate_attributes: false,
                };
                self.builder
                    .process_token(Token::TagToken(line_break), line)
            }
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the elements with their text, as one would write them.
    fn check(page: &str) -> String {
        let tree = Tree::parse(page, &Limits::default()).expect("a tree");
        let mut shown = String::new();
        for node in tree.descendants(NodeId::ROOT) {
            let indent = tree.with_ancestors(node).count() - 2;
            let line = tree.text(node).unwrap_or(tree.name(node));
            shown += &format!("{}{line}\n", " ".repeat(indent));
        }
        shown
    }

    #[test]
    fn tag_soup_is_read_as_browsers_do() {
        assert_eq!(
            check("<p>甲<p>乙<b>丙</p>丁</b>"),
            "html\n head\n body\n  p\n   甲\n  p\n   乙\n   b\n    丙\n  b\n   丁\n"
        );
        // Text in a table, but in no cell, stands before it.
        assert_eq!(
            check("<table><tr>甲<td>乙<td>丙</table>"),
            "html\n head\n body\n  甲\n  table\n   tbody\n    tr\n     td\n      乙\n     td\n      丙\n"
        );
    }

    #[test]
    fn a_hundred_thousand_nested_elements_cost_no_more_than_others() {
        for (open, close) in [
            ("<div>", "</div>"),
            ("<table><tr><td>", "</td></tr></table>"),
            ("<font color=red>", ""),
            ("<b><p>", "</b>"),
            ("<ul><li>", ""),
        ] {
            let page = format!(
                "<body><p>前</p>{}<p>中<p>间</p>{}<p>后</p>",
                open.repeat(100_000),
                close.repeat(100_000)
            );
            let limits = Limits::start(0, std::time::Duration::from_secs(60));
            let tree = Tree::parse(&page, &limits).expect(open);
            let text: String = tree
                .descendants(NodeId::ROOT)
                .filter_map(|node| tree.text(node))
                .collect();
            assert_eq!(text, "前中间后", "{open}");
            let deepest = tree
                .descendants(NodeId::ROOT)
                .map(|node| tree.with_ancestors(node).count())
                .max();
            assert!(
                deepest < Some(2 * usize::from(DEPTH)),
                "{open}: {deepest:?}"
            );
        }
    }
}

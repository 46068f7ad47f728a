//! Which tables hold data, and their rows.

use std::collections::HashSet;

use super::tree::{NodeId, Tree};

/// A cell of a table of data has at most so many characters; more is a page's column.
const MAX_CELL: usize = 800;

/// The tables that hold data; the others only place things on the page.
#[derive(Debug, Default)]
pub(super) struct Tables(HashSet<NodeId>);

impl Tables {
    /// Returns whether an element is a table of data.
    pub(super) fn contains(&self, node: NodeId) -> bool {
        self.0.contains(&node)
    }
}

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row {
    /// The row itself.
    pub(super) node: NodeId,
    /// Its cells.
    pub(super) cells: Vec<NodeId>,
}

/// Returns the tables of a page that hold data: with rows and columns, no table within and no page
/// in a cell.
pub(super) fn data_tables(tree: &Tree) -> Tables {
    let mut tables = Vec::new();
    let mut outer = HashSet::new();
    for node in tree.descendants(NodeId::ROOT) {
        if tree.name(node) == "table" {
            tables.push(node);
            for above in tree.with_ancestors(node).skip(1) {
                if tree.name(above) == "table" && !outer.insert(above) {
                    break;
                }
            }
        }
    }
    tables.retain(|table| !outer.contains(table) && holds_data(tree, *table));
    Tables(tables.into_iter().collect())
}

/// Returns the rows of a table that holds no other.
pub(super) fn rows(tree: &Tree, table: NodeId) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for node in tree.descendants(table) {
        match tree.name(node) {
            // What a caption says is a row of its own.
            "caption" => rows.push(Row {
                node,
                cells: vec![node],
            }),
            "tr" => rows.push(Row {
                node,
                cells: Vec::new(),
            }),
            "td" | "th" => {
                if let Some(row) = rows.last_mut() {
                    row.cells.push(node);
                }
            }
            _ => {}
        }
    }
    rows
}

fn holds_data(tree: &Tree, table: NodeId) -> bool {
    if tree.attribute(table, "role") == Some("presentation") {
        return false;
    }
    let rows = rows(tree, table);
    let wide = rows.iter().filter(|row| row.cells.len() > 1).count();
    let mut linked = 0;
    let mut chars = 0;
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let mut within = 0;
        for node in tree.descendants(*cell) {
            let Some(text) = tree.text(node) else {
                continue;
            };
            let count = text.chars().filter(|c| !c.is_whitespace()).count();
            let is_link = tree
                .with_ancestors(node)
                .take_while(|above| above != cell)
                .any(|above| tree.name(above) == "a" && tree.attribute(above, "href").is_some());
            linked += if is_link { count } else { 0 };
            within += count;
        }
        if within > MAX_CELL {
            return false;
        }
        chars += within;
    }
    wide > 1 && linked * 2 <= chars
}

//! What every view shares: language, the search box, the views of one query.

use super::address::{Address, MAX_WORDING, Params, Tongue};
use super::{assets, kwic, search, trend};
use crate::model::Language;

/// A view of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// The first page.
    Home,
    /// Passages, or reports, that answer the query.
    Hits,
    /// How often its words occur through the years.
    Trend,
    /// Its words in their context.
    Kwic,
    /// Passages with a wording.
    Similar,
    /// Anything else.
    Other,
}

/// What stands around a view.
pub(super) struct Frame {
    /// What the address asks.
    pub(super) address: Address,
    /// Title of the window, without the product's name.
    pub(super) title: String,
    /// Which view is shown.
    pub(super) view: View,
    /// Path of the view, without a query string.
    pub(super) path: String,
}

impl Frame {
    /// Makes the frame of a view.
    pub(super) fn new(address: Address, view: View, path: &str, title: &str) -> Self {
        Frame {
            address,
            view,
            path: path.to_owned(),
            title: title.to_owned(),
        }
    }

    /// Returns the text in the reader's language.
    pub(super) fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.address.language.pick(zh, en)
    }

    /// Returns whether the page is Chinese.
    pub(super) fn is_chinese(&self) -> bool {
        self.address.language == Language::Zh
    }

    /// Returns what the search box carries on: a new query keeps filters and order, not the page.
    pub(super) fn carried(&self) -> Vec<(String, String)> {
        let own = ["q", "page", "find", "find_in", "text", "id"];
        self.address.carried(&own)
    }

    /// Returns the first page in the reader's language.
    pub(super) fn home(&self) -> String {
        let mut address = self.address.filtered(Vec::new());
        address.params = Params {
            lang: address.params.lang,
            ..Params::default()
        };
        address.link("/")
    }

    /// Returns whether this is the first page.
    pub(super) fn is_home(&self) -> bool {
        self.view == View::Home
    }

    /// Returns whether trends are shown.
    pub(super) fn shows_trend(&self) -> bool {
        self.view == View::Trend
    }

    /// Returns whether a concordance is shown.
    pub(super) fn shows_kwic(&self) -> bool {
        self.view == View::Kwic
    }

    /// Returns whether passages with a wording are shown.
    pub(super) fn shows_similar(&self) -> bool {
        self.view == View::Similar
    }

    /// Returns the address of an embedded file.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// Returns the help in the reader's language.
    pub(super) fn help(&self) -> String {
        self.home().replacen('/', "/help", 1)
    }

    /// Returns the same view in the other language.
    pub(super) fn in_other_language(&self) -> String {
        let mut address = self.address.clone();
        address.params.lang = Some(match self.is_chinese() {
            true => Tongue::En,
            false => Tongue::Zh,
        });
        address.link(&self.path)
    }

    /// Returns the passages that answer the query.
    pub(super) fn passages(&self) -> String {
        self.hits(false)
    }

    /// Returns the reports that answer the query.
    pub(super) fn reports(&self) -> String {
        self.hits(true)
    }

    fn hits(&self, by_report: bool) -> String {
        let change = |params: &mut Params| params.group_by_report = by_report;
        self.bare().with(change).link(search::PATH)
    }

    /// Returns the words of the query through the years.
    pub(super) fn trend(&self) -> String {
        self.bare().link(trend::PATH)
    }

    /// Returns the words of the query in their context.
    pub(super) fn kwic(&self) -> String {
        self.bare().link(kwic::PATH)
    }

    /// Returns the address without a wording, which only one view asks for.
    fn bare(&self) -> Address {
        self.address.with(|params| {
            params.id.clear();
            params.text.clear();
        })
    }

    /// Returns the passages whose wording is like the query's.
    pub(super) fn similar(&self) -> String {
        let change = |params: &mut Params| {
            if params.text.is_empty() && params.id.is_empty() {
                let quotes = ['"', '“', '”'];
                let wording = params.q.trim_matches(quotes).chars();
                params.text = wording.take(MAX_WORDING).collect();
            }
        };
        self.address.with(change).link("/similar")
    }

    /// Returns whether passages, not reports, are shown.
    pub(super) fn shows_passages(&self) -> bool {
        self.view == View::Hits && !self.address.params.group_by_report
    }

    /// Returns whether reports are shown.
    pub(super) fn shows_reports(&self) -> bool {
        self.view == View::Hits && self.address.params.group_by_report
    }
}

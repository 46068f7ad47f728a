//! Ways of showing something, of which one is in force, as links.

use super::address::{Address, Params};

/// A group of ways.
pub(super) struct Choices {
    /// What is chosen.
    pub(super) label: &'static str,
    /// The ways.
    pub(super) choices: Vec<Choice>,
    address: Address,
    path: &'static str,
}

/// One way.
pub(super) struct Choice {
    /// What it is called.
    pub(super) label: &'static str,
    /// Where it is in force.
    pub(super) link: String,
    /// Whether it is in force here.
    pub(super) is_chosen: bool,
}

impl Choices {
    /// Begins a group with its name in Chinese and in English.
    pub(super) fn new(
        address: &Address,
        path: &'static str,
        (zh, en): (&'static str, &'static str),
    ) -> Self {
        Choices {
            label: address.language.pick(zh, en),
            choices: Vec::new(),
            address: address.with(|_| ()),
            path,
        }
    }

    /// Adds a way; `change` puts it in force.
    pub(super) fn or(
        mut self,
        (zh, en): (&'static str, &'static str),
        change: impl FnOnce(&mut Params),
    ) -> Self {
        let changed = self.address.with(change);
        self.choices.push(Choice {
            label: self.address.language.pick(zh, en),
            is_chosen: changed == self.address,
            link: changed.link(self.path),
        });
        self
    }
}

//! The `zhengsou` command.
fn main() {}

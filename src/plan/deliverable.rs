//! What is to be delivered, and when it counts as done.

use crate::units::Moment;

/// A row of deliverables.csv. Tasks name its id in their column `deliverable`.
#[derive(Clone, Debug, PartialEq)]
pub struct Deliverable {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The user's name for it; empty if none was given.
    pub name: Box<str>,
    /// When it counts as done; empty if it is not said.
    pub acceptance: Box<str>,
    /// Who answers for it; empty if nobody is named.
    pub owner: Box<str>,
    /// What kind of thing it is; empty if it is not said.
    pub category: Box<str>,
    /// By when it is to be delivered.
    pub due: Option<Moment>,
    /// The document that shows that it was accepted; empty if there is none.
    pub evidence: Box<str>,
    /// Until when the evidence holds; `None` if for ever, or if there is none.
    pub evidence_until: Option<Moment>,
    /// Line of its file, for messages.
    pub row: u32,
}

impl Deliverable {
    /// The name, or the id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

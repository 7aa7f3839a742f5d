//! Plans of tests, from tables as text.

use super::{ReadOptions, read_draft};
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::{Plan, validate};

/// A draft from tables, as text.
pub(crate) fn draft_of(tables: &[(TableKind, &str)]) -> PlanDraft {
    let folder = tempfile::tempdir().unwrap();
    for (kind, text) in tables {
        std::fs::write(folder.path().join(kind.file_name()), text).unwrap();
    }
    read_draft(folder.path(), &ReadOptions::default()).unwrap()
}

/// A plan from tables, as text.
pub(crate) fn plan_of(tables: &[(TableKind, &str)]) -> Plan {
    validate(&draft_of(tables)).unwrap().0
}

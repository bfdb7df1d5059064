//! What a build for measuring leaves out, so that each part's share of the time is known (`bench/features.py`).
//!
//! Such a build runs the same programs and refuses nothing; no other build may have any of these features.

/// Joining labels, looking at them and writing them; their four bytes in a slot stay.
pub(crate) const LABELS: bool = cfg!(feature = "without-labels");
/// Counting instructions, and stopping at a limit of them.
pub(crate) const FUEL: bool = cfg!(feature = "without-fuel");
/// The check in front of each write whether a mark wants the old content.
pub(crate) const BARRIER: bool = cfg!(feature = "without-barrier");
/// Freeing what is not needed any more.
pub(crate) const RECLAMATION: bool = cfg!(feature = "without-reclamation");

//! One file a campaign; the table is in `campaign`.

mod answers;
mod world;
pub mod lazy;
pub mod back;
pub mod replay;
pub mod tamper;
pub mod kill;
pub mod suspend;
pub mod waiting;
pub mod hostile;
pub mod limits;
pub mod differ;
pub mod fuzz_source;
pub mod fuzz_image;
pub mod fuzz_journal;
pub mod fuzz_answers;

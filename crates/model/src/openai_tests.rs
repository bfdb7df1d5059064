//! The endpoint, against servers that misbehave.

//! Python text to code.

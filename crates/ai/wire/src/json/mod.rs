//! JSON as this crate needs it: a scanner that goes over bytes once and bounds their depth, fields that are taken out of
//! an object one by one (what is left is unknown, and kept), and a writer.

pub(crate) mod fields;
pub(crate) mod scan;
pub(crate) mod write;

pub(crate) use fields::{Fields, Node};
pub(crate) use write::Writer;

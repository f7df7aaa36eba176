//! What must hold of the whole source, and what no compiler looks at. Each rule is a function over texts, tried on the
//! repository and on a sample that breaks it, so that a rule that catches nothing is found out.

mod packages;
mod repository;
mod sources;

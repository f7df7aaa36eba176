//! pedagogy

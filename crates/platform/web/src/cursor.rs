//! Cursors: where the next page of a list starts, opaque to clients.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::{Cursor, Failure, FailureKind, FieldFault, Page};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// The most rows of one page.
pub const MAX_LIMIT: u32 = 100;
const DEFAULT_LIMIT: u32 = 20;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before; absent for the first page.
    pub cursor: Option<String>,
    /// How many rows, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

impl PageQuery {
    /// How many rows were asked for, or a failure that names `limit`.
    pub fn limit(&self) -> Result<u32, Failure> {
        match self.limit {
            None => Ok(DEFAULT_LIMIT),
            Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
            Some(limit) => Err(Failure::invalid(vec![FieldFault::new(
                "limit",
                "out_of_range",
                format!("{limit} is not between 1 and {MAX_LIMIT}."),
            )])),
        }
    }

    /// Where the page starts, or a failure that names `cursor`.
    pub fn start<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        self.cursor.as_deref().map(decode_cursor).transpose()
    }
}

/// A page of at most `limit` of these rows, of which one more than that was asked for: it tells that there are others.
/// `position` is where the row after this one starts.
pub fn page_of<T, P: Serialize>(mut items: Vec<T>, limit: u32, position: impl Fn(&T) -> P) -> Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| encode_cursor(&position(last)));
    Page { items, next_cursor }
}

/// The cursor that means `position`, such as the sort key of the last row of a page. It is readable by whoever
/// decodes it and is no proof of a right: queries check rights on every page.
pub fn encode_cursor<T: Serialize>(position: &T) -> Cursor {
    Cursor(URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default()))
}

/// The position that a cursor means.
pub fn decode_cursor<T: DeserializeOwned>(cursor: &str) -> Result<T, Failure> {
    let decoded = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    decoded.ok_or_else(|| {
        let detail = "This cursor is not one that we gave out. Leave it away to start at the first page.";
        let mut failure = Failure::new(FailureKind::Invalid, "bad_cursor", detail);
        failure.fields = vec![FieldFault::new("cursor", "bad_cursor", detail)];
        failure
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_means_what_it_was_made_of() {
        let cursor = encode_cursor(&(1_700_000_000_i64, "id"));
        assert_eq!(decode_cursor::<(i64, String)>(&cursor.0).unwrap(), (1_700_000_000, "id".to_owned()));
    }

    #[test]
    fn a_cursor_of_another_kind_is_refused_by_name() {
        for bad in ["", "%%%", "bm90IGpzb24", &encode_cursor(&"text").0] {
            let failure = decode_cursor::<(i64, String)>(bad).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Invalid);
            assert_eq!(failure.fields[0].field, "cursor");
        }
    }

    #[test]
    fn a_page_says_where_the_next_begins_unless_it_is_the_last() {
        let page = |rows: Vec<i32>| page_of(rows, 2, |last| *last);
        let (first, last) = (page(vec![1, 2, 3]), page(vec![1, 2]));
        assert_eq!((first.items, first.next_cursor), (vec![1, 2], Some(encode_cursor(&2))));
        assert_eq!((last.items, last.next_cursor), (vec![1, 2], None));
        assert_eq!(page(vec![]).next_cursor, None);
    }

    #[test]
    fn a_page_has_between_one_and_a_hundred_rows() {
        let page = |limit| PageQuery { cursor: None, limit }.limit();
        assert_eq!((page(None).unwrap(), page(Some(1)).unwrap(), page(Some(100)).unwrap()), (20, 1, 100));
        assert_eq!(page(Some(0)).unwrap_err().fields[0].field, "limit");
        assert!(page(Some(101)).is_err());
    }
}

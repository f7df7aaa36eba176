//! Where sealed values may stand. A place must be declared before anything is sealed for it, so that no value is left
//! behind when keys change and the old one is destroyed.

use crate::{Owner, Place, Vault, VaultError};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A column of sealed values. The names are put into SQL: schema, table and columns in small letters, digits and `_`.
///
/// The program itself ([`eduai_kernel::Role::System`]) must see and change all rows of its institution, by row-level
/// security: what it cannot see, it cannot encrypt anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// The table, with its schema: `users.oidc_provider`.
    pub table: &'static str,
    /// The column, of type `bytea`: `client_secret`.
    pub column: &'static str,
    /// The column with the row's id, a UUID that is unique in the table; [`Place::row`] is its value.
    pub row: &'static str,
    /// Whose key encrypts its values.
    pub owner: ColumnOwner,
}

/// Whose key encrypts the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnOwner {
    /// The institution's.
    Institution,
    /// That of the person in this column, a UUID.
    Person(&'static str),
}

/// What one vault was told of.
#[derive(Default)]
pub struct Declared(RwLock<BTreeMap<Name, (SealedColumn, Before)>>);

/// Table and column.
type Name = (&'static str, &'static str);

/// What stood in a column before values were sealed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    Clear,
}

impl Declared {
    /// All, in the order of their names.
    pub fn all(&self) -> Vec<SealedColumn> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().map(|(column, _)| *column).collect()
    }

    /// Those that may hold values in clear.
    pub fn once_clear(&self) -> Vec<SealedColumn> {
        let declared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        declared.values().filter(|(_, before)| *before == Before::Clear).map(|(column, _)| *column).collect()
    }

    /// Whether values in clear may stand at this place.
    pub fn was_clear(&self, place: &Place<'_>) -> bool {
        let declared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        declared.values().any(|(column, before)| {
            *before == Before::Clear && column.table == place.table && column.column == place.column
        })
    }

    /// Fails when nothing may be sealed at this place for this owner.
    pub fn check(&self, owner: Owner, place: &Place<'_>) -> Result<(), VaultError> {
        let declared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let fits = declared.iter().any(|((table, column), (declared, _))| {
            let owners = match declared.owner {
                ColumnOwner::Institution => matches!(owner, Owner::Institution(_)),
                ColumnOwner::Person(_) => matches!(owner, Owner::Person(_)),
            };
            *table == place.table && *column == place.column && owners
        });
        if fits { Ok(()) } else { Err(VaultError::Undeclared(format!("{}.{}", place.table, place.column))) }
    }
}

impl Vault {
    /// Declares columns in which values will be sealed; each room does, when it is built. Declaring one again replaces
    /// what was said before.
    ///
    /// # Errors
    /// [`VaultError::BadName`] when a name is not one that can be put into SQL.
    pub fn declare(&self, columns: &[SealedColumn]) -> Result<(), VaultError> {
        self.declare_with(columns, Before::Nothing)
    }

    /// Declares columns, as [`Vault::declare`], in which an earlier version of the program kept values in clear: they are
    /// read as they are, and sealed by the job that encrypts anew ([`Vault::reencrypt`]). None of them may begin with the
    /// byte 1, which text and the files of any format do not.
    ///
    /// # Errors
    /// As [`Vault::declare`].
    pub fn declare_once_clear(&self, columns: &[SealedColumn]) -> Result<(), VaultError> {
        self.declare_with(columns, Before::Clear)
    }

    fn declare_with(&self, columns: &[SealedColumn], before: Before) -> Result<(), VaultError> {
        for column in columns {
            let person = match column.owner {
                ColumnOwner::Institution => None,
                ColumnOwner::Person(name) => Some(name),
            };
            let parts = column.table.split('.').chain([column.column, column.row]).chain(person);
            if column.table.split('.').count() != 2 || !parts.into_iter().all(is_name) {
                return Err(VaultError::BadName(format!("{}.{}", column.table, column.column)));
            }
        }
        let mut declared = self.inner.declared.0.write().unwrap_or_else(PoisonError::into_inner);
        declared.extend(columns.iter().map(|column| ((column.table, column.column), (*column, before))));
        Ok(())
    }

    /// All columns that were declared, in the order of their names.
    pub fn declared(&self) -> Arc<[SealedColumn]> {
        self.inner.declared.all().into()
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

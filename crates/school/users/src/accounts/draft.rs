//! What is written of somebody who is to have an account, before there is one.

use super::profile::{check_birth_date, check_country, check_locale};
use crate::rules;
use eduai_kernel::FieldFault;
use jiff::Timestamp;
use jiff::civil::Date;

/// The fields that everybody's account begins with, as they were written.
pub(super) struct Draft<'a> {
    pub email: &'a str,
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub locale: Option<&'a str>,
    pub country: Option<&'a str>,
    pub birth_date: Option<Date>,
}

/// The same, as they are kept.
pub(super) struct Checked {
    pub email: String,
    pub given_name: String,
    pub family_name: String,
    /// What is wrong with any of them; what is wrong is kept empty.
    pub faults: Vec<FieldFault>,
}

impl Draft<'_> {
    /// Looks at every field, so that all that is wrong is told at once.
    pub fn checked(&self, now: Timestamp) -> Checked {
        let mut faults = Vec::new();
        let mut keep =
            |checked: Result<String, FieldFault>| checked.map_err(|fault| faults.push(fault)).unwrap_or_default();
        let email = keep(rules::email("email", self.email));
        let given_name = keep(rules::name("given_name", self.given_name));
        let family_name = keep(rules::name("family_name", self.family_name));
        faults.extend(check_locale(self.locale));
        faults.extend(check_country(self.country));
        faults.extend(check_birth_date(self.birth_date, now));
        Checked { email, given_name, family_name, faults }
    }
}

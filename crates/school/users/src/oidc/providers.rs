//! What administrators set, and what whoever is about to sign in may choose.

use super::exchange::place;
use super::shapes::{NewPeople, NewProvider, Offered, ProviderPatch, ProviderView};
use super::store::provider::{self, ProviderRow};
use crate::error::Error;
use crate::rules;
use crate::service::Users;
use crate::sessions::fresh_id;
use eduai_audit::Entry;
use eduai_db::{Claim, Tx, institution};
use eduai_kernel::id::{InstitutionId, Uuid};
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault};
use eduai_vault::Owner;
use serde_json::json;

/// What is claimed to see the providers that stand on the page for signing in; the table's policy knows it.
const PAGE: &str = "the page for signing in";
/// The most providers of one institution.
const MOST: usize = 20;
/// The longest issuer, client id and secret, in bytes.
const LONGEST: usize = 500;
/// The most domains and scopes.
const MOST_WORDS: usize = 50;

impl Users {
    /// The providers by which somebody may sign in: those of `institution`, or those that stand on the page.
    pub async fn offered_providers(&self, institution: Option<InstitutionId>) -> Result<Vec<Offered>, Error> {
        let claim = institution.map_or_else(|| PAGE.to_owned(), |id| id.to_string());
        let mut tx = self.0.db.begin_sign_in(&Claim::of(&claim)).await?;
        let rows = provider::offered(&mut tx, institution).await?;
        let all = if rows.is_empty() { Vec::new() } else { institution::visible(&mut tx).await? };
        tx.commit().await?;
        let name_of = |id: Uuid| all.iter().find(|one| one.id.uuid() == id).map(|one| one.name.clone());
        let offered = |row: provider::OfferedRow| Offered {
            id: row.id,
            name: row.name,
            institution_name: name_of(row.institution_id).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(offered).collect())
    }

    /// The providers of the actor's institution, by name.
    pub async fn providers(&self, actor: &Actor) -> Result<Vec<ProviderView>, Error> {
        let mut tx = self.begin(actor).await?;
        let rows = provider::list(&mut tx).await?;
        tx.commit().await?;
        Ok(rows.iter().map(|row| self.view(row)).collect())
    }

    /// One of them.
    pub async fn provider(&self, actor: &Actor, id: Uuid) -> Result<ProviderView, Error> {
        let mut tx = self.begin(actor).await?;
        let row = find(&mut tx, id).await?;
        tx.commit().await?;
        Ok(self.view(&row))
    }

    /// Adds one.
    pub async fn create_provider(&self, actor: &Actor, new: &NewProvider) -> Result<ProviderView, Error> {
        let default = || vec!["email".to_owned(), "profile".to_owned()];
        let mut row = ProviderRow {
            id: fresh_id(self.now())?,
            institution: actor.institution,
            name: new.name.clone(),
            issuer: new.issuer.clone(),
            client_id: new.client_id.clone(),
            client_secret: None,
            scopes: new.scopes.clone().unwrap_or_else(default),
            new_people: new.new_people.as_str().to_owned(),
            guardians_agreed: new.guardians_agreed,
            email_domains: new.email_domains.clone(),
            enabled: new.enabled,
            listed: new.listed,
            version: 1,
        };
        let mut tx = self.begin(actor).await?;
        if provider::list(&mut tx).await?.len() >= MOST {
            let detail = format!("There are {MOST} providers already. Remove one first.");
            return Err(Failure::new(FailureKind::Conflict, "too_many_providers", detail).into());
        }
        self.check(&mut tx, &mut row).await?;
        self.put_secret(&mut tx, &mut row, new.client_secret.as_deref()).await?;
        provider::insert(&mut tx, &row, self.now()).await?;
        self.note(&mut tx, actor, told("provider.created", &row)).await?;
        tx.commit().await?;
        Ok(self.view(&row))
    }

    /// Changes one, if `agreed` agrees with its version.
    pub async fn change_provider(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ProviderPatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<ProviderView, Error> {
        let mut tx = self.begin(actor).await?;
        let before = find(&mut tx, id).await?;
        agreed(before.version)?;
        let mut row = before.clone();
        patch.apply(&mut row);
        self.check(&mut tx, &mut row).await?;
        if row.issuer != before.issuer && before.client_secret.is_some() && patch.client_secret.is_none() {
            // Else whoever may change the issuer could have the secret sent to a machine of theirs.
            let detail = "Write the client's secret again: it is only ever sent to the issuer that it was written for.";
            return Err(Error::field(FieldFault::new("client_secret", "secret_needed", detail)));
        }
        self.put_secret(&mut tx, &mut row, patch.client_secret.as_deref()).await?;
        if !provider::update(&mut tx, &row).await? {
            return Err(Error::stale());
        }
        let after = find(&mut tx, id).await?;
        self.note(&mut tx, actor, told("provider.changed", &after)).await?;
        tx.commit().await?;
        self.0.providers.forget(&before.issuer);
        self.0.providers.forget(&after.issuer);
        Ok(self.view(&after))
    }

    /// Removes one, and with it who people are there. Their accounts stay.
    pub async fn remove_provider(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        let row = find(&mut tx, id).await?;
        provider::remove(&mut tx, id).await?;
        self.note(&mut tx, actor, told("provider.removed", &row)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Brings a provider's fields into their form, and names all that are wrong.
    async fn check(&self, tx: &mut Tx, row: &mut ProviderRow) -> Result<(), Error> {
        let mut faults = Vec::new();
        match rules::name("name", &row.name) {
            Ok(name) if (1..=60).contains(&name.chars().count()) => row.name = name,
            _ => faults.push(FieldFault::new("name", "invalid_provider_name", "Write a name of 1 to 60 characters.")),
        }
        trim(&mut row.issuer);
        let bad_issuer = self.0.providers.outbound().address(&row.issuer).map(|url| url.query().is_some());
        if bad_issuer.unwrap_or(true) || row.issuer.len() > LONGEST || !row.issuer.is_ascii() {
            let detail = "Write the provider's issuer, such as https://accounts.google.com: an address that begins with https://.";
            faults.push(FieldFault::new("issuer", "invalid_issuer", detail));
        }
        trim(&mut row.client_id);
        if row.client_id.is_empty() || row.client_id.len() > LONGEST || row.client_id.chars().any(char::is_control) {
            let detail = "Write the client id that the provider gave this program.";
            faults.push(FieldFault::new("client_id", "invalid_client_id", detail));
        }
        faults.extend(check_scopes(&mut row.scopes).err());
        faults.extend(check_domains(&mut row.email_domains).err());
        let pupils = row.new_people == NewPeople::Student.as_str();
        let consent = self.institution(tx).await?.settings()?.guardian_consent;
        if pupils && consent && !row.guardians_agreed {
            let detail =
                "This institution needs guardians' consent. Say that it has it, or let only invited people in.";
            faults.push(FieldFault::new("guardians_agreed", "guardians_needed", detail));
        }
        if faults.is_empty() { Ok(()) } else { Err(Failure::invalid(faults).into()) }
    }

    /// Seals a new secret, takes it away when it is empty, and leaves it when there is none.
    async fn put_secret(&self, tx: &mut Tx, row: &mut ProviderRow, secret: Option<&str>) -> Result<(), Error> {
        let Some(secret) = secret.map(str::trim) else { return Ok(()) };
        if secret.len() > LONGEST {
            let detail = format!("A secret has at most {LONGEST} characters.");
            return Err(Error::field(FieldFault::new("client_secret", "too_long", detail)));
        }
        row.client_secret = if secret.is_empty() {
            None
        } else {
            let owner = Owner::Institution(row.institution);
            Some(self.0.vault.seal(tx, owner, place(row.id), secret.as_bytes()).await?)
        };
        Ok(())
    }

    fn view(&self, row: &ProviderRow) -> ProviderView {
        ProviderView {
            id: row.id,
            name: row.name.clone(),
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone(),
            has_secret: row.client_secret.is_some(),
            scopes: row.scopes.clone(),
            new_people: NewPeople::parse(&row.new_people).unwrap_or_default(),
            guardians_agreed: row.guardians_agreed,
            email_domains: row.email_domains.clone(),
            enabled: row.enabled,
            listed: row.listed,
            redirect_uri: self.redirect_uri(),
            version: row.version,
        }
    }
}

pub(super) async fn find(tx: &mut Tx, id: Uuid) -> Result<ProviderRow, Error> {
    provider::find(tx, id).await?.ok_or_else(|| Error::not_found("provider_not_found", "provider"))
}

fn told(action: &'static str, row: &ProviderRow) -> Entry<'static> {
    let told = json!({
        "issuer": row.issuer, "client_id": row.client_id, "enabled": row.enabled, "new_people": row.new_people,
        "guardians_agreed": row.guardians_agreed, "email_domains": row.email_domains,
    });
    Entry::done(action).on("provider", row.id).with(told)
}

/// Takes away what was copied along around a text.
fn trim(text: &mut String) {
    let bare = text.trim().to_owned();
    *text = bare;
}

/// Scopes (RFC 6749, section 3.3), each once, without `openid`, which is always asked for.
fn check_scopes(scopes: &mut Vec<String>) -> Result<(), FieldFault> {
    let mut kept: Vec<String> = Vec::new();
    for scope in scopes.iter().map(|scope| scope.trim()) {
        let fits = (1..=100).contains(&scope.len())
            && scope.bytes().all(|b| b == 0x21 || (0x23..=0x5b).contains(&b) || (0x5d..=0x7e).contains(&b));
        if !fits || kept.len() >= MOST_WORDS {
            return Err(FieldFault::new("scopes", "invalid_scope", "Write scopes such as email and profile."));
        }
        if scope != "openid" && !kept.iter().any(|known| known == scope) {
            kept.push(scope.to_owned());
        }
    }
    *scopes = kept;
    Ok(())
}

/// Domains of addresses, in small letters, each once.
fn check_domains(domains: &mut Vec<String>) -> Result<(), FieldFault> {
    let mut kept: Vec<String> = Vec::new();
    for domain in domains.iter() {
        let bad = |_| {
            let detail = "Write domains such as school.example, without @.";
            FieldFault::new("email_domains", "invalid_domain", detail)
        };
        let address = rules::email("email_domains", &format!("x@{}", domain.trim())).map_err(bad)?;
        let domain = address.trim_start_matches("x@").to_owned();
        if kept.len() >= MOST_WORDS {
            return Err(FieldFault::new("email_domains", "too_many", "Write at most 50 domains."));
        }
        if !kept.contains(&domain) {
            kept.push(domain);
        }
    }
    *domains = kept;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_and_domains_have_their_form() {
        let scopes = |all: &[&str]| {
            let mut scopes = all.iter().map(|s| (*s).to_owned()).collect();
            check_scopes(&mut scopes).map(|()| scopes)
        };
        assert_eq!(scopes(&["openid", " email", "email"]).unwrap(), ["email"]);
        assert!(scopes(&["a b"]).is_err() && scopes(&[""]).is_err() && scopes(&["a\"b"]).is_err());
        let domains = |all: &[&str]| {
            let mut domains = all.iter().map(|s| (*s).to_owned()).collect();
            check_domains(&mut domains).map(|()| domains)
        };
        assert_eq!(domains(&["School.Example ", "school.example"]).unwrap(), ["school.example"]);
        assert!(domains(&["@school.example"]).is_err() && domains(&["a@b"]).is_err() && domains(&[""]).is_err());
    }
}

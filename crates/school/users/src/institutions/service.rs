//! Looking at and changing institutions. Their table is the platform's, and so is its SQL.

use crate::error::Error;
use crate::service::Users;
use crate::sessions::fresh_id;
use eduai_audit::Entry;
use eduai_db::{Claim, Institution, institution};
use eduai_kernel::id::InstitutionId;
use eduai_kernel::institution::{PrivacyEffects, Settings};
use eduai_kernel::{Actor, Failure, FieldFault, InstitutionKind, PrivacyLevel};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// An institution, with all that follows from its kind and privacy level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InstitutionView {
    /// Its id.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// Its kind.
    #[schema(inline)]
    pub kind: InstitutionKind,
    /// Its privacy level.
    #[schema(inline)]
    pub privacy: PrivacyLevel,
    /// What follows from the privacy level.
    pub effects: PrivacyEffects,
    /// Where it is: ISO 3166-1.
    pub country: String,
    /// The language in which it writes to people who have not chosen one.
    pub locale: String,
    /// What holds.
    pub settings: Settings,
    /// The names of the settings that its administrator has set; the others follow from the kind.
    pub own_settings: Vec<String>,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

/// What an administrator may change. What is absent stays as it is; a setting of `null` follows the kind again.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstitutionPatch {
    /// Its name: 1 to 200 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// Its kind.
    #[serde(default)]
    #[schema(inline)]
    pub kind: Option<InstitutionKind>,
    /// Its privacy level.
    #[serde(default)]
    #[schema(inline)]
    pub privacy: Option<PrivacyLevel>,
    /// Where it is: ISO 3166-1.
    #[serde(default)]
    pub country: Option<String>,
    /// The language in which it writes to people who have not chosen one.
    #[serde(default)]
    pub locale: Option<String>,
    /// Settings by name.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub settings: Option<Map<String, Value>>,
}

/// An institution that is made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInstitution {
    /// Its name: 1 to 200 characters.
    pub name: String,
    /// Its kind.
    #[schema(inline)]
    pub kind: InstitutionKind,
    /// Its privacy level.
    #[schema(inline)]
    pub privacy: PrivacyLevel,
    /// Where it is: ISO 3166-1.
    pub country: String,
    /// The language in which it writes to people who have not chosen one.
    pub locale: String,
}

impl Users {
    /// The institution of `actor`.
    pub async fn own_institution(&self, actor: &Actor) -> Result<InstitutionView, Error> {
        let mut tx = self.begin(actor).await?;
        let institution = self.institution(&mut tx).await?;
        tx.commit().await?;
        view(&institution)
    }

    /// Changes the institution of `actor`, if `agreed` agrees with its version.
    pub async fn change_institution(
        &self,
        actor: &Actor,
        patch: &InstitutionPatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<InstitutionView, Error> {
        let mut tx = self.begin(actor).await?;
        let mut institution = self.institution(&mut tx).await?;
        agreed(institution.version)?;
        patch.apply(&mut institution);
        check(&institution)?;
        if !institution::update(&mut tx, &institution).await? {
            return Err(Error::stale());
        }
        let changed = self.institution(&mut tx).await?;
        let told = json!({"privacy": changed.privacy, "settings": patch.settings});
        let entry = Entry::done("institution.changed").on("institution", changed.id.uuid()).with(told);
        self.note(&mut tx, actor, entry).await?;
        tx.commit().await?;
        self.0.guests.forget_institution();
        view(&changed)
    }

    /// All institutions, for the administrator of the installation.
    pub async fn institutions(&self, actor: &Actor) -> Result<Vec<InstitutionView>, Error> {
        let mut tx = self.begin(actor).await?;
        let all = institution::visible(&mut tx).await?;
        tx.commit().await?;
        all.iter().map(view).collect()
    }

    /// Makes an institution.
    pub async fn create_institution(&self, by: &Actor, new: &NewInstitution) -> Result<InstitutionView, Error> {
        let institution = Institution {
            id: InstitutionId::from_uuid(fresh_id(self.now())?),
            name: new.name.trim().to_owned(),
            kind: new.kind,
            privacy: new.privacy,
            country: new.country.clone(),
            locale: new.locale.clone(),
            own: Map::new(),
            version: 1,
        };
        check(&institution)?;
        let system = Actor::system(institution.id);
        let mut tx = self.begin(&system).await?;
        institution::insert(&mut tx, &institution).await?;
        let entry = Entry::done("institution.created").on("institution", institution.id.uuid());
        self.note(&mut tx, &Actor { user: by.user, ..system }, entry).await?;
        tx.commit().await?;
        view(&institution)
    }

    /// The institutions in which anybody may make an account.
    pub async fn open_institutions(&self) -> Result<Vec<Institution>, Error> {
        let mut tx = self.0.db.begin_sign_in(&Claim::of("")).await?;
        let all = institution::visible(&mut tx).await?;
        tx.commit().await?;
        let open = |institution: &Institution| institution.settings().is_ok_and(|settings| settings.open_registration);
        Ok(all.into_iter().filter(open).collect())
    }

    /// The institution that lets visitors in, if there is one.
    pub(crate) async fn visitors_institution(&self) -> Result<Option<Institution>, Error> {
        self.0.guests.institution().await
    }
}

impl InstitutionPatch {
    fn apply(&self, institution: &mut Institution) {
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut institution.name);
        }
        institution.kind = self.kind.unwrap_or(institution.kind);
        institution.privacy = self.privacy.unwrap_or(institution.privacy);
        if let Some(country) = &self.country {
            institution.country.clone_from(country);
        }
        if let Some(locale) = &self.locale {
            institution.locale.clone_from(locale);
        }
        for (name, value) in self.settings.iter().flatten() {
            if value.is_null() {
                institution.own.remove(name);
            } else {
                institution.own.insert(name.clone(), value.clone());
            }
        }
    }
}

fn check(institution: &Institution) -> Result<(), Error> {
    let mut faults = Vec::new();
    match crate::rules::name("name", &institution.name) {
        Ok(name) if name.is_empty() => faults.push(FieldFault::new("name", "missing", "Write the institution's name.")),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    let country = &institution.country;
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        let detail = "Write two capital letters (ISO 3166-1), such as ES.";
        faults.push(FieldFault::new("country", "invalid_country", detail));
    }
    if !["en", "es"].contains(&institution.locale.as_str()) {
        faults.push(FieldFault::new("locale", "unknown_locale", "Write \"en\" or \"es\"."));
    }
    if let Err(failure) = institution.settings() {
        faults.extend(failure.fields);
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid(faults).into()) }
}

fn view(institution: &Institution) -> Result<InstitutionView, Error> {
    Ok(InstitutionView {
        id: institution.id,
        name: institution.name.clone(),
        kind: institution.kind,
        privacy: institution.privacy,
        effects: institution.privacy.effects(),
        country: institution.country.clone(),
        locale: institution.locale.clone(),
        settings: institution.settings()?,
        own_settings: institution.own.keys().cloned().collect(),
        version: institution.version,
    })
}

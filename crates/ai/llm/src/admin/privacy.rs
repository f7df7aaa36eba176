//! How far an institution's data may travel to language models, in one picture.

use super::away;
use super::models::{Reachability, reachable};
use crate::gateway::Gateway;
use eduai_kernel::{Actor, Failure, PrivacyLevel};
use serde::Serialize;
use utoipa::ToSchema;

/// A provider in the picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ModelPrivacyProvider)]
pub struct ProviderReach {
    /// Its name.
    pub name: String,
    /// Whether it stands in the house.
    pub local: bool,
    /// Whether it may be asked.
    #[schema(inline)]
    pub reachable: Reachability,
}

/// How far data may travel, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the picture, and follows from a rule of its own")]
pub struct ModelPrivacy {
    /// The institution's privacy level.
    #[schema(value_type = String, example = "standard")]
    pub level: PrivacyLevel,
    /// Whether models outside of the house may be asked at all.
    pub cloud_models: bool,
    /// Whether an agreement on the processing of data must be on record first.
    pub agreement_needed: bool,
    /// Whether personal data is replaced before a question leaves, and put back in the answer.
    pub personal_replaced: bool,
    /// Whether a person's own consent is needed before a question of theirs leaves.
    pub consent_needed: bool,
    /// Whether questions and answers are kept, sealed.
    pub log_prompts: bool,
    /// How many people have agreed by now.
    pub agreed_people: i64,
    /// The providers, and whether each may be asked.
    pub providers: Vec<ProviderReach>,
}

impl Gateway {
    /// The picture of the actor's institution.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn privacy(&self, actor: &Actor) -> Result<ModelPrivacy, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let effects = tenant.effects();
        let agreed_people = match &self.inner.consents {
            None => 0,
            Some(consents) => {
                // Each sees their own decisions; how many there are, the program may count.
                let system = Actor::system(actor.institution);
                let mut tx = self.inner.db.read(&system).await.map_err(away)?;
                let count = consents.count_agreed(&mut tx, crate::ask::CLOUD_MODELS).await?;
                tx.commit().await.map_err(away)?;
                count
            }
        };
        let shown = |one: &std::sync::Arc<crate::tenant::Provider>| ProviderReach {
            name: one.spec.name.clone(),
            local: one.spec.in_house,
            reachable: reachable(one, one.spec.in_house, &tenant),
        };
        Ok(ModelPrivacy {
            level: tenant.privacy,
            cloud_models: effects.cloud_models,
            agreement_needed: effects.agreement_needed,
            personal_replaced: effects.personal_data_removed,
            consent_needed: effects.cloud_models,
            log_prompts: tenant.log_prompts,
            agreed_people,
            providers: tenant.providers.iter().map(shown).collect(),
        })
    }
}

//! Joins the agents of the rooms to the gateway: what they ask goes through it as every other question does, with the
//! rights, the budget, the consent and the institution's privacy of the person they work for.

use eduai_kernel::Actor;
use eduai_llm::{Ask, Gateway};
use eduai_mashup::models::{Answered, Limits, Models, Offer, Plugged, Question, Reach, Refusal, RefusalKind};
use eduai_wire::{Chat, Failure, Format, Kind, Message, Part};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// The gateway's models, for agents.
pub struct Agents(Gateway);

impl Agents {
    /// The models of `gateway`, with the time that its operator gives them.
    pub fn plugged(gateway: &Gateway) -> Plugged {
        let patience = gateway.patience();
        let limits = Limits { step: patience.step, run: patience.run };
        Plugged { models: Arc::new(Self(gateway.clone())), limits }
    }
}

impl Models for Agents {
    fn ask<'a>(&'a self, actor: &'a Actor, question: Question) -> BoxFuture<'a, Result<Answered, Refusal>> {
        Box::pin(async move {
            let answer = self.0.ask(actor, asked(question)).await.map_err(refused)?;
            Ok(Answered {
                text: answer.reply.text(),
                provider: answer.provider,
                model: answer.model,
                local: answer.local,
                input_tokens: answer.reply.usage.input,
                output_tokens: answer.reply.usage.output,
                cost_picodollars: answer.cost.picodollars().unsigned_abs(),
                took: answer.took,
            })
        })
    }

    fn offered<'a>(&'a self, actor: &'a Actor, task: &'a str) -> BoxFuture<'a, Offer> {
        Box::pin(async move {
            match self.0.offered(actor, task).await {
                Ok(offered) => {
                    Offer { local: offered.local, cloud: offered.cloud, why: offered.why.map(ToOwned::to_owned) }
                }
                Err(failure) => Offer { why: Some(failure.message), ..Offer::default() },
            }
        })
    }
}

fn asked(question: Question) -> Ask {
    let format = Format::Schema { name: "answer".to_owned(), schema: question.schema.into(), strict: true };
    let chat = Chat {
        system: vec![Part::Text(question.system)],
        messages: vec![Message::user(question.user)],
        max_tokens: Some(question.max_tokens),
        format,
        ..Chat::default()
    };
    let reach = match question.reach {
        Reach::Local => eduai_llm::Reach::Local,
        Reach::Cloud => eduai_llm::Reach::Allowed,
    };
    Ask {
        task: question.task,
        prompt: eduai_llm::PromptVersion { name: question.prompt.name, version: question.prompt.version },
        chat,
        reach,
        personal: question.personal,
        deadline: question.deadline,
    }
}

fn refused(failure: Failure) -> Refusal {
    let kind = match failure.kind {
        Kind::Timeout => RefusalKind::Late,
        Kind::RateLimited | Kind::Budget => RefusalKind::Limited,
        Kind::Permission => RefusalKind::Forbidden,
        Kind::Refused => RefusalKind::Declined,
        Kind::Nonsense => RefusalKind::Nonsense,
        _ => RefusalKind::Unavailable,
    };
    Refusal::new(kind, failure.message)
}

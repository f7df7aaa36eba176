//! What a call costs, written down however it ends: whole, cut, or because nobody waits for it any more.

use super::{Ongoing, span};
use crate::budget::Reservation;
use crate::gateway::Gateway;
use crate::money::Money;
use crate::record::Call;
use crate::tenant::Target;
use crate::transcript::Transcript;
use eduai_wire::relay::Seen;
use eduai_wire::{Failure, Kind, Usage};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Span;

/// The word for how a call ended.
pub fn status(kind: Kind) -> &'static str {
    match kind {
        Kind::Invalid => "invalid",
        Kind::Authentication => "authentication",
        Kind::Permission => "permission",
        Kind::NotFound => "not_found",
        Kind::TooLarge => "too_large",
        Kind::ContextOverflow => "context_overflow",
        Kind::Refused => "refused",
        Kind::RateLimited => "rate_limited",
        Kind::Budget => "budget",
        Kind::Unavailable => "unavailable",
        Kind::Timeout => "timeout",
        Kind::Cancelled => "cancelled",
        Kind::Nonsense => "nonsense",
    }
}

/// A call that is being made. Dropped before it is settled, it counts as cancelled, with what was seen of it.
pub(crate) struct Bill {
    gateway: Gateway,
    template: Call,
    reservation: Option<Reservation>,
    target: Option<Arc<Target>>,
    begun: Instant,
    first_byte: Option<Duration>,
    input_estimate: u64,
    /// Whether a provider has the question, and may count it.
    sent: bool,
    /// The try before was answered in part, and this is what it is taken to have cost, with how it ended.
    broken: Option<(Usage, &'static str)>,
    /// What such tries have cost together.
    lost: Money,
    settled: bool,
    cost: Money,
    span: Span,
    /// What was said, where that is kept.
    transcript: Option<Box<Transcript>>,
}

impl Bill {
    pub fn new(ongoing: &Ongoing<'_>, reservation: Option<Reservation>) -> Self {
        let (caller, question) = (ongoing.caller, ongoing.question);
        let template = Call {
            institution: caller.tenant.institution,
            at: ongoing.gateway.inner.clock.now(),
            person: caller.person,
            key: caller.key.as_ref().map(|key| key.spec.id),
            role: caller.role,
            operation: question.operation,
            feature: caller.feature.clone(),
            prompt: caller.prompt.clone(),
            provider: "".into(),
            model: ongoing.route.model.clone(),
            status: "cancelled",
            streamed: question.peek.stream,
            cached: false,
            estimated: false,
            usage: Usage::default(),
            cost: Money::ZERO,
            prices: Some(caller.tenant.prices.clone()),
            duration: Duration::ZERO,
            first_byte: Duration::ZERO,
            spent: Vec::new(),
            transcript: None,
        };
        Self {
            gateway: ongoing.gateway.clone(),
            template,
            reservation,
            target: None,
            begun: ongoing.begun,
            first_byte: None,
            input_estimate: question.peek.input_estimate,
            sent: false,
            broken: None,
            lost: Money::ZERO,
            settled: false,
            cost: Money::ZERO,
            span: span::begun(ongoing),
            transcript: caller.tenant.log_prompts.then(|| Box::new(Transcript::of(&question.body))),
        }
    }

    /// This model is asked now.
    pub fn turn_to(&mut self, target: &Arc<Target>) {
        if let Some((usage, how)) = self.broken.take() {
            // It is a line of its own: the next model may have other prices.
            let call = self.entry(usage, true, how);
            self.spent(&call);
            self.lost = self.lost.plus(call.cost);
            self.gateway.inner.recorder.record(call);
        }
        self.target = Some(target.clone());
        self.sent = false;
        self.first_byte = None;
    }

    /// The question is on its way: whoever hangs up now has asked it.
    pub fn sent(&mut self) {
        self.sent = true;
    }

    /// The head of an answer is there.
    pub fn answered(&mut self) {
        self.first_byte.get_or_insert_with(|| self.begun.elapsed());
    }

    /// The caller is told this, as (a piece of) the answer.
    pub fn told(&mut self, piece: &[u8]) {
        if let Some(transcript) = &mut self.transcript {
            transcript.heard(piece);
        }
    }

    /// A try has failed before anything of its answer was passed on. Providers count nothing for what they refuse; what
    /// broke off, or was not waited for, they have read at least.
    pub fn charge_attempt(&mut self, failure: &Failure) {
        const BROKE_OFF: [&str; 4] = ["answer_cut", "answer_stalled", "answer_too_slow", "answer_not_begun"];
        let broke_off = self.sent && failure.code.as_deref().is_some_and(|code| BROKE_OFF.contains(&code));
        let read = Usage { input: self.input_estimate, ..Usage::default() };
        self.broken = broke_off.then(|| (read, status(failure.kind)));
        self.sent = false;
    }

    /// The call has failed. What is counted is the last try, if it broke off.
    pub fn fail(mut self, failure: &Failure) {
        let broken = self.broken.take().map(|(usage, _)| usage);
        self.close(broken.unwrap_or_default(), broken.is_some(), status(failure.kind), None);
    }

    /// The call has failed, and somebody else answers the question: it is on record only if it cost something.
    pub fn give_way(mut self, failure: &Failure) {
        if self.broken.is_some() || self.lost > Money::ZERO {
            self.fail(failure);
        } else {
            self.settled = true;
        }
    }

    /// The answer was kept from before: it costs nothing now.
    pub fn kept(mut self, usage: Usage) {
        self.outcome("ok");
        self.template.cached = true;
        self.close(usage, false, "ok", None);
    }

    /// The call has ended, and this was seen of its answer.
    pub fn settle(mut self, seen: &Seen, how: &'static str) -> Money {
        self.settle_in_place(seen, how);
        self.cost
    }

    pub fn settle_in_place(&mut self, seen: &Seen, how: &'static str) {
        self.outcome(how);
        let (usage, estimated) = counted(seen, self.input_estimate);
        self.close(usage, estimated, how, Some(seen));
    }

    fn close(&mut self, usage: Usage, estimated: bool, how: &'static str, seen: Option<&Seen>) {
        if std::mem::replace(&mut self.settled, true) {
            return;
        }
        let mut call = self.entry(usage, estimated, how);
        self.spent(&call);
        self.cost = call.cost.plus(self.lost);
        call.transcript = self.transcript.take();
        span::ended(&self.span, &call, self.target.as_deref(), seen);
        if let Some(reservation) = self.reservation.take() {
            call.spent = reservation.settle(self.cost);
        }
        self.gateway.inner.recorder.record(call);
    }

    /// What is written down of the model that is asked now.
    fn entry(&self, usage: Usage, estimated: bool, how: &'static str) -> Call {
        let mut call = self.template.clone();
        call.status = how;
        call.usage = usage;
        call.estimated = estimated;
        call.duration = self.begun.elapsed();
        call.first_byte = self.first_byte.unwrap_or(call.duration);
        if let Some(target) = &self.target {
            call.provider = target.provider.name.clone();
            call.model = target.model.clone();
            let price = target.price.filter(|_| !call.cached);
            call.cost = price.map_or(Money::ZERO, |price| price.of(&usage));
            if target.price.is_none() {
                call.prices = None;
            }
        }
        call
    }

    fn spent(&self, call: &Call) {
        if let Some(target) = &self.target {
            target.meters.spent(&call.usage, call.cost, call.duration, call.first_byte);
        }
    }

    /// How the last try ended; those before it are counted as they fail.
    fn outcome(&self, how: &'static str) {
        if let Some(target) = self.target.as_ref().filter(|_| !self.settled) {
            target.meters.status(how);
        }
    }
}

impl Drop for Bill {
    fn drop(&mut self) {
        if !self.settled {
            let asked = self.sent || self.broken.take().is_some();
            let usage = Usage { input: if asked { self.input_estimate } else { 0 }, ..Usage::default() };
            self.outcome(status(Kind::Cancelled));
            self.close(usage, asked, status(Kind::Cancelled), None);
        }
    }
}

/// The tokens of an answer, and whether they had to be estimated: the provider's own count is one only when it was made
/// at the answer's end. What it says before (Anthropic tells at the beginning what it has read) holds of the question.
fn counted(seen: &Seen, input_estimate: u64) -> (Usage, bool) {
    match seen.usage.filter(|usage| usage.total() > 0) {
        Some(usage) if seen.ended || seen.stop.is_some() => (usage, false),
        Some(usage) => (Usage { output: usage.output.max(tokens(seen)), ..usage }, true),
        None => (Usage { input: input_estimate, output: tokens(seen), ..Usage::default() }, true),
    }
}

/// About how many tokens an answer had whose provider did not say. Providers send a token, or a few, in an event; where
/// events are long, a token is about four bytes.
fn tokens(seen: &Seen) -> u64 {
    const SHORT: u64 = 16;
    if seen.events > 0 && seen.text_bytes / seen.events <= SHORT { seen.events } else { seen.text_bytes.div_ceil(4) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_wire::Stop;

    #[test]
    fn only_a_count_from_the_end_of_an_answer_is_taken_as_it_is() {
        let said = Usage { input: 42, cached_read: 16, output: 1, ..Usage::default() };
        let broken = Seen { usage: Some(said), events: 5, text_bytes: 25, ..Seen::default() };
        assert_eq!(counted(&broken, 9), (Usage { output: 5, ..said }, true), "of its answer it had counted one token");
        let whole = Seen { stop: Some(Stop::End), ..broken.clone() };
        assert_eq!(counted(&whole, 9), (said, false));
        assert_eq!(counted(&Seen { ended: true, ..broken.clone() }, 9), (said, false));
        let unsaid = (Usage { input: 9, output: 5, ..Usage::default() }, true);
        assert_eq!(counted(&Seen { usage: None, ..broken.clone() }, 9), unsaid);
        let zero = Seen { usage: Some(Usage::default()), ended: true, ..broken };
        assert_eq!(counted(&zero, 9), unsaid, "no answer has cost nothing");
    }
}

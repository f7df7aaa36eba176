//! Two models asked for one answer: where a route says so, the next model is asked when the first has not begun to answer
//! after a while. Who begins first answers; the other is stopped. Both are paid for, as far as they came.

use super::bill::Bill;
use super::{Answered, Ongoing, Outcome};
use crate::retry;
use crate::tenant::Target;
use eduai_wire::Failure;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Ongoing<'_> {
    /// Asks `first`, and after a while the `rest` beside it. Where both fail, the failure of the first is told.
    pub(super) async fn hedged(
        &self,
        first: &Arc<Target>,
        rest: &[Arc<Target>],
        after: Duration,
        bill: Bill,
    ) -> Result<Outcome, Failure> {
        let mut leader = Box::pin(self.asked(std::slice::from_ref(first), bill));
        match tokio::time::timeout(after, &mut leader).await {
            Ok((answered, bill)) => return self.or_the_rest(answered, bill, rest).await,
            // A whole answer that has begun to come needs no second one.
            Err(_) if self.answering.load(Ordering::Relaxed) => {
                let (answered, bill) = leader.await;
                return self.or_the_rest(answered, bill, rest).await;
            }
            Err(_) => {}
        }
        tracing::debug!(provider = %first.provider.name, "not begun to answer; the next model is asked beside it");
        let mut second = Box::pin(async {
            // The second answer is one more that the budgets must have room for; without it the first is waited for.
            match self.bill(rest).await {
                Ok(bill) => {
                    let (answered, bill) = self.asked(rest, bill).await;
                    (answered, Some(bill))
                }
                Err(failure) => (Err(failure), None),
            }
        });
        tokio::select! {
            (answered, bill) = &mut leader => match answered {
                Err(failure) if retry::another_may_help(failure.kind) => match second.await {
                    (Ok(answer), Some(other)) => {
                        bill.give_way(&failure);
                        self.concluded(Ok(answer), other)
                    }
                    (answered, other) => {
                        give_way(answered, other);
                        self.concluded(Err(failure), bill)
                    }
                },
                answered => self.concluded(answered, bill),
            },
            (answered, bill) = &mut second => match (answered, bill) {
                (Ok(answer), Some(bill)) => self.concluded(Ok(answer), bill),
                (answered, other) => {
                    give_way(answered, other);
                    let (answered, bill) = leader.await;
                    self.concluded(answered, bill)
                }
            },
        }
    }

    async fn asked(&self, targets: &[Arc<Target>], mut bill: Bill) -> (Answered, Bill) {
        let answered = self.one_after_the_other(targets, &mut bill).await;
        (answered, bill)
    }

    /// What the first has said before it was time for a second one; where it failed, the others are asked.
    async fn or_the_rest(&self, answered: Answered, mut bill: Bill, rest: &[Arc<Target>]) -> Result<Outcome, Failure> {
        let answered = match answered {
            Err(failure) if retry::another_may_help(failure.kind) => self.one_after_the_other(rest, &mut bill).await,
            answered => answered,
        };
        self.concluded(answered, bill)
    }
}

fn give_way(answered: Answered, bill: Option<Bill>) {
    if let (Err(failure), Some(bill)) = (answered, bill) {
        bill.give_way(&failure);
    }
}

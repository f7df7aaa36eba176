use super::*;
use crate::breaker::{Breaker, BreakerPolicy};
use crate::client::{Connector, Reachable, Upstream};
use crate::model::{Deadlines, Origin, ProviderSpec, named_id};
use crate::prices::Prices;
use crate::tenant::{Provider, target};
use eduai_wire::Dialect;
use hyper::header::HeaderMap;
use proptest::prelude::*;

const LONG: Duration = Duration::from_mins(1);

/// A model of a provider that nobody asks.
fn giver(name: &str) -> Arc<Target> {
    let spec = ProviderSpec {
        id: named_id("provider", name),
        origin: Origin::File,
        name: name.to_owned(),
        dialect: Dialect::OpenAi,
        base_url: "http://127.0.0.1:1".parse().unwrap(),
        api_key: None,
        in_house: true,
        models: Vec::new(),
        agreement: None,
        prices: String::new(),
        max_connections: 1,
        deadlines: Deadlines::default(),
    };
    let connector = Connector::new(None).unwrap();
    let base = spec.base_url.clone();
    let upstream = Upstream::new(&base, HeaderMap::new(), connector, Reachable::IN_HOUSE, LONG, 1);
    let provider = Arc::new(Provider::new(spec, upstream, Breaker::new(BreakerPolicy::default())));
    Arc::new(target(&provider, "m", 1, 1, &Prices::default()))
}

fn kept(giver: &Arc<Target>, bytes: usize, good_for: Duration) -> Kept {
    Kept::new(Bytes::from(vec![b'x'; bytes]), giver.clone(), Usage::default(), good_for)
}

/// A direction in the plane, by its angle in degrees.
fn at(group: u8, degrees: f32) -> Place {
    let (y, x) = degrees.to_radians().sin_cos();
    Place { group: [group; 32], vector: Vector::of(&[x, y]).unwrap() }
}

fn key(number: u32) -> Key {
    let mut key = [0; 32];
    key[..4].copy_from_slice(&number.to_be_bytes());
    key
}

#[test]
fn the_most_alike_of_the_same_group_is_found() {
    let (cache, one) = (Cache::new(1 << 20), giver("p"));
    for (number, group, degrees) in [(1, 1, 0.0), (2, 1, 20.0), (3, 2, 10.0)] {
        cache.put(key(number), kept(&one, number as usize, LONG), Some(at(group, degrees)));
    }
    let found = |place: &Place, least| cache.most_alike(place, least, |_| true).map(|kept| kept.body.len());
    assert_eq!(found(&at(1, 12.0), 0.97), Some(2), "8 degrees are nearer than 12");
    assert_eq!(found(&at(1, 10.0), 0.99), None, "the cosine of 10 degrees is 0.985; that of group 2 is another's");
    assert_eq!(found(&at(1, 0.0), 1.0), Some(1), "the same is like itself");
    assert_eq!(found(&at(3, 0.0), 0.5), None);
    assert_eq!(
        cache.most_alike(&at(1, 0.0), 0.5, |_| false).map(|kept| kept.body),
        None,
        "who gave it may not be asked"
    );
}

#[test]
fn what_has_ended_is_not_found() {
    let (cache, one) = (Cache::new(1 << 20), giver("p"));
    cache.put(key(1), kept(&one, 1, Duration::ZERO), Some(at(1, 0.0)));
    cache.put(key(2), kept(&one, 2, LONG), Some(at(1, 30.0)));
    assert!(cache.get(&key(1)).is_none());
    let found = cache.most_alike(&at(1, 0.0), 0.5, |_| true);
    assert_eq!(found.map(|kept| kept.body.len()), Some(2), "one that is good still, though less alike");
}

#[test]
fn a_group_does_not_grow_without_end() {
    let (cache, one) = (Cache::new(64 << 20), giver("p"));
    let most = u32::try_from(MOST_COMPARED).unwrap();
    for number in 0..most + 50 {
        cache.put(key(number), kept(&one, 1, LONG), Some(at(1, 0.0)));
    }
    assert_eq!(cache.inner().groups[&[1; 32]].len(), MOST_COMPARED);
    assert!(cache.get(&key(49)).is_none() && cache.get(&key(50)).is_some());
}

#[derive(Clone, Debug)]
struct Step {
    number: u32,
    bytes: usize,
    group: Option<(u8, usize)>,
}

fn step() -> impl Strategy<Value = Step> {
    (0_u32..40, 0_usize..3_000, prop::option::of((0_u8..4, 1_usize..300))).prop_map(|(number, bytes, group)| Step {
        number,
        bytes,
        group,
    })
}

proptest! {
    #[test]
    fn what_is_kept_never_exceeds_its_bound(most in 0_usize..20_000, steps in prop::collection::vec(step(), 1..80)) {
        let (cache, one) = (Cache::new(most), giver("p"));
        for Step { number, bytes, group } in steps {
            let place = group.map(|(group, dimensions)| Place {
                group: [group; 32],
                vector: Vector::of(&vec![1.0; dimensions]).unwrap(),
            });
            cache.put(key(number), kept(&one, bytes, LONG), place);
            let inner = cache.inner();
            let taken = |entry: &Entry| {
                let vector = entry.place.as_ref().map_or(0, |place| place.vector.size() + OVERHEAD);
                entry.kept.body.len() + OVERHEAD + vector
            };
            let all: usize = inner.entries.values().map(taken).sum();
            prop_assert!(all <= most, "{} of {}", all, most);
            prop_assert_eq!(all, inner.bytes);
            prop_assert_eq!(inner.order.len(), inner.entries.len());
            let placed = inner.entries.values().filter(|entry| entry.place.is_some()).count();
            prop_assert_eq!(inner.groups.values().map(VecDeque::len).sum::<usize>(), placed);
            prop_assert!(inner.groups.values().flatten().all(|key| inner.entries.contains_key(key)));
        }
    }
}

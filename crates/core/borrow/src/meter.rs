//! From one meter to another: a map of times that keeps bar lines on bar lines and beats on beats.

use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::Meter;

/// How the beats of a bar become the beats of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Beat for beat.
    Same,
    /// So many bars become one.
    Join(i64),
    /// One bar becomes so many.
    Split(i64),
    /// The first beat of every bar takes so many beats more.
    Broaden(i64),
    /// Every half bar becomes a bar, its first beat so many beats longer: a march becomes a waltz.
    HalvesBroadened(i64),
    /// The last beats of every bar, so many, share one.
    Gather(i64),
}

/// A change of meter. The map is strictly increasing, and maps bar lines to bar lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remeter {
    from: Meter,
    to: Meter,
    way: Way,
}

/// How many beats a bar has, as they are felt: two in 6/8.
pub(crate) fn beats(meter: Meter) -> i64 {
    let count = i64::from(meter.beats.max(1));
    if meter.is_compound() { count / 3 } else { count }
}

impl Remeter {
    /// From `from` to `to`.
    pub fn new(from: Meter, to: Meter) -> Self {
        let (a, b) = (beats(from), beats(to));
        let way = match (a, b) {
            (a, b) if a == b => Way::Same,
            (a, b) if b % a == 0 => Way::Join(b / a),
            (a, b) if a % b == 0 => Way::Split(a / b),
            (a, b) if a < b => Way::Broaden(b - a),
            (a, b) if a % 2 == 0 && a / 2 < b => Way::HalvesBroadened(b - a / 2),
            (a, b) => Way::Gather(a - b + 1),
        };
        Self { from, to, way }
    }

    /// Whether it changes nothing.
    pub fn is_plain(self) -> bool {
        self.from == self.to
    }

    /// How many bars `bars` bars become.
    pub fn bars(self, bars: usize) -> usize {
        match self.way {
            Way::Join(n) => bars.div_ceil(n as usize),
            Way::Split(n) => bars * n as usize,
            Way::HalvesBroadened(_) => bars * 2,
            _ => bars,
        }
    }

    /// When what was at `at` comes, both counted from the first bar line; what comes before it has negative times.
    pub fn at(self, at: Time) -> Time {
        if self.is_plain() {
            return at;
        }
        let bar = at.div_floor(self.from.length());
        let inside = at.modulo(self.from.length());
        let beat = inside.div_floor(self.from.beat());
        let share = self.within_beat(ratio(inside.modulo(self.from.beat()), self.from.beat()));
        let (bar, place) = self.place(bar, beat, share);
        self.to.length() * bar + self.to.beat() * place
    }

    /// The bar and the place in it, in beats.
    fn place(self, bar: i64, beat: i64, share: Time) -> (i64, Time) {
        let plain = Time::quarters(beat) + share;
        let own = beats(self.from);
        match self.way {
            Way::Same => (bar, plain),
            Way::Join(n) => (bar.div_euclid(n), Time::quarters(bar.rem_euclid(n) * own) + plain),
            Way::Split(n) => {
                let each = own / n;
                (bar * n + beat / each, Time::quarters(beat % each) + share)
            }
            Way::Broaden(more) => (bar, broadened(beat, share, more)),
            Way::HalvesBroadened(more) => {
                let half = own / 2;
                (bar * 2 + beat / half, broadened(beat % half, share, more))
            }
            Way::Gather(last) => {
                let kept = own - last;
                if beat < kept {
                    (bar, plain)
                } else {
                    (bar, Time::quarters(kept) + (Time::quarters(beat - kept) + share) / last)
                }
            }
        }
    }

    /// The place inside a beat. An even pair becomes long and short where beats divide in three, and the other way round.
    fn within_beat(self, share: Time) -> Time {
        let bend = |share: Time, from: Time, to: Time| {
            if share <= from {
                share * ratio(to, from)
            } else {
                to + (share - from) * ratio(Time::QUARTER - to, Time::QUARTER - from)
            }
        };
        let (half, long) = (Time::new(1, 2), Time::new(2, 3));
        match (self.from.is_compound(), self.to.is_compound()) {
            (false, true) => bend(share, half, long),
            (true, false) => bend(share, long, half),
            _ => share,
        }
    }

    /// What it does, in a sentence; none when it changes nothing.
    pub fn describe(self) -> Option<Text> {
        if self.is_plain() {
            return None;
        }
        let (from, to) = (self.from, self.to);
        let (en, es) = match self.way {
            Way::Same => (String::new(), String::new()),
            Way::Join(n) => (format!("; {n} bars become one"), format!("; {n} compases se hacen uno")),
            Way::Split(n) => (format!("; each bar becomes {n}"), format!("; cada compás se hace {n}")),
            Way::Broaden(n) => (
                format!("; the first beat of every bar lasts {} beats", n + 1),
                format!("; el primer pulso de cada compás dura {} pulsos", n + 1),
            ),
            Way::HalvesBroadened(n) => (
                format!("; every half bar becomes a bar, its first beat held for {}", n + 1),
                format!("; cada medio compás se hace un compás, con su primer pulso de {}", n + 1),
            ),
            Way::Gather(n) => (
                format!("; the last {n} beats of every bar share one"),
                format!("; los últimos {n} pulsos de cada compás comparten uno"),
            ),
        };
        let (bend_en, bend_es) = match (from.is_compound(), to.is_compound()) {
            (false, true) => {
                ("; even pairs of notes become long and short", "; los pares iguales se hacen largo y corto")
            }
            (true, false) => {
                ("; long and short notes become even pairs", "; las notas larga y corta se hacen pares iguales")
            }
            _ => ("", ""),
        };
        Some(Text::new(format!("From {from} to {to}{en}{bend_en}."), format!("De {from} a {to}{es}{bend_es}.")))
    }
}

fn broadened(beat: i64, share: Time, more: i64) -> Time {
    if beat == 0 { share * (more + 1) } else { Time::quarters(beat + more) + share }
}

fn ratio(part: Time, whole: Time) -> Time {
    Time::new(part.numerator() * whole.denominator(), part.denominator() * whole.numerator())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meter(beats: u8, unit: u8) -> Meter {
        Meter { beats, unit }
    }

    #[test]
    fn a_waltz_becomes_a_march_and_a_march_a_waltz() {
        let four = Remeter::new(meter(3, 4), meter(4, 4));
        let to = |q: i64| four.at(Time::quarters(q));
        assert_eq!((to(0), to(1), to(2), to(3)), (Time::ZERO, Time::HALF, Time::quarters(3), Time::WHOLE));
        let three = Remeter::new(meter(4, 4), meter(3, 4));
        let to = |q: i64| three.at(Time::quarters(q));
        assert_eq!((to(1), to(2), to(3), to(4)), (Time::HALF, Time::quarters(3), Time::quarters(5), Time::quarters(6)));
        assert_eq!(three.bars(4), 8);
    }

    #[test]
    fn an_even_pair_swings_in_six_eight() {
        let six = Remeter::new(meter(2, 4), meter(6, 8));
        assert_eq!(six.at(Time::EIGHTH), Time::QUARTER);
        assert_eq!(six.at(Time::QUARTER), Time::new(3, 2));
        let back = Remeter::new(meter(6, 8), meter(2, 4));
        assert_eq!(back.at(Time::QUARTER), Time::EIGHTH);
    }

    proptest! {
        #[test]
        fn order_and_bar_lines_are_kept(
            from in (2_u8..=12, prop::sample::select(vec![2_u8, 4, 8])),
            to in prop::sample::select(vec![(4_u8, 4_u8), (3, 4), (6, 8), (12, 8), (2, 4), (5, 4)]),
            a in -96_i64..960, step in 1_i64..96,
        ) {
            let map = Remeter::new(meter(from.0, from.1), meter(to.0, to.1));
            let (first, second) = (map.at(Time::new(a, 24)), map.at(Time::new(a + step, 24)));
            prop_assert!(first < second);
            let bars = map.bars(4 * 4);
            let line = map.at(meter(from.0, from.1).length() * 16);
            prop_assert_eq!(line, meter(to.0, to.1).length() * bars as i64);
        }
    }
}

//! Which connections are open. Where there are as many as may be, the one that does the least makes room: who only
//! occupies connections loses them, and who asks something is heard.

use crate::config::WebConfig;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// The open connections. Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<Inner>);

struct Inner {
    most: usize,
    most_of_an_address: usize,
    /// Proxies speak for many.
    unlimited: Vec<IpAddr>,
    /// Counts what happens, so that what happened longest ago is known.
    events: AtomicU64,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    open: HashMap<u64, Arc<Connection>>,
    of_address: HashMap<IpAddr, usize>,
}

struct Connection {
    address: IpAddr,
    /// Requests that are being answered on it.
    busy: AtomicU32,
    /// The number of its last event; of its opening, while no request has come.
    last: AtomicU64,
    served: AtomicU32,
    evicted: Notify,
}

/// A place among the open connections, given back when dropped.
pub struct Ticket {
    id: u64,
    connection: Arc<Connection>,
    connections: Connections,
}

impl Connections {
    /// No connection yet, and the limits of `config`.
    pub fn new(config: &WebConfig) -> Self {
        Self(Arc::new(Inner {
            most: config.max_connections.max(1),
            most_of_an_address: config.max_connections_per_address.max(1),
            unlimited: config.trusted_proxies.clone(),
            events: AtomicU64::new(0),
            table: Mutex::default(),
        }))
    }

    /// A place for a connection from `address`. Where there is none, the connection that has been idle longest is
    /// closed for it, one on which nothing was ever asked first; none when all of them are being answered on.
    pub fn admit(&self, address: IpAddr) -> Option<Ticket> {
        let mut table = self.table();
        let limited = !self.0.unlimited.contains(&address);
        let of_address = table.of_address.get(&address).copied().unwrap_or(0);
        if limited && of_address >= self.0.most_of_an_address {
            table.make_room(|connection| connection.address == address)?;
        }
        if table.open.len() >= self.0.most {
            table.make_room(|_| true)?;
        }
        let id = self.0.events.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection {
            address,
            busy: AtomicU32::new(0),
            last: AtomicU64::new(id),
            served: AtomicU32::new(0),
            evicted: Notify::new(),
        });
        table.open.insert(id, connection.clone());
        *table.of_address.entry(address).or_default() += 1;
        Some(Ticket { id, connection, connections: self.clone() })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Closes the idlest of the connections that `may` be closed. None when there is none.
    fn make_room(&mut self, may: impl Fn(&Connection) -> bool) -> Option<()> {
        let idle = self.open.iter().filter(|(_, c)| may(c) && c.busy.load(Ordering::Relaxed) == 0);
        let order = |c: &Connection| (c.served.load(Ordering::Relaxed) > 0, c.last.load(Ordering::Relaxed));
        let id = idle.min_by_key(|(_, c)| order(c)).map(|(id, _)| *id)?;
        self.remove(id)?.evicted.notify_one();
        Some(())
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let connection = self.open.remove(&id)?;
        if let Some(count) = self.of_address.get_mut(&connection.address) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&connection.address);
            }
        }
        Some(connection)
    }
}

impl Ticket {
    /// Returns when the connection must make room for another.
    pub async fn evicted(&self) {
        self.connection.evicted.notified().await;
    }

    /// A request is being answered, until what is returned is dropped.
    pub fn busy(&self) -> Busy {
        self.connection.busy.fetch_add(1, Ordering::Relaxed);
        self.connection.served.store(1, Ordering::Relaxed);
        Busy { connection: self.connection.clone(), connections: self.connections.clone() }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.connections.table().remove(self.id);
    }
}

/// A request that is being answered.
pub struct Busy {
    connection: Arc<Connection>,
    connections: Connections,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.connection.last.store(self.connections.0.events.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        self.connection.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer that is made while it is sent: its connection is busy until it ends.
pub struct Held {
    body: Body,
    _busy: Busy,
}

impl Held {
    /// `body`, and what goes when it has ended.
    pub fn new(body: Body, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Tells whoever cannot be connected why, if the answer fits into what the system sends by itself.
pub fn refuse(stream: &TcpStream) {
    const BODY: &str = "{\"type\":\"urn:eduai:problem:too_many_connections\",\"title\":\"Service Unavailable\",\"status\":503,\
        \"detail\":\"There are too many connections. Try again shortly.\",\"code\":\"too_many_connections\",\"request_id\":\"-\"}";
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 2\r\n\
         content-type: application/problem+json\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    if let Err(error) = stream.try_write(answer.as_bytes()) {
        tracing::debug!(%error, "a refused connection was not told so");
    }
    tracing::warn!("a connection was refused: all are in use");
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));

    fn connections(most: usize, most_of_an_address: usize) -> Connections {
        let config = WebConfig {
            max_connections: most,
            max_connections_per_address: most_of_an_address,
            ..WebConfig::default()
        };
        Connections::new(&config)
    }

    fn is_open(ticket: &Ticket) -> bool {
        ticket.connections.table().open.contains_key(&ticket.id)
    }

    #[test]
    fn who_never_asked_anything_makes_room_first() {
        let connections = connections(10, 3);
        let served = connections.admit(HERE).unwrap();
        drop(served.busy());
        let (first, second) = (connections.admit(HERE).unwrap(), connections.admit(HERE).unwrap());
        let elsewhere = connections.admit(THERE).unwrap();
        let third = connections.admit(HERE).unwrap();
        assert_eq!([&served, &first, &second, &third, &elsewhere].map(is_open), [true, false, true, true, true]);
        assert_eq!(connections.table().of_address[&HERE], 3);
        drop((served, first, second, third, elsewhere));
        assert!(connections.table().open.is_empty() && connections.table().of_address.is_empty());
    }

    #[test]
    fn nobody_who_is_being_answered_is_cut_off() {
        let connections = connections(2, 2);
        let tickets = [connections.admit(HERE).unwrap(), connections.admit(THERE).unwrap()];
        let busy = tickets.each_ref().map(Ticket::busy);
        assert!(connections.admit(HERE).is_none());
        drop(busy);
        assert!(connections.admit(HERE).is_some());
        assert_eq!(tickets.each_ref().map(is_open), [false, true]);
    }

    #[tokio::test]
    async fn an_evicted_connection_hears_of_it_even_before_it_listens() {
        let connections = connections(1, 1);
        let first = connections.admit(HERE).unwrap();
        let _second = connections.admit(THERE).unwrap();
        first.evicted().await;
    }
}

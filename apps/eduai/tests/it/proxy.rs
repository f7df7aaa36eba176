//! A relay before the database that can fall silent or go away, as networks do.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of what is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Mode {
    /// It arrives.
    Open,
    /// It is taken and goes nowhere; connections can be made all the same.
    Silent,
    /// Connections are closed, those there are and each that is made.
    Away,
}

/// The relay.
pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    mode: AtomicU8,
    socket: PathBuf,
    clients: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// A relay to the database that listens on this socket file.
    pub fn before(socket: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { mode: AtomicU8::new(0), socket: socket.to_owned(), clients: Mutex::default() });
        let relay = shared.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|client| relay.accept(client)));
        Self { address, shared }
    }

    pub fn set(&self, mode: Mode) {
        self.shared.mode.store(mode as u8, Ordering::SeqCst);
        if mode == Mode::Away {
            for client in self.shared.clients.lock().unwrap().drain(..) {
                let _ = client.shutdown(Shutdown::Both);
            }
        }
    }
}

impl Shared {
    fn is(&self, mode: Mode) -> bool {
        self.mode.load(Ordering::SeqCst) == mode as u8
    }

    fn accept(self: &Arc<Self>, client: TcpStream) {
        if self.is(Mode::Away) {
            return;
        }
        let Ok(server) = UnixStream::connect(&self.socket) else { return };
        client.set_nodelay(true).unwrap();
        self.clients.lock().unwrap().push(client.try_clone().unwrap());
        let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
        for (from, to) in [
            (Box::new(there.0) as Box<dyn Read + Send>, Box::new(there.1) as Box<dyn Write + Send>),
            (Box::new(server.try_clone().unwrap()), Box::new(client.try_clone().unwrap())),
        ] {
            let (relay, ends) = (self.clone(), (client.try_clone().unwrap(), server.try_clone().unwrap()));
            std::thread::spawn(move || {
                relay.pass(from, to);
                let _ = (ends.0.shutdown(Shutdown::Both), ends.1.shutdown(Shutdown::Both));
            });
        }
    }

    fn pass(&self, mut from: Box<dyn Read + Send>, mut to: Box<dyn Write + Send>) {
        let mut bytes = [0; 16 << 10];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            while self.is(Mode::Silent) {
                std::thread::sleep(Duration::from_millis(5));
            }
            if self.is(Mode::Away) || to.write_all(&bytes[..count]).is_err() {
                return;
            }
        }
    }
}

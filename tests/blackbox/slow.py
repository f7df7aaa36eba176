"""Clients that take their time on purpose. Others are answered meanwhile, and the slow ones lose their connections.

How long others wait is compared with how long the same requests take before anybody is slow, so that a busy machine is not
taken for a fault: at most five times as long, or a second where that is more. Two kinds are asked: what only the program
answers, and what a newcomer gets, for whom something is written to the disk."""

import socket
import threading
import time

from _program import Program, Tally, binary


def main():
    tally = Tally()
    program = Program(binary(), EDUAI_HEADER_TIMEOUT_SECONDS="3", EDUAI_BODY_TIMEOUT_SECONDS="4")
    address = (program.host, program.port)

    def times(path):
        took = []
        for _ in range(20):
            began = time.monotonic()
            status, _, body = program.ask("GET", path)
            took.append(time.monotonic() - began)
            tally.holds(f"{path} is answered", status == 200, (status, body))
        return max(took)

    paths = ["/health", "/api/v1/genres"]
    alone = {path: max(times(path), times(path)) for path in paths}

    def others(what):
        for path in paths:
            most, took = max(1, 5 * alone[path]), times(path)
            print(f"{path} beside {what}: {took:.3f} s at most, {alone[path]:.3f} s alone", flush=True)
            tally.holds(f"others wait no longer beside {what}", took < most, f"{path}: {took:.3f} s")

    half_open = []
    for number in range(600):
        connection = socket.create_connection(address, 5)
        connection.sendall([b"", b"G", b"GET / HTTP/1.1\r\nhost: loc", b"POST /api/v1/auth/login HTTP/1.1\r\n"][number % 4])
        half_open.append(connection)
    others("600 half-open connections")
    time.sleep(4)
    closed = 0
    for connection in half_open:
        connection.settimeout(0.2)
        try:
            closed += connection.recv(1024) == b"" or True
        except TimeoutError:
            pass
        except OSError:
            closed += 1
        connection.close()
    tally.holds("half-open connections are closed in time", closed == len(half_open), f"{closed} of {len(half_open)}")

    stop = threading.Event()
    ended = []

    def drip(first, byte):
        began = time.monotonic()
        with socket.create_connection(address, 10) as connection:
            try:
                connection.sendall(first)
                while not stop.is_set():
                    connection.sendall(byte)
                    time.sleep(0.1)
            except OSError:
                ended.append(time.monotonic() - began)

    head = b"POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    kinds = [(b"GET / HTTP/1.1\r\nx: ", b"a"), (head + b"content-length: 100000\r\n\r\n", b" "),
             (head + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n")]
    threads = [threading.Thread(target=drip, args=kinds[number % 3]) for number in range(90)]
    [thread.start() for thread in threads]
    time.sleep(1)
    others("90 clients that send byte by byte")
    time.sleep(7)
    stop.set()
    [thread.join() for thread in threads]
    tally.holds("who sends byte by byte is cut off", len(ended) == 90 and max(ended) < 7, (len(ended), max(ended, default=0)))

    readers = []
    for _ in range(100):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(address)
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n" * 20)
        readers.append(connection)
    others("100 clients that do not read")
    [connection.close() for connection in readers]

    # Slow readers of what comes out of the database: their number is above that of the program's connections to it.
    _, headers, _ = program.ask("GET", "/api/v1/me")
    cookie = headers["set-cookie"].split(";")[0]
    order = {"user_prompt": "jazz and blues", "seed": 1, "skill_level": "beginner", "educational_context": "classroom"}
    status, _, piece = program.ask("POST", "/api/v1/mashup/generate", order, {"cookie": cookie}, 60)
    tally.holds("a piece is made", status == 201, piece)
    for path in (f"/api/v1/mashup/{piece['id']}", f"/api/v1/sessions/{piece['session_id']}/events"):
        readers = []
        for _ in range(100):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(address)
            connection.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n".encode() * 20)
            readers.append(connection)
        others(f"100 clients that do not read {path[:16]}")
        [connection.close() for connection in readers]
    others("none any more")
    tally.end()


main()

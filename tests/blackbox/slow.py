"""Clients that take their time on purpose. Others are answered meanwhile, and the slow ones lose their connections."""

import socket
import threading
import time

from _program import Program, Tally, binary


def main():
    tally = Tally()
    program = Program(binary(), EDUAI_HEADER_TIMEOUT_SECONDS="3", EDUAI_BODY_TIMEOUT_SECONDS="4")
    address = (program.host, program.port)

    def others(what, most=0.5):
        times = []
        for _ in range(20):
            began = time.monotonic()
            status, _, body = program.ask("GET", "/api/v1/genres")
            times.append(time.monotonic() - began)
            tally.holds(f"others are answered beside {what}", status == 200, (status, body))
        tally.holds(f"others wait no longer beside {what}", max(times) < most, max(times))

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
    others("none any more")
    tally.end()


main()

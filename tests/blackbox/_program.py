"""The program as a process of its own, and as much of an HTTP client as its enemies need. Standard library alone."""

import atexit
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time


class Program:
    """`eduai serve` on a free port. A second one with the same `data` is a replica of the first."""

    def __init__(self, binary, data=None, **variables):
        self.binary, self.own = binary, data is None
        self.data = data or tempfile.mkdtemp(prefix="eduai-blackbox-")
        settings = {"EDUAI_REQUESTS_PER_MINUTE": "0", "EDUAI_GUEST_GENERATIONS_PER_HOUR": "0", **variables}
        self.log = open(os.path.join(self.data, f"blackbox-{time.time_ns()}.log"), "w+")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data-dir", self.data],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, **settings})
        atexit.register(self.stop)
        for line in self.process.stdout:
            found = re.search(r"http://([\d.]+):(\d+)", line)
            if found:
                self.host, self.port = found[1], int(found[2])
                return
        sys.exit(f"{binary} did not start; see {self.log.name}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        if self.own:
            shutil.rmtree(self.data, ignore_errors=True)

    def create_user(self, email, password, role, *more):
        return subprocess.run(
            [self.binary, "admin", "create-user", "--data-dir", self.data, "--email", email, "--password-stdin",
             "--role", role, *more], input=password, text=True, capture_output=True, check=True).stdout

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """Status, headers (small letters) and body: JSON where it is some, otherwise bytes."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {"content-type": "application/json", **headers}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kept = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, kept, json.loads(content) if "json" in kept.get("content-type", "") else content

    def sign_in(self, email, password):
        status, _, tokens = self.ask("POST", "/api/v1/auth/login", {"email": email, "password": password})
        assert status == 200, (status, tokens)
        return tokens

    def me(self, token):
        return self.ask("GET", "/api/v1/me", headers={"authorization": f"Bearer {token}"})


class Tally:
    """Counts what holds. The last line says how much did."""

    def __init__(self):
        self.passed = self.failed = 0

    def holds(self, what, condition, seen=""):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}: {seen}", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


def binary():
    """The program to try: the first argument."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PROGRAM   (for instance target/quick/eduai)")
    return os.path.abspath(sys.argv[1])

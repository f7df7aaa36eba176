"""What every test here stands on: the providers, a program as a gateway before them, and a count of what held."""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import _upstream  # noqa: E402

HERE = Path(__file__).parent
KEY = "sk-eduai-tests"
PROVIDERS = ("oa", "an", "ge", "ol")
MODELS = ("plain", "overflow", "declines", "cut", "status-400", "status-401", "status-403", "status-404", "status-429", "status-500", "status-503", "status-529")
# What a million tokens cost: input, read from what the provider kept, output.
PRICES = {"oa": ("1.25", "0.125", "10"), "an": ("3", "0.3", "15"), "ge": ("0.3", "0.03", "2.5"), "ol": ("0.1", "0.01", "0.2")}


class Tests:
    """Counts what held and what did not, and says at the end how many."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, name, test):
        try:
            test()
            self.passed += 1
        except Exception as fault:  # a test that cannot go on has failed
            self.failed += 1
            where = traceback.extract_tb(fault.__traceback__)[-1]
            print(f"  FAILED {name}: {type(fault).__name__} {str(fault)[:400]} ({Path(where.filename).name}:{where.lineno})", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed else 0)


class World:
    """A gateway before four providers. `eduai` is the program, `first` and `more` what its file says besides, and `variables` its
    environment. It can be stopped and started again with what it has written down."""

    def __init__(self, eduai, roles=("--role", "llm-gateway"), first="", more="", **variables):
        self.upstream = f"http://127.0.0.1:{_upstream.start()}"
        self.folder = tempfile.TemporaryDirectory(prefix="eduai-gw-")
        folder = Path(self.folder.name)
        routes = [f'[[route]]\nmodel = "{provider}-{model}"\ntargets = [{{ provider = "{provider}", model = "{model}" }}]\n'
                  for provider in PROVIDERS for model in MODELS]
        prices = [f'[[price]]\nprovider = "{provider}"\nmodel = "{model}"\ninput = "{i}"\ncached_read = "{c}"\noutput = "{o}"\n'
                  for provider, (i, c, o) in PRICES.items() for model in MODELS]
        text = (HERE / "gateway.toml").read_text().replace("@UPSTREAM@", self.upstream).replace("@ROUTES@", "\n".join(routes + prices))
        self.file = folder / "gateway.toml"
        self.file.write_text(first + text + more.replace("@UPSTREAM@", self.upstream))
        self.eduai, self.data = eduai, folder / "data"
        self.variables = {"EDUAI_REQUESTS_PER_MINUTE": "0", **variables}
        self.errors = open(folder / "errors", "w+")
        self.start(roles)

    def start(self, roles):
        self.process = subprocess.Popen(
            [self.eduai, "serve", *roles, "--config", self.file, "--listen", "127.0.0.1:0", "--data-dir", self.data],
            stdout=subprocess.PIPE, stderr=self.errors, text=True, env={**os.environ, **self.variables})
        self.url = self._ready()

    def _ready(self):
        deadline = time.time() + 60
        while time.time() < deadline:
            line = self.process.stdout.readline()
            found = re.search(r"http://[0-9.:]+", line)
            if found:
                return found.group().rstrip("/")
            if self.process.poll() is not None:
                break
        self.errors.seek(0)
        raise SystemExit(f"the program did not start: {self.errors.read()[-2000:]}")

    def log(self):
        """What the providers say that they have answered."""
        return list(_upstream.Handler.log)

    def get(self, path, **headers):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=20) as answer:
            return answer.read().decode()

    def post(self, path, body, **headers):
        headers = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=180) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def close(self):
        self.stop()
        self.errors.close()
        self.folder.cleanup()

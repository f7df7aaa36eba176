"""The real local server of `local/`: a model that is made here, in llama.cpp. `cargo xtask test gateway` installs it."""
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import _tiny_gguf

FOLDER = Path(__file__).parent / "local"


def skip(why):
    print(f"skipped: {why}\n0 passed, 0 failed")
    sys.exit(0)


def installed():
    return (FOLDER / "node_modules" / "node-llama-cpp").is_dir()


class Local:
    def __init__(self):
        if not installed():
            skip("the local server is not installed")
        self.folder = tempfile.TemporaryDirectory(prefix="eduai-model-")
        file = Path(self.folder.name) / "tiny.gguf"
        _tiny_gguf.make(file)
        self.errors = open(Path(self.folder.name) / "errors", "w+")
        self.process = subprocess.Popen(["node", FOLDER / "server.mjs", file], stdout=subprocess.PIPE, stderr=self.errors, text=True)
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.url = f"http://127.0.0.1:{line.split()[1]}"
                return
        status = self.process.wait()
        self.errors.seek(0)
        if status == 3:
            skip("there is no llama.cpp for this machine")
        raise SystemExit(f"the local server ended with {status}: {self.errors.read()[-2000:]}")

    def settings(self):
        """What the gateway's file says of it."""
        return (f'[[provider]]\nname = "house"\ndialect = "openai"\nbase_url = "{self.url}/v1"\nlocal = true\n'
                '[[route]]\nmodel = "tiny"\ntasks = ["*"]\ntargets = [{ provider = "house", model = "tiny-random" }]\n'
                '[[price]]\nprovider = "house"\nmodel = "tiny-random"\ninput = "0.02"\noutput = "0.08"\n')

    def log(self):
        """What it has answered, in its own count."""
        with urllib.request.urlopen(f"{self.url}/log", timeout=60) as answer:
            return json.load(answer)

    def close(self):
        self.process.terminate()
        self.process.wait(30)
        self.errors.close()
        self.folder.cleanup()

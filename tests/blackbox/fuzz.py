"""Every operation of /openapi.json, with requests that fit its schema and requests that do not (schemathesis): no 5xx, no
answer that the document does not know, nothing accepted that it forbids, nothing called malformed that it allows, 405 with
Allow for every other method. The document itself is OpenAPI 3.1.

What is well formed may still mean nothing here: 422 for it, 412 where something was changed meanwhile."""

import os
import re
import subprocess
import sys
import tempfile

from openapi_spec_validator import OpenAPIV31SpecValidator

from _program import Program, Tally, binary

PASSWORD = "a long walk by the river 7"
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection", "positive_data_acceptance", "missing_required_header",
          "unsupported_method", "allow_header_conformance", "use_after_free", "ensure_resource_availability"]
CONFIGURATION = """
[auth]
auto-signup = false
[checks]
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "414", "415", "422", "428", "429", "431"]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
"""
# What ends the session that the others need. Whether these hold is asked in tokens.py.
ENDING = ["/api/v1/auth/logout", "/api/v1/me/sessions", "/api/v1/me/sessions/{id}", "/api/v1/me/password"]


def callers(program):
    """Who asks, and with which headers."""
    yield "nobody", [], []
    yield "a forger", ["-H", "Authorization: Bearer none"], []
    leave_out = [word for path in ENDING for word in ("--exclude-path", path)]
    for role in ("student", "teacher", "school_admin"):
        program.create_user(f"{role}@school.example", PASSWORD, role)
        token = program.sign_in(f"{role}@school.example", PASSWORD)["access_token"]
        yield f"a {role}", ["-H", f"Authorization: Bearer {token}"], leave_out


def main():
    tally, program = Tally(), Program(binary(), EDUAI_HTTPS="false")
    _, _, document = program.ask("GET", "/openapi.json")
    faults = [fault.message for fault in OpenAPIV31SpecValidator(document).iter_errors()]
    tally.holds("the document is OpenAPI 3.1", document["openapi"].startswith("3.1.") and not faults, faults[:5])
    tool = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as configuration:
        configuration.write(CONFIGURATION)
        configuration.flush()
        for name, headers, leave_out in callers(program):
            run = subprocess.run(
                [tool, "--config-file", configuration.name, "run", f"http://{program.host}:{program.port}/openapi.json",
                 "--checks", ",".join(CHECKS), "--max-examples", os.environ.get("EXAMPLES", "15"),
                 "--phases", "examples,coverage,fuzzing", "--seed", os.environ.get("SEED", "4"), "--continue-on-failure",
                 "--request-timeout", "30", "--suppress-health-check", "all", *leave_out, *headers],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            cases = re.search(r"(\d+) generated", run.stdout)
            print(f"as {name}: {cases[0] if cases else 'no'} requests", flush=True)
            tally.holds(f"as {name}", run.returncode == 0, run.stdout)
    lines = open(program.log.name).read().splitlines()
    tally.holds("no fault of ours", not any('"status":500' in line for line in lines),
                [line for line in lines if '"status":500' in line][:10])
    tally.end()


main()

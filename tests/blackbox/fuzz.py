"""Every operation of /openapi.json, with requests that fit its schema and requests that do not (schemathesis): no 5xx, no
answer that the document does not know, nothing accepted that it forbids."""

import os
import subprocess
import sys

from _program import Program, binary

PASSWORD = "a long walk by the river 7"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def main():
    program = Program(binary(), EDUAI_HTTPS="false")
    failed = 0
    program.create_user("admin@school.example", PASSWORD, "school_admin")
    token = program.sign_in("admin@school.example", PASSWORD)["access_token"]
    callers = {"an administrator": ["-H", f"Authorization: Bearer {token}"], "nobody": ["-H", "Authorization: Bearer none"]}
    # What ends the session that the others need.
    ending = ["/api/v1/auth/logout", "/api/v1/me/sessions", "/api/v1/me/sessions/{id}", "/api/v1/me/password"]
    leave_out = [word for path in ending for word in ("--exclude-path", path)]
    tool = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    for name, headers in callers.items():
        print(f"as {name}", flush=True)
        run = subprocess.run(
            [tool, "run", f"http://{program.host}:{program.port}/openapi.json", "--checks", CHECKS, "--max-examples",
             os.environ.get("EXAMPLES", "15"), "--phases", "examples,coverage,fuzzing", "--seed", "4", "--continue-on-failure",
             "--request-timeout", "30", "--suppress-health-check", "all", *leave_out, *headers])
        failed += run.returncode != 0
    faults = [line for line in open(program.log.name) if '"status":500' in line]
    print(*faults[:10], sep="")
    failed += bool(faults)
    print(f"{3 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()

"""A browser of a kind: posts a form at a given moment. Standard library only."""

import http.client
import json
import sys
import time
from typing import Any
from urllib.parse import urlencode

TOKEN = "t" * 32  # the same in cookie and form, as Django's own check asks
PATIENCE = 60


def post(job: dict[str, Any]) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=PATIENCE)
    connection.connect()
    body = urlencode({**job["form"], "csrfmiddlewaretoken": TOKEN}, doseq=True)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={job['session']}; csrftoken={TOKEN}",
    }
    time.sleep(max(0, job["moment"] - time.monotonic()))
    connection.request("POST", job["path"], body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return {
        "status": answer.status,
        "location": answer.getheader("Location", ""),
        "text": text,
        "seconds": time.monotonic() - job["moment"],
    }


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(post(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

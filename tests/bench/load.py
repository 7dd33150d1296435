"""A client that does nothing but send and wait: raw sockets, standard library only.

Sends its requests one after the other from a given moment on, for so many seconds,
and answers with how long each took. With `then`, each request is followed by the one
of its place in that list, sent where the first leads; the time is that of both.
"""

import json
import socket
import sys
import time
from collections import Counter
from typing import Any

PATIENCE = 60


def send(port: int, request: bytes) -> bytes:
    """Send one request on a connection of its own; how the answer begins."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.sendall(request)
        answer = line.recv(65536)
        while line.recv(65536):
            pass
    return answer


def status(answer: bytes) -> int:
    return int(answer[9:12])


def leads_to(answer: bytes) -> bytes:
    """Where a redirect sends the browser."""
    return answer.partition(b"\r\nLocation: ")[2].partition(b"\r\n")[0]


def run(job: dict[str, Any]) -> dict[str, Any]:
    requests = [request.encode() for request in job["requests"]]
    then = [request.encode() for request in job.get("then", [])]
    statuses: Counter[int] = Counter()
    took = []
    time.sleep(max(0, job["moment"] - time.monotonic()))
    until = job["moment"] + job["seconds"]
    at = 0
    # Once at least: on a busy machine a short turn is over before it is begun.
    while at < job.get("most", 10**9) and (
        (began := time.monotonic()) < until or not at
    ):
        answer = send(job["port"], requests[at % len(requests)])
        if then:
            statuses[status(answer)] += 1
            second = then[at % len(then)].replace(b"{location}", leads_to(answer))
            answer = send(job["port"], second)
        statuses[status(answer)] += 1
        took.append(time.monotonic() - began)
        at += 1
    return {"statuses": dict(statuses), "took": took}


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

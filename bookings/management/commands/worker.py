"""manage.py worker: sends what is owed, until it is told to end."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils import timezone

from bookings import post

PAUSE = 5.0  # seconds between two looks
NAP = 0.25  # seconds after which an end that was asked for is noticed
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends the messages that are owed; ends at SIGTERM or Ctrl-C."
    stopping = False

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="send what is due now, and end"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        before = {
            number: signal.signal(number, self.stop)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not self.stopping:
                self.work()
                if once:
                    break
                self.rest()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the message at hand, then end."""
        self.stopping = True

    def work(self) -> None:
        """Send all that is due, one message at a time."""
        close_old_connections()
        try:
            while not self.stopping and post.send_due(timezone.now(), most=1):
                pass
        except Exception as problem:  # whatever it is, the next turn tries again
            log.warning("Sending was interrupted: %s", type(problem).__name__)
            if not connection.in_atomic_block:
                connection.close()

    def rest(self) -> None:
        for _ in range(round(PAUSE / NAP)):
            if self.stopping:
                return
            time.sleep(NAP)

"""A kept connection is looked at before a request, instead of asked a question."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server is still there, as far as its end of the line says.

        Between requests a server is silent, unless it hangs up. To look for that takes
        no answer of the server, which for the smallest page is a twentieth of its time.
        A server that vanished without a word is not seen here: the request that meets
        it fails, and the one after it asks. So are all asked that follow an error.
        """
        if self.errors_occurred:
            return super().is_usable()
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0)

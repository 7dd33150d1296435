"""Requests are UTF-8, whatever they call themselves.

Django takes the charset of the Content-Type for the query and the form before any
middleware is asked, and fails on names that are codecs and no encodings (base64, hex).
Standard library only.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CHARSET = re.compile(r";\s*charset\*?\d*\*?\s*=[^;]*", re.IGNORECASE)


def utf8_only(application: Application) -> Application:
    """The same application, to which no request names a charset."""

    def inner(
        environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if "charset" in environ.get("CONTENT_TYPE", "").lower():
            environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
        return application(environ, start_response)

    return inner

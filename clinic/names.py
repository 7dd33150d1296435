"""Names as they are looked for: without marks, case and the ways to write an apostrophe.

Standard library only. Databases differ about all of these.
"""

import unicodedata

APOSTROPHES = "`\u2018\u2019\u02bc"  # single quotation marks, and the letter
SAME = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | {",": " ", ";": " "})


def folded(text: str) -> str:
    """`Núñez-Peña` as `nunez-pena`; words parted by one space."""
    parts = unicodedata.normalize("NFKD", text.translate(SAME))
    plain = "".join(ch for ch in parts if not unicodedata.combining(ch))
    return " ".join(plain.casefold().split())

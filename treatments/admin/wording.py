"""Two texts, word by word: what stays, what goes, what comes."""

import re
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """The pieces of both texts in order, each with whether it stays."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    pieces = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, until, start, end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append((SAME, "".join(old[first:until])))
            continue
        pieces += [(GONE, "".join(old[first:until])), (NEW, "".join(new[start:end]))]
    return [(kind, text) for kind, text in pieces if text]

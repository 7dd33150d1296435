"""The font of the headings, cut down to the letters that most pages hold.

The whole font is 70 kB; its Western European letters are 14 kB. They are taken from
the package's file when static files are gathered or first asked for, so that nothing
of the font is kept in the repository. `static/css/tokens.css` says which letters
travel so; it names the same ranges.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from threading import get_native_id
from typing import Any

import fontpkg
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from fontTools import __version__, subset

WESTERN = "U+0000-00FF,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+20AC,U+2122,U+2212"
FOLDER = "fonts"
NAME = "instrument-serif-western.woff2"
COPYRIGHT_AND_LICENCE = [*range(7), 13, 14]  # as the font's name table numbers


class SubsetFinder(BaseFinder):
    """Finds `fonts/instrument-serif-western.woff2`, which it makes where it is missing."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != f"{FOLDER}/{NAME}":
            return [] if find_all else None
        return [str(western())] if find_all else str(western())

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=western().parent)
        storage.prefix = FOLDER  # type: ignore[attr-defined]  # as collectstatic reads it
        yield NAME, storage


def whole() -> Path:
    """The package's file."""
    return Path(fontpkg.path("Instrument Serif"))


@cache
def western() -> Path:
    """The file of the Western European letters, in a folder named after what it is of."""
    recipe = f"{__version__} {WESTERN} {COPYRIGHT_AND_LICENCE}".encode()
    digest = hashlib.sha256(whole().read_bytes() + recipe).hexdigest()[:12]
    path = settings.VAR_DIR / "fonts" / digest / NAME
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_suffix(f".{get_native_id()}")  # another may be at it too
        cut(whole(), mine)
        mine.replace(path)
    return path


def cut(source: Path, target: Path) -> None:
    """Write what WESTERN names of `source`, compressed as browsers want it."""
    options = subset.Options(
        flavor="woff2",
        # Instructions for coarse screens are a third of it, and headings are large.
        hinting=False,
        name_IDs=COPYRIGHT_AND_LICENCE,
    )
    with subset.load_font(str(source), options) as font:
        letters = subset.Subsetter(options)
        letters.populate(unicodes=subset.parse_unicodes(WESTERN))
        letters.subset(font)
        subset.save_font(font, str(target), options)

"""A public page weighs 60 kB at most, as it goes over the wire, without pictures."""

import gzip
import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from whitenoise.compress import Compressor

from tests import worlds
from treatments.models import Concern, Treatment

pytestmark = pytest.mark.django_db
MOST = 60_000
LINKED = re.compile(r'(?:href|src)="/static/([^"]+)"')
PARTS = re.compile(r'hx-get="([^"]+)" hx-trigger="load"')
IN_STYLES = re.compile(r"url\([\"']?([^\"')]+)")
PICTURES = (".svg", ".png", ".ico")
FIXED = ["/", "/treatments/", "/compare/", "/dry-or-micro/"]


@pytest.fixture(autouse=True)
def shipped(db):
    worlds.load_shipped()


def squeezed(data):
    return len(gzip.compress(data, 6))


def file_of(name):
    path = finders.find(name)
    assert path, f"{name} is linked and not there"
    return Path(path)


def weight_of(name):
    """What the web server sends: compressed, unless it is already."""
    path = file_of(name)
    data = path.read_bytes()
    return squeezed(data) if Compressor().should_compress(path.name) else len(data)


def fonts_in(styles):
    """The fonts that a text in a Western European language loads."""
    faces = re.findall(r"@font-face {(.*?)}", styles, re.DOTALL)
    for face in faces:
        if "unicode-range" not in face or "U+0000" in face:
            yield from IN_STYLES.findall(face)


def weigh(client, path):
    """Bytes of the page, and of everything that it loads and its styles load."""
    sent, text = fetch(client, path)
    for part in PARTS.findall(text):
        size, more = fetch(client, unescape(part))
        sent, text = sent + size, text + more
    names = {name for name in LINKED.findall(text) if not name.endswith(PICTURES)}
    for name in [name for name in names if name.endswith(".css")]:
        styles = file_of(name).read_text()
        names |= {font.removeprefix("../") for font in fonts_in(styles)}
    found = {name: weight_of(name) for name in names}
    return found | {path: sent}


def fetch(client, path):
    """The bytes that are sent, and the text that they are."""
    page = client.get(path, headers={"accept-encoding": "gzip", "hx-request": "true"})
    assert page.status_code == 200, path
    assert page["Content-Encoding"] == "gzip", path
    return len(page.content), gzip.decompress(page.content).decode()


def test_no_public_page_is_too_heavy(client):
    treatments = Treatment.objects.values_list("code", flat=True)
    concerns = Concern.objects.values_list("code", flat=True)
    four = "&t=".join(treatments[:4])
    paths = [
        *FIXED,
        f"/compare/?t={four}",
        *(f"/treatments/{code}/" for code in treatments),
        *(f"/concerns/{code}/" for code in concerns),
    ]

    heavy = {
        path: parts
        for path in paths
        if sum((parts := weigh(client, path)).values()) > MOST
    }

    assert heavy == {}


def test_fonts_and_scripts_are_weighed(client):
    parts = weigh(client, "/treatments/dry_needling/")

    assert any(name.endswith(".woff2") for name in parts)
    assert any("htmx" in name for name in parts)
    assert sum(name.endswith(".css") for name in parts) >= 4


def test_nothing_comes_from_another_host(client):
    for path in [*FIXED, "/treatments/dry_needling/"]:
        text = client.get(path).content.decode()

        assert not re.search(r'(?:src|href|hx-get)="(?:https?:)?//', text), path

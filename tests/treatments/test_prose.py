"""Plain text becomes paragraphs and lists, and never markup."""

import pytest

from treatments.templatetags.prose import prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("One line.", "<p>One line.</p>"),
        ("One\r\n\r\ntwo", "<p>One</p><p>two</p>"),
        ("One\nline", "<p>One line</p>"),
        ("See:\n- a\n- b\nDone", "<p>See:</p><ul><li>a</li><li>b</li></ul><p>Done</p>"),
        ("- <b>", "<ul><li>&lt;b&gt;</li></ul>"),
        ("<script>x", "<p>&lt;script&gt;x</p>"),
        ("1 - 2", "<p>1 - 2</p>"),
    ],
)
def test_blank_lines_and_dashes(text, html):
    assert prose(text) == html

"""Aftercare on one page of Letter paper, as PDF."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fontpkg
from django.http import HttpResponse
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, KeepInFrame, Paragraph, Spacer, Table

from treatments.sheet import Chapter, Sheet

SERIF, SANS = "Clinic-Serif", "Clinic-Sans"
INK, QUIET, BRAND, BAD = map(HexColor, ("#18241e", "#56625b", "#1d5a45", "#9c2218"))
MARGIN = 0.6 * inch
SAMPLE = (
    "Sample content. To be reviewed by this clinic's own clinician before use. "
    "Not medical or legal advice."
)


def _fonts() -> None:
    """Bring the letters in, once a process."""
    if SANS not in pdfmetrics.getRegisteredFontNames():
        for name, family in ((SERIF, "Instrument Serif"), (SANS, "Noto Sans")):
            path = Path(fontpkg.path(family))
            pdfmetrics.registerFont(TTFont(name, str(path)))


def _style(size: float, *, font: str = SANS, color: Any = INK, **more: Any) -> Any:
    style = {"fontName": font, "fontSize": size, "leading": size * 1.32, **more}
    return ParagraphStyle(f"{font}{size}", textColor=color, **style)


def aftercare(sheet: Sheet, clinic: str, phone: str, when: str = "") -> bytes:
    """Draw the sheet; `when` says when the session was, in words, if it is known."""
    _fonts()
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=letter, lang="en-US", initialFontName=SANS)
    canvas.setTitle(f"Aftercare: {sheet.treatment.name}" if not when else "Aftercare")
    canvas.setAuthor(clinic)
    canvas.setSubject("What to do, what to avoid and when to call for help")
    width, height = letter
    # What is too long for the page is drawn smaller, never left out.
    flow = [*_top(sheet, clinic, phone, when), *_chapters(sheet, width - 2 * MARGIN)]
    room = (width - 2 * MARGIN, height - 2 * MARGIN - 0.35 * inch)
    Frame(
        *(MARGIN, MARGIN + 0.35 * inch, *room),
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    ).addFromList([KeepInFrame(*room, content=flow, mode="shrink")], canvas)
    _bottom(canvas, sheet, width)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _top(sheet: Sheet, clinic: str, phone: str, when: str) -> Iterator[Any]:
    yield Paragraph(escaped(clinic), _style(12, font=SERIF, color=BRAND))
    title = f"Aftercare: {sheet.treatment.name}"
    yield Paragraph(escaped(title), _style(24, font=SERIF, spaceAfter=4))
    if when:
        yield Paragraph(escaped(when), _style(9.5, color=QUIET, spaceAfter=4))
    call = "When to call for help"
    yield Paragraph(call, _style(14, font=SERIF, color=BAD, spaceBefore=6))
    line = f"In an emergency call your local emergency number. The clinic: {phone}."
    yield Paragraph(escaped(line), _style(9.5, spaceAfter=3))
    for text in sheet.urgent:
        yield _point(text)
    for sign, action in sheet.flags:
        yield _point(f"{sign}: {action}.")
    yield Spacer(1, 6)


def _chapters(sheet: Sheet, width: float) -> Iterator[Any]:
    chapters = [*sheet.chapters, *([sheet.always] if sheet.always else [])]
    cells = [_chapter(chapter) for chapter in chapters]
    rows = [[cells[at], *cells[at + 1 : at + 2]] for at in range(0, len(cells), 2)]
    for row in rows:
        row += [[]] * (2 - len(row))
    if rows:
        yield Table(
            rows,
            colWidths=[width / 2, width / 2],
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (1, 0), (1, -1), 0),
                ("LINEABOVE", (0, 0), (-1, -1), 0.5, QUIET),
            ],
        )


def _chapter(chapter: Chapter) -> list[Any]:
    cell: list[Any] = [
        Paragraph(escaped(chapter.label), _style(13, font=SERIF, color=BRAND))
    ]
    for _, words, texts in chapter.lists:
        cell.append(Paragraph(escaped(words), _style(8.5, color=QUIET, spaceBefore=2)))
        cell += [_point(text) for text in texts]
    return cell


def _point(text: str) -> Any:
    style = _style(9.5, leftIndent=9, bulletIndent=0, spaceAfter=1.5)
    return Paragraph(escaped(text), style, bulletText="\N{BULLET}")


def _bottom(canvas: Any, sheet: Sheet, width: float) -> None:
    if sheet.is_approved:
        return
    canvas.setFillColor(QUIET)
    canvas.setFont(SANS, 7.5)
    lines = simpleSplit(SAMPLE, SANS, 7.5, width - 2 * MARGIN)
    for number, line in enumerate(reversed(lines)):
        canvas.drawString(MARGIN, MARGIN + number * 10, line)


def escaped(text: str) -> str:
    """Text as text: reportlab reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def answer(drawn: bytes, name: str) -> HttpResponse:
    """Shown in the browser; the file's name says nothing of anybody."""
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response

"""Aftercare as anybody reads it, on the page and on paper."""

import io
import re

import pytest
from pypdf import PdfReader

from clinic.models import ReviewState
from tests import worlds
from treatments.models import AftercareStep, RedFlag, Treatment

# What these say beside "as for micro-needling" is what stands on the page.
ADDING = ("AC-45", "AC-51")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped():
    worlds.load_shipped()


def page(client, code):
    return client.get(f"/treatments/{code}/aftercare/").content.decode()


def words_of(response):
    reader = PdfReader(io.BytesIO(response.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return len(reader.pages), " ".join(text.split())


def treated():
    return Treatment.objects.exclude(family="consultation").values_list(
        "code", flat=True
    )


def test_every_step_and_sign_of_a_treatment_stands_on_its_page(client):
    for code in treated():
        text = page(client, code)
        own = AftercareStep.objects.filter(treatment=code)
        for step in own.exclude(code__in=ADDING):
            assert step.text in text, step.code
        flags = RedFlag.objects.filter(treatment__in=[code, "*"], for_staff=False)
        for flag in flags.exclude(only_needles="peel" in code):
            assert flag.sign in text, flag.code


def test_a_broken_needle_is_spoken_of_only_where_there_are_needles(client):
    sign = "Needle breaks or is left in"
    for code in treated():
        assert (sign in page(client, code)) is ("peel" not in code), code
        sheet = client.get(f"/treatments/{code}/aftercare.pdf")
        assert (sign in words_of(sheet)[1]) is ("peel" not in code), code


def test_what_adds_to_micro_needling_says_only_what_it_adds(client):
    assert "No facial massage, cryotherapy or heat." in page(client, "rf_microneedling")
    assert "Worsening pain or swelling at the arm" in page(client, "prp_microneedling")
    for code in treated():
        assert not re.search("As for micro|Same warnings", page(client, code)), code


def test_a_reference_to_what_does_not_stand_there_is_left_as_it_is(client):
    text = "As for micro-needling, and no heat."
    AftercareStep.objects.filter(code="AC-57").update(text=text)

    assert text in page(client, "peel_superficial")


def test_radiofrequency_and_prp_hold_to_micro_needling_too(client):
    late = AftercareStep.objects.get(code="AC-25")
    for code in ("rf_microneedling", "prp_microneedling"):
        assert late.text in page(client, code)
    assert late.text not in page(client, "dry_needling")


def test_help_comes_first_and_what_staff_see_to_is_left_out(client):
    text = page(client, "dry_needling")

    assert text.index("When to call for help") < text.index("The first 4 hours")
    assert "Needle-stick to staff" not in text
    assert "Sample content." in text


def test_what_is_withdrawn_is_not_shown(client):
    step = AftercareStep.objects.get(code="AC-03")
    AftercareStep.objects.filter(pk=step.pk).update(review_state=ReviewState.WITHDRAWN)

    assert step.text not in page(client, "dry_needling")


@pytest.mark.parametrize("address", ["aftercare/", "aftercare.pdf"])
def test_where_nothing_is_done_there_is_none(client, address):
    for code in ("consultation_msk", "no_such_treatment"):
        assert client.get(f"/treatments/{code}/{address}").status_code == 404
    Treatment.objects.filter(code="dry_needling").update(edition=None)
    assert client.get(f"/treatments/dry_needling/{address}").status_code == 404


def test_the_sheet_is_one_page_and_says_it_all(client):
    for code in treated():
        response = client.get(f"/treatments/{code}/aftercare.pdf")
        pages, text = words_of(response)

        assert pages == 1, code
        assert response["Content-Type"] == "application/pdf"
        assert "When to call for help" in text
        assert "Sample content." in text
        for step in AftercareStep.objects.filter(treatment=code):
            assert step.text.split()[-1] in text, step.code


def test_the_file_says_what_it_is_and_from_whom(client, settings):
    settings.CLINIC_NAME = "Willow & Stone"

    response = client.get("/treatments/microneedling/aftercare.pdf")

    name = response["Content-Disposition"]
    assert name == 'inline; filename="aftercare-microneedling.pdf"'
    told = PdfReader(io.BytesIO(response.content)).metadata
    assert told.title == "Aftercare: Micro-needling (collagen induction)"
    assert told.author == "Willow & Stone"
    assert told.subject == "What to do, what to avoid and when to call for help"


def test_letters_of_other_languages_and_markup_stay_as_they_are(client):
    odd = "Zażółć gęślą jaźń, Καλημέρα, Привет <b>bold</b> & <para>"
    AftercareStep.objects.filter(code="AC-03").update(text=odd)

    assert odd in words_of(client.get("/treatments/dry_needling/aftercare.pdf"))[1]


def test_more_rows_cost_no_more_queries(client, django_assert_num_queries):
    page(client, "dry_needling")
    with django_assert_num_queries(4):
        page(client, "dry_needling")
    for number in range(3):
        AftercareStep.objects.create(
            code=f"ZZ-{number}",
            treatment="dry_needling",
            phase="24h",
            kind="do",
            text="x",
        )
    with django_assert_num_queries(4):
        page(client, "dry_needling")

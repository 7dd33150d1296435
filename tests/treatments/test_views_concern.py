"""A concern's page: what may help, how sure that is, and somebody to ask."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    PractitionerFactory,
    PrivilegeFactory,
    TreatmentVariantFactory,
)
from tests.treatments.catalogue import concern, publish
from treatments.models import Concern, Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db
PAGE = "/concerns/scars/"


@pytest.fixture
def scars():
    publish("rolling")
    publish("peeling")
    publish("talking", family="consultation")
    return concern("scars", "peeling:uncertain,rolling:promising,gone:limited")


def text_of(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_surest_stands_first_beside_what_may_be_said(client, scars):
    text = text_of(client)

    said = text.index("What may be said of scars.")
    assert said < text.index(">Rolling</a>") < text.index(">Peeling</a>")
    assert text.index(">Promising</span>") < text.index(">Uncertain</span>")
    assert "Limited" not in text  # of what is not offered
    assert "/compare/?t=rolling&amp;t=peeling" in text


def test_each_strength_stands_beside_what_it_means(client, scars):
    text = text_of(client)

    _, promising, uncertain = text.split('<p class="how-sure">')
    assert "Many studies agree" in promising
    assert "Nothing but general knowledge" in uncertain


def test_the_price_is_the_one_of_the_list(client, scars):
    text = text_of(client)

    assert "45 min, $120" in text
    TreatmentVariantFactory(
        treatment=Treatment.objects.get(code="rolling"), price_usd="130"
    )
    assert "min, from $120" in text_of(client)


def test_a_row_that_is_a_sample_is_said(client, scars):
    Treatment.objects.update(review_state="approved")

    assert "Sample content." in text_of(client)
    Concern.objects.update(review_state="approved")
    assert "Sample content." not in text_of(client)


def test_a_consultation_is_always_offered(client, scars):
    Concern.objects.update(treatments="")

    text = text_of(client)

    assert ">Talking</a>" in text
    assert "Nothing in our catalogue is known to help" in text


def test_the_consultation_is_with_those_who_do_what_may_help(client, scars):
    publish("assessing", family="consultation")
    of = {each.treatment.code: each for each in TreatmentVariant.objects.all()}
    skin, muscle = PractitionerFactory(), PractitionerFactory()
    for who, code in [(skin, "rolling"), (skin, "talking"), (muscle, "assessing")]:
        PrivilegeFactory(practitioner=who, variant=of[code])

    text = text_of(client)

    assert ">Talking</a>" in text
    assert ">Assessing</a>" not in text


def test_a_row_that_cannot_be_read_promises_nothing(client, scars):
    Concern.objects.update(treatments="rolling:certain")

    assert "Nothing in our catalogue is known to help" in text_of(client)
    assert client.get("/treatments/rolling/").status_code == 200
    assert client.get("/treatments/?concern=scars&q=scars").status_code == 200


def test_others_of_its_family_are_named(client, scars):
    concern("pores", "rolling:limited")
    concern("aches", "rolling:limited", family="musculoskeletal")

    text = text_of(client)

    assert 'href="/concerns/pores/"' in text
    assert 'href="/concerns/aches/"' not in text


@pytest.mark.parametrize("slug", ["none", "a" * 10_000])
def test_an_unknown_concern_is_not_found(client, scars, slug):
    assert client.get(f"/concerns/{slug}/").status_code == 404


def test_a_withdrawn_concern_is_gone(client, scars):
    Concern.objects.update(review_state="withdrawn")

    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/").content.decode()


def test_it_takes_the_same_statements_however_much_helps(client, scars):
    with CaptureQueriesContext(connection) as before:
        text_of(client)
    codes = [f"more_{number}" for number in range(3)]
    for code in codes:
        publish(code)
    Concern.objects.update(treatments=",".join(f"{code}:limited" for code in codes))
    with CaptureQueriesContext(connection) as after:
        text_of(client)

    assert len(before) == len(after) <= 4

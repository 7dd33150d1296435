"""Dry or micro? Four answers point to what to read, and nothing keeps them."""

import pytest

from bookings.models import Notice
from clinic.models import AuditEvent
from tests.treatments.catalogue import publish
from treatments.apart import QUESTIONS, Way, advice

PAGE = "/dry-or-micro/"
MUSCLE = {"where": "muscle", "what": "feel", "warning": "no", "needles": "fine"}
SKIN = MUSCLE | {"where": "surface", "what": "look"}


@pytest.mark.parametrize(
    ("where", "what", "way"),
    [
        ("muscle", "feel", Way.MUSCLE),
        ("muscle", "neither", Way.MUSCLE),
        ("neither", "look", Way.SKIN),
        ("surface", "look", Way.SKIN),
        ("surface", "feel", Way.BOTH),
        ("neither", "neither", Way.UNCLEAR),
        ("", "made up", Way.UNCLEAR),
    ],
)
def test_answers_point_somewhere(where, what, way):
    assert advice({"where": where, "what": what}).way == way


def test_every_question_can_be_answered_with_neither():
    assert len(QUESTIONS) == 4
    for question in QUESTIONS:
        assert any(answer.way is None for answer in question.answers)


@pytest.fixture
def pair(db):
    publish("dry_needling", family="musculoskeletal", purpose="For muscles.")
    publish("microneedling", purpose="For skin.")
    publish("talking", family="consultation")


def asked(client, answers, status=200):
    response = client.post(PAGE, answers)
    assert response.status_code == status
    return response


def test_the_two_are_told_apart_in_the_words_of_the_catalogue(client, pair):
    text = client.get(PAGE).content.decode()

    assert "For muscles." in text
    assert "For skin." in text
    assert "/compare/?t=dry_needling&amp;t=microneedling" in text
    assert ">Talking</a>" in text


@pytest.mark.parametrize(
    ("answers", "read", "said"),
    [
        (MUSCLE, {"dry needling"}, "It sounds like dry needling"),
        (SKIN, {"microneedling"}, "It sounds like microneedling"),
        (MUSCLE | {"what": "look"}, {"dry needling", "microneedling"}, "either"),
        (MUSCLE | {"where": "neither", "what": "neither"}, set(), "talk about it"),
        (MUSCLE | {"warning": "yes"}, {"dry needling"}, "looked at first"),
        (SKIN | {"needles": "afraid"}, {"microneedling"}, "needles trouble you"),
    ],
)
def test_advice_names_what_to_read_and_always_a_consultation(
    client, pair, answers, read, said
):
    text = asked(client, answers).content.decode()

    named = {n for n in ("dry needling", "microneedling") if f"about {n}</a>" in text}
    assert named == read
    assert said in text
    assert "?family=consultation" in text
    assert "not a diagnosis" in text


@pytest.mark.parametrize(
    "answers", [{}, MUSCLE | {"where": "moon"}, MUSCLE | {"needles": ""}]
)
def test_what_is_missing_is_said(client, pair, answers):
    text = asked(client, answers, 422).content.decode()

    assert 'class="invalid-feedback"' in text
    assert 'id="advice"' not in text


def test_nothing_is_kept(client, pair):
    response = asked(client, MUSCLE)

    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert not AuditEvent.objects.exists()
    assert not Notice.objects.exists()
    assert 'id="advice"' not in client.get(PAGE).content.decode()


def test_it_stands_without_a_catalogue(client, db):
    assert client.get(PAGE).status_code == 200
    asked(client, MUSCLE)

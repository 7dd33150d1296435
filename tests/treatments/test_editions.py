"""A draft becomes a version when somebody else publishes it, and then it counts."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from clinic import access
from clinic.models import AuditEvent, ReviewState
from tests.factories import CatalogueFieldFactory, UserFactory
from tests.treatments.drafts import (
    LATER,
    NOW,
    draft_of,
    published,
    reviewer,
    through,
    writer,
)
from treatments import actions
from treatments.models import Edition, Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db


def test_draft_begins_with_what_is_published():
    treatment, author = published(), writer()

    draft = actions.start_draft(treatment=treatment, by=author, now=LATER)

    assert (draft.state, draft.number, draft.author) == ("draft", None, author)
    assert [(row.field.code, row.text) for row in draft.texts.all()] == [
        ("what_it_is", "The what_it_is."),
        ("risks", "The risks."),
    ]
    assert [row.code for row in draft.variants.all()] == ["dn_any"]
    assert actions.changes(draft) == []
    assert AuditEvent.objects.get().verb == "started draft"


def test_draft_of_a_treatment_that_was_never_published_begins_with_its_rows():
    treatment = published()
    Treatment.objects.update(edition=None)
    treatment.refresh_from_db()

    draft = actions.start_draft(treatment=treatment, by=writer(), now=LATER)

    assert draft.name == treatment.name
    assert [row.code for row in draft.variants.all()] == ["dn_any"]


def test_a_treatment_has_one_open_draft():
    treatment, author = published(), writer()
    draft = actions.start_draft(treatment=treatment, by=author, now=NOW)

    with pytest.raises(actions.DraftOpen, match="Go on with it"):
        actions.start_draft(treatment=treatment, by=writer(), now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(treatment=treatment, name="B", created_at=NOW)

    actions.discard(edition=draft, by=author, now=LATER)
    assert actions.start_draft(treatment=treatment, by=author, now=LATER)


def test_nothing_counts_before_it_is_published():
    treatment, author = published(), writer()

    draft = draft_of(treatment, author, price_usd=Decimal(99), duration_min=45)
    actions.submit(edition=draft, by=author, now=LATER)

    variant = TreatmentVariant.objects.get()
    assert (variant.price_usd, variant.duration_min) == (85, 30)


def test_what_is_published_counts_and_says_who_reviewed_it():
    treatment, author, clinician = published(), writer(), reviewer()
    draft = draft_of(treatment, author, price_usd=Decimal(99), duration_min=45)
    Edition.objects.filter(pk=draft.pk).update(name="Needling")

    edition = through(draft, author, clinician)

    treatment.refresh_from_db()
    variant = treatment.variants.get()
    assert (treatment.edition, treatment.name) == (edition, "Needling")
    assert (edition.number, edition.published_at) == (2, LATER)
    assert (variant.price_usd, variant.duration_min) == (99, 45)
    for row in (treatment, variant):
        assert row.review_state == ReviewState.APPROVED
        assert (row.reviewed_by, row.reviewed_on) == (clinician, LATER.date())
    assert treatment.editions.get(number=1).variants.get().price_usd == 85
    assert AuditEvent.objects.latest("pk").detail == {
        "treatment": "dry_needling",
        "number": 2,
        "changed": ["text name", "price dn_any.price_usd", "rules dn_any.duration_min"],
    }


def test_new_variant_is_made_and_one_that_is_left_out_is_no_longer_offered():
    treatment, author = published(), writer()
    draft = draft_of(treatment, author, code="dn_new")

    through(draft, author, reviewer())

    offered = treatment.variants.values_list("code", "is_offered")
    assert dict(offered) == {"dn_any": False, "dn_new": True}


def test_what_was_withdrawn_stays_so():
    treatment, author = published(), writer()
    Treatment.objects.update(review_state=ReviewState.WITHDRAWN)

    through(draft_of(treatment, author, price_usd=1), author, reviewer())

    treatment.refresh_from_db()
    assert treatment.review_state == ReviewState.WITHDRAWN


def told(draft):
    return [(each.group.value, each.key) for each in actions.changes(draft)]


def test_changes_are_grouped_into_text_price_and_rules():
    treatment, author = published(), writer()
    draft = draft_of(
        treatment, author, label="Long", visit="first", price_usd=1, is_offered=False
    )
    draft.texts.filter(field__code="risks").update(text="Bruises.")
    draft.texts.filter(field__code="what_it_is").delete()

    assert told(draft) == [
        ("text", "what_it_is"),
        ("text", "risks"),
        ("text", "dn_any.label"),
        ("price", "dn_any.price_usd"),
        ("rules", "dn_any.visit"),
        ("rules", "dn_any.is_offered"),
    ]
    risks = actions.changes(draft)[1]
    assert (risks.before, risks.after) == ("The risks.", "Bruises.")


def test_changes_of_a_published_edition_are_those_to_the_one_before():
    treatment, author = published(), writer()
    edition = through(draft_of(treatment, author, price_usd=1), author, reviewer())

    assert told(edition) == [("price", "dn_any.price_usd")]
    assert told(treatment.editions.get(number=1))[0] == ("text", "name")


def test_author_may_not_publish_nor_may_anybody_who_wrote_in_it():
    treatment, author, second = published(), writer(), writer()
    draft = draft_of(treatment, author, price_usd=1)
    actions.note_change(edition=draft, fields=["price_usd"], by=second, now=NOW)
    actions.submit(edition=draft, by=author, now=LATER)

    for who in (author, second):
        with pytest.raises(actions.OwnWork, match="Ask a colleague"):
            actions.publish(edition=draft, by=who, now=LATER)

    assert actions.publish(edition=draft, by=writer(), now=LATER).number == 2


@pytest.mark.parametrize(
    "group", [access.PATIENT, access.FRONT_DESK, access.PRACTITIONER]
)
def test_without_the_right_nobody_writes_or_publishes(group):
    treatment, author = published(), writer()
    who = UserFactory(groups=[group], is_staff=True)
    with pytest.raises(actions.MayNot):
        actions.start_draft(treatment=treatment, by=who, now=NOW)
    draft = draft_of(treatment, author, price_usd=1)

    for step in (actions.submit, actions.discard, actions.publish, actions.send_back):
        with pytest.raises(actions.MayNot):
            step(edition=draft, by=who, now=NOW)


def test_reviewer_publishes_but_does_not_write():
    clinician = reviewer()

    with pytest.raises(actions.MayNot, match="Only clinic admins write"):
        actions.start_draft(treatment=published(), by=clinician, now=NOW)


def test_draft_is_reviewed_before_it_is_published_and_can_be_sent_back():
    author, clinician = writer(), reviewer()
    draft = draft_of(published(), author, price_usd=1)
    with pytest.raises(actions.NotOpen, match="for review first"):
        actions.publish(edition=draft, by=clinician, now=LATER)
    actions.submit(edition=draft, by=author, now=LATER)
    with pytest.raises(actions.NotOpen, match="Send it back first"):
        actions.note_change(edition=draft, fields=[], by=author, now=LATER)

    with pytest.raises(actions.NoReason, match="Say what is to be mended"):
        actions.send_back(edition=draft, reason=" ", by=clinician, now=LATER)
    actions.send_back(edition=draft, reason="Too dear.", by=clinician, now=LATER)

    draft.refresh_from_db()
    assert draft.state == "draft"
    told = actions.sent_back(draft)
    assert (told.by, told.at, told.detail["reason"]) == (clinician, LATER, "Too dear.")


def test_what_was_to_be_mended_is_told_until_it_is_sent_again():
    author = writer()
    draft = draft_of(published(), author, price_usd=1)
    actions.submit(edition=draft, by=author, now=LATER)
    actions.send_back(edition=draft, reason="Too dear.", by=reviewer(), now=LATER)

    draft.refresh_from_db()
    actions.submit(edition=draft, by=author, now=LATER)
    assert actions.sent_back(draft) is None

    draft.refresh_from_db()
    actions.send_back(edition=draft, by=author, now=LATER)  # their own: without a word
    draft.refresh_from_db()
    assert (draft.state, actions.sent_back(draft)) == ("draft", None)


def test_drafts_wait_for_those_who_did_not_write_them():
    author, clinician = writer(), reviewer()
    draft = draft_of(published(), author, price_usd=1)
    assert actions.to_review(clinician) == []

    actions.submit(edition=draft, by=author, now=LATER)

    assert actions.to_review(clinician) == [draft]
    assert actions.to_review(author) == []
    assert actions.to_review(UserFactory(groups=[access.PRACTITIONER])) == []


def test_published_edition_is_neither_changed_nor_discarded():
    treatment, author = published(), writer()

    for step in (actions.submit, actions.discard, actions.send_back):
        with pytest.raises(actions.NotOpen):
            step(edition=treatment.edition, by=author, now=LATER)


def refusal(draft, author, kind):
    with pytest.raises(kind) as refused:
        actions.submit(edition=draft, by=author, now=LATER)
    return str(refused.value)


def test_every_required_field_is_named_when_it_is_missing():
    author = writer()
    draft = draft_of(published(), author, price_usd=1)
    draft.texts.all().delete()
    CatalogueFieldFactory(code="benefit", label="Main benefit", position=9)
    CatalogueFieldFactory(code="gone", review_state=ReviewState.WITHDRAWN)

    said = refusal(draft, author, actions.Incomplete)

    assert said == "Still to be written: What it is, Main benefit."


def test_nothing_changed_is_nothing_to_publish():
    author = writer()
    draft = actions.start_draft(treatment=published(), by=author, now=NOW)

    assert "discard" in refusal(draft, author, actions.NothingChanged)


def test_draft_begun_before_the_version_that_is_published_now_is_stale():
    treatment, author = published(), writer()
    draft = draft_of(treatment, author, price_usd=1)
    Edition.objects.filter(number=1).update(published_at=LATER)

    assert "Version 1" in refusal(draft, author, actions.Stale)

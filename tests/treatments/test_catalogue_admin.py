"""The catalogue in the back office: what a draft takes, and how it is published."""

import pytest
from django.urls import reverse

from clinic.models import AuditEvent, ReviewState
from tests.factories import CatalogueFieldFactory, RoomFactory, SourceFactory
from tests.treatments.drafts import NOW, draft_of, published, reviewer, writer
from tests.treatments.office import begin, change, form_of, review
from treatments import actions
from treatments.models import (
    Edition,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def treatment():
    return published()


@pytest.fixture
def author(client):
    """Give a clinic admin who is signed in, with the client."""
    user = writer()
    client.force_login(user)
    return user


def test_edit_in_a_draft_opens_one_and_then_the_same(client, author, treatment):
    first = client.post(begin(treatment))
    again = client.post(begin(treatment))

    draft = Edition.objects.get(state="draft")
    assert first["Location"] == again["Location"] == change(draft)
    assert client.get(begin(treatment)).status_code == 405


def test_draft_takes_words_terms_and_notes_who_wrote(client, author, treatment):
    draft = draft_of(treatment, writer())
    CatalogueFieldFactory(code="brand_new", label="Brand new")
    assert "Brand new (required)" in client.get(change(draft)).content.decode()
    sent = form_of(
        draft,
        summary="One.\r\nTwo.",
        text_risks="",
        text_brand_new=" A.\r\n\r\nB. ",
        **{"variants-0-price_usd": "99.50", "variants-0-note": "Say.\r\nSo."},
    )

    answer = client.post(change(draft), sent)

    assert answer["Location"] == change(draft)
    draft = Edition.objects.get(pk=draft.pk)
    assert draft.summary == "One.\nTwo."
    texts = dict(draft.texts.values_list("field__code", "text"))
    assert texts == {"what_it_is": "The what_it_is.", "brand_new": "A.\n\nB."}
    variant = draft.variants.get()
    assert (str(variant.price_usd), variant.note) == ("99.50", "Say.\nSo.")
    actions.submit(edition=draft, by=author, now=NOW)
    with pytest.raises(actions.OwnWork):
        actions.publish(edition=draft, by=author, now=NOW)


def test_variants_are_added_and_taken_out_and_keep_their_code(
    client, author, treatment
):
    draft = draft_of(treatment, author)
    first = form_of(draft, **{"variants-0-code": "other"})
    client.post(change(draft), first)
    assert draft.variants.get().code == "dn_any"

    one = {name.replace("-0-", "-1-"): v for name, v in first.items() if "-0-" in name}
    one |= {"variants-1-code": "dn_new", "variants-1-id": ""}
    one |= {"variants-TOTAL_FORMS": 2, "variants-0-DELETE": "on"}
    client.post(change(draft), first | one)

    assert [row.code for row in draft.variants.all()] == ["dn_new"]


def test_page_of_a_draft_holds_one_empty_variant_and_leaves_it_out(
    client, author, treatment
):
    draft = draft_of(treatment, author)
    page = client.get(change(draft))
    formset = page.context["inline_admin_formsets"][0].formset
    empty = formset.forms[-1]
    sent = form_of(draft) | {"variants-TOTAL_FORMS": formset.total_form_count()}
    sent |= {
        field.html_name: {None: "", True: "on"}.get(field.value(), field.value())
        for field in empty
        if field.name != "DELETE"
    }
    assert 'name="variants-1-code"' in page.content.decode()

    client.post(change(draft), sent)
    assert [row.code for row in draft.variants.all()] == ["dn_any"]

    half = client.post(change(draft), sent | {"variants-1-label": "Short"})
    assert half.status_code == 200
    assert "This field is required" in half.content.decode()

    given = {"label": "Short", "code": "dn_short", "duration_min": 20, "price_usd": 40}
    given = {f"variants-1-{name}": value for name, value in given.items()}
    client.post(change(draft), sent | given)
    assert [row.code for row in draft.variants.all()] == ["dn_any", "dn_short"]


@pytest.mark.parametrize(
    ("button", "where"),
    [("_preview", "/treatments/dry_needling/draft/"), ("_review", "/change/")],
)
def test_buttons_save_first(client, author, treatment, button, where):
    draft = draft_of(treatment, author)
    sent = form_of(draft, text_risks="Bruises.", **{button: "x"})

    answer = client.post(change(draft), sent)

    draft.refresh_from_db()
    assert answer["Location"].endswith(where)
    assert draft.texts.get(field__code="risks").text == "Bruises."
    assert draft.state == ("in-review" if button == "_review" else "draft")


def test_what_stands_in_the_way_of_a_review_is_told(client, author, treatment):
    draft = draft_of(treatment, author)
    sent = form_of(draft, text_what_it_is="", _review="x")

    page = client.post(change(draft), sent, follow=True).content.decode()

    assert "Still to be written: What it is." in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_unknown_source_is_refused(client, author, treatment):
    SourceFactory(code="POLICY")
    draft = draft_of(treatment, author)

    page = client.post(change(draft), form_of(draft, source="POLICY+HEARSAY"))

    assert "There is no source HEARSAY." in page.content.decode()


def test_reviewer_sees_what_changes_and_publishes(client, author, treatment):
    draft = draft_of(treatment, author, price_usd=99, duration_min=45)
    draft.texts.filter(field__code="risks").update(text="The bruises.")
    actions.submit(edition=draft, by=author, now=NOW)
    own = client.get(review(draft)).content.decode()
    assert "Ask a colleague to read and publish it" in own
    assert 'name="_publish"' not in own
    client.force_login(reviewer())

    page = client.get(review(draft)).content.decode()
    answer = client.post(review(draft), {"_publish": "Publish"})

    assert "<del>risks.</del><ins>bruises.</ins>" in page
    assert "<del>85.00</del>" in page
    assert "What is booked keeps its length, its price and its words" in page
    assert answer["Location"] == change(draft)
    assert TreatmentVariant.objects.get().price_usd == 99
    assert (
        "A published version never changes"
        in client.get(change(draft)).content.decode()
    )


def test_reviewer_sends_back(client, author, treatment):
    draft = draft_of(treatment, author, price_usd=99)
    actions.submit(edition=draft, by=author, now=NOW)
    client.force_login(reviewer())

    asked = client.post(review(draft), {"_back": "Send back"}, follow=True)
    client.post(review(draft), {"_back": "Send back", "reason": "The price <is> old."})

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "Say what is to be mended" in asked.content.decode()
    client.force_login(author)
    page = client.get(change(draft)).content.decode()
    assert "sent it back</strong> on" in page
    assert "The price &lt;is&gt; old." in page


def test_only_what_was_changed_is_written_down(client, author, treatment):
    draft = draft_of(treatment, author, note="One.\nTwo.")
    Edition.objects.filter(pk=draft.pk).update(summary="Needles.\nThin ones.\n")
    draft.texts.update(text="First.\n\nSecond.")
    draft.refresh_from_db()
    as_browsers_do = {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in form_of(draft).items()
    }

    client.post(change(draft), as_browsers_do)
    assert not AuditEvent.objects.filter(verb="changed draft").exists()

    client.post(change(draft), as_browsers_do | {"text_risks": "Bruises."})
    event = AuditEvent.objects.get(verb="changed draft")
    assert event.detail["fields"] == ["text_risks"]


def test_history_tells_who_wrote_and_published_what(client, author, treatment):
    draft = draft_of(treatment, author)
    sent = form_of(draft, text_risks="Bruises.", **{"variants-0-price_usd": "99"})
    client.post(change(draft), sent | {"_review": "x"})
    clinician = reviewer(first_name="Rhea", last_name="Viewer")
    client.force_login(clinician)
    client.post(review(draft), {"_publish": "x"})

    for page in (
        reverse("admin:treatments_treatment_history", args=[treatment.pk]),
        reverse("admin:treatments_edition_history", args=[draft.pk]),
    ):
        html = client.get(page).content.decode()
        assert "Changed: Risks, dn_any (price in US dollars)" in html
        assert "Published edition" in html
        assert "Number: 2" in html
        assert "<td>Rhea Viewer</td>" in html
        assert "(required)" not in html


def test_variants_are_folded_to_a_line_until_something_is_wrong(
    client, author, treatment
):
    draft = draft_of(treatment, author, price_usd=99)
    page = client.get(change(draft)).content.decode()
    assert "30 minutes, $99.00" in page
    assert "Lines that begin with “- ” make a list." in page
    assert page.count("<details open>") == 1  # the one that a script copies

    wrong = form_of(draft, **{"variants-0-duration_min": "0"})

    page = client.post(change(draft), wrong).content.decode()
    assert page.count("<details open>") == 2


def test_variant_says_which_kinds_of_rooms_there_are(client, author, treatment):
    RoomFactory(kinds="treatment_room,consultation_room")

    page = client.get(change(draft_of(treatment, author))).content.decode()

    assert "There are: consultation_room, treatment_room." in page
    assert "There are: none yet." in page


def test_author_takes_a_draft_back_without_a_word(client, author, treatment):
    draft = draft_of(treatment, author, price_usd=99)
    actions.submit(edition=draft, by=author, now=NOW)
    assert 'name="reason"' not in client.get(review(draft)).content.decode()

    client.post(review(draft), {"_back": "Take it back"})

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "sent it back" not in client.get(change(draft)).content.decode()


def test_own_work_is_not_published_by_post_either(client, author, treatment):
    draft = draft_of(treatment, author, price_usd=99)
    actions.submit(edition=draft, by=author, now=NOW)

    page = client.post(review(draft), {"_publish": "x"}, follow=True).content.decode()

    assert "Ask a colleague" in page
    assert Treatment.objects.get().edition.number == 1


def test_draft_is_discarded(client, author, treatment):
    draft = draft_of(treatment, author)
    page = reverse("admin:treatments_edition_delete", args=[draft.pk])

    client.post(page, {"post": "yes"})

    assert not Edition.objects.filter(pk=draft.pk).exists()


def test_published_version_is_looked_at_only(client, author, treatment):
    page = change(treatment.edition)

    assert "The risks." in client.get(page).content.decode()
    assert client.post(page, form_of(treatment.edition)).status_code == 403
    deletion = reverse("admin:treatments_edition_delete", args=[treatment.edition.pk])
    assert client.post(deletion, {"post": "yes"}).status_code == 403


def test_live_rows_are_looked_at_only(client, author, treatment):
    variant = treatment.variants.get()
    page = reverse("admin:treatments_treatmentvariant_change", args=[variant.pk])
    assert client.post(page, {"label": "X"}).status_code == 403

    page = reverse("admin:treatments_treatment_change", args=[treatment.pk])
    assert variant.label in client.get(page).content.decode()
    client.post(page, {"name": "X", "position": 7})

    treatment.refresh_from_db()
    assert (treatment.name, treatment.position) == ("Dry needling", 7)


@pytest.mark.parametrize("reviewed", [False, True])
def test_withdrawn_treatment_is_put_back_as_it_was(client, author, reviewed, treatment):
    if reviewed:
        Edition.objects.update(reviewer=reviewer())
    page = reverse("admin:treatments_treatment_changelist")
    for verb, state in [
        ("withdraw", ReviewState.WITHDRAWN),
        ("put_back", ReviewState.APPROVED if reviewed else ReviewState.SAMPLE),
    ]:
        client.post(page, {"action": verb, "_selected_action": [treatment.pk]})

        treatment.refresh_from_db()
        assert treatment.review_state == state


def test_new_treatment_is_seen_by_nobody_before_it_is_published(client, author):
    sent = {"code": "cupping", "name": "Cupping", "family": "skin", "summary": "Cups."}
    client.post(reverse("admin:treatments_treatment_add"), sent | {"position": 9})
    treatment = Treatment.objects.get(code="cupping")

    client.post(begin(treatment))
    draft = treatment.editions.get()
    CatalogueFieldFactory(code="what_it_is")
    client.post(change(draft), form_of(draft, text_what_it_is="Cups.", _review="x"))
    client.logout()
    assert client.get("/treatments/cupping/").status_code == 404
    client.force_login(reviewer())
    client.post(review(draft), {"_publish": "x"})

    client.logout()
    assert client.get("/treatments/cupping/").status_code == 200

"""Who may do what with the catalogue in the back office, and its files there."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic import access
from clinic.admin.base import ORIGIN
from tests.factories import UserFactory
from tests.treatments.drafts import draft_of, published, writer
from tests.treatments.office import begin, change, form_of, review
from treatments.models import (
    CatalogueField,
    Concern,
    Edition,
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


OFFICE = {
    access.CLINIC_ADMIN: (200, 200, 302, 200),
    access.CLINICIAN: (200, 200, 403, 403),
    access.FRONT_DESK: (403, 403, 403, 403),
    access.PRACTITIONER: (403, 403, 403, 403),
    access.PATIENT: (403, 403, 403, 403),
}


@pytest.mark.parametrize("group", OFFICE)
@pytest.mark.parametrize("is_staff", [True, False])
def test_rights_by_group(client, treatment, group, is_staff):
    draft = draft_of(treatment, writer(), price_usd=99)
    client.force_login(UserFactory(groups=[group], is_staff=is_staff))

    found = (
        client.get(change(draft)).status_code,
        client.get(review(draft)).status_code,
        client.post(begin(treatment)).status_code,
        client.get(reverse("admin:treatments_treatment_export")).status_code,
    )

    assert found == (OFFICE[group] if is_staff else (302,) * 4)
    upload = client.post(reverse("admin:treatments_treatment_import"))
    assert upload.status_code in ({403, 422} if is_staff else {302})
    saved = client.post(change(draft), form_of(draft, name="Mine")).status_code
    draft.refresh_from_db()
    mine = is_staff and group == access.CLINIC_ADMIN
    assert (draft.name == "Mine") == mine
    assert saved == (302 if mine or not is_staff else 403)


def test_catalogue_goes_out_as_a_zip_and_comes_in_as_drafts(client, author, treatment):
    packed = client.get(reverse("admin:treatments_treatment_export")).content
    files = zipfile.ZipFile(io.BytesIO(packed))
    text = files.read("treatments.csv").decode("utf-8-sig")
    page = reverse("admin:treatments_treatment_import")

    same = client.post(page, {"file": SimpleUploadedFile("catalogue.zip", packed)})
    assert same.status_code == 302
    assert not Edition.objects.filter(state="draft").exists()

    other = text.replace("The risks.", "Bruises.").encode()
    client.post(page, {"file": SimpleUploadedFile("treatments.csv", other)})
    draft = Edition.objects.get(state="draft")
    assert draft.texts.get(field__code="risks").text == "Bruises."
    assert draft.author == author


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("treatments.csv", b"code,name,family,summary\nx,X,skin,\n", "line 2"),
        ("catalogue.zip", b"no zip", "is no zip file"),
        ("prices.csv", b"code\n", "give files of the catalogue"),
        ("treatments.csv", b"", "The submitted file is empty"),
    ],
)
def test_upload_says_what_is_wrong(client, author, name, content, part):
    page = reverse("admin:treatments_treatment_import")

    answer = client.post(page, {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert part in answer.content.decode()


def test_field_of_the_catalogue_may_not_be_called_like_a_column(client, author):
    page = reverse("admin:treatments_cataloguefield_add")
    sent = {"label": "Name", "shown": "text", "position": 1, "confidence": "low"}
    sent |= {"review_state": "sample", "code": "name"}

    assert "is taken" in client.post(page, sent).content.decode()
    client.post(page, sent | {"code": "nickname"})
    assert CatalogueField.objects.get().code == "nickname"


def test_words_stand_before_where_they_are_from(client, author, treatment):
    page = client.get(reverse("admin:treatments_concern_add"))

    names = page.context["adminform"].fieldsets[0][1]["fields"]
    assert list(names[:2]) == ["code", "label"]
    assert set(names[-5:]) == set(ORIGIN)


@pytest.mark.parametrize(
    ("treatments", "ok"),
    [
        ("dry_needling:limited", True),
        ("dry_needling", False),
        ("cupping:limited", False),
        ("dry_needling:sure", False),
        ("dry_needling:limited,", True),
        (",", False),
        ("dry_needling:limited,dry_needling:promising", False),
    ],
)
def test_concern_names_treatments_and_strengths_that_there_are(
    client, author, treatment, treatments, ok
):
    sent = {
        "code": "pain",
        "label": "Pain",
        "family": "skin",
        "description": "It hurts.",
    }
    sent |= {"treatments": treatments, "wording": "May help.", "position": 1}
    sent |= {"confidence": "low", "review_state": "sample"}

    client.post(reverse("admin:treatments_concern_add"), sent)

    assert Concern.objects.exists() == ok

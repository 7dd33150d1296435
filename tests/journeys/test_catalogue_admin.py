"""A treatment written, reviewed and published by people who are no developers."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clinic import access
from tests.factories import DeviceFactory, RoomFactory, UserFactory
from tests.journeys.test_accessibility import LOOKS, complaints
from tests.shares import share
from treatments.models import (
    AftercareStep,
    CatalogueField,
    Concern,
    Edition,
    Effect,
    RedFlag,
    Treatment,
    TreatmentVariant,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE, LIVE = "peel_superficial", "peel_light"
MARKUP = "<x-evil>so</x-evil><script>window.ran = 1</script>"
VARIANT = {
    "label": "Light peel, our way",
    "duration_min": "40",
    "prep_min": "15",
    "cleanup_min": "20",
    "price_usd": "141.50",
    "needs_room": "quiet_room",
    "needs_device": "lamp",
    "default_areas": "forehead,cheeks",
    "note": "Bring a hat.",
}


@pytest.fixture
def reviewer(town):
    """Put a clinician with a sign-in to the back office on the street."""
    RoomFactory(kinds=VARIANT["needs_room"])  # what the draft asks for
    DeviceFactory(kind=VARIANT["needs_device"])
    user = UserFactory(groups=[access.CLINICIAN], is_staff=True, first_name="Rhea")
    town.users["reviewer"] = user
    return user


def words(field):
    return f"What we say of {field.code}. {MARKUP}"


def open_draft(page, hand):
    page.goto("/admin/treatments/treatment/")
    name = Treatment.objects.get(code=CODE).name
    hand.press(page.get_by_role("link", name=name, exact=True))
    hand.press(page.get_by_role("button", name="Edit in a draft"))
    expect(page.locator(".edition-state")).to_contain_text("A draft begun by")


def write_everything(page, hand):
    """Fill every box of the draft, every term of its variant, and add a variant."""
    hand.write(page.get_by_label("Name:", exact=True).first, "Gentle peel")
    hand.write(page.get_by_label("Summary"), f"A summary of our own. {MARKUP}")
    hand.write(page.get_by_label("Change note"), "New words for everything.")
    for field in CatalogueField.objects.all():
        hand.write(page.locator(f"[name=text_{field.code}]"), words(field))
    for folded in page.locator(".inline-related:not(.empty-form) summary").all():
        hand.press(folded)
    for name, value in VARIANT.items():
        hand.write(page.locator(f"[name=variants-0-{name}]"), value)
    hand.choose(page.locator("[name=variants-0-visit]"), "Follow-up")
    added = {"label": "Short peel", "code": "peel_short", "duration_min": "20"}
    for name, value in {**added, "price_usd": "60"}.items():
        hand.write(page.locator(f"[name=variants-1-{name}]"), value)
    hand.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".messagelist")).to_contain_text("The draft is saved.")


def test_written_by_one_published_by_another_and_read_by_all(
    town, page_of, new_page, reviewer, hand
):
    wide = {**hand.options, "viewport": {"width": 1280, "height": 900}}
    admin = page_of("admin", **wide)
    open_draft(admin, hand)
    write_everything(admin, hand)
    draft = Edition.objects.get(treatment__code=CODE, state="draft")

    visitor = new_page()
    visitor.goto(f"/treatments/{CODE}/")
    expect(visitor.locator("main")).not_to_contain_text("A summary of our own.")
    hand.press(admin.get_by_role("button", name="Save and preview"))
    expect(admin.locator("main")).to_contain_text("A summary of our own.")
    admin.goto(f"/admin/treatments/edition/{draft.pk}/change/")
    hand.press(admin.get_by_role("button", name="Save and send for review"))
    hand.press(admin.get_by_role("link", name="What changes, and publish"))
    expect(admin.locator(".errornote")).to_contain_text("Ask a colleague")
    expect(admin.get_by_role("button", name="Publish")).to_have_count(0)

    clinician = page_of("reviewer", **wide)
    clinician.goto(f"/admin/treatments/edition/{draft.pk}/review/")
    for heading in ("Text", "Price", "Rules"):
        expect(
            clinician.get_by_role("heading", name=heading, exact=True)
        ).to_be_visible()
    hand.press(clinician.get_by_role("button", name="Publish"))
    expect(clinician.locator(".messagelist")).to_contain_text("It is published.")

    read_by(visitor)
    live = TreatmentVariant.objects.get(code=LIVE)
    assert {name: str(getattr(live, name)) for name in VARIANT} == VARIANT
    assert live.visit == "follow_up"
    assert TreatmentVariant.objects.get(code="peel_short").is_offered


def read_by(visitor):
    """Everything is on the page or in the comparison, and none of it is markup."""
    visitor.goto(f"/treatments/{CODE}/")
    page = visitor.locator("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gentle peel")
    for text in ("A summary of our own.", VARIANT["label"], "Short peel", "141.50"):
        expect(page).to_contain_text(text)
    for field in CatalogueField.objects.exclude(shown="comparison"):
        expect(page).to_contain_text(words(field))
    harmless(visitor)
    visitor.goto(f"/compare/?t={CODE}&t=dry_needling")
    compared = CatalogueField.objects.filter(is_compared=True)
    for field in compared.exclude(code="common_ground"):  # only where both say it
        expect(visitor.locator("main")).to_contain_text(words(field))
    harmless(visitor)


def harmless(page):
    assert page.evaluate("window.ran") is None
    expect(page.locator("x-evil")).to_have_count(0)


# The rows that are edited where they stand, and the texts of each.
KEPT = {
    CatalogueField: ("label", "help"),
    Concern: ("label", "description", "wording"),
    AftercareStep: ("text",),
    RedFlag: ("sign", "action"),
    Effect: ("event", "rate_text"),
}


@pytest.fixture
def kept(town):
    """Give the address of a row of each kind."""
    told = {"treatment": CODE}
    rows = [
        CatalogueField.objects.first(),
        Concern.objects.create(
            code="aches", family="skin", treatments=f"{CODE}:limited", label="Aches"
        ),
        AftercareStep.objects.create(
            code="A", phase="24h", kind="do", text="Rest.", **told
        ),
        RedFlag.objects.create(code="R", sign="Heat", action="Call.", **told),
        Effect.objects.create(
            code="E", event="Red", rate_text="often", severity="mild", **told
        ),
    ]
    return {
        type(row): reverse(
            f"admin:treatments_{row._meta.model_name}_change", args=[row.pk]
        )
        for row in rows
    }


def test_what_is_kept_beside_is_edited_and_is_never_markup(page_of, new_page, kept):
    admin = page_of("admin", java_script_enabled=False)
    for model, where in kept.items():
        admin.goto(where)
        for name in KEPT[model]:
            admin.locator(f"[name={name}]").fill(f"Our {name}. {MARKUP}")
        if model is Concern:
            admin.locator("[name=treatments]").fill(f"{CODE}:promising")
        admin.get_by_role("button", name="Save", exact=True).click()
        expect(admin.locator(".messagelist")).to_contain_text("changed successfully")
        row = model.objects.get(pk=where.split("/")[-3])
        for name in KEPT[model]:
            assert getattr(row, name) == f"Our {name}. {MARKUP}"

    visitor = new_page()
    for where, texts in {
        f"/treatments/{CODE}/": ("label", "event", "rate_text"),
        f"/treatments/{CODE}/aftercare/": ("text", "sign", "action"),
        "/concerns/aches/": ("label", "description", "wording"),
    }.items():
        visitor.goto(where)
        for name in texts:
            expect(visitor.locator("main")).to_contain_text(f"Our {name}. {MARKUP}")
        harmless(visitor)


@pytest.mark.parametrize("actor", ["owner", "practitioner", "desk", "reviewer"])
def test_nobody_else_edits_it(town, page_of, new_page, kept, reviewer, actor):
    page = page_of(actor)
    for where in kept.values():
        page.goto(where)
        expect(page.locator("[name=_save]")).to_have_count(0)
    new_page.complaints[:] = [
        told for told in new_page.complaints if "403 (Forbidden)" not in told
    ]


@pytest.mark.parametrize("actor", ["owner", "practitioner", "desk"])
def test_everybody_else_is_shown_out(town, page_of, new_page, actor):
    page = page_of(actor)
    draft = Edition.objects.get(treatment__code="dry_needling", state="draft")
    for where in (
        "treatments/treatment/",
        f"treatments/edition/{draft.pk}/change/",
        f"treatments/edition/{draft.pk}/review/",
        "treatments/treatment/import/",
    ):
        page.goto(f"/admin/{where}")
        expect(page.locator("[name=_publish], [name=_continue]")).to_have_count(0)
        assert "/login/" in page.url
    assert all("403 (Forbidden)" in told for told in new_page.complaints)
    new_page.complaints.clear()


def test_pages_of_the_catalogue_are_for_everybody(town, page_of, new_page):
    page = page_of("admin")
    draft = Edition.objects.get(treatment__code="dry_needling", state="draft")
    found = [
        line
        for where in (
            "treatments/treatment/",
            f"treatments/treatment/{draft.treatment_id}/change/",
            f"treatments/edition/{draft.pk}/change/",
            f"treatments/edition/{draft.treatment.edition_id}/change/",
            f"treatments/edition/{draft.pk}/review/",
            "treatments/treatment/import/",
        )
        for line in complaints(page, f"/admin/{where}", share(LOOKS))
    ]

    # axe copies a stylesheet that imports another into the page, in vain; the pages
    # themselves are walked without it above.
    new_page.complaints[:] = [
        told for told in new_page.complaints if "Applying inline style" not in told
    ]
    assert found == []

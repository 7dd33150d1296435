"""Every page knows the clinic, and where whoever reads it can go."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.urls import resolve

from clinic import access, context
from clinic.models import User
from clinic.templatetags import nav
from tests.factories import PatientFactory, PractitionerFactory, UserFactory

pytestmark = pytest.mark.django_db


def labels(user):
    return [link.label for link in context.nav_of(user)]


def test_strangers_see_the_treatments_at_no_cost(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert labels(AnonymousUser()) == [
            "Treatments",
            "Dry or micro?",
            "Practitioners",
        ]


def test_everybody_sees_what_they_have_to_do():
    desk = UserFactory(groups=[access.FRONT_DESK])
    admin = UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)

    assert labels(PatientFactory().user) == [
        "Treatments",
        "Practitioners",
        "My appointments",
    ]
    assert labels(PractitionerFactory(user=UserFactory()).user) == [
        "Treatments",
        "Practitioners",
        "My schedule",
    ]
    assert labels(desk) == ["Treatments", "Desk", "Patients", "Hours"]
    assert labels(admin)[-1] == "Back office"


def test_whoever_has_a_right_there_is_led_to_the_back_office():
    reviewer = UserFactory(groups=[access.CLINICIAN], is_staff=True)
    someone = UserFactory(is_staff=True)
    assert labels(reviewer)[-1] == "Back office"
    assert "Back office" not in labels(someone)

    someone.user_permissions.add(Permission.objects.get(codename="view_concern"))

    assert labels(User.objects.get(pk=someone.pk))[-1] == "Back office"
    assert "Back office" not in labels(UserFactory(groups=[access.CLINICIAN]))


def test_navigation_costs_one_query(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = User.objects.get(
        pk=UserFactory(groups=[access.FRONT_DESK, access.CLINIC_ADMIN]).pk
    )

    with django_assert_num_queries(1):
        context.clinic(request)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/desk/", "Desk"),
        ("/desk/places/salt-lake-city/", "Desk"),
        ("/desk/patients/", "Patients"),
        ("/desk/patients/new/", "Patients"),
        ("/desk/hours/7/", "Hours"),
        ("/desk/hours/leave/ana/", "Hours"),
        ("/treatments/dry_needling/", "Treatments"),
        ("/me/", None),
    ],
)
def test_one_link_at_most_is_the_current_one(path, current):
    links = context.with_current(
        context.nav_of(UserFactory(groups=[access.FRONT_DESK])), path
    )

    assert [link.label for link in links if link.current] == (
        [current] if current else []
    )


def test_every_link_leads_somewhere():
    user = UserFactory(is_superuser=True, is_staff=True)
    PatientFactory(user=user)
    PractitionerFactory(user=user)

    links = context.nav_of(user)

    assert len(links) == 7
    for link in [*links, *context.PUBLIC]:
        assert resolve(link.url)


def test_clinic_is_named_on_a_page_drawn_before_anybody_is_known(rf, settings):
    settings.CLINIC_NAME = "Willow"

    given = context.clinic(rf.get("/"))["clinic"]

    assert given["name"] == "Willow"
    assert given["is_demo"] is False


def test_the_header_marks_the_page_that_is_looked_at_and_the_footer_none(client):
    current = '<li><a href="/treatments/" aria-current="page">Treatments</a></li>'
    plain = '<li><a href="/treatments/">Treatments</a></li>'

    for _ in range(2):  # drawn, and drawn before
        for page, marked in (("/treatments/", current), ("/compare/", plain)):
            header, rest = client.get(page).content.decode().split("<main")
            footer = rest.split("</main>")[1]
            assert marked in header
            assert plain in footer


def test_labels_and_addresses_of_links_are_escaped():
    assert nav.nav_links([("<b>", '/?a="&b', False)]) == (
        '<li><a href="/?a=&quot;&amp;b">&lt;b&gt;</a></li>'
    )

"""The catalogue's pages, open to everybody; drafts to those who may edit them."""

from django.urls import path

from treatments.views import aftercare, apart, compare, concern, home, listing, page

app_name = "treatments"
urlpatterns = [
    path("", home.home, name="home"),
    path("treatments/", listing.treatments, name="list"),
    path("treatments/<slug:code>/", page.treatment, name="treatment"),
    path("treatments/<slug:code>/aftercare/", aftercare.aftercare, name="aftercare"),
    path(
        "treatments/<slug:code>/aftercare.pdf",
        aftercare.aftercare_pdf,
        name="aftercare_pdf",
    ),
    path("treatments/<slug:code>/draft/", page.preview, name="preview"),
    path("treatments/<slug:code>/versions/<int:number>/", page.version, name="version"),
    path("compare/", compare.compare, name="compare"),
    path("dry-or-micro/", apart.which, name="which"),
    path("concerns/<slug:concern>/", concern.concern, name="concern"),
]

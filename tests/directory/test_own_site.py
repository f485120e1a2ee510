"""Which sites prove that an address is the association's own."""

import pytest

from maillage.directory.own_site import is_of_host, own_host
from tests.factories.directory import StructureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("https://www.harmonie-revel.fr/", "harmonie-revel.fr"),
        ("http://Harmonie-Revel.fr", "harmonie-revel.fr"),
        ("https://asso.harmonie-revel.fr/index.html", "asso.harmonie-revel.fr"),
        ("", ""),
        ("https://www.facebook.com/harmonie", ""),
        ("https://www.facebook.com/", ""),
        ("https://harmonie.wixsite.com/", ""),
        ("https://harmonie.free.fr/", ""),
        ("https://www.free.fr/", ""),
        ("https://www.mairie-revel.fr/associations/harmonie", ""),
        ("https://www.mairie-revel.fr/?asso=harmonie", ""),
        ("https://www.mairie-revel.fr/#/associations/harmonie", ""),
        ("http://localhost/", ""),
        ("http://[::1", ""),
    ],
)
def test_a_site_is_the_structures_own_or_not(site, host):
    assert own_host(StructureFactory(official_website=site)) == host


@pytest.mark.parametrize(
    "other", ["http://harmonie-revel.fr/", "https://www.HARMONIE-revel.fr/contact", "https://harmonie-revel.fr"]
)
def test_a_site_that_two_structures_declare_is_nobodys_own(other):
    StructureFactory(official_website=other)
    assert own_host(StructureFactory(official_website="https://www.harmonie-revel.fr/")) == ""


def test_a_site_whose_name_begins_alike_takes_nothing_away():
    StructureFactory(official_website="https://harmonie-revel.fr.exemple.org/")
    StructureFactory(official_website="https://harmonie-revelafr/")
    assert own_host(StructureFactory(official_website="https://harmonie-revel.fr/")) == "harmonie-revel.fr"


@pytest.mark.parametrize(
    ("email", "is_of"),
    [
        ("contact@harmonie-revel.fr", True),
        ("Contact@Harmonie-Revel.FR", True),
        ("contact@mail.harmonie-revel.fr", False),
        ("contact@revel.fr", False),
        ("contact@notharmonie-revel.fr", False),
        ("harmonie-revel.fr@", False),
    ],
)
def test_an_address_is_at_the_site_itself(email, is_of):
    assert is_of_host(email, "harmonie-revel.fr") is is_of
    assert not is_of_host(email, "")

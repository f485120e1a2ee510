"""« D’après un autre agenda »: an address is kept for the job, a file is read at once, and both may be forgotten."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.models import Closure, OutsideCalendar
from tests.factories.sharing import ListingFactory, next_saturday
from tests.sharing.bookings.test_outside import on
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def van(mandate):
    return ListingFactory(structure=mandate.structure)


def address(van):
    return reverse("outside-calendar", args=[van.pk])


def test_an_address_is_kept_for_the_job_and_forgotten(settings, member, van):
    settings.FETCHES_CALENDARS = True
    assert member.post(address(van), {"address": "http://agenda.example/a.ics"}).status_code == 422
    assert member.post(address(van), {"address": "https://agenda.example/a.ics"}).status_code == 302
    assert OutsideCalendar.objects.get().address == "https://agenda.example/a.ics"
    assert "Pas encore lu" in text_of(member.get(address(van)))
    member.post(reverse("forget-calendar", args=[van.pk]))
    assert not OutsideCalendar.objects.exists()


def test_a_file_is_read_at_once_and_what_is_no_calendar_says_so(member, van):
    content = on(next_saturday(timezone.localdate()))
    assert member.post(address(van), {"file": SimpleUploadedFile("agenda.ics", content)}).status_code == 302
    assert Closure.objects.get().reason == "calendar"
    refused = member.post(address(van), {"file": SimpleUploadedFile("photo.png", b"\x89PNG")})
    assert refused.status_code == 422
    assert "Ce n’est pas un agenda" in text_of(refused)
    assert Closure.objects.count() == 1


def test_without_the_network_no_address_is_asked(member, van):
    page = member.get(address(van))
    assert page.context["form"].fields["address"].disabled
    assert member.post(address(van), {"address": "https://agenda.example/a.ics"}).status_code == 422
    assert not OutsideCalendar.objects.exists()

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from maillage.sharing.models import Listing, SearchWord
from maillage.sharing.search.spelling import Mend, edits, find_categories, mend
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

WORD = st.text("abcde", max_size=6)


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [("", "", 0), ("sale", "salle", 1), ("camionete", "camionnette", 2), ("branum", "barnum", 1), ("", "abc", 3)],
)
def test_edits_are_counted(first, second, count):
    assert edits(first, second) == count


@given(WORD, WORD)
def test_edits_do_not_depend_on_the_direction(first, second):
    assert edits(first, second) == edits(second, first) <= max(len(first), len(second))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "mends"),
    [
        ("camionete", [Mend("camionete", "camionnette")]),
        ("une camionette rouge", [Mend("camionette", "camionnette")]),
        ("camionnettes", []),  # known in another form
        ("van", []),  # too short to tell
        ("licorne", []),  # nothing near
        ("", []),
    ],
)
def test_an_unknown_word_gives_way_to_the_nearest_known(typed, mends):
    ListingFactory(title="Camionnette rouge")
    assert mend(typed, user=AnonymousUser()) == mends


def test_a_number_is_no_mistake():
    found, mends = find_categories("deux bancss")
    assert (found[0].code, mends) == ("technical.equipment.events.tables", [Mend("bancss", "bancs")])


@pytest.mark.django_db
def test_words_of_hidden_listings_are_never_suggested():
    ListingFactory(title="Camionnette", visibility=Listing.Visibility.MEMBERS)
    assert not SearchWord.objects.exists()
    assert mend("camionete", user=AnonymousUser()) == []


@pytest.mark.django_db
def test_a_word_of_a_listing_that_one_may_see_is_not_mended():
    ListingFactory(title="Salles et barnum", category="technical.premises")
    need = ListingFactory(title="Balles de tennis", need=True)
    member, typed = MandateFactory(structure=need.structure).user, "balles barnom"
    mends = [Mend("balles", "salles"), Mend("barnom", "barnum")]
    assert mend(typed, user=AnonymousUser()) == mend(typed, user=UserFactory()) == mends
    assert mend(typed, user=member) == mends[1:]


@pytest.mark.django_db
def test_knowing_what_one_may_see_takes_one_query_whatever_the_words(django_assert_num_queries):
    ListingFactory(title="Salles et barnum", category="technical.premises")
    user = UserFactory(is_superuser=True)
    for typed in ("ballles", "ballles barnom"):
        with django_assert_num_queries(2):
            assert len(mend(typed, user=user)) == len(typed.split())

"""What becomes of agreements when two structures become one, or when one ends."""

from django.db.models import Q
from django.utils import timezone

from maillage.agreements.models import Agreement
from maillage.directory.merging import hand_over

ONE_NOW = "Les deux structures n’en font plus qu’une."


def hand_over_agreements(old, new):
    """Those of ``old`` become those of ``new``; nobody has an agreement with oneself. Signed texts keep their names."""
    between = Q(lender=old, borrower=new) | Q(lender=new, borrower=old)
    _close(Agreement.objects.filter(between))
    hand_over(Agreement.objects.filter(lender=old), "lender", new)
    hand_over(Agreement.objects.filter(borrower=old), "borrower", new)


def withdraw_unsigned(structures):
    """Give up what structures that end had not signed with their partners; what is signed goes on being theirs."""
    open_ones = Agreement.objects.open().filter(Q(lender__in=structures) | Q(borrower__in=structures))
    open_ones.update(state=Agreement.State.WITHDRAWN, closed_on=timezone.localdate())


def _close(agreements):
    today = timezone.localdate()
    agreements.open().update(state=Agreement.State.WITHDRAWN, closed_on=today)
    signed = agreements.filter(state=Agreement.State.IN_FORCE)
    signed.update(state=Agreement.State.TERMINATED, closed_on=today, closing_reason=ONE_NOW)

"""What is written of loans, to those who act for one side: the report to agree with, and what the other says of it."""

from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.engine.french import NBSP, count_fr, number_fr
from maillage.handovers.models import ConditionReport
from maillage.kernel.letters import Action, Letter, cut
from maillage.sharing.bookings.terms import said

DONE = {ConditionReport.Kind.HANDED: "la remise", ConditionReport.Kind.RETURNED: "le retour"}
NOTED = {ConditionReport.Kind.HANDED: "La remise est notée", ConditionReport.Kind.RETURNED: "Le retour est noté"}


def written(report, person, site):
    """For the side that did not write the report: what it says, and one button to agree."""
    done, title = DONE[report.kind], report.booking.listing.title
    token = links.sign("handover", person=person.pk, report=report.pk)
    return Letter(
        subject=cut(f"{NOTED[report.kind]}{NBSP}: {title}"),
        title=f"{report.structure} a noté {done} de «{NBSP}{title}{NBSP}»",
        paragraphs=(*facts(report), "Est-ce bien ce que vous avez vu\u202f?"),
        action=Action("Répondre", urljoin(site, reverse("answer-report-by-letter", args=[token]))),
        after=("Une pression suffit si vous êtes d’accord. Sinon, dites ce qui ne va pas.",),
        why=f"Vous recevez ce message parce que vous agissez pour {report.other_structure}.",
    )


def disagreed(report, person, site):
    """For the side that wrote the report."""
    title = report.booking.listing.title
    return Letter(
        subject=cut(f"Pas d’accord sur l’état{NBSP}: {title}"),
        title=f"{report.other_structure} n’est pas d’accord",
        paragraphs=(
            f"Au sujet de ce que vous avez noté {said_at(report)}{NBSP}:",
            *facts(report),
            f"Sa réponse{NBSP}: «{NBSP}{report.answer_words}{NBSP}»",
        ),
        action=Action("Voir les deux versions", urljoin(site, report.get_absolute_url())),
        after=("Les deux versions sont gardées. Le bien se rend quand même à l’heure dite.",),
        why=f"Vous recevez ce message parce que vous agissez pour {report.structure}.",
    )


def facts(report):
    """What a report says, in sentences."""
    many = [f"Combien{NBSP}: {number_fr(report.quantity)}."] if report.booking.quantity > 1 else []
    gone = [f"Ne reviendront pas{NBSP}: {number_fr(report.missing)}."] if report.missing else []
    photos = report.photos.count()
    return (
        f"État{NBSP}: {report.get_condition_display()}.",
        *many,
        *gone,
        *([f"Précisions{NBSP}: «{NBSP}{report.words}{NBSP}»"] if report.words else []),
        *([f"Défauts connus{NBSP}: «{NBSP}{report.known_defects}{NBSP}»"] if report.known_defects else []),
        f"Donné par {report.gave}, reçu par {report.received}, {said_at(report)}.",
        *([f"Avec {count_fr(photos, 'photo')}."] if photos else []),
    )


def said_at(report):
    return f"le {said(timezone.localtime(report.at))}"

"""What is done with opportunities: search the territory, keep what is found, answer, agree."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.conversations.services import open_conversation
from maillage.directory.rules import acts_for
from maillage.kernel import events
from maillage.opportunities import sentences
from maillage.opportunities.finding import find_all
from maillage.opportunities.finding.refusals import lessons
from maillage.opportunities.finding.supply import listings_taken
from maillage.opportunities.models import Opportunity, Party, Question, Reason, Refusal, Run
from maillage.opportunities.searching import begin_one_by_one, search_is_alive, search_lock

ANSWERS = {Party.Answer.INTERESTED, Party.Answer.DECLINED}
MOST_WAITING = 3  # questions of a party


class AnswerRefused(Exception):
    """Its text is shown to the person."""


class SearchUnderWay(Exception):
    """One search at a time: ``run`` is the one that waits or is being done."""

    def __init__(self, run):
        super().__init__(run)
        self.run = run


def answer_opportunity(*, party_id, author, answer, reason=""):
    """Say that a structure is interested, or not and why; the last « interested » opens the conversation.

    The same answer again changes nothing; one may still decline as long as all have not agreed. Raises AnswerRefused.
    """
    if answer not in ANSWERS:
        raise AnswerRefused("Choisissez une réponse.")
    if (answer == Party.Answer.DECLINED) != (reason in Reason.values):
        raise AnswerRefused("Dites pourquoi cette occasion ne vous convient pas.")
    with transaction.atomic():
        # All the parties' answers pass by the row of their opportunity, so that one of them is the last.
        living = Opportunity.objects.living().select_for_update(of=("self",))
        opportunity = living.filter(pk__in=Party.objects.filter(pk=party_id).values("opportunity")).first()
        if opportunity is None:
            raise AnswerRefused(
                "Cette occasion n’est plus ouverte\u00a0: une annonce a changé, ou quelqu’un a répondu non."
            )
        parties = list(opportunity.parties.select_related("structure", "gives", "takes").order_by("position"))
        party = next(one for one in parties if one.pk == party_id)
        if not acts_for(author, party.structure):
            raise AnswerRefused("Vous ne répondez pas au nom de cette structure.")
        if party.answer == answer:
            return party
        party.answer, party.reason = answer, reason
        party.answered_by, party.answered_at = author, timezone.now()
        party.save(update_fields=["answer", "reason", "answered_by", "answered_at"])
        if answer == Party.Answer.DECLINED:
            _decline(opportunity, party, parties)
        elif all(one.answer == Party.Answer.INTERESTED for one in parties):
            _agree(opportunity, parties)
        events.publish_on_commit(
            f"opportunity:{opportunity.pk}", f"opportunity.{opportunity.state}", {"opportunity": opportunity.pk}
        )
    return party


def ask_team(*, party_id, author, text):
    """Ask the territory's team about an opportunity, in the name of its party; raises AnswerRefused."""
    party = Party.objects.select_related("structure").filter(pk=party_id).first()
    if party is None or not acts_for(author, party.structure):
        raise AnswerRefused("Vous n’écrivez pas au nom de cette structure.")
    if party.questions.waiting().count() >= MOST_WAITING:
        raise AnswerRefused("L’équipe n’a pas encore répondu à vos questions\u00a0: attendez sa réponse.")
    question = Question.objects.create(party=party, author=author, text=text)
    events.publish_on_commit("questions", "question.asked", {"question": question.pk})
    return question


def answer_question(*, question_id, agent, text):
    """Answer once; raises AnswerRefused."""
    with transaction.atomic():
        question = Question.objects.select_for_update().get(pk=question_id)
        if question.answered_at:
            raise AnswerRefused("Cette question a déjà une réponse.")
        question.answer, question.answered_by, question.answered_at = text, agent, timezone.now()
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        events.publish_on_commit(f"opportunity:{question.party.opportunity_id}", "question.answered")
    return question


def _decline(opportunity, party, parties):
    opportunity.state = Opportunity.State.DECLINED
    opportunity.save(update_fields=["state"])
    party.opportunity = opportunity
    taught = lessons(party, parties)
    own = {refusal.listing_id for refusal in taught if refusal.partner_id is None}
    Refusal.objects.filter(listing__in=own, partner=None).delete()  # the latest word on a listing counts
    Refusal.objects.bulk_create(taught, ignore_conflicts=True)


def _agree(opportunity, parties):
    opportunity.conversation = open_conversation(
        subject=sentences.subject(opportunity, parties),
        structures=[party.structure for party in parties],
        text=sentences.next_step(opportunity, parties),
    )
    opportunity.state = Opportunity.State.AGREED
    opportunity.save(update_fields=["state", "conversation"])


def run_search(*, crew=None, on_progress=None):
    """Search the whole territory and keep what is found; returns how many of each kind are living, new and expired.

    What was found before keeps its answers when it is found again, and when someone is interested; the rest expires,
    as does what a change of a listing made untrue. crew, on_progress: see ``find_all``.
    """
    began_at = timezone.now()  # a listing that changes from now on makes what is found of it outdated
    found = find_all(crew, on_progress)
    with transaction.atomic():
        known = {one.pk: one for one in Opportunity.objects.filter(state=Opportunity.State.FOUND).select_for_update()}
        expired = _expire(known, {one.fingerprint for one in found})
        seen = {one.fingerprint: one for one in known.values() if one.pk not in expired}
        _see_again([(seen[one.fingerprint], one) for one in found if one.fingerprint in seen], began_at)
        is_overtaken = _answered_meanwhile(began_at)
        new = [one for one in found if one.fingerprint not in seen and not is_overtaken(one)]
        created = _keep(new, began_at)
        events.publish_on_commit("opportunities", "opportunities.searched")
    counts = dict.fromkeys(Opportunity.Kind.values, 0)
    for kind in Opportunity.objects.living().values_list("kind", flat=True):
        counts[kind] += 1
    return counts | {"new": len(created), "expired": len(expired)}


def _expire(known, fingerprints):
    """Ids of the known opportunities that are over: outdated, or not found again and not held."""
    outdated = set(Opportunity.objects.outdated().values_list("pk", flat=True))
    held = set(Opportunity.objects.held().values_list("pk", flat=True))
    over = {
        pk for pk, one in known.items() if pk in outdated or (one.fingerprint not in fingerprints and pk not in held)
    }
    Opportunity.objects.filter(pk__in=over).update(state=Opportunity.State.EXPIRED)
    return over


def _answered_meanwhile(began_at):
    """What tells of a Found whether people took one of its listings, or refused one to another, since the search began.

    It errs on the side of leaving out: the next search, which knows what was answered, finds the rest again.
    """
    taken = listings_taken()
    refused = Refusal.objects.filter(refused_at__gte=began_at).values_list("listing", "partner")
    partners: dict[int, set] = {}
    for listing, partner in refused:
        partners.setdefault(listing, set()).add(partner)

    def is_overtaken(found):
        structures = {member.structure for member in found.members} | {None}
        return any(pk in taken or partners.get(pk, set()) & structures for pk in found.listings)

    return is_overtaken


def _see_again(pairs, seen_at):
    for opportunity, found in pairs:
        opportunity.seen_at = max(seen_at, opportunity.seen_at)  # a clock may be set back
        opportunity.value, opportunity.figures = found.value, found.figures
    Opportunity.objects.bulk_update([opportunity for opportunity, _ in pairs], ["seen_at", "value", "figures"])


def _keep(found, found_at):
    rows = Opportunity.objects.bulk_create(
        Opportunity(
            kind=one.kind,
            fingerprint=one.fingerprint,
            value=one.value,
            figures=one.figures,
            found_at=found_at,
            seen_at=found_at,
        )
        for one in found
    )
    Party.objects.bulk_create(
        Party(
            opportunity=row,
            position=position,
            structure_id=member.structure,
            gives_id=member.gives,
            takes_id=member.takes,
            distance=member.distance,
        )
        for row, one in zip(rows, found, strict=True)
        for position, member in enumerate(one.members)
    )
    return rows


def ask_search(*, asked_by=None):
    """Queue a search for the worker, on commit; the one under way when there is one already."""
    with transaction.atomic():
        try:
            run = _begin(asked_by=asked_by)
        except SearchUnderWay as under_way:
            return under_way.run
        app.configure_task("opportunities.search", lock="opportunities.search").defer(run_id=run.pk)
    return run


def search_now(*, crew, on_progress):
    """Search in this process, with this crew, and return the counts; raises SearchUnderWay when another one does."""
    try:
        run = _begin()
    except SearchUnderWay as under_way:
        run = under_way.run  # asked, and perhaps not begun: then it is done here
    return run_asked_search(run=run, crew=crew, on_progress=on_progress)


def run_asked_search(*, run, crew, on_progress=lambda share: None):
    """Do the search that was asked, unless it is over; how far it is can be read meanwhile. Returns the counts.

    A search that died with its process begins again. Raises SearchUnderWay when another process searches.
    """
    with search_lock() as is_ours:
        kept = Run.objects.filter(pk=run.pk)
        if not is_ours:
            raise SearchUnderWay(run)
        if not kept.unfinished().update(state=Run.State.RUNNING, percent=0, started_at=timezone.now()):
            return None

        def tell(share):
            kept.update(percent=int(100 * share))
            on_progress(share)

        try:
            with crew as computing:
                counts = run_search(crew=computing, on_progress=tell)
        except BaseException:
            kept.update(state=Run.State.FAILED, ended_at=timezone.now())
            raise
        kept.update(state=Run.State.DONE, percent=100, counts=counts, ended_at=timezone.now())
        return counts


def _begin(**fields):
    """A Run that waits; raises SearchUnderWay with the one that is unfinished. One that died is marked as failed."""
    with transaction.atomic():
        begin_one_by_one()
        running = Run.objects.filter(state=Run.State.RUNNING)
        if running.exists() and not search_is_alive():
            running.update(state=Run.State.FAILED, ended_at=timezone.now())
        if unfinished := Run.objects.unfinished().first():
            raise SearchUnderWay(unfinished)
        return Run.objects.create(**fields)

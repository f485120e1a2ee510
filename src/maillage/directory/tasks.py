"""Background work of the directory."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory import (
    claims,
    help_letters,
    helping,
    letters,
    network_letters,
    services,
    team,
    undoing,
    visitor_emails,
    visitor_letters,
)
from maillage.directory.models import (
    Assistance,
    Claim,
    HandOver,
    HelpRequest,
    Invitation,
    NetworkRequest,
    RegisterImport,
    Structure,
    VisitorLetter,
)
from maillage.kernel.letters import send

ASKING = ("invited", "asked", "help_asked", "help_offered")  # told while they wait

logger = logging.getLogger(__name__)


@app.task(name="directory.import_register", queue="imports", lock="directory.import_register")
def import_register_file(register_import_id):
    register_import = RegisterImport.objects.filter(pk=register_import_id).first()
    if register_import is None or not register_import.file:
        return
    services.run_register_import(register_import=register_import)
    logger.info("Register import %s ended.", register_import_id)


@app.task(name="directory.tell_about_network", queue=LETTERS)
def tell_about_network(event, head_id, member_id, site, until=""):
    """One job for each representative, so that a letter that fails is the only one to be sent again."""
    if pair := _pair(event, head_id, member_id):
        for person in team.listening_representatives(network_letters.told(event, **pair)):
            app.configure_task("directory.write_about_network", queue=LETTERS).defer(
                event=event, head_id=head_id, member_id=member_id, person_id=person.pk, site=site, until=until
            )


@app.task(name="directory.write_about_network", queue=LETTERS, retry=AGAIN)
def write_about_network(event, head_id, member_id, person_id, site, until=""):
    pair = _pair(event, head_id, member_id)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if pair and person:
        letter = network_letters.about_network(event, person=person, site=site, until=until, **pair)
        send(letter, to=person.email, site=site)


def _pair(event, head_id, member_id):
    """Both structures; None when what is asked no longer waits, or when one of them is no more."""
    waiting = HelpRequest.objects if event.startswith("help") else NetworkRequest.objects
    if event in ASKING and not waiting.filter(head=head_id, member=member_id).exists():
        return None
    found = Structure.objects.active().in_bulk([head_id, member_id])
    return {"head": found[head_id], "member": found[member_id]} if len(found) == 2 else None


@app.task(name="directory.undo_register_import", queue="imports", lock="directory.import_register")
def undo_register_import(register_import_id):
    register_import = RegisterImport.objects.filter(pk=register_import_id).first()
    if register_import is not None:
        undoing.run_undoing(register_import=register_import)
        logger.info("Register import %s undone.", register_import_id)


@app.periodic(cron="20 * * * *")
@app.task(name="directory.forget_abandoned_imports", queueing_lock="directory.forget_abandoned_imports")
def forget_abandoned_imports(timestamp):
    """Every hour: a register that nobody imports must not stay on the disk."""
    services.forget_abandoned_imports()


@app.task(name="directory.write_proof", queue=LETTERS, retry=AGAIN)
def write_proof(claim_id, site):
    to_prove = Claim.objects.waiting().exclude(site_email="").select_related("structure", "user")
    claim = to_prove.filter(pk=claim_id).first()
    if claim is not None:
        send(letters.prove_claim(claim, site), to=claim.site_email, site=site)


@app.task(name="directory.write_receipt", queue=LETTERS, retry=AGAIN)
def write_receipt(claim_id, site):
    claims_waiting = Claim.objects.waiting().select_related("structure", "user").filter(user__is_active=True)
    claim = claims_waiting.filter(pk=claim_id).first()
    if claim is not None:
        send(letters.claim_received(claim, site), to=claim.user.email, site=site)


@app.task(name="directory.write_question", queue=LETTERS, retry=AGAIN)
def write_question(claim_id, site):
    asked = Claim.objects.waiting().exclude(question="").select_related("structure", "user")
    claim = asked.filter(pk=claim_id, user__is_active=True).first()
    if claim is not None:
        send(letters.claim_questioned(claim, site), to=claim.user.email, site=site)


@app.task(name="directory.tell_claim_decided", queue=LETTERS, retry=AGAIN)
def tell_claim_decided(claim_id, site):
    claim = Claim.objects.select_related("structure", "user").filter(pk=claim_id, user__is_active=True).first()
    if claim is not None and claim.state in letters.DECIDED:
        send(letters.claim_decided(claim, site), to=claim.user.email, site=site)


@app.task(name="directory.tell_claim_made", queue=LETTERS)
def tell_claim_made(claim_id, site):
    """One job for each representative, so that a letter that fails is the only one to be sent again."""
    claim = Claim.objects.waiting().select_related("structure").filter(pk=claim_id).first()
    if claim is None:
        return
    for person in team.listening_representatives(claim.structure):
        app.configure_task("directory.tell_representative", queue=LETTERS).defer(
            claim_id=claim.pk, person_id=person.pk, site=site
        )


@app.task(name="directory.tell_representative", queue=LETTERS, retry=AGAIN)
def tell_representative(claim_id, person_id, site):
    claim = Claim.objects.waiting().select_related("structure", "user").filter(pk=claim_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if claim and person:
        send(letters.someone_asks_to_join(claim, person, site), to=person.email, site=site)


@app.task(name="directory.write_invitation", queue=LETTERS, retry=AGAIN)
def write_invitation(invitation_id, site):
    standing = Invitation.objects.standing().select_related("structure", "invited_by", "hand_over")
    invitation = standing.filter(pk=invitation_id).first()
    if invitation is not None:
        send(letters.invitation(invitation, site), to=invitation.email, site=site)


@app.task(name="directory.write_hand_over", queue=LETTERS, retry=AGAIN)
def write_hand_over(hand_over_id, person_id, site):
    handed = HandOver.objects.select_related("structure").filter(pk=hand_over_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if handed and person:
        send(letters.handed_over(handed, person, site), to=person.email, site=site)


@app.periodic(cron="40 * * * *")
@app.task(name="directory.forget_what_ended", queueing_lock="directory.forget_what_ended")
def forget_what_ended(timestamp):
    """Every hour: a document or an address that nobody needs any more must not stay."""
    claims.close_unanswered(site=settings.SITE_URL)
    claims.forget_old_claims()
    team.forget_old_invitations()
    helping.forget_who_asked()


@app.task(name="directory.tell_help_began", queue=LETTERS)
def tell_help_began(assistance_id, site):
    """One job for each representative, so that a letter that fails is the only one to be sent again."""
    given = Assistance.objects.select_related("structure").filter(pk=assistance_id).first()
    for person in helping.representatives_to_tell(given.structure) if given else ():
        app.configure_task("directory.write_help_began", queue=LETTERS).defer(
            assistance_id=assistance_id, person_id=person.pk, site=site
        )


@app.task(name="directory.write_help_began", queue=LETTERS, retry=AGAIN)
def write_help_began(assistance_id, person_id, site):
    given = Assistance.objects.select_related("structure", "head", "helper").filter(pk=assistance_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if given and person:
        send(help_letters.help_began(given, person, site), to=person.email, site=site)


@app.periodic(cron="20 7 * * *")
@app.task(name="directory.remind_of_helps", queueing_lock="directory.remind_of_helps")
def remind_of_helps(timestamp):
    """Every morning: a help that ends must not surprise anyone."""
    if settings.SITE_URL:
        helping.remind_of_ends(site=settings.SITE_URL)


@app.task(name="directory.write_help_ends", queue=LETTERS, retry=AGAIN)
def write_help_ends(assistance_id, person_id, site):
    running = Assistance.objects.running().select_related("structure", "head", "helper")
    given = running.filter(pk=assistance_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if given and person:
        send(help_letters.help_ends(given, person, site), to=person.email, site=site)


@app.task(name="directory.ask_visitor", queue=LETTERS, retry=AGAIN)
def ask_visitor(letter_id, site):
    """Does whoever wrote hold the address that they gave?"""
    if letter := _letter(letter_id):
        send(visitor_emails.confirm_your_address(letter, site), to=letter.email, site=site)


@app.task(name="directory.deliver_visitor_letter", queue=LETTERS)
def deliver_visitor_letter(letter_id, site):
    """One job for each reader, so that a letter that fails is the only one to be sent again."""
    if letter := _letter(letter_id):
        for person in visitor_letters.readers_of(letter.structure):
            app.configure_task("directory.write_to_representative", queue=LETTERS).defer(
                letter_id=letter.pk, person_id=person.pk, site=site
            )
        app.configure_task("directory.tell_visitor", queue=LETTERS).defer(letter_id=letter.pk, site=site)


@app.task(name="directory.write_to_representative", queue=LETTERS, retry=AGAIN)
def write_to_representative(letter_id, person_id, site):
    letter = _letter(letter_id)
    person = visitor_letters.readers_of(letter.structure).filter(pk=person_id).first() if letter else None
    if person:
        send(visitor_emails.visitor_wrote(letter, person, site), to=person.email, site=site, reply_to=letter.email)


@app.task(name="directory.tell_visitor", queue=LETTERS, retry=AGAIN)
def tell_visitor(letter_id, site):
    if letter := _letter(letter_id):
        send(visitor_emails.letter_left(letter, site), to=letter.email, site=site)


@app.periodic(cron="40 3 * * *")
@app.task(name="directory.forget_visitor_letters", queueing_lock="directory.forget_visitor_letters")
def forget_visitor_letters(timestamp):
    """Every night: what visitors wrote is erased once it was sent, or was never confirmed."""
    visitor_letters.forget()


def _letter(letter_id):
    return VisitorLetter.objects.select_related("structure").filter(pk=letter_id).first()

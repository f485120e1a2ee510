"""Background work of the directory."""

import logging

from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory import letters, services, visitor_letters
from maillage.directory.models import RegisterImport, VisitorLetter
from maillage.kernel.letters import send

logger = logging.getLogger(__name__)


@app.task(name="directory.import_register", queue="imports", lock="directory.import_register")
def import_register_file(register_import_id):
    register_import = RegisterImport.objects.filter(pk=register_import_id).first()
    if register_import is None or not register_import.file:
        return
    services.run_register_import(register_import=register_import)
    logger.info("Register import %s ended.", register_import_id)


@app.periodic(cron="20 * * * *")
@app.task(name="directory.forget_abandoned_imports", queueing_lock="directory.forget_abandoned_imports")
def forget_abandoned_imports(timestamp):
    """Every hour: a register that nobody imports must not stay on the disk."""
    services.forget_abandoned_imports()


@app.task(name="directory.ask_visitor", queue=LETTERS, retry=AGAIN)
def ask_visitor(letter_id, site):
    """Does whoever wrote hold the address that they gave?"""
    if letter := _letter(letter_id):
        send(letters.confirm_your_address(letter, site), to=letter.email, site=site)


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
        send(letters.visitor_wrote(letter, person, site), to=person.email, site=site, reply_to=letter.email)


@app.task(name="directory.tell_visitor", queue=LETTERS, retry=AGAIN)
def tell_visitor(letter_id, site):
    if letter := _letter(letter_id):
        send(letters.letter_left(letter, site), to=letter.email, site=site)


@app.periodic(cron="40 3 * * *")
@app.task(name="directory.forget_visitor_letters", queueing_lock="directory.forget_visitor_letters")
def forget_visitor_letters(timestamp):
    """Every night: what visitors wrote is erased once it was sent, or was never confirmed."""
    visitor_letters.forget()


def _letter(letter_id):
    return VisitorLetter.objects.select_related("structure").filter(pk=letter_id).first()

"""What people do with conversations: open one, write in it, mark as read, block, report."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.conversations.files import MOST_BYTES_A_DAY, MOST_FILES
from maillage.conversations.models import Attachment, Block, Conversation, Message, Participant, ReadingMark, Report
from maillage.directory.models import Mandate, Structure
from maillage.directory.rules import acts_for
from maillage.engine.french import NBSP
from maillage.kernel import events

A_DAY = timedelta(days=1)
FEWEST_TO_LEAVE = 3  # participants, so that two go on
MOST_STARTED = 20  # conversations that a structure starts in a day


class MessageRefused(Exception):
    """Its text is shown to the person."""


def open_conversation(*, subject, structures, text=""):
    """Open a conversation between two ``structures`` or more; ``text`` is what Maillage says first, if anything.

    Raises MessageRefused.
    """
    if len(structures) < 2:
        raise MessageRefused("Une conversation réunit au moins deux structures.")
    with transaction.atomic():
        conversation = Conversation.objects.create(subject=subject)
        Participant.objects.bulk_create(Participant(conversation=conversation, structure=one) for one in structures)
        if text:
            Message.objects.create(conversation=conversation, text=text)
        _tell(conversation.pk, "conversation.opened")
    return conversation


def start_conversation(*, structure, to, author, subject, text, key=None, site="", files=()):
    """Write to another structure for the first time, in the name of ``structure``; returns the Message.

    key, site, files: see ``post_message``. Raises MessageRefused.
    """
    with transaction.atomic():
        # Locked so that two starts at the same time are both counted, and a form sent twice is one.
        structure = Structure.objects.select_for_update().get(pk=structure.pk)
        if sent := _already_sent(key, author):
            return sent
        _check_reads(to, structure)
        since = timezone.now() - A_DAY
        begun = Message.objects.filter(structure=structure, sent_at__gte=since, conversation__opened_at__gte=since)
        if begun.values("conversation").distinct().count() >= MOST_STARTED:
            raise MessageRefused(
                f"Votre association a écrit à {MOST_STARTED} autres en un jour\u00a0: attendez demain pour la suivante."
            )
        conversation = open_conversation(subject=subject, structures=[structure, to])
        return post_message(
            conversation_id=conversation.pk,
            structure=structure,
            author=author,
            text=text,
            key=key,
            site=site,
            files=files,
        )


def post_message(*, conversation_id, structure, author, text, key=None, site="", files=()):
    """Write in the name of ``structure``; raises MessageRefused.

    text   without one, the names of the files
    key    a UUID of the form that was filled: sent twice, it is one message
    site   the address of Maillage, for the letters that tell of it; without, none are written
    files  CleanFiles, three at most
    """
    with transaction.atomic():
        # Locked so that messages follow one another in the order in which they are sent.
        conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
        if sent := _already_sent(key, author):
            return sent
        if conversation is None or not conversation.participants.filter(structure=structure).exists():
            raise MessageRefused("Cette conversation n’est pas ouverte à cette structure.")
        _check_acts(author, structure)
        _refuse_if_over(conversation, structure)
        _refuse_if_blocked(conversation, structure)
        text = text.strip() or _named(files)
        message = Message(conversation=conversation, structure=structure, author=author, text=text, key=key)
        try:
            message.full_clean()
        except ValidationError as error:
            raise MessageRefused(" ".join(error.messages)) from error
        message.save()
        _attach(message, files)
        mark_as_read(user=author, message=message)
        _tell(conversation.pk, "message.posted", message=message.pk)
        if site:
            tell_by_letter(message=message, site=site)
    return message


def _named(files):
    """What a message without a text says of its ``files``, "" without any."""
    said = "Fichier joint" if len(files) == 1 else "Fichiers joints"
    return f"{said}\u00a0: {', '.join(file.name for file in files)}" if files else ""


def _attach(message, files):
    if len(files) > MOST_FILES:
        raise MessageRefused(f"Un message porte {MOST_FILES} fichiers au plus.")
    if files:
        _check_volume(message.structure, sum(len(file.content) for file in files))
    for position, file in enumerate(files, start=1):
        message.attachments.create(
            position=position,
            name=file.name,
            kind=file.kind,
            size=len(file.content),
            file=ContentFile(file.content, name=file.name),
        )


def _check_volume(structure, size):
    lately = Attachment.objects.filter(message__structure=structure, message__sent_at__gt=timezone.now() - A_DAY)
    if (lately.aggregate(total=Sum("size"))["total"] or 0) + size > MOST_BYTES_A_DAY:
        raise MessageRefused(
            "Votre association a envoyé beaucoup de fichiers depuis hier\u00a0: 100\u00a0Mo au plus par jour. "
            "Envoyez ceux-ci demain, ou l’adresse où les trouver."
        )


def tell_by_letter(*, message, site):
    """Have those whom ``message`` is for hear of it by e-mail, on commit; ``site``: the address of Maillage."""
    _write("conversations.write_about_message", message_id=message.pk, site=site)


def _already_sent(key, author):
    return key and Message.objects.filter(key=key, author=author).first()


def _refuse_if_over(conversation, structure):
    """A structure that has ended writes no more, and nobody writes to those that have all ended."""
    active = set(conversation.structures.active().values_list("pk", flat=True))
    if structure.pk not in active:
        raise MessageRefused("Votre structure n’est plus active\u00a0: elle n’écrit plus.")
    if active == {structure.pk}:
        raise MessageRefused("Personne ne lit plus cette conversation\u00a0: l’autre structure n’est plus active.")


def _refuse_if_blocked(conversation, structure):
    """In a conversation of two, whoever is blocked no longer writes; who blocked must unblock first."""
    others = list(conversation.participants.exclude(structure=structure).values_list("structure", flat=True))
    if len(others) > 1:
        return
    if Block.objects.filter(structure__in=others, blocked=structure).exists():
        raise MessageRefused("Cette association ne reçoit pas vos messages.")
    if Block.objects.filter(structure=structure, blocked__in=others).exists():
        raise MessageRefused("Votre association a bloqué celle-ci\u00a0: débloquez-la pour lui écrire.")


def mark_as_read(*, user, message):
    """Remember that ``user`` has read ``message`` and all those before it; never goes back."""
    with transaction.atomic():
        mark, is_new = ReadingMark.objects.select_for_update().get_or_create(
            user=user, conversation_id=message.conversation_id, defaults={"message": message}
        )
        if not is_new and mark.message_id < message.pk:
            mark.message = message
            mark.save(update_fields=["message"])


def block(*, structure, blocked, author):
    """No message of ``blocked`` any more, in conversations of two; raises MessageRefused."""
    _check_acts(author, structure)
    if structure == blocked:
        raise MessageRefused("Une association ne se bloque pas elle-même.")
    Block.objects.get_or_create(structure=structure, blocked=blocked)


def unblock(*, structure, blocked, author):
    """Raises MessageRefused."""
    _check_acts(author, structure)
    Block.objects.filter(structure=structure, blocked=blocked).delete()


def leave(*, conversation_id, structure, author):
    """Have ``structure`` read and write no more in a conversation that goes on without it; raises MessageRefused.

    What it wrote stays; Maillage tells the others.
    """
    _check_acts(author, structure)
    with transaction.atomic():
        # Locked as for a message, and so that two that leave at once do not leave one alone.
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        mine = conversation.participants.filter(structure=structure)
        if not mine.exists():
            raise MessageRefused("Votre association ne prend plus part à cette conversation.")
        if conversation.participants.count() < FEWEST_TO_LEAVE:
            raise MessageRefused(f"On ne quitte pas une conversation à deux{NBSP}: bloquez plutôt l’autre association.")
        mine.delete()
        Message.objects.create(conversation=conversation, text=f"{structure.name} a quitté la conversation.")
        _tell(conversation.pk, "conversation.left", structure=structure.pk)


def report_message(*, message, structure, author, reason):
    """Show one message of another structure to the territory's team; the same message again changes nothing.

    Raises MessageRefused.
    """
    _check_acts(author, structure)
    if reason not in Report.Reason.values:
        raise MessageRefused("Dites ce qui ne va pas dans ce message.")
    if message.structure_id in (None, structure.pk):
        raise MessageRefused("Seul le message d’une autre association se signale.")
    if not message.conversation.participants.filter(structure=structure).exists():
        raise MessageRefused("Cette conversation n’est pas ouverte à cette structure.")
    report, is_new = Report.objects.get_or_create(
        message=message, structure=structure, defaults={"reported_by": author, "reason": reason}
    )
    if is_new:
        events.publish_on_commit("reports", "message.reported", {"report": report.pk})
    return report


def decide_report(*, report_id, agent, withdraw, site=""):
    """Leave the message or withdraw it, for this report and the others of the same message; once.

    site  the address of Maillage, for the letters to those who reported and to whoever wrote; without, none are written
    """
    with transaction.atomic():
        report = Report.objects.select_for_update().select_related("message").get(pk=report_id)
        if report.decision:
            raise MessageRefused("Ce signalement est déjà traité.")
        now = timezone.now()
        decision = Report.Decision.WITHDRAWN if withdraw else Report.Decision.KEPT
        decided = list(Report.objects.waiting().filter(message=report.message).values_list("pk", flat=True))
        Report.objects.filter(pk__in=decided).update(decision=decision, decided_by=agent, decided_at=now)
        if withdraw:
            Message.objects.filter(pk=report.message_id).update(withdrawn_at=now)
            _erase_files(report.message)
            _tell(report.message.conversation_id, "message.withdrawn", message=report.message_id)
        for each in decided if site else ():
            _write("conversations.tell_report_decided", report_id=each, site=site)
        if withdraw and site:
            _write("conversations.tell_message_withdrawn", report_id=report.pk, site=site)


def _write(task, **of_what):
    app.configure_task(task, queue=LETTERS).defer(**of_what)


def _erase_files(message):
    """A message that is withdrawn keeps no file: what it carried is erased once that is certain."""
    for attachment in message.attachments.all():
        storage, path = attachment.file.storage, attachment.file.name
        transaction.on_commit(partial(storage.delete, path))
    message.attachments.all().delete()


def _check_reads(to, structure):
    """Whether ``to`` may receive a first message of ``structure``."""
    if structure == to:
        raise MessageRefused("Une association ne s’écrit pas à elle-même.")
    if to.state != Structure.State.ACTIVE:
        raise MessageRefused("Cette association n’est plus active\u00a0: elle ne reçoit plus de message.")
    if not Mandate.objects.current().filter(structure=to).exists():
        raise MessageRefused("Personne ne lit encore les messages de cette association sur Maillage.")


def _check_acts(author, structure):
    if not acts_for(author, structure):
        raise MessageRefused("Vous n’écrivez pas au nom de cette structure.")


def _tell(pk, name, **payload):
    events.publish_on_commit(f"conversation:{pk}", name, {"conversation": pk, **payload})

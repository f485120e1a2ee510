"""An inventory read, its lines chosen, confirmed, undone: each in one transaction, each traced."""

from django.db import transaction
from django.db.models import DO_NOTHING, ManyToOneRel
from django.utils import timezone

from maillage.engine.french import count_fr, join_fr
from maillage.kernel.audit import acting
from maillage.sharing import taxonomy
from maillage.sharing.drafts import MOST_DRAFTS, remove_draft, start_draft
from maillage.sharing.inventories import InventoryRefused
from maillage.sharing.inventories.files import LARGEST_FILE, read_table
from maillage.sharing.inventories.plan import Outcome, make_plan
from maillage.sharing.inventories.rows import read_rows
from maillage.sharing.models import Draft, Inventory, InventoryLine, Listing
from maillage.sharing.services import ListingRefused, change_listing, prepare_listing, publish_listings
from maillage.territory.models import Commune

GONE = "Cet import n’est plus à confirmer\u00a0: il est déjà fait, ou oublié."


def read_inventory(*, file, structure, author):
    """Read a file and keep its lines until they are confirmed; what the same person left waiting is forgotten.

    Raises InventoryRefused when it cannot be read.
    """
    table = read_table(file.read(LARGEST_FILE + 1))
    rows = read_rows(table, structure)
    with transaction.atomic():
        Inventory.objects.filter(state=Inventory.State.WAITING, author=author, structure=structure).delete()
        name = str(file.name).replace("\0", "").rsplit("/", 1)[-1][:255]
        inventory = Inventory.objects.create(structure=structure, author=author, file_name=name, notes=table.notes)
        InventoryLine.objects.bulk_create(
            InventoryLine(
                inventory=inventory,
                **{name: getattr(row, name) for name in _SAME},
                problem=row.problem[:250],
                is_kept=not row.problem,
            )
            for row in rows
        )
    return inventory


_SAME = ("line_number", "title", "reference", "facts", "category", "suggestions", "notes")


def choose_lines(*, inventory_id, shown, kept, categories):
    """Save what was chosen on a page of the preview. Raises InventoryRefused.

    shown       line numbers that the page showed
    kept        those among them that are ticked
    categories  {line number: code}; a code that the taxonomy does not have is « not chosen »
    """
    with transaction.atomic():
        inventory = _locked(inventory_id, Inventory.State.WAITING)
        changed = []
        for line in inventory.lines.filter(line_number__in=shown, problem=""):
            code = categories.get(line.line_number, line.category)
            chosen = (line.line_number in kept, code if taxonomy.exists(code) else "")
            if chosen != (line.is_kept, line.category):
                line.is_kept, line.category = chosen
                changed.append(line)
        InventoryLine.objects.bulk_update(changed, ["is_kept", "category"])


def confirm_inventory(*, inventory_id, author, as_drafts):
    """Make offers, or drafts, of the ticked lines, compared anew with what is there; returns the Inventory.

    Raises InventoryRefused when nothing is ticked, a category is missing, there are too many drafts, or it is gone.
    """
    with transaction.atomic(), acting(author, reason=f"inventaire n°\u00a0{inventory_id}"):
        inventory = _locked(inventory_id, Inventory.State.WAITING)
        plan = make_plan(inventory)
        _check_something_to_do(plan)
        if as_drafts:
            _check_room_for_drafts(plan, author)
        told = {planned.line.facts.get("commune_id") for planned in plan} - {None}
        communes = Commune.objects.in_bulk(told)
        for planned in plan:
            commune = communes.get(planned.line.facts.get("commune_id"), inventory.structure.commune)
            try:
                _make(planned, inventory, author, commune, as_drafts)
            except ListingRefused as refusal:
                raise InventoryRefused(f"Ligne {planned.line.line_number}\u00a0: {refusal}") from refusal
        new = [planned.line.listing for planned in plan if planned.line.outcome == Outcome.CREATED]
        try:
            publish_listings(structure=inventory.structure, author=author, listings=new)
        except ListingRefused as refusal:
            raise InventoryRefused(str(refusal)) from refusal
        InventoryLine.objects.bulk_update(
            [planned.line for planned in plan], ["outcome", "listing", "draft", "before", "after"]
        )
        inventory.state, inventory.done_at = Inventory.State.DONE, timezone.now()
        inventory.save(update_fields=["state", "done_at"])
    return inventory


def _check_something_to_do(plan):
    if not any(planned.does_something for planned in plan):
        raise InventoryRefused("Aucune ligne n’est cochée\u00a0: cochez ce que vous voulez publier.")
    if missing := [str(planned.line.line_number) for planned in plan if planned.needs_category]:
        named = join_fr(missing[:10]) if len(missing) <= 10 else f"{', '.join(missing[:10])}…"
        one = len(missing) == 1
        raise InventoryRefused(
            f"Choisissez la catégorie {'de la ligne' if one else 'des lignes'} {named}, "
            f"ou décochez-{'la' if one else 'les'}. Rien n’est encore publié."
        )


def _check_room_for_drafts(plan, author):
    wanted = sum(planned.does_something and planned.outcome == Outcome.CREATED for planned in plan)
    room = max(0, MOST_DRAFTS - Draft.objects.filter(author=author).count())
    if wanted > room:
        raise InventoryRefused(
            f"Une personne garde {MOST_DRAFTS} brouillons au plus\u00a0: il vous en reste {room}, et vous avez coché "
            f"{count_fr(wanted, 'ligne')}. Décochez-en, ou publiez directement."
        )


def _make(planned, inventory, author, commune, as_drafts):
    line = planned.line
    if not planned.does_something:
        unchanged = planned.outcome == Outcome.UNCHANGED
        line.outcome = Outcome.UNCHANGED if unchanged else Outcome.LEFT_ASIDE
        line.listing, line.draft = planned.listing, planned.draft
        return
    if planned.outcome == Outcome.UPDATED:
        line.before = {name: getattr(planned.listing, name) for name in planned.changes}
        line.after, line.outcome = planned.changes, Outcome.UPDATED
        line.listing = _change(planned.listing, author, planned.changes)
        return
    details = {name: value for name, value in planned.details.items() if name != "commune_id"}
    if as_drafts:
        line.draft = start_draft(
            structure=inventory.structure,
            author=author,
            direction=Listing.Direction.OFFER,
            typed=_typed(details, commune, inventory.structure),
        )
        line.outcome = Outcome.DRAFTED
        return
    line.listing = prepare_listing(  # published with the others
        structure=inventory.structure, direction=Listing.Direction.OFFER, commune=commune, **details
    )
    line.outcome = Outcome.CREATED


def _change(listing, author, facts):
    changes = {name: value for name, value in facts.items() if name != "commune_id"}
    if "commune_id" in facts:
        changes["commune"] = Commune.objects.get(pk=facts["commune_id"])
    return change_listing(listing_id=listing.pk, author=author, opened_at=listing.modified_at, **changes)


def _typed(details, commune, structure):
    """What one would have typed on the screens of a draft; those of when and of who sees it are left to see."""
    cents = details["price_cents"]
    price = f"{cents // 100},{cents % 100:02}" if cents else ""
    screens = {
        "quoi": {
            "structure": structure.pk,
            **{name: details[name] for name in ("title", "category", "text", "quantity")},
        },
        "ou": {"commune": commune.label, "radius_km": details["radius_km"] or ""},
        "quand": {},
        "conditions": {
            "price": price,
            **{name: details[name] for name in ("conditions", "price_unit", "visibility")},
        },
    }
    return {step: {name: [str(value)] for name, value in typed.items()} for step, typed in screens.items()}


def undo_inventory(*, inventory_id, author):
    """Take away what an import made and put back what it changed, save what was changed or used since.

    Returns (taken away, put back, kept). Raises InventoryRefused.
    """
    with transaction.atomic(), acting(author, reason=f"inventaire n°\u00a0{inventory_id} défait"):
        inventory = _locked(inventory_id, Inventory.State.DONE)
        lines = list(inventory.lines.filter(outcome__in=[Outcome.CREATED, Outcome.DRAFTED, Outcome.UPDATED]))
        updated = [line for line in lines if line.outcome == Outcome.UPDATED]
        restored = [_put_back(line, author) for line in updated]
        removed, kept = _take_away([line for line in lines if line not in updated], inventory.done_at)
        inventory.state, inventory.undone_at = Inventory.State.UNDONE, timezone.now()
        inventory.save(update_fields=["state", "undone_at"])
    return removed, restored.count(True), kept + restored.count(False)


def _take_away(lines, done_at):
    """Remove the offers and drafts that lines made and that nobody touched since; (how many, how many stay)."""
    drafts = Draft.objects.select_for_update().in_bulk([line.draft_id for line in lines if line.draft_id])
    listings = Listing.objects.select_for_update().in_bulk([line.listing_id for line in lines if line.listing_id])
    old_drafts = [pk for pk, draft in drafts.items() if draft.modified_at <= done_at]
    old_listings = {pk for pk, listing in listings.items() if listing.modified_at <= done_at} - _used(list(listings))
    for pk in old_drafts:
        remove_draft(draft_id=pk)
    Listing.objects.filter(pk__in=old_listings).delete()
    removed = len(old_drafts) + len(old_listings)
    return removed, len(drafts) + len(listings) - removed


def _used(listings):
    """Those that a row of another table names, here or in a layer above; the history is no such table."""
    links = [one for one in Listing._meta.get_fields(include_hidden=True) if isinstance(one, ManyToOneRel)]
    used: set[int] = set()
    for link in links:
        if link.related_model is not InventoryLine and link.on_delete is not DO_NOTHING:
            name = link.field.attname
            rows = link.related_model._base_manager.filter(**{f"{name}__in": listings})
            used.update(rows.values_list(name, flat=True))
    return used


def _put_back(line, author):
    """Whether what the line changed is as before again; None when the listing is gone."""
    listing = Listing.objects.select_for_update().filter(pk=line.listing_id).first()
    if listing is None:
        return None
    is_as_left = all(getattr(listing, name) == value for name, value in line.after.items())
    if listing.state == Listing.State.CLOSED or not is_as_left:
        return False
    _change(listing, author, line.before)
    return True


def forget_inventory(*, inventory_id):
    """Give up a file that was not confirmed."""
    Inventory.objects.filter(pk=inventory_id, state=Inventory.State.WAITING).delete()


def remove_forgotten_inventories():
    """Remove those that were never confirmed for a month; returns how many."""
    with transaction.atomic():
        forgotten = Inventory.objects.filter(
            pk__in=Inventory.objects.forgotten().select_for_update(skip_locked=True).values("pk")
        )
        count = forgotten.count()
        forgotten.delete()
    return count


def _locked(inventory_id, state):
    locked = Inventory.objects.select_for_update(of=("self",)).select_related("structure__commune")
    inventory = locked.filter(pk=inventory_id, state=state).first()
    if inventory is None:
        raise InventoryRefused(GONE)
    return inventory

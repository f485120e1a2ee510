"""Prices as people type them: « 12,50 € », « 1 200 euros », « gratuit »."""

import re

HIGHEST_CENTS = 100_000_000

_FREE = re.compile(r"(c’est )?(gratuit(e|s|es)?|gratuitement|offert(e|s|es)?)")
_AMOUNT = re.compile(
    r"(?P<euros>[0-9]{1,3}(?:[ .][0-9]{3})+|[0-9]+)"
    r"(?: ?[.,](?P<cents>[0-9]{1,2}) ?(?:€|euros?|eur)?| ?(?:€|euros?|eur) ?(?P<cents_after>[0-9]{2})?)?"
)
_NEGATIVE = re.compile(r"[-−–] ?[0-9]|moins ")


class PriceRefused(ValueError):
    """Its text is for the person who typed the price."""


def parse_price(text):
    """The cents of a price typed in French: « 12,50 € » -> 1250, « gratuit » -> 0; raises PriceRefused.

    A dot or a comma followed by one or two figures gives cents; a dot or a space followed by three, thousands.
    """
    typed = re.sub(r"\s+", " ", text.lower().replace("'", "’")).strip()
    if not typed:
        raise PriceRefused("Écrivez un montant, par exemple « 12,50 € », ou le mot « gratuit ».")
    if _FREE.fullmatch(typed):
        return 0
    if _NEGATIVE.match(typed):
        raise PriceRefused("Un montant ne peut pas être négatif. Écrivez par exemple « 12,50 € ».")
    match = _AMOUNT.fullmatch(typed)
    if not match:
        raise PriceRefused(
            "Nous n’avons pas compris ce montant. "
            "Écrivez un seul nombre, par exemple « 12,50 € », ou le mot « gratuit »."
        )
    euros = re.sub(r"[ .]", "", match["euros"])
    cents = (match["cents"] or match["cents_after"] or "0").ljust(2, "0")
    if len(euros) > 12 or (total := int(euros + cents)) > HIGHEST_CENTS:
        raise PriceRefused("Ce montant dépasse un million d’euros. Vérifiez le nombre de zéros.")
    return total

"""Why sign-in is asked: said above its form, from the address that the person was going to."""

from django.urls import Resolver404, resolve

REASONS = {
    "write-about-listing": "Pour écrire au nom de votre association, connectez-vous. "
    "Sans compte, revenez à l’annonce\u00a0: elle dit comment écrire.",
    "write-to-structure": "Pour écrire au nom de votre association, connectez-vous.",
    "ask-to-act": "Pour tenir la page de votre association, connectez-vous\u00a0: nous devons savoir qui demande.",
    "publish": "Pour proposer ou chercher quelque chose au nom de votre association, connectez-vous.",
}


def reason_for(address):
    """The sentence for whoever was going to ``address``; empty when there is nothing to say."""
    try:
        return REASONS.get(resolve(address.partition("?")[0]).url_name or "", "")
    except Resolver404:
        return ""

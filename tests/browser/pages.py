"""Every page of the site, in every state that looks different: those who add a page add its visits here."""

from dataclasses import dataclass

VISITOR, MEMBER, AGENT = "visitor", "member", "agent"


@dataclass(frozen=True)
class Visit:
    """A page as someone finds it.

    address       with the keys of the town of tests/factories/town.py: « /annonces/{offer}/ »
    who           VISITOR, MEMBER (who acts for the town's structure) or AGENT
    status        of the answer
    sends_empty   clears the page's form and presses its button: the answer is then a 422
    most_bytes    pages with a map may weigh more
    """

    address: str
    who: str = VISITOR
    status: int = 200
    sends_empty: bool = False
    most_bytes: int = 150_000

    def __str__(self):
        return f"{self.who}{' sends nothing to' if self.sends_empty else ''} {self.address}"


MAP = 300_000  # bytes that a page with the map of the territory may weigh

FOR_ALL = [
    *("/", "/aide/", "/accessibilite/", "/donnees-personnelles/", "/mentions-legales/", "/confort/", "/composants/"),
    *("/structures/", "/structures/?nom=rien+de+tel", "/structures/{structure}/"),
    *("/chercher/", "/chercher/?quoi=camionnette&ou=Revel&rayon=25", "/chercher/?quoi=camionnette&vue=liste"),
    *("/chercher/?quoi=rien+de+tel&ou=Revel", "/chercher/?sens=besoin", "/annonces/{offer}/", "/nulle-part/"),
]
FOR_ALL_WITH_MAP = [
    *("/territoire/", "/territoire/intercommunalites/243100567/", "/territoire/communes/31451/"),
    "/chercher/?quoi=camionnette&vue=carte",
]

VISITS = [
    *(Visit(address, who, 404 if "nulle" in address else 200) for address in FOR_ALL for who in (VISITOR, MEMBER)),
    *(Visit(address, who, most_bytes=MAP) for address in FOR_ALL_WITH_MAP for who in (VISITOR, MEMBER)),
    Visit("/chercher/?quoi=camionnette&quand=autre"),
    Visit("/chercher/?prix_max=abc", status=422),
    Visit("/chercher/?quoi=camionnette+licorne+pour+9+personnes"),
    Visit("/chercher/?ou=saint", status=422),
    Visit("/territoire/?commune=zzzzzz", status=422, most_bytes=MAP),
    # accounts
    Visit("/compte/connexion/"),
    Visit("/compte/connexion/", sends_empty=True),
    Visit("/compte/inscription/"),
    Visit("/compte/inscription/", sends_empty=True),
    Visit("/compte/inscription/envoye/"),
    Visit("/compte/inscription/perime/", status=410),
    Visit("/compte/sans-mot-de-passe/"),
    Visit("/compte/ferme/", status=403),
    Visit("/compte/mot-de-passe/"),
    Visit("/compte/mot-de-passe/", sends_empty=True),
    Visit("/compte/mot-de-passe/envoye/"),
    Visit("/compte/mot-de-passe/perime/", status=410),
    Visit("/compte/deconnexion/", MEMBER),
    Visit("/compte/", MEMBER),
    Visit("/compte/c-est-bien-moi/", MEMBER),
    Visit("/compte/c-est-bien-moi/", MEMBER, sends_empty=True),
    Visit("/compte/changer-de-mot-de-passe/", MEMBER),
    Visit("/compte/changer-de-mot-de-passe/", MEMBER, sends_empty=True),
    Visit("/compte/adresse/", MEMBER),
    Visit("/compte/deux-etapes/", MEMBER),
    Visit("/compte/deux-etapes/", MEMBER, sends_empty=True),
    Visit("/compte/cles/", MEMBER),
    Visit("/compte/effacer/", MEMBER),
    Visit("/compte/effacer/", MEMBER, sends_empty=True),
    Visit("/mon-espace/", MEMBER),
    Visit("/compte/ne-plus-recevoir/expired/", status=410),
    Visit("/mon-espace/", AGENT),
    Visit("/administration/", AGENT),
    Visit("/administration/reglages/", AGENT),
    Visit("/administration/equipe/", AGENT),
    Visit("/administration/equipe/", AGENT, sends_empty=True),
    # alerts and news
    Visit("/compte/nouvelles/", MEMBER),
    Visit("/compte/nouvelles/arreter/expired/", status=410),
    Visit("/annonces/renouveler/expired/", status=410),
    Visit("/mes-alertes/", MEMBER),
    Visit("/mes-alertes/", AGENT),
    Visit("/mes-alertes/nouvelle/?quoi=tables", MEMBER),
    Visit("/mes-alertes/nouvelle/?quoi=tables&quand=samedi", MEMBER),
    # listings
    Visit("/proposer/", MEMBER),
    Visit("/proposer/", AGENT),
    Visit("/proposer/?sens=besoin&quoi=salle+de+reunion", MEMBER),
    Visit("/proposer/?quoi=", MEMBER, status=422),
    Visit("/proposer/annonce/?sens=offre&categorie=technical.vehicles.van", MEMBER),
    Visit("/proposer/annonce/?sens=besoin", MEMBER),
    Visit("/proposer/brouillons/{begun}/quoi/", MEMBER),
    Visit("/proposer/brouillons/{begun}/quoi/?verifier=1", MEMBER, status=422),
    Visit("/proposer/brouillons/{ready}/ou/", MEMBER),
    Visit("/proposer/brouillons/{ready}/quand/", MEMBER),
    Visit("/proposer/brouillons/{ready}/conditions/", MEMBER),
    Visit("/proposer/brouillons/{begun}/conditions/?verifier=1", MEMBER, status=422),
    Visit("/proposer/brouillons/{ready}/apercu/", MEMBER, most_bytes=MAP),
    Visit("/proposer/inventaire/", MEMBER),
    Visit("/proposer/inventaire/", MEMBER, sends_empty=True),
    Visit("/proposer/inventaire/{waiting_inventory}/", MEMBER),
    Visit("/proposer/inventaire/{done_inventory}/", MEMBER),
    Visit("/mes-annonces/", MEMBER),
    Visit("/mes-annonces/", AGENT),
    Visit("/annonces/{need}/", status=404),
    Visit("/annonces/{need}/", MEMBER),
    Visit("/annonces/{paused}/", MEMBER),
    Visit("/annonces/{ended}/", status=410),
    Visit("/annonces/{neighbour_offer}/", MEMBER),
    Visit("/annonces/{offer}/modifier/", MEMBER),
    Visit("/annonces/{offer}/modifier/", MEMBER, sends_empty=True),
    # opportunities and conversations
    Visit("/occasions/", MEMBER),
    Visit("/occasions/", AGENT),
    Visit("/occasions/{party}/", MEMBER),
    Visit("/occasions/{party}/", MEMBER, sends_empty=True),
    Visit("/administration/occasions/", AGENT, most_bytes=MAP),
    Visit("/administration/occasions/", MEMBER, status=403),
    Visit("/conversations/", MEMBER),
    Visit("/conversations/", AGENT),
    Visit("/conversations/{conversation}/", MEMBER),
    Visit("/conversations/{conversation}/", MEMBER, sends_empty=True),
    Visit("/conversations/{conversation}/messages/{message}/signaler/", MEMBER),
    Visit("/conversations/{conversation}/messages/{message}/signaler/", MEMBER, sends_empty=True),
    Visit("/annonces/{neighbour_offer}/ecrire/", MEMBER),
    Visit("/annonces/{neighbour_offer}/ecrire/", MEMBER, sends_empty=True),
    Visit("/annonces/{offer}/ecrire/", MEMBER),
    Visit("/structures/{neighbour}/ecrire/", MEMBER),
    Visit("/structures/{neighbour}/ecrire/", MEMBER, sends_empty=True),
    Visit("/administration/signalements/", AGENT),
    Visit("/administration/occasions/questions/", AGENT),
    Visit("/administration/occasions/questions/", AGENT, sends_empty=True),
    # places
    *(Visit("/lieux/?ou=Revel", who, most_bytes=MAP) for who in (VISITOR, MEMBER)),
    *(Visit("/lieux/{place}/", who, most_bytes=MAP) for who in (VISITOR, AGENT)),
    Visit("/lieux/?sorte=rural_home"),
    Visit("/lieux/?ou=saint", status=422),
    Visit("/lieux/{hidden_place}/", AGENT, most_bytes=MAP),
    Visit("/lieux/{place}/signaler/"),
    Visit("/lieux/{place}/signaler/", sends_empty=True),
    Visit("/administration/lieux/", AGENT),
    Visit("/administration/lieux/?nom=rien+de+tel", AGENT),
    Visit("/administration/lieux/ajouter/", AGENT),
    Visit("/administration/lieux/ajouter/", AGENT, sends_empty=True),
    Visit("/administration/lieux/{place}/modifier/", AGENT),
    Visit("/administration/lieux/signalements/", AGENT),
    Visit("/administration/lieux/imports/", AGENT),
    Visit("/administration/lieux/imports/", AGENT, sends_empty=True),
    Visit("/administration/lieux/imports/{waiting_places}/", AGENT),
    Visit("/administration/lieux/imports/{done_places}/", AGENT),
    # structures and registers
    Visit("/structures/{structure}/modifier/", MEMBER),
    Visit("/chez/foyer-rural/"),
    Visit("/structures/{structure}/affiche/", MEMBER),
    Visit("/structures/{structure}/message/"),
    Visit("/structures/{structure}/message/", sends_empty=True),
    Visit("/structures/{structure}/message/envoye/"),
    Visit("/message/expired/", status=410),
    Visit("/structures/{structure}/modifier/presentation/", MEMBER),
    Visit("/structures/{structure}/modifier/presentation/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/modifier/contacts/", MEMBER),
    Visit("/structures/{structure}/modifier/siret/", MEMBER),
    Visit("/structures/{structure}/modifier/adresse/", MEMBER),
    Visit("/structures/{structure}/modifier/adresse/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/photos/", MEMBER),
    Visit("/structures/{structure}/photos/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/photos/{page_picture}/decrire/", MEMBER),
    Visit("/structures/{structure}/photos/{page_picture}/decrire/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/reseau/", MEMBER),
    Visit("/structures/{structure}/reseau/?nom=", MEMBER, status=422),
    Visit("/structures/{structure}/dissolution/", AGENT),
    Visit("/structures/{structure}/dissolution/", AGENT, sends_empty=True),
    Visit("/structures/{former}/"),
    Visit("/structures/{former}/dissolution/annuler/", AGENT),
    Visit("/administration/doublons/", AGENT),
    Visit("/structures/{structure}/", AGENT),
    Visit("/structures/{structure}/reunir/", AGENT),
    Visit("/structures/{structure}/reunir/?nom=", AGENT, status=422),
    Visit("/structures/{structure}/reunir/{neighbour}/", AGENT),
    Visit("/structures/{structure}/reunir/{neighbour}/", AGENT, sends_empty=True),
    Visit("/structures/{radio}/"),
    Visit("/structures/{radio}/agir/", AGENT),
    Visit("/structures/{radio}/agir/", AGENT, sends_empty=True),
    Visit("/structures/{structure}/equipe/", MEMBER),
    Visit("/administration/telephone/", AGENT),
    Visit("/administration/telephone/?nom=", AGENT, status=422),
    Visit("/administration/telephone/?nom=radio", AGENT),
    Visit("/structures/{structure}/aider/", AGENT),
    Visit("/structures/{radio}/aider/", AGENT, sends_empty=True),
    Visit("/structures/{radio}/equipe/", AGENT),
    Visit("/structures/{structure}/equipe/passer-le-relais/", MEMBER),
    Visit("/structures/{structure}/equipe/passer-le-relais/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/relais/", MEMBER),
    Visit("/structures/{structure}/equipe/inviter/", MEMBER),
    Visit("/structures/{structure}/equipe/inviter/", MEMBER, sends_empty=True),
    Visit("/structures/{structure}/equipe/{mandate}/", MEMBER),
    Visit("/invitations/perime/", status=410),
    Visit("/structures/{structure}/agir/", AGENT),
    Visit("/structures/{structure}/agir/", AGENT, sends_empty=True),
    Visit("/revendications/perime/", MEMBER, status=410),
    Visit("/revendications/{claim}/preciser/", MEMBER),
    Visit("/revendications/{claim}/preciser/", MEMBER, sends_empty=True),
    Visit("/administration/revendications/", AGENT),
    Visit("/administration/registre/", AGENT),
    Visit("/administration/registre/", AGENT, sends_empty=True),
    Visit("/administration/registre/", MEMBER, status=403),
    Visit("/administration/registre/{done_import}/", AGENT),
    Visit("/administration/registre/{done_import}/defaire/", AGENT),
    Visit("/administration/registre/{tried_import}/", AGENT),
    Visit("/administration/registre/{waiting_import}/colonnes/", AGENT),
    Visit("/journal/", AGENT),
    Visit("/journal/", MEMBER, status=403),
]

"""Signing in by the provider and out of it: a browser follows, and our policy lets the button lead there."""

import copy

from playwright.sync_api import expect

from maillage.accounts import openid
from tests.openid_provider import Provider


def test_someone_signs_in_by_the_provider_and_out_of_both(open_page, town, settings):
    with Provider() as provider:
        settings.OPENID = provider.settings
        openid._configuration_at.cache_clear()
        openid._keys.cache_clear()
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(provider.issuer.removesuffix("/api"))
        settings.CONTENT_SECURITY_POLICY = policy
        page = open_page(width=390)
        page.goto("/compte/connexion/")
        page.get_by_role("link", name="Se connecter avec ProConnect").click()
        page.wait_for_url("**/mon-espace/")
        page.locator("main").get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_text("Votre session chez ProConnect est fermée aussi.")).to_be_visible()

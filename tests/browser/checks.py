"""What every page must hold (docs/design-system.md): each check returns the defects that it finds, as sentences."""

import gzip
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

LEAST_TARGET, LEAST_FIELD = 24, 44  # CSS pixels
MOST_BYTES, MOST_REQUESTS = 150_000, 15
ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Tue Wed Thu Fri Sat Sun"
ENGLISH_MONTHS = "January February March April May June July August September October November December"

TEXT_DEFECTS = {
    "breakable space before a sign": r"[ \n][;:!?»€%](?!\w)",
    "no space before a sign": r"[\w)»][;!?](?=\s|$)|[^\W\d]:(?=\s|$)",
    "breakable or no space after «": r"«[^\u00a0\u202f]",
    "straight apostrophe or quote": r"['\"]",
    "thousands apart by a breakable space": r"(?<![\d ])\d{1,3} \d{3}(?!\d)",
    "thousands not apart": r"\d{4,}[\u00a0 ](?:€|km|habitant)",
    "point médian": r"\w·\w",
    "date in figures": r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d\d-\d\d\b",
    "English date": rf"\b(?:{'|'.join((ENGLISH_DAYS + ' ' + ENGLISH_MONTHS).split())})\b",
}

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def ask(page, question):
    """What a function of checks.js says of the page."""
    if not page.evaluate("'checks' in window"):
        page.evaluate(SCRIPT)
    return page.evaluate(f"checks.{question}")


def breaches_of_axe(page):
    """Every violation of axe-core's rules (WCAG 2.0 to 2.2 A and AA, best practices)."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def defects_of_text(page):
    text = ask(page, "visibleText()")
    defects = [
        f"{name}: « {text[max(0, match.start() - 25) : match.end() + 15]!r} »"
        for name, pattern in TEXT_DEFECTS.items()
        for match in re.finditer(pattern, text)
    ]
    kinds = ", ".join(f"[type={kind}]" for kind in ("date", "datetime-local", "month", "week", "time"))
    defects += [f"a field in the browser’s language: {name}" for name in _names(page, kinds)]
    return defects


def _names(page, selector):
    return page.eval_on_selector_all(selector, "fields => fields.map((field) => field.name)")


def small_targets(page):
    return ask(page, f"smallTargets({LEAST_TARGET}, {LEAST_FIELD})")


def overflows(page):
    """Whether the page scrolls sideways: at 320, 390 and 1280 px, with a big font, with the spacing of WCAG 1.4.12."""
    defects = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        defects += [f"at {width} px: {defect}" for defect in ask(page, "tooWide()")]
    fonts = page.context.new_cdp_session(page)
    fonts.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    defects += [f"with a font of 32 px: {defect}" for defect in ask(page, "tooWide()")]
    fonts.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    ask(page, "spaceText(true)")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        defects += [f"with wide spacing at {width} px: {defect}" for defect in ask(page, "tooWide()")]
    ask(page, "spaceText(false)")
    return defects


def unseen_focus(page):
    """Stops of the Tab key without a ring, hidden behind something, or from which one cannot leave."""
    defects, places = [], []
    page.evaluate("document.activeElement.blur()")
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = ask(page, "focused()")
        if stop is None or stop["place"] in places[:1]:
            return defects if places else ["nothing takes the focus"]
        if places and stop["place"] == places[-1]:
            return [*defects, f"the focus cannot leave {stop['name']}"]
        places.append(stop["place"])
        if not stop["isRinged"]:
            defects.append(f"no ring of 3 px on {stop['name']}")
        if stop["isCovered"]:
            defects.append(f"the focus is hidden on {stop['name']}")
    return [*defects, "the focus never comes to the end of the page"]


class Traffic:
    """What a page asks of the network, from its first request on."""

    def __init__(self, page, base_url):
        self.base_url, self.responses, self.complaints = base_url, [], []
        page.on("response", lambda response: self.responses.append(response))
        page.on("pageerror", lambda error: self.complaints.append(f"error in a script: {error}"))
        page.on("console", self._listen)

    def _listen(self, message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def defects(self, most_bytes=MOST_BYTES):
        """Too many requests or bytes, third parties, missing files, errors that the browser noted."""
        asked = [response for response in self.responses if not response.url.startswith("data:")]
        defects = list(self.complaints)
        defects += [f"asks a third party: {one.url}" for one in asked if not one.url.startswith(self.base_url)]
        defects += [f"{one.status}: {one.url}" for one in asked[1:] if one.status >= 400]
        weights = {one.url.removeprefix(self.base_url): _weight(one) for one in asked}
        if sum(weights.values()) > most_bytes:
            heaviest = sorted(weights.items(), key=lambda pair: -pair[1])[:6]
            defects.append(f"{sum(weights.values())} bytes: {heaviest}")
        if len(asked) > MOST_REQUESTS:
            defects.append(f"{len(asked)} requests: {list(weights)}")
        return defects


def _weight(response):
    """Bytes on the wire in production, where static texts are stored compressed."""
    if not response.ok:
        return 0
    if "/static/" in response.url and not response.url.endswith((".woff2", ".png", ".jpg", ".webp")):
        return len(gzip.compress(response.body(), 9))
    return response.request.sizes()["responseBodySize"]

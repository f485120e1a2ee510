"""When pages are there and whether they jump, on a slow phone: 1.6 Mb/s, 150 ms away, a processor four times slower.

    python benchmarks/page_load.py http://127.0.0.1:8000

Measures a site that runs (`./maillage up`), with an empty cache, in a real Chromium; beside each page, the same one on
the same phone without styles, fonts and scripts: what its text alone would take.
"""

import shutil
import statistics
import sys

from playwright.sync_api import sync_playwright

SEARCH = "/chercher/?quoi=camionnette&ou=Revel"
PAGES = ("/", SEARCH, "/annonces/1/", "/structures/1/", "/territoire/", "/compte/connexion/")
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
TRIES = 5
OBSERVE = """() => {
  window.seen = { paint: 0, shift: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { seen.paint = one.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { seen.shift += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
}"""


def main():
    base = sys.argv[1].rstrip("/")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        print(f"{'page':<40} {'largest paint':>14} {'shift':>7} {'text alone':>11} {'ratio':>6}   (medians of {TRIES})")
        for address in PAGES:
            paint, shift = _typical(browser, base + address)
            bare, _ = _typical(browser, base + address, bare=True)
            print(f"{address:<40} {paint:>11.0f} ms {shift:>7.3f} {bare:>8.0f} ms {paint / bare:>6.2f}")


def _typical(browser, url, *, bare=False):
    found = [_visit(browser, url, bare) for _ in range(TRIES)]
    return statistics.median(paint for paint, _ in found), max(shift for _, shift in found)


def _visit(browser, url, bare):
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    if bare:
        page.route("**/static/**", lambda route: route.abort())
    phone = context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send("Network.emulateNetworkConditions", PHONE)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(f"({OBSERVE})()")
    page.goto(url, wait_until="networkidle")
    page.wait_for_timeout(300)
    seen = page.evaluate("seen")
    context.close()
    return seen["paint"], seen["shift"]


if __name__ == "__main__":
    main()

// What only the page itself can tell; checks.py calls these functions in it.
window.checks = (() => {
  const TARGETS = "a[href], button, input, select, textarea, summary, [role=button]";
  const FIELDS = "button, input, select, textarea, .button";

  const named = (element) => {
    const words = (element.innerText || element.getAttribute("aria-label") || element.name || element.id || "").trim().slice(0, 40);
    return `${[element.tagName.toLowerCase(), ...element.classList].join(".")} « ${words} »`;
  };
  const isChoice = (element) => ["radio", "checkbox"].includes(element.type);

  function visibleText() {
    const code = document.querySelectorAll("code, kbd, pre, samp, [translate=no]");
    for (const element of code) element.style.display = "none";
    const said = [document.title, document.body.innerText];
    for (const element of code) element.style.display = "";
    for (const name of ["alt", "aria-label", "title", "placeholder"])
      for (const element of document.querySelectorAll(`[${name}]`)) said.push(element.getAttribute(name));
    return said.join("\n");
  }

  // A link inside a sentence may be as low as its line (WCAG 2.5.8); a choice is as big as its label.
  function smallTargets(least, leastField) {
    const small = [];
    for (const element of document.querySelectorAll(TARGETS)) {
      const target = (isChoice(element) && element.closest("label")) || element;
      const { width, height } = target.getBoundingClientRect();
      const style = getComputedStyle(target);
      if (!target.checkVisibility()) continue;
      if (element.type === "hidden" || style.visibility === "hidden" || width <= 1 || height <= 1) continue;
      const isField = element.matches(FIELDS) && !isChoice(element);
      const isInSentence = style.display === "inline" && element.matches("p a, li a, dd a, td a, label a");
      const size = `${named(element)} is ${Math.round(width)} × ${Math.round(height)} px`;
      if (isField && height < leastField - 0.5) small.push(size);
      else if (!isInSentence && Math.min(width, height) < least - 0.5) small.push(size);
    }
    return small;
  }

  function tooWide() {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const isCut = (element) => {
      for (let above = element.parentElement; above && above !== document.body; above = above.parentElement)
        if (getComputedStyle(above).overflowX !== "visible") return true;
      return false;
    };
    const beyond = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 0.5 && !isCut(element),
    );
    return [`${root.scrollWidth} px in ${root.clientWidth}: ${beyond.slice(-3).map(named).join(", ")}`];
  }

  // The least spacing that a reader may ask for (WCAG 1.4.12).
  function spaceText(isWide) {
    const sheet = new CSSStyleSheet();
    if (isWide)
      sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
  }

  const isOutlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3;

  // Around the element or what covers it; a hidden choice shows its focus beside it, a shape on a map by its stroke.
  function isRinged(element) {
    if (element.closest("svg"))
      return [...element.querySelectorAll("path")].some((path) => parseFloat(getComputedStyle(path).strokeWidth) >= 3);
    return [element, element.closest("label"), element.nextElementSibling]
      .filter(Boolean)
      .some((part) => isOutlined(getComputedStyle(part)) || isOutlined(getComputedStyle(part, "::after")));
  }

  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const shown = isChoice(element) ? element.closest("label") || element : element;
    const box = shown.getBoundingClientRect();
    const above = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20));
    const isCovered = !above || !(shown.contains(above) || above.contains(shown));
    const place = [...document.querySelectorAll("*")].indexOf(element);
    return { name: named(element), isRinged: isRinged(element), isCovered, place };
  }

  return { visibleText, smallTargets, tooWide, spaceText, focused };
})();

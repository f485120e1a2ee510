// What makes the pages nicer; every page works without it.

function focusErrorSummary(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

function followErrorLink(event) {
  const link = event.target.closest(".error-summary a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  (field.closest(".form-field") ?? field).scrollIntoView({ block: "start" });
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.phone-menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  followErrorLink(event);
  closeMenus(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.phone-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("htmx:afterSwap", (event) => focusErrorSummary(event.detail.target));
focusErrorSummary(document);

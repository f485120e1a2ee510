// Offers communes while one types in a field marked data-commune-autocomplete (ARIA combobox with a list).
// Without it, the name or the postal code is enough: the server reads it.

const ADDRESS = "/territoire/communes.json";
const WAIT_MS = 150;
const SHORTEST = 2;
let lists = 0;

class CommuneBox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    this.build();
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => this.close());
  }

  build() {
    const id = `communes-${++lists}`;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id, className: "commune-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Communes");
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    const box = document.createElement("span");
    box.className = "commune-box";
    this.input.before(box);
    box.append(this.input, this.list, this.status);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // keeps the focus in the field
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
  }

  ask() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.fetch(text), WAIT_MS);
  }

  async fetch(text) {
    this.request?.abort();
    this.request = new AbortController();
    try {
      const answer = await fetch(`${ADDRESS}?q=${encodeURIComponent(text)}`, { signal: this.request.signal });
      const communes = answer.ok ? (await answer.json()).communes : [];
      if (answer.ok && document.activeElement === this.input) this.show(communes);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(communes) {
    this.options = communes.map(({ label, departement }, position) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${position}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.label = label;
      const place = document.createElement("span");
      place.className = "soft small";
      place.textContent = ` ${departement}`;
      option.append(label, place);
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.activate(-1);
    this.open(this.options.length > 0);
    const count = this.options.length;
    this.status.textContent =
      count === 0 ? "Aucune commune trouvée." : count === 1 ? "1 commune proposée." : `${count} communes proposées.`;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.activate(-1);
    this.open(false);
  }

  activate(position) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = position;
    const option = this.options[position];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(position) {
    this.input.value = this.options[position].dataset.label;
    this.close();
    this.status.textContent = "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  onKey(event) {
    const isOpen = !this.list.hidden;
    const count = this.options.length;
    if (event.key === "ArrowDown" && !isOpen) this.ask();
    else if (event.key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp" && isOpen) this.activate(this.active <= 0 ? count - 1 : this.active - 1);
    else if (event.key === "Enter" && isOpen && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && isOpen) this.close();
    else return;
    event.preventDefault();
  }
}

function upgrade(root) {
  for (const input of root.querySelectorAll("input[data-commune-autocomplete]:not([role=combobox])")) new CommuneBox(input);
}

upgrade(document);
document.addEventListener("htmx:load", (event) => upgrade(event.detail.elt));

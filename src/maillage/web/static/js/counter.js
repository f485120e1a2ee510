// How many signs are left in a text, once most of them are used; the server refuses what is too long, by the same count.

const SHOWN_FROM = 0.8;
const PAUSE = 400; // milliseconds without typing, so that a reader of the screen is not interrupted at each sign
const written = new Intl.NumberFormat("fr-FR");

function counted(number, word) {
  return `${written.format(number)}\u00a0${word}${number < 2 ? "" : "s"}`;
}

function said(length, longest) {
  if (length > longest) return `${counted(length - longest, "signe")} de trop`;
  return length < longest * SHOWN_FROM ? "" : `Encore ${counted(longest - length, "signe")} au plus`;
}

for (const field of document.querySelectorAll("[data-longest]")) {
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.setAttribute("role", "status");
  field.after(counter);
  const longest = Number(field.dataset.longest);
  const tell = () => {
    const length = [...field.value].length;
    counter.textContent = said(length, longest);
    counter.classList.toggle("counter--over", length > longest);
  };
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(tell, PAUSE);
  });
  tell();
}

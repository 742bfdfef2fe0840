/* What the pages do better with a script; each works without one. */
"use strict";

/* The account menu closes on Escape and on a press elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* After a form was not accepted, reading starts at its errors; the style guide only shows one. */
document.querySelector("main:not(:has(.sg)) [data-focus]")?.focus();

/* A file of a review opens beside everything else, and a comment is written below its line. */
function showSheet(address, target, swap) {
  return htmx.ajax("GET", address, { target, swap }).then(() => {
    const shown = swap === "innerHTML" ? target : document.getElementById(target.id);
    const form = shown?.querySelector("form[method=post] textarea");
    if (form) form.focus();
    else if (swap === "innerHTML") { shown.tabIndex = -1; shown.focus(); shown.scrollIntoView({ block: "start" }); }
  });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-sheet], a[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const target = link.dataset.open === undefined ? link.closest(".sheet-of") : document.getElementById("opened");
  if (!target || !window.htmx) return;
  event.preventDefault();
  showSheet(link.href.split("#")[0], target, link.dataset.open === undefined ? "outerHTML" : "innerHTML");
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-sheet]");
  if (!form || !window.htmx) return;
  event.preventDefault();
  const address = `${form.action.split("#")[0]}?${new URLSearchParams(new FormData(form))}`;
  showSheet(address, form.closest(".sheet-of"), "outerHTML");
});

/* In a criterion, a digit rates it: only where the focus is in it, so nothing else hears the key. */
for (const words of document.querySelectorAll("[data-keys]")) words.hidden = false;
document.addEventListener("keydown", (event) => {
  const criterion = event.target.closest?.(".rubric");
  if (!criterion || !/^[0-4]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const choice = criterion.querySelector(`input[type=radio][value="${event.key}"]`);
  if (choice) { event.preventDefault(); choice.focus(); choice.click(); }
});

/* Words to use again go to the end of the field that was written in last. */
let lastField = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches("#review textarea")) lastField = event.target;
});
for (const button of document.querySelectorAll("[data-insert]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = lastField ?? document.querySelector("#review textarea");
    const words = document.getElementById(button.dataset.insert).textContent;
    field.value += (field.value && !field.value.endsWith("\n") ? "\n" : "") + words;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/* "/" leads to the search field. A single key has to have an off switch (WCAG 2.1.4): one for each browser. */
function isSlashKeyOn() {
  try { return localStorage.getItem("slash-key") !== "off"; } catch { return true; }
}

function showSlashKey() {
  for (const place of document.querySelectorAll("[data-slash-key]")) {
    const button = place.querySelector("button");
    place.hidden = !button && !isSlashKeyOn();
    if (button) button.textContent = isSlashKeyOn() ? button.dataset.whenOn : button.dataset.whenOff;
  }
}

showSlashKey();
for (const button of document.querySelectorAll("[data-slash-key] button")) button.addEventListener("click", () => {
  try { localStorage.setItem("slash-key", isSlashKeyOn() ? "off" : "on"); } catch { /* this browser keeps nothing */ }
  showSlashKey();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!isSlashKeyOn() || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const fields = [...document.querySelectorAll("#query, #mast-query")];
  const field = fields.find((one) => one.checkVisibility());
  if (field) { field.focus(); field.select(); }
  else document.querySelector(".mast-find")?.click();
});

/* On a card, a key does what its button does; the switch above turns these off too. Ctrl and Enter end writing. */
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey) return;
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (field?.form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = field.form.querySelector("[data-key]");
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (field || event.ctrlKey || event.metaKey || !isSlashKeyOn()) return;
  if (event.key === " " && event.target.closest?.("button, a, summary")) return;
  const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

/* A clock beside a question; it is sent along when the answer is shown. */
const timer = document.querySelector("[data-timer]");
if (timer) {
  const start = performance.now();
  const seconds = timer.closest("form").querySelector("[name=seconds]");
  timer.hidden = false;
  const tick = () => {
    const passed = Math.floor((performance.now() - start) / 1000);
    seconds.value = passed;
    timer.querySelector("[role=timer]").textContent = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
  };
  setInterval(tick, 1000);
}

/* A request that failed changes nothing on the page, so it has to say so. */
function sayFailure(words) {
  const region = document.getElementById("messages");
  if (!region || region.textContent.trim().endsWith(words)) return;
  const notice = document.createElement("div");
  notice.className = "notice bad";
  const glyph = document.createElement("span");
  glyph.textContent = "!";
  glyph.setAttribute("aria-hidden", "true");
  const text = document.createElement("p");
  text.textContent = words;
  notice.append(glyph, text);
  region.replaceChildren(notice);
}

const reasons = {
  403: "You may not do that, or you were signed out meanwhile. Nothing was changed. Load the page again.",
  404: "This is no longer here. Nothing was changed. Load the page again.",
  429: "That was too often in a short time. Nothing was changed. Wait a minute, then try again.",
};

document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail?.ctx?.response?.status;
  if (status === 422) return;
  sayFailure(reasons[status] ?? "The site could not do that just now. Nothing was changed. Try again in a moment.");
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail?.error?.name === "AbortError") return;
  sayFailure("The site could not be reached. Nothing was changed. Check the connection and try again.");
});

/* A key that was refused, cancelled or timed out leaves the page as it was, so it has to say so. */
document.addEventListener("allauth.error", () => {
  sayFailure("The key was not used: it was cancelled, took too long, or is not known here. Nothing was changed. Try again or choose another way.");
});

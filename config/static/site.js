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

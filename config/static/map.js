/* The map: larger and smaller in place, dragged by a mouse, pinched by two fingers. Without this script its
   links do the first, and the frame scrolls. */
"use strict";

for (const part of document.querySelectorAll(".map-part")) {
  const frame = part.querySelector(".map-frame");
  const sheets = frame.querySelectorAll("svg.sheet");
  const steps = part.dataset.zooms.split(" ").map(Number);
  const [least, most] = [steps[0], steps.at(-1)];
  const percent = () => parseFloat(sheets[0].getAttribute("width"));
  const bounds = () => [...sheets].map((sheet) => sheet.getBoundingClientRect()).find((box) => box.width);

  /* What is at this point of the window stays there. */
  function zoomTo(wanted, x, y) {
    const to = Math.min(most, Math.max(least, wanted));
    const before = bounds();
    const [right, down] = [(x - before.left) / before.width, (y - before.top) / before.height];
    for (const sheet of sheets) sheet.setAttribute("width", `${to}%`);
    frame.classList.toggle("close", to > 100);
    let after = bounds();
    frame.scrollLeft += after.left + right * after.width - x;
    frame.scrollTop += after.top + down * after.height - y;
    after = bounds();
    window.scrollBy({ top: after.top + down * after.height - y, behavior: "instant" });
    sayZoom(to);
  }

  function sayZoom(to) {
    for (const output of part.querySelectorAll("[data-percent]")) output.textContent = `${Math.round(to)}%`;
    for (const tool of part.querySelectorAll("[data-zoom]")) {
      tool.setAttribute("aria-disabled", to === { in: most, out: least }[tool.dataset.zoom]);
    }
  }

  /* The middle of the module that has the focus, or of what can be seen of the frame. */
  function middle() {
    const node = document.activeElement.closest("svg.sheet a");
    const box = (node && frame.contains(node) ? node : frame).getBoundingClientRect();
    const [top, bottom] = [Math.max(0, box.top), Math.min(window.innerHeight, box.bottom)];
    return [box.left + box.width / 2, (top + bottom) / 2];
  }

  function zoom(way) {
    const now = percent();
    const next = {
      in: steps.find((step) => step > now + 1),
      out: steps.findLast((step) => step < now - 1),
      fit: 100,
    }[way];
    if (next) zoomTo(next, ...middle());
  }

  part.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-zoom]");
    if (!tool || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    zoom(tool.dataset.zoom);
  });

  frame.addEventListener("keydown", (event) => {
    const way = { "+": "in", "=": "in", "-": "out", 0: "fit" }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom(way);
  });

  /* The wheel with Ctrl, which is also what a pinch on a touchpad sends. */
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomTo(percent() * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }, { passive: false });

  /* Two fingers pinch; one scrolls as it does everywhere. */
  let spread = 0;
  function pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [one, other] = event.touches;
    const now = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (spread) zoomTo((percent() * now) / spread, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
    spread = now;
  }
  frame.addEventListener("touchstart", (event) => { spread = 0; pinch(event); }, { passive: false });
  frame.addEventListener("touchmove", pinch, { passive: false });

  /* A mouse drags what is larger than the frame; a press that moved nothing follows its link. */
  let grip = null;
  let hasMoved = false;
  frame.addEventListener("pointerdown", (event) => {
    hasMoved = false;
    if (event.pointerType !== "mouse" || event.button !== 0 || !frame.classList.contains("close")) return;
    grip = { x: event.clientX + frame.scrollLeft, y: event.clientY + frame.scrollTop };
  });
  frame.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const [left, top] = [grip.x - event.clientX, grip.y - event.clientY];
    if (!hasMoved && Math.hypot(left - frame.scrollLeft, top - frame.scrollTop) < 5) return;
    hasMoved = true;
    frame.setPointerCapture(event.pointerId);
    frame.classList.add("held");
    frame.scrollTo({ left, top, behavior: "instant" });
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    frame.addEventListener(kind, () => {
      grip = null;
      frame.classList.remove("held");
    });
  }
  frame.addEventListener("click", (event) => { if (hasMoved && event.detail) event.preventDefault(); });
  frame.addEventListener("dragstart", (event) => event.preventDefault());

  frame.classList.add("lively");
  for (const hint of part.querySelectorAll("[data-lively]")) hint.hidden = false;
}

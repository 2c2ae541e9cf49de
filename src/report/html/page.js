// The filters, the card at a mark, the way from mark to mark, and the place on the map.
// Everything it shows is already on the page: texts are moved as nodes, never as markup.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  for (const part of all(".scripted")) part.hidden = false;

  const form = $("filter");
  const notes = new Map(all(".note").map((note) => [note.id.slice(1), note]));
  const marks = all(".m[data-f]").map((element) => ({ element, items: element.dataset.f.split(" ") }));
  const cells = all(".cell").map((element) => ({ element, items: element.dataset.f.split(" ") }));
  const numbers = all("sup[data-n]");
  const sentences = all(".s");
  const findings = [...notes.values()].filter((note) => note.dataset.kind !== "unclear").length;
  const on = (item) => !notes.get(item).hidden;

  // Filters ----------------------------------------------------------------------------

  const checked = (name) => new Set(all(`input[name="${name}"]:checked`, form).map((box) => box.value));

  function apply() {
    const wanted = { family: checked("family"), voice: checked("voice"), kind: checked("kind"), label: checked("label") };
    wanted.kind.add("reported");
    const least = Number($("threshold").value);
    $("least").value = least.toFixed(2);
    let shown = 0;
    for (const note of notes.values()) {
      const { label, family, voice, kind, p } = note.dataset;
      const show = wanted.family.has(family) && wanted.kind.has(kind)
        && (voice === undefined || wanted.voice.has(voice))
        && (label === undefined || wanted.label.has(label))
        && (p === undefined || Number(p) >= least);
      note.hidden = !show;
      if (show && kind !== "unclear") shown += 1;
    }
    for (const list of all(".notes")) list.hidden = !all(".note", list).some((note) => !note.hidden);
    for (const { element, items } of marks) {
      const shown = items.filter(on);
      for (const family of ["framing", "sourcing", "other"]) {
        element.classList.toggle(family, shown.some((item) => notes.get(item).dataset.family === family));
      }
      element.classList.toggle("light", shown.length > 0 && shown.every((item) => notes.get(item).classList.contains("light")));
      if (shown.length > 0 && element.localName === "a") element.setAttribute("href", `#f${shown[0]}`);
      else element.removeAttribute("href");
    }
    for (const number of numbers) number.hidden = !on(number.dataset.n);
    for (const { element, items } of cells) element.classList.toggle("off", !items.some(on));
    $("shown").textContent = `Showing ${shown} of ${findings} findings`;
    close();
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  $("none").addEventListener("click", () => {
    for (const box of all('input[name="label"]', form)) box.checked = false;
    apply();
  });
  $("filters").addEventListener("click", () => {
    form.hidden = !form.hidden;
    $("filters").setAttribute("aria-expanded", String(!form.hidden));
  });

  // The card at a mark -----------------------------------------------------------------

  const card = $("card");
  let open = null; // the mark whose card is open
  let pinned = false; // opened by a click or by focus: stays when the pointer leaves
  let leaving = 0;

  function line(name, text, className) {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  function told(note) {
    const part = document.createElement("section");
    part.className = note.dataset.family;
    const { p, kind, label } = note.dataset;
    part.append(line("p", `${note.querySelector(".n").textContent} ${note.querySelector("strong").textContent}`, "name"));
    part.append(line("p", p === undefined ? "Found by a rule" : `Probability ${p}`, "facts"));
    for (const text of all(".more > p:not(.link)", note)) part.append(line("p", text.textContent));
    const meaning = label && document.getElementById(`label-${label}`)?.nextElementSibling?.querySelector(".definition");
    if (meaning) part.append(line("p", meaning.textContent, "meaning"));
    return part;
  }

  function show(mark) {
    clearTimeout(leaving);
    if (open === mark.element) return;
    close();
    const items = mark.items.filter(on);
    if (items.length === 0) return;
    open = mark.element;
    card.replaceChildren(...items.map((item) => told(notes.get(item))));
    card.hidden = false;
    const box = mark.element.getClientRects()[0];
    const below = box.bottom + 8 + card.offsetHeight <= innerHeight || box.top < card.offsetHeight + 8;
    const top = below ? box.bottom + 8 : box.top - card.offsetHeight - 8;
    const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    card.style.top = `${top + scrollY}px`;
    card.style.left = `${Math.max(12, left) + scrollX}px`;
    mark.element.setAttribute("aria-describedby", "card");
    for (const item of items) light(item, true);
  }

  function close() {
    clearTimeout(leaving);
    if (!open) return;
    open.removeAttribute("aria-describedby");
    for (const item of open.dataset.f.split(" ")) light(item, false);
    open = null;
    pinned = false;
    card.hidden = true;
  }

  const leave = () => {
    if (!pinned) leaving = setTimeout(close, 200);
  };

  // What belongs to a finding: its note, its words, or its sentence.
  const of = new Map();
  for (const mark of marks) {
    for (const item of mark.items) of.set(item, [...(of.get(item) ?? []), mark.element]);
  }
  function light(item, lit) {
    notes.get(item).classList.toggle("lit", lit);
    for (const element of of.get(item) ?? []) {
      const whole = element.classList.contains("whole");
      (whole ? element.closest(".s") : element).classList.toggle("lit", lit);
    }
  }

  for (const mark of marks) {
    const { element } = mark;
    element.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse" && !pinned) show(mark);
    });
    element.addEventListener("pointerleave", leave);
    element.addEventListener("focus", () => {
      show(mark);
      pinned = true;
    });
    element.addEventListener("blur", (event) => {
      if (event.relatedTarget) close();
    });
    element.addEventListener("click", (event) => {
      if (!element.hasAttribute("href")) return;
      event.preventDefault();
      show(mark);
      pinned = true;
    });
  }
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  for (const [item, note] of notes) {
    note.addEventListener("pointerenter", () => light(item, true));
    note.addEventListener("pointerleave", () => light(item, false));
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".m, #card, .steps")) close();
  });

  // From mark to mark ------------------------------------------------------------------

  function step(by) {
    const stops = marks.map(({ element }) => element).filter((element) => element.hasAttribute("href"));
    if (stops.length === 0) return;
    const from = stops.indexOf(document.activeElement.closest?.(".m"));
    let to = from + by;
    if (from < 0) {
      const middle = scrollY + innerHeight / 3;
      const after = stops.findIndex((stop) => stop.getBoundingClientRect().top + scrollY > middle);
      to = by > 0 ? (after < 0 ? 0 : after) : (after < 0 ? stops.length : after) - 1;
    }
    const stop = stops[(to + stops.length) % stops.length];
    stop.scrollIntoView({ block: "center" });
    stop.focus({ preventScroll: true });
  }

  let last = null; // where the buttons go on from
  $("article").addEventListener("focusin", (event) => (last = event.target.closest(".m") ?? last));
  for (const [id, by] of [["previous", -1], ["next", 1]]) {
    $(id).addEventListener("click", () => {
      if (last?.hasAttribute("href")) last.focus({ preventScroll: true });
      step(by);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    // Letters and arrows only at a mark, so that they stay free everywhere else.
    if (event.ctrlKey || event.altKey || event.metaKey || !document.activeElement.closest?.(".m")) return;
    const by = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  });

  // The place on the map ---------------------------------------------------------------

  const here = $("here");
  const top = (at) => sentences[at].getBoundingClientRect().top;
  function first(y) {
    let [low, high] = [0, sentences.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (top(middle) < y) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  let waiting = false;
  function place() {
    waiting = false;
    const from = first(document.querySelector(".bar").getBoundingClientRect().bottom);
    const to = first(innerHeight);
    here.toggleAttribute("hidden", to <= from);
    here.setAttribute("x", from);
    here.setAttribute("width", Math.max(to - from, sentences.length / 250));
  }
  function moved() {
    if (!waiting) requestAnimationFrame(place);
    waiting = true;
  }
  if (sentences.length > 0) {
    addEventListener("scroll", moved, { passive: true });
    addEventListener("resize", moved);
    $("map").addEventListener("click", (event) => {
      const box = $("map").getBoundingClientRect();
      const at = Math.floor(((event.clientX - box.left) / box.width) * sentences.length);
      event.preventDefault();
      sentences[Math.min(Math.max(at, 0), sentences.length - 1)].scrollIntoView({ block: "center" });
    });
    place();
  }
})();

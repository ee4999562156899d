// What the pages need beyond HTML and htmx: keys, menus that close, forms that submit on change, files dropped.
// Everything works without it; nothing here knows about money.
"use strict";
(() => {
  const each = (selector, use, root = document) => root.querySelectorAll(selector).forEach(use);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  const palette = document.getElementById("palette");
  const openPalette = () => {
    if (!palette || palette.open) { return; }
    const ask = palette.querySelector("#ask");
    ask.value = "";
    palette.showModal();
    ask.focus();
    palette.dispatchEvent(new Event("opened"));
  };
  // Up and down lead through what was found, from the field and back to it.
  const walk = (event) => {
    if (!palette || !palette.open || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return false; }
    const stops = [palette.querySelector("#ask"), ...palette.querySelectorAll(".pick")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length];
    event.preventDefault();
    next.focus();
    return true;
  };

  // Help: the sentences of the figures on the page stand on the page already; here they are in one list.
  const help = document.getElementById("help");
  const openHelp = () => {
    if (!help || help.open) { return; }
    const list = help.querySelector("#sentences"), told = new Set();
    list.replaceChildren();
    each(".tile[title], th[title], dt[title]", (figure) => {
      const name = (figure.querySelector(".muted") || figure).textContent.trim();
      if (!name || told.has(name)) { return; }
      told.add(name);
      const [term, sentence] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      sentence.textContent = figure.title;
      const pair = document.createElement("div");
      pair.append(term, sentence);
      list.append(pair);
    });
    list.parentElement.hidden = !told.size;
    help.showModal();
  };
  // g and a letter: to a page of the rail.
  let going = 0;
  const goes = (event) => {
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) { return false; }
    if (event.key === "g") { going = Date.now(); return true; }
    const place = Date.now() - going < 1500 && document.querySelector(`.rail [data-key="${CSS.escape(event.key)}"]`);
    going = 0;
    if (place) { event.preventDefault(); place.click(); }
    return Boolean(place);
  };

  // What can't be undone is asked once more. The button stands for itself when the answer is yes.
  const confirmation = document.getElementById("confirm");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (!button || !confirmation || button.dataset.sure) { return; }
    event.preventDefault();
    event.stopPropagation();
    if (button.form && !button.form.reportValidity()) { return; }
    confirmation.querySelector("p").textContent = button.dataset.confirm;
    const yes = confirmation.querySelector("[value=yes]");
    if (button.dataset.confirmWord) { yes.textContent = button.dataset.confirmWord; }
    confirmation.returnValue = "";
    confirmation.addEventListener("close", () => {
      if (confirmation.returnValue !== "yes") { button.focus(); return; }
      button.dataset.sure = "yes";
      button.click();
      delete button.dataset.sure;
    }, { once: true });
    confirmation.showModal();
    confirmation.querySelector("[value=no]").focus();
  }, true);

  // Toasts that offer nothing to do go by themselves, but not while somebody is reading them.
  each("[data-goes]", (toast) => {
    let at = 0;
    const wait = () => { at = setTimeout(() => toast.remove(), 8000); };
    for (const name of ["pointerenter", "focusin"]) { toast.addEventListener(name, () => clearTimeout(at)); }
    for (const name of ["pointerleave", "focusout"]) { toast.addEventListener(name, wait); }
    wait();
  });

  // What htmx put into the drawer is shown in it.
  const drawer = document.getElementById("drawer");
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "drawer-body" && !drawer.open) { drawer.showModal(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !typing(event.target)) { event.preventDefault(); openHelp(); return; }
    if (goes(event)) { return; }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (walk(event)) { return; }
    if (event.key === "Enter" && event.target.id === "ask") {
      const first = palette.querySelector(".pick");
      if (first) { event.preventDefault(); first.click(); }
      return;
    }
    if (event.key === "/" && !typing(event.target)) {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      const open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      else if (event.target.matches("[data-search]")) { event.target.blur(); }
    }
    const row = event.target.closest && event.target.closest("tbody tr");
    const ticking = event.target.matches && event.target.matches("[name=chosen]");
    if (typing(event.target) && !ticking) { return; }
    if (["ArrowDown", "ArrowUp", "j", "k"].includes(event.key)) {
      const down = event.key === "ArrowDown" || event.key === "j";
      const first = event.key.length === 1 && !row && document.querySelector("tbody tr");
      const next = row ? (down ? row.nextElementSibling : row.previousElementSibling) : first;
      const link = next && next.querySelector("a");
      if (link) { event.preventDefault(); link.focus(); }
    }
    // A letter does what a button of the row says it does.
    const done = row && !event.ctrlKey && !event.metaKey && !event.altKey && row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (done) { event.preventDefault(); done.form.requestSubmit(done); return; }
    if (event.key === "x" && row) {
      const box = row.querySelector("[name=chosen]");
      if (box) { event.preventDefault(); box.checked = !box.checked; between(box, false); }
    }
  });

  // Rows that can be chosen: all between the last one and this with Shift, and how many there are in words.
  const boxes = (form) => [...form.elements].filter((field) => field.name === "chosen" && field.type === "checkbox");
  let lastBox = null;
  const counted = (form) => {
    const number = boxes(form).filter((box) => box.checked).length;
    each("[data-chosen]", (place) => {
      place.textContent = number === 1 ? place.dataset.one : place.dataset.many.replace("{number}", number);
      const live = document.getElementById("live");
      if (live) { live.textContent = place.textContent; }
    });
  };
  const between = (box, shift) => {
    const all = boxes(box.form), [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
    if (shift && from >= 0) { all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; }); }
    lastBox = box;
    counted(box.form);
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches("[name=chosen]")) { between(event.target, event.shiftKey); }
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal);
      field.type = field.type === "password" ? "text" : "password";
      reveal.setAttribute("aria-pressed", String(field.type === "text"));
    }
    if (event.target.closest("[data-palette]")) { openPalette(); }
    if (event.target.closest("[data-help]")) { openHelp(); }
    if (event.target.closest("[data-close]")) { event.target.closest(".toast").remove(); }
    if (event.target.matches("dialog[open]")) { event.target.close(); }
    if (event.target.closest("[data-print]")) { window.print(); }
    each("details.menu[open]", (menu) => { if (!menu.contains(event.target)) { menu.open = false; } });
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details.menu") && event.target.open) {
      each("details.menu[open]", (menu) => { if (menu !== event.target) { menu.open = false; } });
      const first = event.target.querySelector("[data-first]");
      if (first) { first.focus(); }
    }
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-fits]")) {
      event.target.form.elements.amount.value = event.target.selectedOptions[0].dataset.fits;
    }
    if (event.target.matches("[data-all]")) {
      boxes(event.target.form).forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-all], [name=chosen]")) { counted(event.target.form); }
    if (event.target.matches("[data-submit]")) { event.target.form.requestSubmit(); }
  });

  // On a narrow screen the rail is a strip: the place one is at stands in sight.
  each(".rail nav [aria-current]", (place) => { place.parentElement.scrollLeft = place.offsetLeft - 60; });

  // Dropping files on the zone puts them into its file field.
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest && event.target.closest("[data-drop]");
      if (!zone) { return; }
      event.preventDefault();
      zone.classList.toggle("over", name === "dragenter" || name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        const field = zone.querySelector("input[type=file]");
        field.files = event.dataTransfer.files;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  // After a part of the page was exchanged, its own summary is said to those who can't see it.
  document.addEventListener("htmx:afterSettle", (event) => {
    const said = document.querySelector("[data-announce]");
    const live = document.getElementById("live");
    if (said && live && event.target.contains(said)) { live.textContent = said.textContent; }
  });
})();

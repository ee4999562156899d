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

  document.addEventListener("keydown", (event) => {
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
    if (row && (event.key === "ArrowDown" || event.key === "ArrowUp") && !typing(event.target)) {
      const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
      const link = next && next.querySelector("a");
      if (link) { event.preventDefault(); link.focus(); }
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) { openPalette(); }
    if (event.target === palette) { palette.close(); }
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
      each("[name=chosen]", (box) => { box.checked = event.target.checked; }, event.target.form);
    }
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

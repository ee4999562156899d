// The page that matches a payment by hand: what is left of it, shown as one types. Whole minor units, no fractions.
// The server reads the amounts anew and decides; this only shows.
"use strict";
(() => {
  // The firm's tolerance of the currency chosen, as long as nobody wrote another.
  const tolerance = document.querySelector("[data-usual]");
  const usual = JSON.parse(tolerance.dataset.usual);
  let before = tolerance.form.elements.currency.value;
  tolerance.form.elements.currency.addEventListener("change", (event) => {
    if (tolerance.value === (usual[before] || "")) { tolerance.value = usual[event.target.value] || ""; }
    before = event.target.value;
  });

  const card = document.querySelector("[data-allocate]");
  if (!card) { return; }
  const form = card.closest("form");
  const left = card.querySelector("[data-left]");
  const rows = () => [...card.querySelectorAll("tbody tr")].filter((row) => !row.hidden);

  // "1,234.5" → 123450n with two digits; null for what is no amount.
  const minor = (text, digits) => {
    const found = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(text.trim());
    if (!found || (found[2] || "").length > digits) { return null; }
    return BigInt(found[1].replaceAll(",", "") + (found[2] || "").padEnd(digits, "0"));
  };
  const shown = (amount, digits) => {
    const text = String(amount < 0n ? -amount : amount).padStart(digits + 1, "0");
    const whole = Number(text.slice(0, text.length - digits)).toLocaleString(document.documentElement.lang);
    return (amount < 0n ? "−" : "") + whole + (digits ? "." + text.slice(-digits) : "");
  };
  const plain = (amount, digits) => {
    const text = String(amount).padStart(digits + 1, "0");
    return digits ? text.slice(0, -digits) + "." + text.slice(-digits) : text;
  };

  const show = () => {
    const currency = form.elements.currency.value;
    for (const row of card.querySelectorAll("tbody tr")) { row.hidden = row.dataset.currency !== currency; }
    const first = rows()[0];
    if (!first) { left.textContent = "–"; return; }
    const digits = Number(first.dataset.digits);
    const paid = minor(form.elements.amount.value, digits);
    if (paid === null) { left.textContent = "–"; return; }
    const parts = rows().map((row) => minor(row.querySelector(".part").value || "0", digits));
    const rest = parts.reduce((sum, part) => sum - (part || 0n), paid);
    left.textContent = shown(rest, digits);
    left.classList.toggle("bad", rest < 0n || parts.includes(null));
  };
  const fill = () => {
    const first = rows()[0];
    const digits = first && Number(first.dataset.digits);
    let rest = first && minor(form.elements.amount.value, digits);
    if (!rest) { form.elements.amount.focus(); return; }
    for (const row of rows()) {
      const open = BigInt(row.dataset.open);
      const part = open < rest ? open : rest;
      row.querySelector(".part").value = part ? plain(part, digits) : "";
      rest -= part;
    }
    form.elements.way.value = "list";
    show();
    form.dispatchEvent(new Event("allocated"));
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches(".part") && event.target.value) { form.elements.way.value = "list"; }
    show();
  });
  card.querySelector("[data-fill]").addEventListener("click", fill);
  show();
})();

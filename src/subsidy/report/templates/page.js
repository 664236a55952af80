"use strict";
(function () {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  root.classList.add("js");

  // The keyboard goes on where the new rows begin.
  function to(row) {
    row.tabIndex = -1;
    row.focus();
  }

  // Language: one attribute of the page decides which of the two texts is shown.
  function speak(lang) {
    root.dataset.lang = lang;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = lang === "zh" ? root.dataset.titleZh : root.dataset.titleEn;
  }
  for (const choice of document.getElementsByName("lang")) {
    choice.addEventListener("change", () => speak(choice.value));
    if (choice.checked) speak(choice.value);
  }

  // The first of the largest rows are shown until somebody asks for the others.
  const unfold = find("unfold");
  if (unfold) {
    unfold.addEventListener("click", function () {
      const table = find("largest-rows");
      table.classList.remove("folded");
      unfold.parentElement.hidden = true;
      to(table.tBodies[0].rows[10]);
    });
  }

  // Search: rows of the sample by a part of their claim id.
  const query = find("query");
  if (query) {
    const table = find("sample");
    const more = find("more");
    const status = find("found");
    const rows = Array.from(table.tBodies[0].rows);
    const plain = (text) => text.normalize("NFKC").trim().toLowerCase();
    const ids = rows.map((row) => plain(row.cells[0].textContent));
    const first = Number(status.dataset.first);
    const number = (value) => value.toLocaleString("en-US");
    let every = rows.length <= first;

    const show = function () {
      const wanted = plain(query.value);
      let found = 0;
      rows.forEach(function (row, place) {
        const fits = ids[place].includes(wanted);
        if (fits) found += 1;
        row.hidden = !(fits && (wanted || every || found <= first));
      });
      const form = wanted ? (found ? "found" : "none") : every ? "every" : "first";
      for (const text of status.children) {
        text.textContent = text.dataset[form]
          .replace("{found}", number(found))
          .replace("{shown}", number(Math.min(first, rows.length)))
          .replace("{all}", number(rows.length));
      }
      table.toggleAttribute("data-only", Boolean(wanted && found));
      table.hidden = !found;
      more.parentElement.hidden = every || Boolean(wanted);
    };
    query.addEventListener("input", show);
    query.addEventListener("keydown", function (event) {
      if (event.key === "Escape") {
        query.value = "";
        show();
      }
    });
    more.addEventListener("click", function () {
      every = true;
      show();
      to(rows[first]);
    });
    show();
  }

  // On paper the figures of every chart stand below it.
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details.table:not([open])"));
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", function () {
    for (const one of opened) one.open = false;
    opened = [];
  });
})();

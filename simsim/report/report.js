// Tables sort by their headings and give themselves as CSV; folds open on paper. The page is complete without this.
(() => {
  "use strict";
  const say = document.body.dataset;
  const shown = cell => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("small, .unseen").forEach(one => one.remove());
    return copy.textContent.trim();
  };
  const number = text => {
    const found = text.replace(/\u2212/g, "-").replace(/,/g, "").match(/[-+]?\d+(\.\d+)?/);
    return found ? parseFloat(found[0]) : NaN;
  };
  const still = row => row.cells[0].classList.contains("quiet");
  const sort = (table, column, how) => {
    const body = table.tBodies[0], rows = [...body.rows].filter(row => !still(row)), last = [...body.rows].filter(still);
    rows.forEach((row, place) => { row.dataset.place ??= place; });
    const texts = new Map(rows.map(row => [row, row.cells[column] ? shown(row.cells[column]) : ""]));
    const numeric = column > 0 && rows.some(row => !isNaN(number(texts.get(row))))
      && rows.every(row => !/^[^\d\u2212+-]{2,}/.test(texts.get(row)));
    const key = row => numeric ? number(texts.get(row)) : texts.get(row);
    const compare = (a, b) => {
      if (!how) return a.dataset.place - b.dataset.place;
      const x = key(a), y = key(b);
      if (!numeric) return how * x.localeCompare(y, document.documentElement.lang);
      return isNaN(x) ? 1 : isNaN(y) ? -1 : how * (x - y);
    };
    body.append(...rows.sort(compare), ...last);
  };
  const sortable = table => {
    const heads = table.tHead ? [...table.tHead.rows[0].cells] : [];
    if (!table.tBodies[0] || table.tBodies[0].rows.length < 3) return;
    if ([...table.tBodies[0].rows].some(row => row.cells.length !== heads.length)) return;
    heads.forEach((head, column) => {
      if (head.tagName !== "TH") return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = say.sort;
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "ascending" ? "descending" : now === "descending" ? null : "ascending";
        heads.forEach(one => one.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        sort(table, column, next === "ascending" ? 1 : next ? -1 : 0);
      };
    });
  };
  const field = cell => {
    const parts = [shown(cell), ...[...cell.querySelectorAll("small")].map(one => "(" + one.textContent.trim() + ")")];
    const text = parts.join(" ").replace(/\s+/g, " ").replace(/\u2212/g, "-");
    return '"' + (/^[=@]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
  };
  const offer = (box, table) => {
    const link = document.createElement("button");
    link.type = "button";
    link.className = "csv";
    link.textContent = say.csv;
    link.setAttribute("aria-label", say.csv + ": " + box.getAttribute("aria-label"));
    link.onclick = () => {
      const text = "\ufeff" + [...table.rows].map(row => [...row.cells].map(field).join(",")).join("\r\n");
      const to = document.createElement("a");
      to.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      to.download = box.getAttribute("aria-label").slice(0, 60).replace(/[\\/:*?"<>|]/g, " ") + ".csv";
      to.click();
      URL.revokeObjectURL(to.href);
    };
    box.after(link);
  };
  const linked = document.querySelector('p.data a[href$=".csv"]') !== null;
  document.querySelectorAll("div.scroll > table").forEach(table => {
    sortable(table);
    if (!linked) offer(table.parentNode, table);
  });
  const folds = () => document.querySelectorAll("details:not(.annex):not([open])");
  addEventListener("beforeprint", () => folds().forEach(one => { one.open = true; one.dataset.paper = "1"; }));
  addEventListener("afterprint", () => document.querySelectorAll("details[data-paper]").forEach(one => {
    one.open = false;
    delete one.dataset.paper;
  }));
})();

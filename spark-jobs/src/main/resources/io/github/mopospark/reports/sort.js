"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const headings = Array.from(table.tHead.rows[0].cells);

  headings.forEach((heading, column) => {
    const isNumber = heading.classList.contains("number");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.textContent = "";
    heading.appendChild(button);

    const keyOf = row => {
      const text = row.cells[column].textContent.trim();
      if (isNumber) {
        return parseFloat(text.replace(/,/g, ""));
      }
      return text === "-" ? NaN : text;
    };

    const compare = (a, b) => {
      if (isNumber) {
        return a > b ? 1 : b > a ? -1 : 0;
      }
      return a.localeCompare(b, "en", { numeric: true });
    };

    // What was not measured comes last in both directions; rows that are equal keep their order.
    const sort = descending => {
      const keyed = Array.from(body.rows).map(row => ({ row: row, key: keyOf(row) }));
      const measured = keyed.filter(entry => !Number.isNaN(entry.key));
      const others = keyed.filter(entry => Number.isNaN(entry.key));
      measured.sort((a, b) => descending ? compare(b.key, a.key) : compare(a.key, b.key));
      for (const entry of measured.concat(others)) {
        body.appendChild(entry.row);
      }
    };

    // Of numbers the highest come first, of names those at the alphabet's beginning.
    button.addEventListener("click", () => {
      const before = heading.getAttribute("aria-sort");
      const descending = before === null ? isNumber : before === "ascending";
      headings.forEach(other => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(descending);
    });
  });
}

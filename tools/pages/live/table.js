// The table below a live figure.

// Make a table with these titles of columns; returns a function that fills in its rows. A cell
// is a text or a part of the page, and the first one names its row.
function drawTable(place, titles, caption = "") {
  const table = make("table", place);
  if (caption) make("caption", table, { textContent: caption });
  const head = make("tr", make("thead", table));
  for (const title of titles) {
    if (title) make("th", head, { textContent: title, scope: "col" });
    else make("td", head);
  }
  const body = make("tbody", table);
  return (rows) => {
    body.replaceChildren();
    for (const [name, ...cells] of rows) {
      const row = make("tr", body);
      make("th", row, { scope: "row" }).append(name);
      for (const cell of cells) make("td", row).append(cell);
    }
  };
}

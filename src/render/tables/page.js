(() => {
  "use strict";
  const body = document.body;
  const controls = document.getElementById("controls");
  const words = controls.dataset;
  const control = (id) => document.getElementById(id);
  const tables = [...document.querySelectorAll("div.table")];
  const sections = [...document.querySelectorAll("section.item")];
  const status = control("status");

  // Words of a node without the marks beside a number.
  const plain = (node) =>
    [...node.childNodes].filter((child) => child.nodeName !== "EM").map((child) => child.textContent).join("");
  const isShown = (node) => getComputedStyle(node).display !== "none";
  const isNumber = (text) => text === "-" || /^[+-]?\d[\d,]*(\.\d+)?$/.test(text);

  // A row as it is shown: one line, or two where counts stand over percentages.
  const linesOf = (row) => {
    const cells = [...row.cells].filter(isShown);
    const tags = ["I", "B", "U"].filter((tag) =>
      cells.some((cell) => [...cell.children].some((child) => child.nodeName === tag && isShown(child))));
    return (tags.length ? tags : [""]).map((tag, place) => cells.flatMap((cell) => {
      const views = [...cell.children].filter((child) => "IBU".includes(child.nodeName));
      const view = views.find((child) => child.nodeName === tag);
      const text = view ? plain(view) : views.length || place > 0 ? "" : plain(cell);
      return [{ text, head: cell.nodeName === "TH" }, ...Array(cell.colSpan - 1).fill({ text: "", head: true })];
    }));
  };
  const gridOf = (table) => [...table.rows].flatMap(linesOf);
  const value = ({ text }) => {
    if (isNumber(text)) return text.replace(/,/g, "");
    // What a spreadsheet would take for a formula stays words.
    return /^[=+\-@\t\r＝＋－＠]/.test(text) ? "'" + text : text;
  };
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const asHtml = (grid) => {
    const cell = (one) => {
      const kind = isNumber(one.text) ? "" : " style=\"mso-number-format:'\\@'\"";
      const tag = one.head ? "th" : "td";
      return `<${tag}${kind}>${escaped(isNumber(one.text) ? value(one) : one.text)}</${tag}>`;
    };
    return `<table>${grid.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</table>`;
  };
  const asTabs = (grid) =>
    grid.map((row) => row.map((one) => value(one).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\r\n");
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const asCsv = (box) => {
    const lines = [...box.querySelectorAll("caption > *, .notes > li")].filter(isShown);
    const line = (node) => quoted(value({ text: node.textContent }));
    const notes = lines.filter((node) => node.nodeName === "LI").map(line);
    const head = lines.filter((node) => node.nodeName !== "LI").map(line);
    const rows = gridOf(box.querySelector("table")).map((row) => row.map((one) => quoted(value(one))).join(","));
    return "\ufeff" + [...head, ...rows, ...notes].join("\r\n") + "\r\n";
  };
  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const copy = (box) => {
    const grid = gridOf(box.querySelector("table"));
    const put = (event) => {
      event.clipboardData.setData("text/html", asHtml(grid));
      event.clipboardData.setData("text/plain", asTabs(grid));
      event.preventDefault();
    };
    // Works from a file on disk too, where the newer interface may not be allowed.
    document.addEventListener("copy", put, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", put);
    status.textContent = done ? words.copied : words.uncopied;
  };
  const button = (label, of, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.setAttribute("aria-label", `${label}: ${of}`);
    made.addEventListener("click", act);
    return made;
  };
  const tools = (...buttons) => {
    const bar = document.createElement("p");
    bar.className = "tools";
    bar.append(...buttons);
    return bar;
  };
  for (const box of tables) {
    const title = box.querySelector("caption b").textContent;
    box.append(tools(
      button(words.copy, title, () => copy(box)),
      button(words.csv, title, () => save(`${box.id}.csv`, "text/csv", asCsv(box)))));
  }
  for (const figure of document.querySelectorAll("figure.chart")) {
    const svg = figure.querySelector("svg");
    const title = svg.querySelector("title").textContent;
    figure.append(tools(button(words.svg, title, () =>
      save(`${figure.id}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(svg)))));
  }

  // Rows or columns in the study's order and in the other one.
  const moves = tables.filter((box) => box.dataset.order).map((box) => {
    const order = box.dataset.order.split(" ").map(Number);
    const table = box.querySelector("table");
    const parents = box.dataset.answers === "side" ? [table.tBodies[0]] : [...table.rows];
    const first = parents.map((parent) => [...parent.children]);
    return { box, order, parents, first, other: false };
  });
  const sort = (wanted) => {
    for (const move of moves) {
      const other = (wanted === "frequency") !== move.box.hasAttribute("data-sorted");
      if (other === move.other) continue;
      move.parents.forEach((parent, place) => {
        const children = move.first[place];
        parent.append(...(other ? move.order.map((from) => children[from]) : children));
      });
      move.other = other;
    }
  };

  const folded = (text) => text.normalize("NFKC").toLowerCase();
  let known;
  const filter = (typed) => {
    known ??= sections.map((section) =>
      folded([...section.querySelectorAll("h3, .wording, th")].map((node) => node.textContent).join("\n")));
    const parts = folded(typed).split(/\s+/).filter(Boolean);
    let count = 0;
    sections.forEach((section, place) => {
      const found = parts.every((part) => known[place].includes(part));
      section.hidden = !found;
      count += found ? 1 : 0;
      const entry = document.querySelector(`nav a[href="#${CSS.escape(section.id)}"]`);
      if (entry) entry.parentElement.hidden = !found;
    });
    for (const part of document.querySelectorAll("h2.part")) {
      const of = sections.filter((section) => section.dataset.part === part.id);
      part.hidden = of.every((section) => section.hidden);
    }
    status.textContent = parts.length ? words.found.replace("{shown}", count).replace("{all}", sections.length) : "";
  };

  control("view").addEventListener("change", (event) => { body.dataset.view = event.target.value; });
  control("sort").addEventListener("change", (event) => sort(event.target.value));
  control("filter").addEventListener("input", (event) => filter(event.target.value));
  control("book")?.addEventListener("change", (event) => {
    for (const box of tables) box.hidden = event.target.value !== "" && box.dataset.book !== event.target.value;
  });
  // A page that was left and is come back to keeps what its controls say.
  body.dataset.view = control("view").value;
  sort(control("sort").value);
  if (control("filter").value) filter(control("filter").value);
  control("book")?.dispatchEvent(new Event("change"));
  controls.hidden = false;
})();

(() => {
  "use strict";
  for (const chart of document.querySelectorAll(".chart")) {
    const tools = chart.previousElementSibling, folded = chart.nextElementSibling;
    const inner = chart.querySelector(".inner");
    const rows = [...chart.querySelectorAll(".chunk > .row")];
    const level = rows.map(row => Number(row.getAttribute("aria-level")));
    const after = rows.map(row => (row.dataset.after || "").split(" ").filter(Boolean).map(text => {
      const at = parseInt(text, 10);
      return { from: at, kind: text.slice(String(at).length) };
    }));
    const before = rows.map(() => []);
    after.forEach((links, to) => links.forEach(link => before[link.from].push({ to, kind: link.kind })));
    const isOpen = row => row.getAttribute("aria-expanded") !== "false";
    const say = text => { tools.querySelector("output").textContent = text; };

    // Which rows are shown: those that match, with the summaries around them, or those that are not folded away.
    function show() {
      const word = tools.querySelector("[data-find]").value.trim().toLowerCase();
      const only = [...tools.querySelectorAll("[data-only]")].filter(box => box.checked).map(box => box.dataset.only);
      let found = 0;
      if (word || only.length) {
        const keep = new Array(rows.length).fill(false);
        const above = [];
        rows.forEach((row, at) => {
          above.length = level[at] - 1;
          above[level[at] - 1] = at;
          const fits = only.every(name => row.classList.contains(name)) &&
            (!word || row.textContent.toLowerCase().includes(word));
          if (fits) {
            found += 1;
            above.forEach(one => { keep[one] = true; });
          }
        });
        rows.forEach((row, at) => { row.hidden = !keep[at]; });
        say(found === 1 ? "1 row fits" : `${found} rows fit`);
      } else {
        let closed = Infinity;
        rows.forEach((row, at) => {
          if (level[at] <= closed) closed = Infinity;
          row.hidden = level[at] > closed;
          if (!row.hidden && !isOpen(row)) closed = level[at];
        });
        say("");
      }
      const away = rows.filter(row => row.hidden).length;
      folded.hidden = away === 0;
      folded.querySelector("span").textContent = away;
      clear();
    }

    function fold(row, open) {
      if (row.hasAttribute("aria-expanded")) {
        row.setAttribute("aria-expanded", String(open));
        show();
      }
    }

    // Links of a row, drawn over the chart.
    let drawing = null;
    function clear() {
      if (drawing) drawing.remove();
      drawing = null;
      chart.querySelectorAll(".linked").forEach(row => row.classList.remove("linked"));
    }
    function ends(row) {
      const mark = row.querySelector(".bar,.bracket,.diamond,.gate");
      if (!mark) return null;
      const box = mark.getBoundingClientRect(), origin = inner.getBoundingClientRect();
      return { left: box.left - origin.left, right: box.right - origin.left, y: (box.top + box.bottom) / 2 - origin.top };
    }
    function draw(at) {
      clear();
      const links = after[at].map(link => ({ from: link.from, to: at, kind: link.kind }))
        .concat(before[at].map(link => ({ from: at, to: link.to, kind: link.kind })))
        .filter(link => !rows[link.from].hidden && !rows[link.to].hidden).slice(0, 60);
      if (!links.length) return;
      const space = "http://www.w3.org/2000/svg";
      drawing = document.createElementNS(space, "svg");
      drawing.setAttribute("class", "links");
      drawing.setAttribute("width", "1");
      drawing.setAttribute("height", "1");
      for (const link of links) {
        const from = ends(rows[link.from]), to = ends(rows[link.to]);
        if (!from || !to) continue;
        const x = link.kind[0] === "F" ? from.right : from.left;
        const out = link.kind[0] === "F" ? 6 : -6;
        const target = link.kind[1] === "S" ? to.left : to.right;
        const into = link.kind[1] === "S" ? 1 : -1;
        const turn = to.y - Math.sign(to.y - from.y || 1) * 11;
        const line = document.createElementNS(space, "path");
        line.setAttribute("d", `M${x} ${from.y}h${out}V${turn}H${target - into * 9}V${to.y}H${target - into * 4}`);
        const tip = document.createElementNS(space, "path");
        tip.setAttribute("class", "tip");
        tip.setAttribute("d", `M${target} ${to.y}l${-into * 6} -3.5v7z`);
        drawing.append(line, tip);
        rows[link.from === at ? link.to : link.from].classList.add("linked");
      }
      inner.append(drawing);
    }

    const rowOf = event => event.target.closest && event.target.closest(".chunk > .row");
    inner.addEventListener("mouseover", event => {
      const row = rowOf(event);
      if (row) draw(Number(row.id.slice(1)));
    });
    inner.addEventListener("mouseleave", clear);
    inner.addEventListener("focusin", event => {
      const row = rowOf(event);
      if (!row) return;
      const at = Number(row.id.slice(1));
      draw(at);
      say(row.querySelector(".time .spoken").textContent);
    });
    inner.addEventListener("click", event => {
      const row = rowOf(event);
      if (!row) return;
      if (event.target.classList.contains("fold")) fold(row, !isOpen(row));
      row.focus({ preventScroll: true });
    });
    inner.addEventListener("dblclick", event => {
      const row = rowOf(event);
      if (row) fold(row, !isOpen(row));
    });

    const visible = () => rows.filter(row => !row.hidden);
    chart.addEventListener("keydown", event => {
      const row = rowOf(event), all = visible(), at = all.indexOf(row);
      let next = null;
      if (event.key === "ArrowDown") next = all[at + 1];
      else if (event.key === "ArrowUp") next = all[Math.max(at - 1, 0)];
      else if (event.key === "Home" && !event.ctrlKey) next = all[0];
      else if (event.key === "End" && !event.ctrlKey) next = all[all.length - 1];
      else if (event.key === "PageDown") next = all[Math.min(Math.max(at, 0) + 15, all.length - 1)];
      else if (event.key === "PageUp") next = all[Math.max(at - 15, 0)];
      else if (row && event.key === "ArrowRight" && !isOpen(row)) fold(row, true);
      else if (row && event.key === "ArrowLeft") {
        if (row.hasAttribute("aria-expanded") && isOpen(row)) fold(row, false);
        else next = all.slice(0, at).reverse().find(one => Number(one.getAttribute("aria-level")) < Number(row.getAttribute("aria-level")));
      } else if (row && (event.key === "Enter" || event.key === " ")) fold(row, !isOpen(row));
      else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1 : -1);
      else return;
      event.preventDefault();
      if (next) {
        next.focus({ preventScroll: true });
        next.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    });

    // The middle of the view stays where it is.
    function zoom(step) {
      const last = chart.querySelectorAll(".head .ticks").length - 1;
      const old = Number(chart.dataset.scale);
      const scale = step === 0 ? 0 : Math.min(Math.max(old + step, 0), last);
      const time = chart.querySelector(".head > .time");
      const start = time.offsetLeft;
      const middle = (chart.scrollLeft + (chart.clientWidth + start) / 2 - start) / time.offsetWidth;
      chart.dataset.scale = scale;
      chart.scrollLeft = middle * time.offsetWidth + start - (chart.clientWidth + start) / 2;
      clear();
    }
    tools.querySelectorAll("[data-zoom]").forEach(button =>
      button.addEventListener("click", () => zoom(Number(button.dataset.zoom))));
    tools.querySelectorAll("[data-only]").forEach(box => box.addEventListener("change", show));
    tools.querySelector("[data-find]").addEventListener("input", show);
    const levels = tools.querySelector("[data-levels]");
    if (levels) {
      levels.addEventListener("change", () => {
        rows.forEach((row, at) => {
          if (row.hasAttribute("aria-expanded")) row.setAttribute("aria-expanded", String(level[at] - 1 < Number(levels.value)));
        });
        show();
      });
    }
  }
})();

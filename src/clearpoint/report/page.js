"use strict";
// Draws each chart from the table that stands below it; the slider and the mouse tell its points.
{
  const LEVELS = ["monitor", "warning", "critical", "emergency"];
  const GLYPHS = { clear: "✕", start: "▶", compaction: "▼", advice: "◆" };
  const FONT = "12px system-ui, sans-serif";
  const KINDS = Object.keys(GLYPHS);
  const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]; // steps of the axis
  const FAR = 3; // times the largest size
  const LABEL_GAP = 14;
  const GLYPH_GAP = 11;
  const MARK_GAP = 14;
  const TICK = 10;
  const charts = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const whole = new Intl.NumberFormat("en");
  const short = (n) => (n >= 1e6 ? +(n / 1e6).toPrecision(3) + "M" : n >= 1e3 ? Math.round(n / 1e3) + "k" : "" + n);

  // What the tables hold: numbers, times in seconds, tokens, and texts to tell.
  function read(figure) {
    const section = figure.closest("section");
    const rows = [...section.querySelectorAll(".points tbody tr")];
    let newest = 0; // sessions that continue each other may overlap, an axis may not go back
    const times = rows.map((row) => (newest = Math.max(newest, +row.cells[1].dataset.at)));
    const marks = [...section.querySelectorAll(".marks tbody tr")].map((row) => {
      const place = +row.dataset.place;
      const [after, before] = [times[place - 1] ?? -Infinity, times[place] ?? Infinity];
      const at = Math.min(Math.max(+row.dataset.at, after), before);
      return { kind: row.dataset.kind, place, at, words: row.cells[2].textContent.trim() };
    });
    return {
      marks,
      times,
      numbers: rows.map((_, i) => i + 1),
      tokens: rows.map((row) => +row.cells[2].dataset.tokens),
      told: rows.map((row) => [row.cells[1], row.cells[3], row.cells[4]].map((cell) => cell && cell.textContent)),
    };
  }

  // The horizontal lines: where levels begin and the client compacts. Levels may differ between
  // sessions: each set holds from one point of the course (`from`, counted from 0) to the next.
  function limits(figure) {
    const steps = JSON.parse(figure.dataset.steps);
    const found = steps.flatMap(([from, starts], i) =>
      LEVELS.map((name) => ({ name, at: starts[name], from, to: steps[i + 1]?.[0], colour: "--" + name })));
    const compaction = +figure.dataset.compaction;
    if (compaction) found.push({ name: "auto-compaction", at: compaction, from: 0, colour: "--dim", right: true });
    return found;
  }

  // The top of the chart: the first limit beyond the largest size, at most the window, unless it
  // is so far away that the course would be a line at the bottom.
  function ceiling(figure, tokens) {
    const peak = Math.max(...tokens);
    const ahead = limits(figure).map((limit) => limit.at).filter((at) => at > peak);
    const top = Math.max(peak, Math.min(...ahead, +figure.dataset.window));
    return (top > peak * FAR ? peak : top) * 1.06;
  }

  // A line for each limit in sight, as far as it holds; gives those that hold at the end, with
  // their heights.
  function drawLimits(u, figure) {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    const shown = limits(figure).filter((limit) => limit.at <= u.scales.y.max);
    const edge = (place, otherwise) => {
      const x = place ? u.valToPos((u.data[0][place - 1] + u.data[0][place]) / 2, "x", true) : otherwise;
      return Math.min(Math.max(x, bbox.left), bbox.left + bbox.width);
    };
    ctx.save();
    for (const limit of shown) {
      limit.y = u.valToPos(limit.at, "y", true);
      ctx.strokeStyle = colour(limit.colour);
      ctx.lineWidth = scale;
      ctx.setLineDash(limit.right ? [2 * scale, 4 * scale] : [6 * scale, 4 * scale]);
      ctx.beginPath();
      ctx.moveTo(edge(limit.from, bbox.left), limit.y);
      ctx.lineTo(edge(limit.to, bbox.left + bbox.width), limit.y);
      ctx.stroke();
    }
    ctx.restore();
    return shown.filter((limit) => limit.to === undefined);
  }

  // Their names; those that would cover each other stand side by side.
  function drawLabels(u, shown) {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.font = FONT.replace("12", 12 * scale);
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.lineJoin = "round";
    ctx.lineWidth = 4 * scale;
    ctx.strokeStyle = colour("--paper");
    let [before, x] = [Infinity, bbox.left];
    for (const limit of shown) {
      const text = `${limit.name} ${short(limit.at)}`;
      const width = ctx.measureText(text).width;
      if (before - limit.y > LABEL_GAP * scale) x = bbox.left;
      before = limit.y;
      const left = limit.right ? bbox.left + bbox.width - width - 4 * scale : x + 4 * scale;
      ctx.strokeText(text, left, limit.y - 2 * scale);
      ctx.fillStyle = colour(limit.colour);
      ctx.fillText(text, left, limit.y - 2 * scale);
      x = left + width + 6 * scale;
    }
    ctx.restore();
  }

  // A sign above the chart for each mark that has room there, the rarer kinds first, and a line
  // down through the chart unless there are so many that they would hide it.
  function drawMarks(u, marks, byTime) {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    const shown = marks
      .map((mark) => ({ kind: mark.kind, x: u.valToPos(byTime ? mark.at : mark.place + 0.5, "x", true) }))
      .filter(({ x }) => x >= bbox.left - 1 && x <= bbox.left + bbox.width + 1)
      .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
    const isCrowded = shown.length * MARK_GAP * scale > bbox.width;
    const taken = [];
    ctx.save();
    ctx.font = FONT.replace("12", 13 * scale);
    ctx.textAlign = "center";
    ctx.textBaseline = "bottom";
    ctx.lineWidth = scale;
    ctx.setLineDash([3 * scale, 3 * scale]);
    for (const { kind, x } of [...shown].reverse()) {
      ctx.strokeStyle = colour("--" + kind);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + (isCrowded ? TICK * scale : bbox.height));
      ctx.stroke();
    }
    for (const { kind, x } of shown) {
      if (taken.some((other) => Math.abs(other - x) < GLYPH_GAP * scale)) continue;
      taken.push(x);
      ctx.fillStyle = colour("--" + kind);
      ctx.fillText(GLYPHS[kind], x, bbox.top - 2 * scale);
    }
    ctx.restore();
  }

  // Times as they are read: the date where the span is longer than a day.
  function clockOf(span) {
    const form = span > 86400 ? { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" } : { hour: "2-digit", minute: "2-digit" };
    if (span < 600) form.second = "2-digit";
    const format = new Intl.DateTimeFormat("en-GB", form);
    return (u, values) => values.map((value) => format.format(value * 1000));
  }

  function size(plot) {
    const width = Math.max(240, plot.clientWidth);
    return { width, height: Math.round(Math.min(400, Math.max(240, width * 0.42))) };
  }

  function chart(figure) {
    const plot = figure.querySelector(".plot");
    const slider = figure.querySelector("input[type=range]");
    const told = figure.querySelector(".told");
    const data = read(figure);
    const top = ceiling(figure, data.tokens);
    let u = null;
    let moving = false;

    function tell(i) {
      const [when, level, session] = data.told[i];
      const happened = data.marks.filter((mark) => mark.place === i + 1).map((mark) => mark.words);
      const words = [
        `${figure.dataset.unit} ${i + 1}`, when, `${whole.format(data.tokens[i])} tokens`,
        level && `${level} of the budget`, session && `session ${session}`, ...happened,
      ].filter(Boolean).join(" · ");
      slider.value = i + 1;
      slider.setAttribute("aria-valuetext", words);
      told.textContent = words;
    }

    function show(i) {
      tell(i);
      moving = true;
      u.setCursor({ left: u.valToPos(u.data[0][i], "x"), top: u.valToPos(u.data[1][i], "y") });
      moving = false;
    }

    function draw(byTime) {
      if (u) u.destroy();
      const x = byTime ? data.times : data.numbers;
      const pad = byTime ? Math.max(1, (x[x.length - 1] - x[0]) * 0.01) : 0.6;
      const axis = { stroke: () => colour("--dim"), font: FONT, grid: { stroke: () => colour("--rule"), width: 1 }, ticks: { stroke: () => colour("--rule") } };
      const clock = clockOf(x[x.length - 1] - x[0]);
      const counts = (_, values) => values.map((n) => (n >= 1 && n <= x.length ? whole.format(n) : ""));
      u = new uPlot({
        ...size(plot),
        padding: [20, 22, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false }, points: { size: 8 } },
        scales: {
          x: { time: byTime, range: (_, min, max) => [min - pad, max + pad] },
          y: { range: [0, top] },
        },
        axes: [
          { ...axis, space: byTime ? 90 : 50, ...(byTime ? { values: clock } : { values: counts, incrs: WHOLE }) },
          { ...axis, size: 50, values: (_, values) => values.map(short) },
        ],
        series: [
          {},
          { stroke: () => colour("--line"), fill: () => colour("--fill"), width: 2, points: { size: 6, fill: () => colour("--line") } },
        ],
        hooks: {
          draw: [(self) => {
            const shown = drawLimits(self, figure);
            drawMarks(self, data.marks, byTime);
            drawLabels(self, shown);
          }],
          setCursor: [({ cursor }) => { if (!moving && cursor.idx != null && cursor.left >= 0) tell(cursor.idx); }],
        },
      }, [x, data.tokens], plot);
    }

    figure.querySelector(".controls").hidden = false;
    slider.addEventListener("input", () => show(slider.value - 1));
    for (const radio of figure.querySelectorAll("input[type=radio]")) {
      radio.addEventListener("change", () => { draw(radio.value === "time"); show(slider.value - 1); });
    }
    draw(false);
    show(data.tokens.length - 1);
    new ResizeObserver(() => { if (plot.clientWidth !== u.width) u.setSize(size(plot)); }).observe(plot);
    charts.push(() => u.redraw(true, true));
  }

  for (const figure of document.querySelectorAll("figure.course")) chart(figure);
  const redraw = () => charts.forEach((again) => again());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.documentElement.dataset.drawn = charts.length;
}

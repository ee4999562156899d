// Draws the charts of a page from the values beside them, in the page's own colours. Nothing is reckoned here: the
// texts of a tooltip are those of the server.
"use strict";
(() => {
  const TONES = {
    ink: "--ink-2", jade: "--jade", indigo: "--indigo", amber: "--amber", cinnabar: "--cinnabar",
    age0: "--age-0", age1: "--age-1", age2: "--age-2", age3: "--age-3", age4: "--age-4",
  };
  const charts = new Map();
  // A custom property may hold light-dark(…): only a used colour is resolved, so one is read off an element.
  const colours = (plot) => {
    const probe = document.createElement("span");
    plot.append(probe);
    const read = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
    const found = { text: read("--ink-2"), line: read("--line"), surface: read("--raised"), ink: read("--ink") };
    for (const [tone, name] of Object.entries(TONES)) { found[tone] = read(name); }
    probe.remove();
    return found;
  };
  const axisText = (given, tongue) => {
    const compact = new Intl.NumberFormat(tongue, { notation: "compact", maximumFractionDigits: 1 });
    return (value) => compact.format(value / 10 ** given.digits) + given.unit;
  };
  const series = (given, one, shown) => ({
    name: one.name, type: given.kind === "line" ? "line" : "bar", data: one.values, stack: given.kind === "stack" ? "all" : undefined,
    color: shown[one.tone], symbol: "circle", symbolSize: 5, showSymbol: given.names.length < 40, connectNulls: false, barMaxWidth: 36,
    lineStyle: { width: 2, type: one.dashed ? "dashed" : "solid" }, emphasis: { disabled: true },
  });
  const options = (given, plot) => {
    const shown = colours(plot);
    const font = { color: shown.text, fontFamily: getComputedStyle(plot).fontFamily, fontSize: 12 };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    return {
      animation: !still, animationDuration: 300, textStyle: font,
      grid: { left: 8, right: 30, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, type: "scroll", textStyle: font, selectedMode: given.lines.length > 1 },
      tooltip: {
        trigger: "axis", renderMode: "richText", backgroundColor: shown.surface, borderColor: shown.line,
        textStyle: { ...font, color: shown.ink }, axisPointer: { lineStyle: { color: shown.line } },
        formatter: (points) => [given.names[points[0].dataIndex],
          ...points.map((point) => `${point.seriesName}  ${given.lines[point.seriesIndex].texts[point.dataIndex] || "–"}`)].join("\n"),
      },
      xAxis: { type: "category", data: given.names, boundaryGap: given.kind !== "line", axisLabel: { ...font, hideOverlap: true },
        axisLine: { lineStyle: { color: shown.line } }, axisTick: { show: false } },
      yAxis: { type: "value", max: given.most ?? undefined, axisLabel: { ...font, formatter: axisText(given, plot.dataset.tongue) },
        splitLine: { lineStyle: { color: shown.line } } },
      series: given.lines.map((one) => series(given, one, shown)),
    };
  };
  const draw = (plot) => {
    const given = JSON.parse(document.getElementById(plot.dataset.chart).textContent);
    const chart = charts.get(plot) || echarts.init(plot, null, { renderer: "svg" });
    charts.set(plot, chart);
    chart.setOption(options(given, plot), true);
  };
  const drawAll = () => {
    for (const [plot, chart] of charts) { if (!plot.isConnected) { chart.dispose(); charts.delete(plot); } }
    document.querySelectorAll("[data-chart]").forEach(draw);
  };
  drawAll();
  document.addEventListener("htmx:afterSettle", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(document.getElementById("content"));
})();

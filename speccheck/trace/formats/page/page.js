"use strict";
(() => {
  const data = JSON.parse(document.getElementById("trace").textContent);
  const steps = data.steps;
  const $ = (id) => document.getElementById(id);
  const last = steps.length - 1;
  const looping = data.loop !== null && !data.stutters;
  let current = 0;
  let timer = null;

  // ------------------------------------------------------------ building

  /** An element with text or children. Text is never parsed: values come from users. */
  function made(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  }

  /** Styled pieces of a line. */
  function pieces(line) {
    return line.map(([words, style]) => (style === "plain" || style === "value" ? words : made("span", { class: "s-" + style }, words)));
  }

  /** The colour of an actor: hues far apart from one another, one after the other. */
  function laneInk(lane) {
    return lane === undefined ? "var(--faint)" : `hsl(${(212 + lane * 137.5) % 360} 62% 52%)`;
  }

  function buildHeader() {
    $("top").hidden = $("page").hidden = false;
    $("title").textContent = data.title || "A trace";
    $("model").textContent = data.model;
    $("badge").textContent = data.witness ? "REACHED" : "VIOLATED";
    $("badge").classList.toggle("good", data.witness);
    $("badge").hidden = !data.title;
    $("ending").textContent = data.ending;
    $("position").max = last;
  }

  function buildSteps() {
    const lanes = Math.min(data.actors.length, 10);
    $("steps").style.setProperty("--gutter", `${Math.max(1, lanes)}rem`);
    $("legend").hidden = data.actors.length < 2;
    data.actors.forEach((name, lane) => {
      const dot = made("span", { class: "dot", style: `--lane-ink: ${laneInk(lane)}` });
      $("legend").append(made("li", {}, dot, name));
    });
    steps.forEach((step, number) => {
      if (looping && number === data.loop) $("steps").append(made("li", { class: "loop-mark" }, "the loop begins here"));
      const lane = step.lane === undefined ? null : Math.min(step.lane, lanes - 1);
      const gutter = made("span", { class: "lanes", "aria-hidden": "true", style: `background-size: ${lanes}rem 100%` });
      if (lane !== null) gutter.append(made("i", { style: `--lane: ${lane}; --lane-ink: ${laneInk(step.lane)}` }));
      const label = made("span", { class: "label" }, step.label);
      if (step.chosen) label.append(made("span", { class: "chosen" }, step.chosen));
      const inLoop = looping && number >= data.loop;
      const button = made("button", { type: "button", class: step.kind + (inLoop ? " looping" : ""), id: "step-" + number }, made("span", { class: "number" }, String(number)), gutter, label);
      button.addEventListener("click", () => select(number));
      $("steps").append(made("li", {}, button));
    });
    if (looping) $("after").textContent = `back to ${data.loop === 0 ? "the initial state" : "state " + data.loop}, and so on for ever`;
    if (data.stutters) $("after").textContent = "and then nothing happens any more, for ever";
    $("after").classList.toggle("looping", looping);
  }

  // ------------------------------------------------------------ showing

  function showStep() {
    const step = steps[current];
    const headline = $("headline");
    headline.replaceChildren(step.kind === "failed" ? "fails: " + step.label : step.label);
    headline.append(" ", made("small", {}, step.kind === "start" ? `of ${last} step${last === 1 ? "" : "s"}` : `step ${current} of ${last}`));
    const place = step.code === undefined || step.code === null ? step.place : ""; // else it stands above the code
    $("chosen").textContent = [step.chosen, place].filter(Boolean).join("   ");
    $("chosen").hidden = $("chosen").textContent === "";
    $("changes").replaceChildren(...step.changes.map((line) => made("li", {}, ...pieces(line))));
    $("changes").hidden = step.changes.length === 0;
  }

  function wanted(name) {
    const words = $("filter").value.toLowerCase().split(/\s+/).filter((word) => word && word !== "-");
    const hidden = words.filter((word) => word.startsWith("-")).map((word) => word.slice(1));
    const shown = words.filter((word) => !word.startsWith("-"));
    const low = name.toLowerCase();
    return !hidden.some((word) => low.includes(word)) && (shown.length === 0 || shown.some((word) => low.includes(word)));
  }

  function showState() {
    const step = steps[current];
    $("state-title").textContent = step.kind === "failed" ? "State in which it fails" : current === 0 ? "Initial state" : `State ${current}`;
    const rows = [];
    data.variables.forEach((name, index) => {
      const changed = step.changed.includes(name);
      if (!step.state.length || !wanted(name) || ($("only").checked && current > 0 && !changed)) return;
      const value = made("td", {});
      data.lines[step.state[index]].forEach((line, number) => value.append(...(number ? ["\n"] : []), ...pieces(line)));
      const button = made("button", { type: "button", title: "Go to the step before that changed it" }, name);
      button.addEventListener("click", () => selectChange(name));
      const head = made("th", { scope: "row" }, button, ...(changed ? [made("span", { class: "unseen" }, " (changed)")] : []));
      rows.push(made("tr", { class: changed ? "changed" : null }, head, value));
    });
    $("state").tBodies[0].replaceChildren(...rows);
    $("none").hidden = rows.length > 0;
    $("none").textContent = step.state.length ? "No variable to show: look at the filter, and at what changes." : "There is no state yet.";
  }

  /** With a filter, the steps that change none of its variables are dimmed. */
  function showFilter() {
    const filtered = $("filter").value.trim() !== "";
    steps.forEach((step, number) => {
      const concerned = !filtered || step.kind !== "step" || step.changed.some(wanted);
      $("step-" + number).classList.toggle("dim", !concerned);
    });
    showState();
  }

  function showCode() {
    const step = steps[current];
    const code = step.code === undefined || step.code === null ? null : data.codes[step.code];
    $("code-section").hidden = code === null;
    if (code === null) return;
    $("code-title").textContent = step.place;
    $("code").replaceChildren(...code.map(([number, words, marked]) => made("span", { class: marked ? "marked" : null }, made("b", {}, String(number)), words || " ")));
  }

  function showEnd() {
    const shown = current === last && (data.ending !== "" || data.explanation.length > 0);
    $("end").hidden = !shown;
    if (!shown) return;
    $("end").classList.toggle("good", data.witness);
    $("end-title").textContent = data.ending ? data.ending[0].toUpperCase() + data.ending.slice(1) : `Why this violates ${data.title}`;
    const rows = data.explanation.map(([depth, expression, value]) => made("tr", {}, made("td", {}, "  ".repeat(depth) + expression), made("td", {}, value)));
    $("explanation").tBodies[0].replaceChildren(...rows);
  }

  function show() {
    showStep();
    showState();
    showCode();
    showEnd();
    $("position").value = current;
    $("position").setAttribute("aria-valuetext", `${current} of ${last}: ${steps[current].label}`);
    $("previous").disabled = current === 0;
    $("next").disabled = current === last && !looping;
    $("next").firstElementChild.textContent = current === last && looping ? "Again" : "Next";
    for (const button of $("steps").querySelectorAll("button")) button.removeAttribute("aria-current");
    const button = $("step-" + current);
    button.setAttribute("aria-current", "step");
    const list = $("rail").getBoundingClientRect();
    const place = button.getBoundingClientRect();
    if (place.top < list.top || place.bottom > list.bottom) button.scrollIntoView({ block: "nearest" });
  }

  // ------------------------------------------------------------ walking

  function select(number) {
    current = Math.max(0, Math.min(last, number));
    show();
    try {
      history.replaceState(null, "", "#" + current);
    } catch {
      // A page within a frame may not be allowed to; nothing depends on it.
    }
  }

  /** To the last step before this one that changed a variable; the initial state if none did. */
  function selectChange(name) {
    let number = current - 1;
    while (number > 0 && !steps[number].changed.includes(name)) number -= 1;
    select(number);
  }

  /** One step on; behind the end of a loop comes the step after its beginning. */
  function forward() {
    if (current < last) select(current + 1);
    else if (looping) select(Math.min(data.loop + 1, last));
    else pause();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    $("play").textContent = "Play";
    $("play").setAttribute("aria-pressed", "false");
  }

  function play() {
    if (timer !== null) return pause();
    if (current === last && !looping) select(0);
    timer = setInterval(forward, 900);
    $("play").textContent = "Pause";
    $("play").setAttribute("aria-pressed", "true");
  }

  function turn(theme) {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("speccheck-theme", theme);
    } catch {
      // Storage is off: the theme lasts as long as the page.
    }
  }

  function firstTheme() {
    try {
      const kept = localStorage.getItem("speccheck-theme");
      if (kept === "light" || kept === "dark") return kept;
    } catch {
      // As above.
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  const otherTheme = () => turn(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  const keys = {
    ArrowDown: forward, ArrowRight: forward, j: forward,
    ArrowUp: () => select(current - 1), ArrowLeft: () => select(current - 1), k: () => select(current - 1),
    Home: () => select(0), End: () => select(last), " ": play, t: otherTheme,
    "/": () => $("filter").focus(),
    c: () => $("only").click(),
  };

  /** Escape: the first time it empties the filter, then it leaves the field. */
  function leave(event) {
    event.preventDefault();
    if (event.target !== $("filter") || $("filter").value === "") return event.target.blur();
    $("filter").value = "";
    return showFilter();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search], input[type=range]");
    if (event.key === "Escape" && typing) return leave(event);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return undefined;
    if (event.key === " " && event.target.matches("button, input")) return undefined; // the button that has the focus
    if (event.target.matches("pre") && event.key.startsWith("Arrow")) return undefined; // it scrolls
    event.preventDefault();
    return keys[event.key]();
  });

  document.documentElement.dataset.theme = firstTheme();
  buildHeader();
  buildSteps();
  $("previous").addEventListener("click", () => select(current - 1));
  $("next").addEventListener("click", forward);
  $("play").addEventListener("click", play);
  $("theme").addEventListener("click", otherTheme);
  $("position").addEventListener("input", (event) => select(Number(event.target.value)));
  $("filter").addEventListener("input", showFilter);
  $("only").addEventListener("change", showState);
  addEventListener("hashchange", () => select(Number(location.hash.slice(1)) || 0));
  select(location.hash ? Number(location.hash.slice(1)) || 0 : 0);
})();

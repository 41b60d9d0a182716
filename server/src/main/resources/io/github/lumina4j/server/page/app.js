// The page of a lumina4j server: one request at a time, over the API that everybody uses.

const $ = (id) => document.getElementById(id);
const NUMBERS = ["n", "seed", "guidance_scale", "top_k", "temperature"];
const PREVIEW_ROWS = 4; // of 8 pixels, from one look at the picture to the next
const WORDS = ["prompt", "task", "description", "size", "speculate"];

let tasks = [];
let given = null; // the picture to start from: a Blob
let running = null; // an AbortController while a request is under way
let job = null; // the id by which the server knows that request

const key = {
  get: () => sessionStorage.getItem("key") ?? "",
  set: (text) => sessionStorage.setItem("key", text),
};

function headers() {
  return key.get() ? { Authorization: `Bearer ${key.get()}` } : {};
}

function say(text, bad = false) {
  $("message").textContent = text;
  $("message").classList.toggle("bad", bad);
}

// ---- settings: the form as a value, and back

function settings() {
  const values = {};
  for (const name of WORDS) {
    const field = $(name);
    const text = field.value.trim();
    if (text && !field.disabled && !field.closest("[hidden]")) values[name] = text;
  }
  for (const name of NUMBERS) {
    if ($(name).value.trim()) values[name] = Number($(name).value);
  }
  return values;
}

function useSettings(values, picture) {
  for (const name of [...WORDS, ...NUMBERS]) $(name).value = values[name] ?? "";
  if (!values.n) $("n").value = 1;
  setGiven(picture);
  showTask();
  $("prompt").focus();
}

function showTask() {
  const task = tasks.find((one) => one.name === $("task").value);
  $("given-field").hidden = !task?.image;
  $("description-field").hidden = !task?.description;
  $("prompt").disabled = task ? !task.prompt : false;
}

function setGiven(picture) {
  given = picture ?? null;
  URL.revokeObjectURL($("given").src);
  $("given").hidden = !given;
  if (given) $("given").src = URL.createObjectURL(given);
  $("drop-text").hidden = Boolean(given);
}

/** A picture came in by hand: start from it. */
function takePicture(picture) {
  if (!picture?.type.startsWith("image/")) return;
  if (!tasks.find((one) => one.name === $("task").value)?.image) {
    $("task").value = "edit";
    showTask();
  }
  setGiven(picture);
}

// ---- requests

function ask(values) {
  const body = { ...values, stream: true, progress: true, preview_rows: PREVIEW_ROWS };
  const picture = $("given-field").hidden ? null : given;
  if (!picture) {
    return fetch("v1/images/generations", {
      method: "POST",
      headers: { ...headers(), "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: running.signal,
    });
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, value);
  form.append("image", picture, "picture");
  return fetch("v1/images/edits", {
    method: "POST",
    headers: headers(),
    body: form,
    signal: running.signal,
  });
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const data = text.slice(0, end).split("\n").find((line) => line.startsWith("data: "));
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data.slice(6));
    }
  }
}

async function problem(response) {
  if (response.status === 401) {
    $("key-field").hidden = false;
    $("key").select(); // a wrong one is typed over
    $("key").focus();
  }
  const wait = response.headers.get("Retry-After");
  const text = (await response.json().catch(() => null))?.error?.message ?? response.statusText;
  return wait ? `${text} (again in ${wait} s)` : text;
}

async function draw() {
  if (running) return;
  const values = settings();
  const picture = $("given-field").hidden ? null : given;
  if (!$("given-field").hidden && !given) return say("This task starts from a picture: drop one.", true);
  running = new AbortController();
  busy(true);
  say("Sent.");
  try {
    const response = await ask(values);
    if (!response.ok) throw new Error(await problem(response));
    job = response.headers.get("X-Job-Id");
    for await (const event of events(response)) show(event, values, picture);
  } catch (failure) {
    say(failure.name === "AbortError" ? "Cancelled." : failure.message, failure.name !== "AbortError");
  } finally {
    running = job = null;
    busy(false);
  }
}

/** Hanging up alone would leave the job to whoever comes back for it. */
function cancel() {
  if (job) fetch(`v1/images/jobs/${job}`, { method: "DELETE", headers: headers() }).catch(() => {});
  running?.abort();
}

function show(event, values, picture) {
  if (event.error) throw new Error(event.error.message);
  if (event.type === "lumina.job") return;
  if (event.type === "lumina.queued") {
    say(event.position ? `Waiting, place ${event.position}.` : "Starting.");
  } else if (event.type === "lumina.progress") {
    const of = (values.n ?? 1) > 1 ? `Picture ${event.index + 1} of ${values.n}: ` : "";
    const drawn = Math.max(0, event.rows_done - event.rows_given);
    const total = Math.max(0, event.rows_total - event.rows_given);
    $("progress").max = total || 1;
    $("progress").value = drawn;
    say(`${of}row ${drawn} of ${total}`);
  } else if (event.type.endsWith(".partial_image")) {
    showPreview(event);
  } else {
    hidePreview();
    addCard(event, values, picture);
    say("Done.");
  }
}

function busy(yes) {
  $("draw").disabled = yes;
  $("cancel").hidden = !yes;
  $("progress").hidden = !yes;
  $("progress").value = 0;
  hidePreview();
}

// ---- the picture that is being drawn

function hidePreview() {
  $("growing").hidden = true;
  URL.revokeObjectURL($("preview").src);
  $("preview").removeAttribute("src");
}

function showPreview(event) {
  URL.revokeObjectURL($("preview").src);
  $("preview").src = URL.createObjectURL(blob(event.b64_json, `image/${event.output_format}`));
  $("growing").hidden = false;
}

// ---- gallery

function blob(base64, type) {
  return new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type });
}

function addCard(event, values, picture) {
  const type = `image/${event.output_format}`;
  const file = blob(event.b64_json, type);
  const url = URL.createObjectURL(file);
  const card = $("card").content.cloneNode(true);
  const image = card.querySelector("img");
  image.src = url;
  image.alt = values.prompt ?? values.task;
  card.querySelector(".prompt").textContent = values.prompt ?? "";
  const facts = [values.task, event.size, `seed ${event.seed}`, `${event.seconds.toFixed(1)} s`];
  for (const name of ["guidance_scale", "top_k", "temperature", "speculate"]) {
    if (values[name] !== undefined) facts.push(`${name} ${values[name]}`);
  }
  card.querySelector(".facts").textContent = facts.join(" · ");
  const made = { ...values, seed: event.seed, n: 1 };
  card.querySelector(".reuse").onclick = () => useSettings(made, picture);
  card.querySelector(".edit").onclick = () => useSettings({ task: "edit", size: event.size }, file);
  const save = card.querySelector(".save");
  save.href = url;
  save.download = `lumina-${event.seed}.${event.output_format}`;
  $("growing").after(card);
}

// ---- start

async function load(path) {
  const response = await fetch(path, { headers: headers() });
  if (!response.ok) throw new Error(await problem(response));
  return (await response.json()).data;
}

async function start() {
  try {
    const [models, list] = await Promise.all([load("v1/models"), load("v1/tasks")]);
    tasks = list;
    $("model").textContent = models[0].id;
    const { width, height } = models[0].defaults ?? {};
    if (width) $("size").placeholder = `${width}x${height}`;
    const chosen = $("task").value || "t2i";
    $("task").replaceChildren(...tasks.map((task) => new Option(`${task.name}: ${task.title}`, task.name)));
    $("task").value = chosen;
    $("key-field").hidden = true;
    showTask();
    say("");
  } catch (failure) {
    say(failure.message, true);
  }
}

$("settings").addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
$("cancel").onclick = cancel;
$("task").onchange = showTask;
$("file").onchange = () => takePicture($("file").files[0]);
$("key").onchange = () => {
  key.set($("key").value);
  start();
};
$("key").onkeydown = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // a key is no request for a picture
  $("prompt").focus(); // which tells the change
};
$("drop").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    $("file").click();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") cancel();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("settings").requestSubmit();
});
document.addEventListener("paste", (event) => takePicture(event.clipboardData.files[0]));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("drop").classList.add("over");
});
document.addEventListener("dragleave", () => $("drop").classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop").classList.remove("over");
  takePicture(event.dataTransfer.files[0]);
});
start();

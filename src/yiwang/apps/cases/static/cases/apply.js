/* What is typed in an application is kept on this device until the server has it. The words are in
   the template; without this file the pages work as they are. Not loaded for staff. */
(function () {
  "use strict";
  var PREFIX = "yiwang.draft.", RETRY = 15000, OLDEST = 7 * 24 * 3600 * 1000;
  var place = document.querySelector("[data-keep-draft]");
  if (!place) return;
  var set = place.dataset, version = Number(set.keepVersion);
  var mine = PREFIX + set.keepAccount + ".", ours = mine + set.keepDraft + ".";
  var form = document.querySelector("form[data-keep-section]");
  var key = form ? ours + form.dataset.keepSection : "";
  var waiting = null, isLeaving = false;

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch (error) { return null; }
  }
  function write(entry) {
    try { localStorage.setItem(key, JSON.stringify(entry)); return true; } catch (error) { return false; }
  }
  function forget(name) { try { localStorage.removeItem(name); } catch (error) { /* nothing kept */ } }
  function names() { try { return Object.keys(localStorage); } catch (error) { return []; } }

  /* Other people's on this device, what is old, and what was taken: this page came after it. */
  names().forEach(function (name) {
    if (name.indexOf(PREFIX) !== 0) return;
    var entry = read(name), passed = entry && entry.isSent && name !== key && entry.version < version;
    var isOurs = name.indexOf(ours) === 0;
    if (!entry || name.indexOf(mine) !== 0 || Date.now() - entry.at > OLDEST || (isOurs && passed)) forget(name);
  });
  if (!form) return;

  function typed() {
    var found = {};
    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || one.type === "hidden" || one.type === "submit" || one.type === "file") return;
      found[one.name] = found[one.name] || [];
      if ((one.type !== "radio" && one.type !== "checkbox") || one.checked) found[one.name].push(one.value);
    });
    return found;
  }
  function fill(fields) {
    Array.prototype.forEach.call(form.elements, function (one) {
      var values = fields[one.name];
      if (!values || one.type === "hidden") return;
      if (one.type === "radio" || one.type === "checkbox") one.checked = values.indexOf(one.value) >= 0;
      else one.value = values[0] || "";
    });
  }
  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }
  function say(which) {
    Array.prototype.forEach.call(place.querySelectorAll("[data-kept]"), function (one) {
      one.hidden = one.dataset.kept !== which;
    });
    var general = document.getElementById("offline-note");
    if (general && which === "offline") general.hidden = true;
  }
  function seen(number) {
    form.querySelector("input[name=version]").value = String(number);
  }

  function keep(isSent) {
    return !isLeaving && write({ version: version, fields: typed(), at: Date.now(), isSent: Boolean(isSent) });
  }
  function later() {
    if (keep()) say("offline");
    window.clearTimeout(waiting);
    waiting = window.setTimeout(send, RETRY);
  }
  function send() {
    window.clearTimeout(waiting);
    var entry = read(key), sent = typed();
    if (!entry) return;
    if (!navigator.onLine) { later(); return; }
    seen(version);
    fetch(form.dataset.keepUrl, { method: "POST", body: new FormData(form), redirect: "error" }).then(function (answer) {
      if (answer.status === 409) { say("conflict"); return null; }
      if (!answer.ok) { say("signed-out"); return null; }
      return answer.json().then(function (told) {
        version = told.version;
        seen(version);
        if (same(sent, typed())) { forget(key); form.removeAttribute("data-dirty"); say("saved"); } else later();
      });
    }, later);
  }

  form.addEventListener("input", function () {
    if (keep() && !navigator.onLine) say("offline");
  });
  form.addEventListener("submit", function (event) {
    seen(version);
    if (navigator.onLine) { keep(true); return; }
    event.preventDefault();
    form.setAttribute("data-dirty", "");
    later();
  });
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-sign-out")) isLeaving = true;
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", function () { if (read(key) || keep()) say("offline"); });
  place.addEventListener("click", function (event) {
    if (!event.target.closest("[data-compare]")) return;
    var entry = read(key);
    if (!entry) return;
    fill(entry.fields);
    version = entry.version;
    form.requestSubmit(form.querySelector("button[value=next]"));
  });

  var entry = read(key);
  if (set.keepConflict !== undefined) forget(key);
  else if (entry && same(entry.fields, typed())) forget(key);
  else if (entry && entry.version === version) { fill(entry.fields); form.setAttribute("data-dirty", ""); say("restored"); send(); }
  else if (entry) say("conflict");
})();

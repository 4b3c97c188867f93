/* Conveniences over pages that work without them. No text here: the words are in the templates. */
(function () {
  "use strict";
  var doc = document;
  function all(selector, from) {
    return Array.prototype.slice.call((from || doc).querySelectorAll(selector));
  }
  function byId(id) { return doc.getElementById(id); }

  /* Shows what needs a script, and takes the focus to what must be corrected. */
  function prepare(from) {
    all("[data-needs-js]", from).forEach(function (one) { one.hidden = false; });
    all("form", from).forEach(follow);
    var summary = from.querySelector && from.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* Confirm dialog: data-confirm on a button or form, or hx-confirm. */
  var agreed = null;
  function ask(question, label, go) {
    var dialog = byId("confirm-dialog");
    if (!dialog || !dialog.showModal) { if (window.confirm(question)) go(); return; }
    var yes = dialog.querySelector("[value=yes]");
    yes.dataset.plain = yes.dataset.plain || yes.textContent;
    yes.textContent = label || yes.dataset.plain;
    byId("confirm-question").textContent = question;
    dialog.returnValue = "";
    dialog.onclose = function () { if (dialog.returnValue === "yes") go(); };
    dialog.showModal();
    dialog.querySelector("[value=no]").focus();
  }
  doc.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    var source = button && button.hasAttribute("data-confirm") ? button : form;
    var question = source.getAttribute("data-confirm");
    if (question && agreed !== form) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(question, source.getAttribute("data-confirm-label"), function () {
        agreed = form;
        form.requestSubmit(button || undefined);
        agreed = null;
      });
      return;
    }
    form.removeAttribute("data-dirty");
  }, true);
  doc.addEventListener("htmx:confirm", function (event) {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.target.getAttribute("data-confirm-label"), function () {
      event.detail.issueRequest(true);
    });
  });

  /* A question that follows from another answer is shown with that answer. One that holds an
     error stays in sight. */
  function follow(form) {
    all("[data-asked-after]", form).forEach(function (one) {
      var named = all('[name="' + one.dataset.askedAfter + '"]', form);
      if (!named.length || one.classList.contains("has-error")) return;
      var given = named.filter(function (n) {
        return n.type === "radio" || n.type === "checkbox" ? n.checked : n.value;
      }).map(function (n) { return n.value; });
      var wanted = one.dataset.askedValues.split("|");
      one.hidden = !given.some(function (value) { return wanted.indexOf(value) >= 0; });
    });
  }
  doc.addEventListener("change", function (event) {
    if (event.target.form) follow(event.target.form);
  });

  /* Unsaved forms warn before the page is left. */
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-unsaved")) form.setAttribute("data-dirty", "");
  });
  window.addEventListener("beforeunload", function (event) {
    if (doc.querySelector("form[data-dirty]")) { event.preventDefault(); event.returnValue = ""; }
  });

  /* A request that did not arrive, or was not taken, is told in words; nothing typed is lost. */
  function say(when) {
    var note = byId("request-error");
    if (!note) return;
    note.hidden = !when;
    if (!when) return;
    if (!note.querySelector('[data-when="' + when + '"]')) when = "other";
    all("[data-when]", note).forEach(function (one) { one.hidden = one.dataset.when !== when; });
    note.focus();
  }
  function keepDirty(event) {
    var form = event.target.closest && event.target.closest("form[data-unsaved]");
    if (form) form.setAttribute("data-dirty", "");
  }
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    doc.addEventListener(name, function (event) { keepDirty(event); say("offline"); });
  });
  doc.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    keepDirty(event);
    say(status === 401 ? "403" : String(status));
  });
  doc.addEventListener("htmx:beforeRequest", function () { say(""); });
  doc.addEventListener("htmx:afterSettle", function (event) { prepare(event.target); });
  function online() { var note = byId("offline-note"); if (note) note.hidden = navigator.onLine; }
  window.addEventListener("online", online);
  window.addEventListener("offline", online);

  /* Copy and print. */
  doc.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button && navigator.clipboard) {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        button.textContent = button.dataset.copied;
      });
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Keys of the staff (they can be switched off): j, k in lists, o opens beside, x marks, / searches,
     ? lists them, Esc leaves what one is in; arrows in a clock strip. */
  function keysOn() { return doc.body.hasAttribute("data-keys") && localStorage.getItem("keys") !== "off"; }
  doc.addEventListener("change", function (event) {
    if (event.target.hasAttribute("data-keys-toggle")) localStorage.setItem("keys", event.target.checked ? "on" : "off");
  });
  function step(list, from, by) {
    var at = list.indexOf(from);
    var next = list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))];
    if (next) next.focus();
    return next;
  }
  /* A box that is ticked takes no letters: the keys go on working there. */
  function typing(target) {
    return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
  }
  function rowOf(target) {
    var row = target.closest("tr");
    return row && row.querySelector(".row-link") ? row : null;
  }
  function onKey(key, target) {
    if (key === "j" || key === "k") {
      var list = target.closest("[data-list-keys]") || doc, links = all(".row-link", list);
      var row = rowOf(target), from = row ? row.querySelector(".row-link") : target;
      step(links, from, key === "j" ? 1 : -1);
    } else if (key === "o" && rowOf(target)) {
      window.open(rowOf(target).querySelector(".row-link").href, "_blank", "noopener");
    } else if (key === "x" && rowOf(target)) {
      var box = rowOf(target).querySelector("input[type=checkbox]");
      if (box && !box.disabled) box.click();
    } else if (key === "/") {
      var field = doc.querySelector("main [data-search]") || doc.querySelector("[data-search]");
      if (field) { field.focus(); field.select(); }
    } else if (key === "?") {
      var help = byId("keys-dialog");
      if (help && help.showModal && !help.open) help.showModal();
    } else {
      return false;
    }
    return true;
  }
  function leave(target) {
    if (target.closest("dialog")) return; /* a dialog closes itself */
    if (target.blur && target !== doc.body) target.blur();
    var beside = byId("preview"), told = beside && beside.querySelector("section");
    if (told) told.remove();
  }
  var ARROWS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 };
  doc.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    var strip = target.closest(".day") && target.closest("[data-strip]");
    if (strip && ARROWS[event.key]) {
      target.tabIndex = -1;
      step(all(".day", strip), target, ARROWS[event.key]).tabIndex = 0;
      event.preventDefault();
    } else if (keysOn() && event.key === "Escape") {
      leave(target);
    } else if (keysOn() && !typing(target) && onKey(event.key, target)) {
      event.preventDefault();
    }
  });

  /* What an application kept on this device goes when it is handed in, and when somebody leaves. */
  function forget(part) {
    try {
      Object.keys(localStorage).forEach(function (name) {
        if (name.indexOf("yiwang.draft.") === 0 && name.indexOf(part) >= 0) localStorage.removeItem(name);
      });
    } catch (error) { /* nothing is kept where there is no storage */ }
  }
  doc.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-sign-out")) forget("");
  });
  all("[data-forget-draft]").forEach(function (one) { forget("." + one.dataset.forgetDraft + "."); });

  prepare(doc);
  online();
  all("[data-keys-toggle]").forEach(function (box) { box.checked = keysOn(); });
})();

/* The window with hands on the keyboard: 1 to 9 choose an item; the first empty field has the
   focus, and after saving the button that takes the case in. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    var button = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (button) { event.preventDefault(); button.click(); }
  });
  if (document.querySelector("[data-error-summary]")) return;
  var form = document.querySelector("form[data-first-empty]");
  if (!form) return;
  if (location.hash) return; /* after saving the browser itself goes to the button */
  var fields = form.querySelectorAll("input.input:not([type=file]), textarea.input, select.input");
  var empty = Array.prototype.find.call(fields, function (one) { return !one.value; });
  if (empty) empty.focus();
})();

/* A text put in at the cursor of the field it is for, by one click; without a script the button
   asks the server, which puts it behind what was typed. */
(function () {
  "use strict";
  var last = null;
  document.addEventListener("focusin", function (event) {
    if (event.target.matches("textarea, input")) last = event.target;
  });
  function fits(field, into) {
    return field.name === into || into === "line-why" && field.name.indexOf("problem-") === 0;
  }
  function fieldOf(button) {
    var form = button.form, into = button.dataset.into;
    if (last && last.form === form && fits(last, into)) return last;
    var named = Array.prototype.slice.call(form.querySelectorAll('[name="' + into + '"]'));
    return named.filter(function (one) { return !one.value; })[0] || named[0];
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]"), field = button && fieldOf(button);
    if (!field) return;
    event.preventDefault();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();

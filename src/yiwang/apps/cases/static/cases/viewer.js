/* A scan larger, smaller, or turned by a quarter: what is shown, never the file. */
(function () {
  "use strict";
  var STEPS = [100, 150, 200, 300];
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-view]");
    var image = button && button.closest(".pane").querySelector(".viewer img");
    if (!image) return;
    var size = Number(image.dataset.size || 0), turn = Number(image.dataset.turn || 0);
    if (button.dataset.view === "turn") turn = (turn + 90) % 360;
    if (button.dataset.view === "in") size = Math.min(size + 1, STEPS.length - 1);
    if (button.dataset.view === "out") size = Math.max(size - 1, 0);
    image.dataset.size = size;
    image.dataset.turn = turn;
    image.style.maxWidth = "none";
    image.style.width = STEPS[size] + "%";
    image.style.transform = turn ? "rotate(" + turn + "deg)" : "";
  });
})();

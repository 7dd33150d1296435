// Counts down how long a time is held. The page says all that matters without it.
//
// The server gives the seconds that are left, so that a clock set wrong does no harm;
// from then on this machine's clock is compared only with itself.
(function () {
  "use strict";

  const box = document.querySelector("[data-seconds-left]");
  if (!box) return;

  const shown = box.querySelector("[data-left]");
  const told = box.querySelector("[role=status]");
  const ends = Date.now() + 1000 * Number(box.dataset.secondsLeft);
  const moments = [300, 120, 60]; // read aloud then, and not each second
  let ticking;

  const words = (seconds) =>
    seconds >= 60
      ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} minutes left`
      : `${seconds} second${seconds === 1 ? "" : "s"} left`;

  const aloud = (seconds) =>
    seconds > 60 ? `${seconds / 60} minutes left.` : "One minute left.";

  function over() {
    clearInterval(ticking);
    box.classList.replace("alert-info", "alert-warn");
    document.querySelectorAll("[data-while-held]").forEach((each) => (each.hidden = true));
    document.querySelectorAll("[data-when-over]").forEach((each) => (each.hidden = false));
    told.textContent = box.querySelector("[data-when-over]").textContent;
  }

  function tick() {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left <= 0) return over();
    shown.textContent = words(left);
    let reached;
    while (moments.length && left <= moments[0]) reached = moments.shift();
    if (reached && left > reached - 5) told.textContent = aloud(reached);
  }

  ticking = setInterval(tick, 1000);
  tick();
})();

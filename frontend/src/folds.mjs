// What is beside the point on a small screen is folded there, and stands open where there is room. Without this script it
// stands open everywhere.
const SMALL = window.matchMedia("(max-width: 47.99em)");

export function startFolds(scope) {
  const folds = scope.querySelectorAll("details[data-folds]");
  const fold = () => folds.forEach((each) => { each.open = !SMALL.matches; });
  fold();
  if (folds.length) SMALL.addEventListener("change", fold);
}

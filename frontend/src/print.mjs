// A button for what the browser's menu does. Without this script it is not shown.
export function startPrint(button) {
  button.addEventListener("click", () => window.print());
}

// Buttons that copy the text of a field: <button data-copies="id of the field" data-done="Copied">, and a status after it.

for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (document.getElementById(button.dataset.copies));
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.done;
    } catch {
      status.textContent = ""; // no clipboard without https, or not allowed: the text is selected, one key copies it
    }
  });
}

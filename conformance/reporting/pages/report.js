const filter = document.querySelector(".filter"), choice = filter.querySelector("select");
function show() {
  for (const area of document.querySelectorAll(".area:has([data-verdict])")) {
    const rows = [...area.querySelectorAll("tbody tr")];
    for (const row of rows) row.hidden = choice.value !== "" && row.dataset.verdict !== choice.value;
    area.hidden = rows.every(row => row.hidden);
  }
}
filter.hidden = false;
choice.addEventListener("change", show);
for (const link of document.querySelectorAll(".counts a"))
  link.addEventListener("click", () => { choice.value = link.dataset.verdict; show(); });
for (const button of navigator.clipboard ? document.querySelectorAll(".curl button") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

/** Copy buttons: each copies the text beside it and says so, also to screen readers. */
export const copyScript = `
for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.firstElementChild;
  const source = button.parentElement.querySelector("pre");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      said.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      said.textContent = "Selected";
    }
    setTimeout(() => { said.textContent = "Copy"; }, 2000);
  });
}
`;

/**
 * Starts Swagger UI, in its own dark look where the person wants one. A file of its own because the
 * policy of the page allows no inline script.
 */
export const swaggerScript = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger",
  persistAuthorization: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

import { type Html, html, withCode } from "./html.ts";
import { pageLayout } from "./layout.ts";

export interface ContainerOption {
  /** What the form sends. */
  readonly value: string;
  readonly label: string;
  /** What speaks for or against it; may be empty. */
  readonly note: string;
  readonly isPreselected: boolean;
}

export interface ConsentFacts {
  readonly redirectHost: string;
  readonly isLoopback: boolean;
  readonly documentHost: string | null;
  readonly claimedName: string;
  /** What the client may do, in words. */
  readonly abilities: readonly string[];
  readonly containers: readonly ContainerOption[];
  /** Shown name of the person, may be empty; null: signs in at GitHub after saying yes. */
  readonly person: string | null;
  /** Opaque; goes back with the form. */
  readonly handle: string;
}

const files = { styles: ["/static/consent.css"], scripts: ["/static/consent.js"] };

/** Asks the person, for one client, before anything else happens. */
export function consentPage(facts: ConsentFacts): string {
  const main = html`<main id="main" class="prose consent">
    <h1>${facts.isLoopback ? "Let a program on this computer in?" : "Let this site in?"}</h1>
    ${whoAsks(facts)}
    <form method="post" action="/authorize">
      <input type="hidden" name="handle" value="${facts.handle}" />
      <section aria-labelledby="may">
        <h2 id="may">It may, in every container of yours</h2>
        <ul>
          ${facts.abilities.map((ability) => html`<li>${ability}</li>`)}
        </ul>
      </section>
      ${containerChoice(facts.containers)}
      <div class="actions">
        <button class="button primary" name="answer" value="allow" data-guarded>
          ${facts.person === null ? "Allow, and sign in with GitHub" : "Allow"}
        </button>
        <button class="button" name="answer" value="deny">Deny</button>
      </div>
    </form>
    <p class="meta">
      ${signedInAs(facts.person)}You can take this back at any time in the sandbox page.
    </p>
  </main>`;
  return pageLayout("Disco: allow a client", "A client asks to use your container.", main, files);
}

function whoAsks({ redirectHost, isLoopback, documentHost, claimedName }: ConsentFacts): Html {
  const address = isLoopback ? "" : ": go by the address";
  const checked =
    documentHost === null
      ? html`Nobody has checked that name${address}.`
      : html`It is described by <strong>${documentHost}</strong>; nobody else has checked the name.`;
  return html`<p class="host"><strong>${redirectHost}</strong></p>
    ${isLoopback ? loopbackWarning() : html``}
    <p class="claim">It calls itself <q>${claimedName}</q>. ${checked}</p>`;
}

function loopbackWarning(): Html {
  return html`<p class="note" role="note">
    Any program on this computer can ask like this, under any name. Go on only if you have just
    started it yourself.
  </p>`;
}

function containerChoice(options: readonly ContainerOption[]): Html {
  return html`<fieldset>
    <legend>The container that it starts with</legend>
    ${options.map(
      ({ value, label, note, isPreselected }) =>
        html`<label
          ><input
            type="radio"
            name="container"
            value="${value}"
            required
            ${isPreselected ? html`checked` : html``}
          /><span
            >${label}${note === "" ? html`` : html` <span class="soft">${note}</span>`}</span
          ></label
        >`,
    )}
  </fieldset>`;
}

/** On a person's own machine there is one user, without a name. */
function signedInAs(person: string | null): Html {
  return person === null || person === "" ? html`` : html`You are signed in as ${person}. `;
}

/** What became of it, in words. */
export function noticePage(heading: string, paragraphs: readonly string[]): string {
  const main = html`<main id="main" class="prose consent">
    <h1>${heading}</h1>
    ${paragraphs.map((text) => html`<p>${withCode(text)}</p>`)}
  </main>`;
  return pageLayout(`Disco: ${heading}`, heading, main, files);
}

export const consentCss = `
main.consent {
  max-width: 36rem; padding-block: clamp(1rem, 4vw, 3rem);
  h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2rem); margin-bottom: 1rem; }
  h2, legend { font-size: 1rem; font-weight: 650; margin: 0 0 .5rem; padding: 0; }
  .host { font: 1.35rem/1.4 var(--mono); overflow-wrap: anywhere; margin-bottom: .75rem; }
  .claim { overflow-wrap: anywhere; color: var(--soft); }
  .claim strong { color: var(--ink); font-weight: 600; }
  section { border: 0; padding: 0; margin: 1.5rem 0; }
  ul { margin: 0; padding-left: 1.2rem; display: grid; gap: .25rem; }
  fieldset { border: 1px solid var(--line); border-radius: .75rem; background: var(--sheet); margin: 0; padding: 1rem 1.25rem; display: grid; gap: .6rem; min-width: 0; }
  legend { float: left; width: 100%; }
  label { display: flex; gap: .6rem; align-items: baseline; cursor: pointer; overflow-wrap: anywhere; min-width: 0; }
  label > span { min-width: 0; }
  input[type="radio"] { accent-color: var(--accent); flex: none; margin: 0; }
  .soft, .meta { color: var(--soft); font-size: .9rem; }
  .meta { margin-top: 1.5rem; }
  button.button { font: inherit; font-weight: 600; cursor: pointer; }
  button:disabled { opacity: .55; cursor: default; }
}
`;

/**
 * Keeps a click from being caught: Allow works half a second after the page is seen and in front, so
 * that a double click which began on another page allows nothing.
 */
export const consentScript = `
const allow = document.querySelector("[data-guarded]");
if (allow) {
  let timer;
  const guard = () => {
    allow.disabled = true;
    clearTimeout(timer);
    if (document.visibilityState === "visible" && document.hasFocus()) {
      timer = setTimeout(() => { allow.disabled = false; }, 500);
    }
  };
  document.addEventListener("visibilitychange", guard);
  addEventListener("focus", guard);
  addEventListener("blur", guard);
  guard();
}
`;

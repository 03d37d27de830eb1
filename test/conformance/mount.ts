import { chooseAddress } from "#scripts/disco/ports.ts";
import { EdgeRig } from "#test/support/edge-rig.ts";
import { readConsent } from "#test/support/http-browser.ts";
import { OAuthRig } from "#test/support/oauth-rig.ts";

/** What a suite is told of the mount. */
export interface ConformanceTarget {
  /** By the name that the suites want: they try foreign ones against it. */
  readonly origin: string;
  /** Id of a client that is registered with the suite's own callback. */
  readonly client: string;
  /** Of that callback, on 127.0.0.1. */
  readonly callbackPort: number;
}

export interface ConformanceMount extends ConformanceTarget {
  /** Does what a suite asks a person for: opens its URL, says yes, and goes where that leads. */
  consent(url: string): Promise<void>;
  close(): Promise<void>;
}

/** The product's own door and dispatch, with the suites' tools behind them. */
export async function startConformanceMount(): Promise<ConformanceMount> {
  const rig = await OAuthRig.start(
    await EdgeRig.start("test/support/workerd/conformance-worker.ts"),
  );
  const { port: callbackPort } = await chooseAddress(0);
  const client = await rig.register({
    redirect_uris: [`http://127.0.0.1:${callbackPort}/callback`],
  });
  return {
    origin: rig.app,
    client,
    callbackPort,
    consent: (url) => consent(rig, url),
    close: () => rig.close(),
  };
}

async function consent({ browser, page }: OAuthRig, url: string): Promise<void> {
  let opened = await browser.open(url);
  const elsewhere = opened.headers.get("Location");
  if (elsewhere !== null) {
    await opened.text();
    opened = await browser.open(elsewhere);
  }
  const { handle, chosen } = readConsent(await opened.text());
  const form = { handle, container: chosen, answer: "allow" };
  const answer = await browser.submit(`${page}/authorize`, form);
  await answer.text();
  await (await fetch(answer.headers.get("Location") ?? "")).text();
}

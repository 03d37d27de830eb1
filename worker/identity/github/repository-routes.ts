import type { Hono } from "hono";
import type { AppContext, AppEnv } from "../../http/app-env.ts";
import { addRoute } from "../../http/routes.ts";
import { signedIn } from "../browser-sign-in.ts";
import { fromPage } from "../page-request.ts";
import { beginTrip } from "./github-routes.ts";
import { listRepositories } from "./repositories.ts";
import { deploymentOf, dropRepositoryAccess, findRepositoryAccess } from "./repository-access.ts";

const PATH = "/auth/github/repositories";

/** What the sandbox page shows of GitHub: a list to pick from, and the switch for it. */
export function addRepositoryRoutes(app: Hono<AppEnv>): void {
  addRoute(app, PATH, {
    GET: fromPage(list),
    POST: fromPage(connect),
    DELETE: fromPage(disconnect),
  });
}

async function list(context: AppContext): Promise<Response> {
  const { github } = deploymentOf(context);
  const { sub } = await signedIn(context);
  const token = await findRepositoryAccess(context, sub);
  const repositories = token === null ? [] : await listRepositories(github, token);
  return context.json({ connected: token !== null, repositories });
}

/** The page goes to the address itself: an answer to its own request, so no link can ask for it. */
async function connect(context: AppContext): Promise<Response> {
  const { sub } = await signedIn(context);
  return context.json({ url: await beginTrip(context, { type: "repositories", user: sub }) });
}

async function disconnect(context: AppContext): Promise<Response> {
  const { sub } = await signedIn(context);
  await dropRepositoryAccess(context, sub);
  return context.body(null, 204);
}

import type { Hono } from "hono";
import * as z from "zod";
import { parseRule, ruleText } from "#protocol/egress-rule.ts";
import { gitAccesses, problemOfBranches } from "#protocol/git-grant.ts";
import { type GitPlace, parseRepository, REPOSITORY_MAX_CHARS } from "#protocol/git-request.ts";
import { DiscoError } from "#protocol/errors.ts";
import { refuseSelf } from "../egress/target.ts";
import { type Asked, asked } from "../egress/grant-routes.ts";
import type { AppContext, AppEnv } from "../http/app-env.ts";
import { servingConfig } from "../http/configured.ts";
import { addRoute } from "../http/routes.ts";
import { fromPage, readBody } from "../identity/page-request.ts";
import { createGitCredentials } from "../store/git-credentials.ts";
import { createGitGrants } from "../store/git-grants.ts";
import { createRedis } from "../store/redis.ts";

const place = z
  .string()
  .min(1)
  .max(REPOSITORY_MAX_CHARS + 10);
const RepositoryBody = z.strictObject({
  repository: place,
  access: z.enum(gitAccesses),
  branches: z.string().nullable().default(null),
});
const NamedRepository = z.strictObject({ repository: place });
const CredentialBody = z.strictObject({
  scope: place,
  /** RFC 7617, section 2: a colon would end it. */
  username: z.string().regex(/^[^:\p{Cc}]{1,200}$/u, { error: "is no user name" }),
  token: z.string().regex(/^[\x21-\x7e]{1,1000}$/, { error: "is no token" }),
});
const NamedScope = z.strictObject({ scope: place });

/**
 * What the person says of repositories and credentials, and who else may: nobody. A credential goes in
 * and never comes out; only the proxy opens it.
 */
export function addGitRoutes(app: Hono<AppEnv>): void {
  addRoute(app, "/auth/git/:container", { GET: fromPage(list) });
  addRoute(app, "/auth/git/:container/repositories", {
    POST: fromPage(allow),
    DELETE: fromPage(revoke),
  });
  addRoute(app, "/auth/git/:container/credentials", {
    POST: fromPage(addCredential),
    DELETE: fromPage(removeCredential),
  });
}

async function list(context: AppContext): Promise<Response> {
  return answer(context, await asked(context));
}

async function allow(context: AppContext): Promise<Response> {
  const asker = await asked(context);
  const { repository: typed, access, branches } = await readBody(context, RepositoryBody);
  const { repository } = repositoryOf(context, typed);
  const problem = branches === null ? null : problemOfBranches(branches);
  if (problem !== null) throw new DiscoError("invalid_input", problem);
  const grant = { repository, access, branches, by: asker.user };
  await gitGrantsOf(context).put(asker.container, grant);
  return answer(context, asker);
}

async function revoke(context: AppContext): Promise<Response> {
  const asker = await asked(context);
  const { repository } = repositoryOf(
    context,
    (await readBody(context, NamedRepository)).repository,
  );
  await gitGrantsOf(context).remove(asker.container, repository);
  return answer(context, asker);
}

/** A credential for one repository says that the container may use it there. */
async function addCredential(context: AppContext): Promise<Response> {
  const asker = await asked(context);
  const { scope: typed, ...credential } = await readBody(context, CredentialBody);
  const { scope, isRepository } = scopeOf(context, typed);
  if (isRepository) {
    const grants = gitGrantsOf(context);
    const known = (await grants.list(asker.container)).some((one) => one.repository === scope);
    const reading = { repository: scope, access: "read", branches: null, by: asker.user } as const;
    if (!known) await grants.put(asker.container, reading);
  }
  await credentialsOf(context).put(asker.user, scope, credential);
  return answer(context, asker);
}

async function removeCredential(context: AppContext): Promise<Response> {
  const asker = await asked(context);
  const { scope } = scopeOf(context, (await readBody(context, NamedScope)).scope);
  await credentialsOf(context).remove(asker.user, scope);
  return answer(context, asker);
}

function gitGrantsOf({ env }: AppContext) {
  return createGitGrants(createRedis(env));
}

function credentialsOf(context: AppContext) {
  return createGitCredentials(createRedis(context.env), servingConfig(context).secret);
}

/** @throws DiscoError `invalid_input`, `network_refused` */
function repositoryOf(context: AppContext, text: string): GitPlace {
  const config = servingConfig(context);
  const parsed = parseRepository(text, config.mode === "local");
  if (!parsed.ok) throw new DiscoError("invalid_input", parsed.problem);
  refuseSelf(parsed.value.target, { config, origins: context.get("origins") });
  return parsed.value;
}

/** A host, or a repository when there is a path. @throws DiscoError as `repositoryOf` */
function scopeOf(context: AppContext, text: string): { scope: string; isRepository: boolean } {
  const config = servingConfig(context);
  const rule = parseRule(text, config.mode === "local");
  if (!rule.ok || rule.value.host.startsWith("*")) {
    return { scope: repositoryOf(context, text).repository, isRepository: true };
  }
  // Over plain http only this machine's own programs get it; others could read it on the way.
  const named = repositoryOf(context, `${ruleText(rule.value)}/any`);
  return { scope: ruleText(named.target), isRepository: false };
}

async function answer(context: AppContext, { user, container }: Asked): Promise<Response> {
  const [repositories, credentials] = await Promise.all([
    gitGrantsOf(context).list(container),
    credentialsOf(context).list(user),
  ]);
  return context.json({
    hosts: servingConfig(context).gitHosts,
    repositories: repositories.map(({ by: _by, ...grant }) => grant),
    credentials,
  });
}

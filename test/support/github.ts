import { createHash } from 'node:crypto';
import { schema } from '@octokit/graphql-schema';
import { type ConstDirectiveNode, type DefinitionNode, Kind, parse, parseConstValue, print, visit } from 'graphql';

/** Rules that tests check by hand. They replace the rules that the hash of their coordinate would give. */
const fixed: Readonly<Record<string, string | null>> = {
  'Query.viewer': '',
  'Query.repository': 'scope: ["repo", "public_repo"]',
  'Query.node': '',
  'Query.search': 'scope: "repo"',
  'User.email': 'scope: ["read:user", "user:email"]',
  'User.login': null,
  User: null,
  Repository: 'scope: ["repo", "public_repo"]',
  'Repository.name': null,
  'Repository.issues': 'scope: "repo"',
  'Repository.issues(states:)': null,
  'Repository.vulnerabilityAlerts': 'scope: "security_events", maxAge: 300',
  'Repository.owner': null,
  'RepositoryOwner.login': null,
  'Actor.login': null,
  'Node.id': null,
  RepositoryVulnerabilityAlertConnection: null,
  Organization: 'scope: "read:org"',
  'Organization.login': null,
  'IssueState.CLOSED': 'scope: "read:audit"',
  IssueConnection: null,
  Issue: null,
  'IssueConnection.totalCount': null,
  'Mutation.addStar': 'scope: ["repo", "public_repo"]',
  AddStarPayload: null,
  'AddStarPayload.clientMutationId': null,
  'AddStarInput.starrableId': 'scope: "write:stars"',
  'AddStarInput.clientMutationId': null,
};

const scopes = [
  'repo',
  'public_repo',
  'read:org',
  'read:user',
  'user:email',
  'gist',
  'read:audit',
  'workflow',
  'project',
];
const roots: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * Returns GitHub's public schema with about 2,300 rules. The rules depend only on the coordinates: every root field has
 * a rule, and some types, fields, arguments, input fields and enum values.
 */
export function githubSdl(): string {
  const document = parse(schema.idl);
  // A guarded input may not have a default value. Therefore no name in a default value gets a rule.
  const defaults = new Set<string>();
  visit(document, {
    InputValueDefinition({ defaultValue }) {
      for (const [name] of defaultValue ? print(defaultValue).matchAll(/\w+/g) : []) defaults.add(name);
    },
  });
  const isDefault = (name: string) => defaults.has(name);
  const definitions = document.definitions.map((node): DefinitionNode => {
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) return node;
    const type = node.name.value;
    const own = roots.has(type) || node.kind === Kind.INTERFACE_TYPE_DEFINITION ? [] : rulesOf(type, 6);
    const directives = [...('directives' in node ? (node.directives ?? []) : []), ...own] as ConstDirectiveNode[];
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const unique = new Map(node.fields?.map((field) => [field.name.value, field]));
      const fields = [...unique.values()].map((field) => {
        const coordinate = `${type}.${field.name.value}`;
        const args = field.arguments?.map((argument) =>
          withRules(argument, `${coordinate}(${argument.name.value}:)`, 20),
        );
        return { ...withRules(field, coordinate, roots.has(type) ? 1 : 4), arguments: args ?? [] };
      });
      return { ...node, directives, fields };
    }
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      const fields =
        node.fields?.map((field) =>
          isDefault(field.name.value) ? field : withRules(field, `${type}.${field.name.value}`, 8),
        ) ?? [];
      return { ...node, fields };
    }
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION) return node;
    const values = node.values?.map((value) =>
      isDefault(value.name.value) ? value : withRules(value, `${type}.${value.name.value}`, 6),
    );
    return { ...node, values: values ?? [] };
  });
  return print({ kind: Kind.DOCUMENT, definitions });
}

function withRules<Node extends object>(node: Node, coordinate: string, one: number): Node {
  if ('defaultValue' in node && node.defaultValue !== undefined) return node;
  const before = 'directives' in node ? (node.directives as readonly ConstDirectiveNode[]) : [];
  return { ...node, directives: [...before, ...rulesOf(coordinate, one)] };
}

/** Returns the rule of an element. One of `one` elements has a rule. */
function rulesOf(coordinate: string, one: number): readonly ConstDirectiveNode[] {
  const hash = createHash('sha256').update(coordinate).digest().readUInt32BE(0);
  const scope = (at: number) => JSON.stringify(scopes[(hash >>> at) % scopes.length]);
  const made = hash % one === 0 ? (hash % 3 === 0 ? `scope: [${scope(3)}, ${scope(9)}]` : `scope: ${scope(5)}`) : null;
  const given = coordinate in fixed ? fixed[coordinate] : made;
  if (given === null || given === undefined) return [];
  const members = parseConstValue(`{ ${given} }`);
  const args =
    members.kind === Kind.OBJECT ? members.fields.map((field) => ({ ...field, kind: Kind.ARGUMENT as const })) : [];
  return [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'auth' }, arguments: args }];
}

/** A query of GitHub's schema with more than 50 guarded selections. */
export const largeQuery = `
  query Overview($owner: String!, $name: String!, $state: [IssueState!]) {
    viewer { login email bio company websiteUrl location status { message emoji expiresAt } organizations(first: 5) { nodes { login name email } } }
    repository(owner: $owner, name: $name) {
      name description createdAt pushedAt diskUsage isPrivate visibility homepageUrl stargazerCount forkCount
      owner { login ... on Organization { name email membersWithRole(first: 3) { totalCount nodes { login email } } } ... on User { name userEmail: email } }
      issues(first: 10, states: $state) { totalCount nodes { number title state author { login } assignees(first: 3) { nodes { login email } } labels(first: 5) { nodes { name color } } comments(first: 3) { nodes { body author { login } reactions(first: 2) { totalCount } } } } }
      pullRequests(first: 10) { totalCount nodes { number title state mergeable additions deletions reviews(first: 3) { nodes { state body author { login } } } commits(last: 1) { nodes { commit { oid message status { state } author { name email } } } } } }
      vulnerabilityAlerts(first: 5) { totalCount nodes { createdAt dismissReason securityAdvisory { ghsaId severity summary } } }
      releases(first: 3) { nodes { name tagName isDraft author { login } } }
      defaultBranchRef { name target { ... on Commit { history(first: 3) { nodes { oid messageHeadline } } } } }
      branchProtectionRules(first: 5) { nodes { pattern requiresApprovingReviews creator { login } } }
      deployments(first: 3) { nodes { environment state creator { login } } }
      languages(first: 3) { totalSize nodes { name color } }
    }
    search(query: "is:open", type: ISSUE, first: 5) { issueCount nodes { ... on Issue { number title } ... on PullRequest { number title } } }
    node(id: "x") { id ... on Repository { name } ... on User { email } }
    rateLimit { cost limit remaining }
  }`;

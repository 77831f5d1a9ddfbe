import { schema } from '@octokit/graphql-schema';
import { annotated, type FixedRules } from './schemas/annotate.ts';

/** Rules that tests check by hand. They replace the rules that the hash of their coordinate would give. */
const fixed: FixedRules = {
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

/**
 * Returns GitHub's public schema with about 2,300 rules. The rules depend only on the coordinates: every root field has
 * a rule, and some types, fields, arguments, input fields and enum values.
 */
export function githubSdl(): string {
  return annotated(schema.idl, fixed);
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

import type { Samples } from './sample.ts';

/** GitHub's schema. */
export const github: Samples = {
  'Query.viewer': { field: '' }, // `User` has no rule.
  'Query.repository': { field: 'repo | public_repo', returned: 'repo | public_repo' },
  'Query.node': { field: '' }, // Many types of `Node` have no rule.
  'Query.meta': { field: 'repo | read:audit' },
  'Query.user': { field: 'repo' },
  'PrivateRepositoryForkingDisableAuditEntry.organization': {
    type: 'repo | user:email',
    interfaceField: 'read:audit', // OrganizationAuditEntryData.organization
    returned: 'read:org',
  },
  'UpdateOrganizationAllowPrivateRepositoryForkingSettingPayload.organization': {
    field: 'project',
    type: 'read:user | workflow',
    returned: 'read:org',
  },
  'RepoConfigEnableCollaboratorsOnlyAuditEntry.organization': {
    field: 'gist',
    interfaceField: 'read:audit',
    returned: 'read:org',
  },
  'TeamChangeParentTeamAuditEntry.userUrl': {
    field: 'read:audit',
    type: 'read:org | gist',
    interfaceField: 'read:audit', // AuditEntry.userUrl
  },
  'TeamAddMemberAuditEntry.userUrl': { field: 'repo', type: 'repo | read:user', interfaceField: 'read:audit' },
  'PrivateRepositoryForkingDisableAuditEntry.userResourcePath': {
    field: 'gist',
    type: 'repo | user:email',
    interfaceField: 'public_repo | gist', // AuditEntry.userResourcePath
  },
  'RepoConfigLockAnonymousGitAccessAuditEntry.actor': { field: 'user:email' }, // `Bot` and `User` have no rule.
  'RepoConfigUnlockAnonymousGitAccessAuditEntry.actor': {},
  'UpdatePullRequestPayload.actor': { field: 'repo' }, // `User` is an `Actor` without a rule.
  'LabeledEvent.actor': {},
  'PullRequestReview.author': {},
  'RepoConfigEnableContributorsOnlyAuditEntry.userUrl': { interfaceField: 'read:audit' },
  'CreatedCommitContribution.user': { interfaceField: 'user:email' }, // Contribution.user
  'RepoConfigEnableCollaboratorsOnlyAuditEntry.userResourcePath': { interfaceField: 'public_repo | gist' },
  'Organization.projectsResourcePath': { field: 'user:email | read:audit', type: 'read:org' },
  'EnterpriseServerInstallationMembershipEdge.cursor': {
    field: 'read:user | workflow',
    type: 'read:user | public_repo',
  },
  'RepoConfigEnableAnonymousGitAccessAuditEntry.user': {
    field: 'read:user | public_repo',
    type: 'read:user | read:org',
  },
  'TeamAddRepositoryAuditEntry.actorUrl': { field: 'user:email', type: 'read:audit | gist' },
  'EnablePullRequestAutoMergePayload.pullRequest': { field: 'workflow | workflow', type: 'gist | workflow' },
  'RepoCreateAuditEntry.actorResourcePath': { field: 'read:user' },
  'CreateLabelPayload.label': { type: 'repo | workflow' },
  'ActorLocation.country': { type: 'read:audit | read:audit' },
  'Team.editTeamUrl': { field: 'read:user' },
  'EPSS.percentile': {},
  'FollowerConnection.pageInfo': {},
};

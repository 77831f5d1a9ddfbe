import type { Sample } from './sample.ts';

/** Elements of GitHub's schema, checked by hand in its SDL. */
export const githubSamples: readonly Sample[] = [
  {
    coordinate: 'UpdateDiscussionCommentInput.commentId',
    scopes: ['read:org'],
    places: ['updateDiscussionComment(input)'],
  },
  {
    coordinate: 'AddAssigneesToAssignableInput.clientMutationId',
    scopes: ['user:email'],
    places: ['addAssigneesToAssignable(input)'],
    inputs: ['null', 'list'],
  },
  {
    coordinate: 'StartRepositoryMigrationInput.accessToken',
    scopes: ['gist'],
    places: ['startRepositoryMigration(input)'],
    inputs: ['null'],
  },
  {
    coordinate: 'StatusCheckConfiguration',
    scopes: ['workflow', 'read:audit'],
    places: [
      'node(id)<RepositoryRule>.parameters<RequiredStatusChecksParameters>.requiredStatusChecks',
      'addComment(input).subject<RepositoryRule>.parameters<RequiredStatusChecksParameters>.requiredStatusChecks',
    ],
  },
  {
    coordinate: 'SponsorshipEdge',
    scopes: ['read:user', 'workflow'],
    places: [
      'organization(login).sponsorshipsAsMaintainer.edges',
      'createSponsorship(input).sponsorship.sponsorable.sponsorshipsAsMaintainer.edges',
      'createAttributionInvitation(input).owner.sponsorshipsAsMaintainer.edges',
    ],
  },
  {
    coordinate: 'EnterpriseMemberInvitation',
    scopes: ['public_repo', 'read:audit'],
    places: [
      'enterpriseMemberInvitation(enterpriseSlug userLogin)',
      'node(id)<EnterpriseMemberInvitation>',
      'acceptEnterpriseMemberInvitation(input).invitation',
    ],
  },
  {
    coordinate: 'ConvertPullRequestToDraftPayload',
    scopes: ['read:audit', 'project'],
    places: ['convertPullRequestToDraft(input)'],
  },
  {
    coordinate: 'EnterpriseOwnerInfo.ipAllowListForInstalledAppsEnabledSetting',
    scopes: ['project'],
    places: [
      'enterprise(slug).ownerInfo.ipAllowListForInstalledAppsEnabledSetting',
      'createEnterpriseOrganization(input).enterprise.ownerInfo.ipAllowListForInstalledAppsEnabledSetting',
    ],
  },
  {
    coordinate: 'ProjectV2FieldEdge.cursor',
    scopes: ['read:user'],
    places: [
      'node(id)<ProjectV2View>.groupBy.edges.cursor',
      'addComment(input).subject<ProjectV2View>.groupBy.edges.cursor',
    ],
  },
  {
    coordinate: 'TeamRemoveRepositoryAuditEntry.repositoryUrl',
    scopes: ['gist'],
    places: [
      'node(id)<TeamRemoveRepositoryAuditEntry>.repositoryUrl',
      'organization(login).auditLog.nodes<TeamRemoveRepositoryAuditEntry>.repositoryUrl',
      'addComment(input).subject<TeamRemoveRepositoryAuditEntry>.repositoryUrl',
    ],
  },
  {
    coordinate: 'VerifiableDomainConnection.pageInfo',
    scopes: ['project'],
    places: ['organization(login).domains.pageInfo', 'createAttributionInvitation(input).owner.domains.pageInfo'],
  },
  {
    coordinate: 'AutoMergeEnabledEvent.pullRequest',
    scopes: ['user:email', 'read:org'],
    places: [
      'node(id)<AutoMergeEnabledEvent>.pullRequest',
      'node(id)<PullRequest>.timelineItems.edges.node<AutoMergeEnabledEvent>.pullRequest',
      'addComment(input).subject<AutoMergeEnabledEvent>.pullRequest',
    ],
  },
  {
    coordinate: 'MergeBranchPayload.clientMutationId',
    scopes: ['read:user'],
    places: ['mergeBranch(input).clientMutationId'],
  },
  {
    coordinate: 'ProjectV2ItemFieldValueCommon.updatedAt',
    scopes: ['project'],
    places: [
      'node(id)<ProjectV2ItemFieldDateValue>.updatedAt',
      'node(id)<ProjectV2Item>.fieldValueByName(name)<ProjectV2ItemFieldDateValue>.updatedAt',
      'addComment(input).subject<ProjectV2ItemFieldDateValue>.updatedAt',
    ],
  },
  {
    coordinate: 'Contribution.isRestricted',
    scopes: ['read:org'],
    places: [
      'viewer.contributionsCollection.commitContributionsByRepository.contributions.edges.node.isRestricted',
      'addEnterpriseOrganizationMember(input).users.contributionsCollection.commitContributionsByRepository.contributions.edges.node.isRestricted',
      'viewer.contributionsCollection.popularIssueContribution.isRestricted',
    ],
  },
  {
    coordinate: 'ProjectOwner.projects',
    scopes: ['user:email'],
    places: [
      'organization(login).projects',
      'viewer.projectV2(number).creator<Organization>.projects',
      'node(id)<AssignedEvent>.assignee<Organization>.projects',
    ],
  },
  {
    coordinate: 'PullRequest.timelineItems(since:)',
    scopes: ['workflow', 'project'],
    places: ['node(id)<PullRequest>.timelineItems(since)', 'viewer.pullRequests.nodes.timelineItems(since)'],
    inputs: ['null', 'without'],
  },
  {
    coordinate: 'PullRequest.projectV2(number:)',
    scopes: ['read:org'],
    places: ['node(id)<PullRequest>.projectV2(number)', 'viewer.pullRequests.nodes.projectV2(number)'],
  },
  {
    coordinate: 'EnterpriseOwnerInfo.membersCanInviteCollaboratorsSettingOrganizations(after:)',
    scopes: ['read:org'],
    places: [
      'enterprise(slug).ownerInfo.membersCanInviteCollaboratorsSettingOrganizations(value after)',
      'createEnterpriseOrganization(input).enterprise.ownerInfo.membersCanInviteCollaboratorsSettingOrganizations(value after)',
    ],
    inputs: ['null', 'without'],
  },
  { coordinate: 'OrgRemoveMemberAuditEntryMembershipType.ADMIN', scopes: ['project', 'workflow'], places: [] },
  {
    coordinate: 'TeamRole.MEMBER',
    scopes: ['gist', 'read:org'],
    places: ['organization(login).teams(role)', 'viewer.projectV2(number).creator<Organization>.teams(role)'],
    inputs: ['without'],
  },
  { coordinate: 'Mutation.setUserInteractionLimit', scopes: ['read:org'], places: ['setUserInteractionLimit(input)'] },
  { coordinate: 'Mutation.deletePackageVersion', scopes: ['gist'], places: ['deletePackageVersion(input)'] },
  {
    coordinate: 'Mutation.addEnterpriseOrganizationMember',
    scopes: ['read:user'],
    places: ['addEnterpriseOrganizationMember(input)'],
  },
  {
    coordinate: 'Query.enterpriseMemberInvitation',
    scopes: ['read:org', 'repo'],
    places: [
      'enterpriseMemberInvitation(enterpriseSlug userLogin)',
      'node(id)<Query>.enterpriseMemberInvitation(enterpriseSlug userLogin)',
      'addComment(input).subject<Query>.enterpriseMemberInvitation(enterpriseSlug userLogin)',
    ],
  },
  {
    coordinate: 'Query.marketplaceListing',
    scopes: ['project'],
    places: [
      'marketplaceListing(slug)',
      'node(id)<Query>.marketplaceListing(slug)',
      'addComment(input).subject<Query>.marketplaceListing(slug)',
    ],
  },
  {
    coordinate: 'Query.nodes',
    scopes: ['project', 'repo'],
    places: ['nodes(ids)', 'node(id)<Query>.nodes(ids)', 'addComment(input).subject<Query>.nodes(ids)'],
  },
  {
    coordinate: 'User.email',
    scopes: ['read:user', 'user:email'],
    places: ['viewer.email', 'user(login).email', 'viewer.projectV2(number).creator<User>.email'],
  },
  {
    coordinate: 'IssueState.CLOSED',
    scopes: ['read:audit'],
    places: [
      'node(id)<Label>.issues(states)',
      'node(id)<LabeledEvent>.label.issues(states)',
      'node(id)<Milestone>.issues(states)',
    ],
    inputs: ['list', 'without'],
  },
  { coordinate: 'AddStarInput.starrableId', scopes: ['write:stars'], places: ['addStar(input)'] },
];

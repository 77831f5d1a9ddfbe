import type { Samples } from './sample.ts';

/** The schema of Nautical Commerce. */
export const nautical: Samples = {
  'Query.node': { field: 'user:email' }, // Many types of `Node` have no rule.
  'Mutation.accountDelete': { field: 'user:email', returned: 'repo | project' },
  'Mutation.saleCataloguesRemove': { field: 'repo', returned: 'read:user | project' },
  'Mutation.refundsDelete': { field: 'read:user', returned: 'read:audit | read:org' },
  'Mutation.voucherCataloguesRemove': { field: 'read:org | read:org', returned: 'project | read:org' },
  'OrderLineAddNote.orderErrors': {
    field: 'read:org',
    type: 'project | public_repo',
    returned: 'user:email | user:email',
  },
  'WishlistCountableEdge.node': {
    field: 'workflow | workflow',
    type: 'public_repo | user:email',
    returned: 'read:audit | user:email',
  },
  'LedgerCountableConnection.edges': {
    field: 'repo | read:org',
    type: 'user:email | read:audit',
    returned: 'read:user | repo',
  },
  'DraftOrderLinesCreate.orderErrors': {
    field: 'project',
    type: 'read:audit | read:user',
    returned: 'user:email | user:email',
  },
  'DraftOrderLineDelete.orderErrors': {
    field: 'read:user | read:audit',
    type: 'user:email | read:org',
    returned: 'user:email | user:email',
  },
  'NauticalOrderBulkImportResult.orderErrors': {
    field: 'read:user',
    type: 'repo | gist',
    returned: 'user:email | user:email',
  },
  'DocumentAdd.instances': { field: 'read:audit | read:org' }, // No member of the union has a rule.
  'DocumentRemove.instances': {},
  'DocumentAttach.instances': {},
  'RefundLine.refundScope': {},
  'LedgerEntry.privateMetadata': { interfaceField: 'read:audit | project' }, // ObjectWithMetadata.privateMetadata
  'VendorPayout.privateMetadata': { field: 'user:email', interfaceField: 'read:audit | project' },
  'Payout.privateMetadata': { interfaceField: 'read:audit | project' },
  'Invoice.message': { interfaceField: 'workflow' }, // Job.message
  'OrderVendorSummaryType.gross': { field: 'gist', type: 'user:email | public_repo' },
  'NauticalOrderVoid.orderErrors': { field: 'project', returned: 'user:email | user:email' },
  'SaleCreate.discountErrors': { field: 'public_repo | gist', type: 'read:audit | user:email' },
  'SellerAgreementAcknowledge.sellerAgreement': { field: 'repo | read:audit', type: 'read:user | gist' },
  'DraftOrderLineDelete.orderLine': { field: 'gist', type: 'user:email | read:org' },
  'Mutation.saleDelete': { field: 'workflow' },
  'WarehouseUpdate.warehouseErrors': { field: 'read:audit' },
  'NauticalOrderAuditEventCountableConnection.totalCount': { field: 'gist' },
  'AttributeValueCountableConnection.edges': {},
  'Product.subStatus': {},
  'ProductVariant.seoTitle': {},
};

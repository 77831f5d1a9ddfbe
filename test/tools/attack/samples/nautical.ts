import type { Sample } from './sample.ts';

/** Elements of the schema of Nautical Commerce, checked by hand in its SDL. */
export const nauticalSamples: readonly Sample[] = [
  {
    coordinate: 'AttributeAuditEventCountableEdge.cursor',
    scopes: ['user:email'],
    places: ['attribute(id).auditEvents.edges.cursor', 'attributeUpdate(id input).attribute.auditEvents.edges.cursor'],
  },
  {
    coordinate: 'Seller.sellerusers',
    scopes: ['repo'],
    places: [
      'seller.sellerusers',
      'node(id)<Seller>.sellerusers',
      'vendorPayouts.excluded.report.vendor<Seller>.sellerusers',
    ],
  },
  {
    coordinate: 'Shop.phonePrefixes',
    scopes: ['workflow', 'public_repo'],
    places: ['shop.phonePrefixes', 'shopFetchTaxRates.shop.phonePrefixes'],
  },
  {
    coordinate: 'AgreementFeesEvent.userId',
    scopes: ['workflow'],
    places: [
      'node(id)<AgreementFeesEvent>.userId',
      'node(id)<AgreementFees>.events.edges.node.userId',
      'agreementFeeCreate.agreementFees.events.edges.node.userId',
    ],
  },
  { coordinate: 'PageCountableConnection.pageInfo', scopes: ['workflow', 'read:user'], places: ['pages.pageInfo'] },
  { coordinate: 'SalesVelocityItem.sold60d', scopes: ['read:user'], places: ['salesVelocity.items.sold60d'] },
  {
    coordinate: 'Wishlist',
    scopes: ['read:audit', 'user:email'],
    places: ['node(id)<Wishlist>', 'node(id)<WishlistItem>.wishlist', 'wishlistCreate(input).wishlist'],
  },
  { coordinate: 'DjangoDebugSQL', scopes: ['read:user', 'project'], places: ['_debug.sql'] },
  {
    coordinate: 'JournalEntry',
    scopes: ['read:audit', 'gist'],
    places: ['node(id)<JournalEntry>', 'node(id)<LedgerEntry>.journalEntry', 'journalEntryCorrect(input).journalEntry'],
  },
  { coordinate: 'SellerShellCreate', scopes: ['user:email', 'gist'], places: ['sellerShellCreate(name)'] },
  {
    coordinate: 'ProductSearchFieldEnum.PRODUCT_ATTRIBUTE_NAME',
    scopes: ['read:audit', 'repo'],
    places: ['category.products(filter)', 'node(id)<Category>.products(filter)', 'collection.products(filter)'],
    inputs: ['list', 'without', 'nested'],
  },
  {
    coordinate: 'LanguageCodeEnum.HU',
    scopes: ['read:audit', 'gist'],
    places: ['shop.countries(languageCode)', 'shopFetchTaxRates.shop.countries(languageCode)'],
    inputs: ['without'],
  },
  {
    coordinate: 'PermissionGroupSortingInput.direction',
    scopes: ['user:email'],
    places: ['permissionGroups(sortBy)'],
    inputs: ['without'],
  },
  {
    coordinate: 'RefundFilterInput.updatedAt',
    scopes: ['project'],
    places: ['refunds(filter)'],
    inputs: ['null', 'without', 'nested'],
  },
  {
    coordinate: 'PolicyFilterInput.AND',
    scopes: ['project'],
    places: ['policies(filter)'],
    inputs: ['null', 'without', 'nested'],
  },
  {
    coordinate: 'Job.message',
    scopes: ['workflow'],
    places: ['exportFile(id).message', 'node(id)<ExportFile>.message', 'productsExport(input).exportFile.message'],
  },
  {
    coordinate: 'ObjectWithMetadata.privateMetadata',
    scopes: ['read:audit', 'project'],
    places: ['app(id).privateMetadata', 'node(id)<App>.privateMetadata', 'appCreate(input).app.privateMetadata'],
  },
  {
    coordinate: 'Job.updatedAt',
    scopes: ['workflow', 'read:user'],
    places: [
      'exportFile(id).updatedAt',
      'node(id)<ExportFile>.updatedAt',
      'productsExport(input).exportFile.updatedAt',
    ],
  },
  { coordinate: 'Mutation.appTokenVerify', scopes: ['repo'], places: ['appTokenVerify(token)'] },
  {
    coordinate: 'Mutation.accountRequestConfirmation',
    scopes: ['user:email', 'project'],
    places: ['accountRequestConfirmation(email redirectUrl)'],
  },
  { coordinate: 'Mutation.pageDelete', scopes: ['read:user'], places: ['pageDelete(id)'] },
  {
    coordinate: 'Mutation.collectionAddProducts(products:)',
    scopes: ['workflow'],
    places: ['collectionAddProducts(collectionId products)'],
    inputs: ['list'],
  },
  { coordinate: 'Mutation.appTokenDelete(id:)', scopes: ['user:email'], places: ['appTokenDelete(id)'] },
  {
    coordinate: 'Mutation.categoryBulkDelete(ids:)',
    scopes: ['read:org'],
    places: ['categoryBulkDelete(ids)'],
    inputs: ['list'],
  },
  { coordinate: 'Query.sellerBySlug', scopes: ['workflow'], places: ['sellerBySlug'] },
  { coordinate: 'Query.tenant', scopes: ['user:email'], places: ['tenant(id)'] },
  { coordinate: 'Query.webhookEventLogs', scopes: ['project', 'user:email'], places: ['webhookEventLogs'] },
  { coordinate: 'Query.orders', scopes: ['workflow'], places: ['orders'] },
  { coordinate: 'Query.me', scopes: ['project'], places: ['me'] },
  { coordinate: 'Mutation.tokenCreate', scopes: ['read:org', 'project'], places: ['tokenCreate(email password)'] },
];
